from __future__ import annotations

import struct
import zlib
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from histoviewer.errors import SourceError
from histoviewer.slides.geometry import Box, Region, Size
from histoviewer.slides.picture import PICTURE_LIMIT, PictureSlide, open_picture
from histoviewer.slides.pixels import BAND
from tests.helpers.pictures import boxed, cut_off, reduced, textured


def _whole(slide: PictureSlide, level: int = 0) -> np.ndarray:
    return slide.read_region(Region(0, 0, level, slide.level_dimensions[level]))


def _png_that_claims(path: Path, width: int, height: int) -> Path:
    """A bitmap of that size whose pixels are missing."""

    def chunk(kind: bytes, content: bytes) -> bytes:
        return (
            struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))
        )

    header = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    data = chunk(b"IDAT", zlib.compress(b"\0"))
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + data + chunk(b"IEND", b""))
    return path


def test_levels_halve_until_they_fit_a_tile() -> None:
    pixels = textured(2051, 1030)
    slide = PictureSlide(Path("a.png"), pixels)
    assert slide.level_dimensions == (Size(2051, 1030), Size(1026, 515), Size(513, 258), Size(257, 129))
    assert slide.level_downsamples == (1.0, 2.0, 4.0, 8.0)
    assert slide.bounds == Box(0, 0, 2051, 1030)
    np.testing.assert_array_equal(_whole(slide, 1), reduced(pixels, 2))
    np.testing.assert_allclose(_whole(slide, 3).astype(int), reduced(pixels, 8).astype(int), atol=3)


@pytest.mark.parametrize("level", [0, 1])
def test_positions_are_level_0_pixels_on_every_level(level: int) -> None:
    slide = PictureSlide(Path("a.png"), boxed())
    read = slide.read_region(Region(320, 32, level, Size(40, 30)))
    factor = 1 << level
    np.testing.assert_array_equal(read, reduced(boxed(), factor)[32 // factor :, 320 // factor :][:30, :40])


def test_a_region_reaching_outside_is_white_there() -> None:
    read = PictureSlide(Path("a.png"), boxed()).read_region(Region(-10, 400, 0, Size(700, 100)))
    expected = np.full((100, 700, 3), 255, np.uint8)
    expected[:48, 10:650] = boxed()[400:]
    np.testing.assert_array_equal(read, expected)
    outside = PictureSlide(Path("a.png"), boxed()).read_region(Region(9000, -9000, 1, Size(20, 10)))
    assert (outside == 255).all()


def test_four_threads_read_what_one_reads() -> None:
    slide = PictureSlide(Path("a.png"), textured(1200, 700))
    regions = [Region(x, y, x % 2, Size(90, 70)) for y in range(-50, 700, 50) for x in range(-50, 1200, 57)]
    with ThreadPoolExecutor(4) as threads:
        parallel = list(threads.map(slide.read_region, regions))
    np.testing.assert_array_equal(np.stack(parallel), np.stack([slide.read_region(r) for r in regions]))


@pytest.mark.parametrize("name", ["a.png", "a.bmp", "a.gif", "a.webp", "a.ppm", "a.jp2"])
def test_lossless_formats_give_their_very_pixels(tmp_path: Path, name: str) -> None:
    options = {"lossless": True} if name == "a.webp" else {}
    Image.fromarray(boxed()).save(tmp_path / name, **options)
    np.testing.assert_array_equal(_whole(open_picture(tmp_path / name)), boxed())


def test_a_jpeg_is_close(tmp_path: Path) -> None:
    Image.fromarray(textured(300, 200)).save(tmp_path / "a.jpg", quality=95, subsampling=0)
    read = _whole(open_picture(tmp_path / "a.jpg")).astype(int)
    assert np.abs(read - textured(300, 200)).mean() < 3


@pytest.mark.parametrize("mode", ["L", "P", "1", "LA", "RGBA"])
def test_grey_palette_and_bitmaps_become_rgb(tmp_path: Path, mode: str) -> None:
    image = Image.fromarray(boxed()).convert(mode)
    image.save(tmp_path / "a.png")
    np.testing.assert_array_equal(_whole(open_picture(tmp_path / "a.png")), np.asarray(image.convert("RGB")))


def test_cmyk_becomes_rgb(tmp_path: Path) -> None:
    Image.fromarray(boxed()).convert("CMYK").save(tmp_path / "a.jpg", quality=100, subsampling=0)
    read = _whole(open_picture(tmp_path / "a.jpg")).astype(int)
    assert np.abs(read - boxed()).mean() < 2


def test_what_is_transparent_is_white(tmp_path: Path) -> None:
    pixels = np.dstack([boxed(), np.full((448, 640), 255, np.uint8)])
    pixels[64:, :, 3] = 0
    Image.fromarray(pixels).save(tmp_path / "a.png")
    expected = boxed()
    expected[64:] = 255
    np.testing.assert_array_equal(_whole(open_picture(tmp_path / "a.png")), expected)


def test_16_bits_are_linear_over_their_full_range(tmp_path: Path) -> None:
    ramp = np.linspace(0, 65535, 256, dtype=np.uint16)[None, :].repeat(4, axis=0)
    Image.fromarray(ramp).save(tmp_path / "a.png")
    read = _whole(open_picture(tmp_path / "a.png"))
    np.testing.assert_array_equal(read[0, :, 0], np.arange(256))


@pytest.mark.parametrize("name", ["a.png", "a.jpg"])
def test_a_picture_lies_as_exif_says(tmp_path: Path, name: str) -> None:
    image = Image.fromarray(np.rot90(boxed()).copy())  # on its side, to be turned a quarter clockwise
    exif = image.getexif()
    exif[0x0112] = 6
    image.save(tmp_path / name, exif=exif, quality=95)
    read = _whole(open_picture(tmp_path / name)).astype(int)
    assert read.shape == boxed().shape
    assert np.abs(read - boxed()).mean() < 2


def test_of_several_frames_the_first_is_the_slide(tmp_path: Path) -> None:
    frames = [Image.fromarray(boxed()), Image.fromarray(boxed()[::-1].copy())]
    frames[0].save(tmp_path / "a.gif", save_all=True, append_images=frames[1:])
    np.testing.assert_array_equal(_whole(open_picture(tmp_path / "a.gif")), boxed())


def test_one_pixel_is_a_slide(tmp_path: Path) -> None:
    Image.new("RGB", (1, 1), (1, 2, 3)).save(tmp_path / "a.png")
    slide = open_picture(tmp_path / "a.png")
    assert slide.level_dimensions == (Size(1, 1),)
    assert _whole(slide).tolist() == [[[1, 2, 3]]]


@pytest.mark.parametrize("side", [10_000, 15_000])  # Pillow warns at the first, stops at the second
def test_pillows_limit_for_decompression_bombs_is_not_ours(tmp_path: Path, side: int) -> None:
    with pytest.raises(SourceError) as refusal:
        open_picture(_png_that_claims(tmp_path / "large.png", side, side))
    assert "bomb" not in str(refusal.value)
    assert "cut off" in str(refusal.value)  # it got as far as decoding


def test_a_picture_too_large_for_memory_is_refused_before_it_is_decoded(tmp_path: Path) -> None:
    side = int(PICTURE_LIMIT**0.5) + 1
    path = _png_that_claims(tmp_path / "huge.png", side, side)
    with pytest.raises(SourceError, match=r"huge.png: \d+ x \d+ pixels in one piece are too many"):
        open_picture(path)


@pytest.mark.parametrize("name", ["a.png", "a.jpg", "a.bmp", "a.webp"])
@pytest.mark.parametrize("keep", [0.9, 0.5])
def test_a_file_cut_off_is_refused(tmp_path: Path, name: str, keep: float) -> None:
    Image.fromarray(textured(300, 200)).save(tmp_path / name)
    with pytest.raises(SourceError, match=f"{name}: .*damaged or cut off"):
        open_picture(cut_off(tmp_path / name, keep=keep))


def test_an_image_without_pixels_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match=r"none.png"):
        open_picture(_png_that_claims(tmp_path / "none.png", 0, 5))


def test_a_text_is_no_picture(tmp_path: Path) -> None:
    (tmp_path / "a.png").write_text("no picture")
    with pytest.raises(SourceError, match=r"a.png: neither a slide nor a picture.*Expected SVS"):
        open_picture(tmp_path / "a.png")


def test_a_picture_of_several_bands_has_the_pixels_and_levels_of_the_whole(tmp_path: Path) -> None:
    pixels = textured(40, 2 * BAND + 7)
    Image.fromarray(pixels).save(tmp_path / "a.png")
    with open_picture(tmp_path / "a.png") as slide:
        assert slide.level_downsamples == (1, 2, 4, 8)
        for level in range(slide.level_count):
            assert np.array_equal(_whole(slide, level), pixels)
            pixels = reduced(pixels, 2)
