"""From a file to the square the model judges."""

from __future__ import annotations

import errno
import sys
from pathlib import Path

import numpy as np
import pytest
import tifffile
from PIL import Image, ImageFile, ImageOps, UnidentifiedImageError
from PIL.PngImagePlugin import PngInfo

from histoviewer.errors import PatchError
from histoviewer.patches.patch_file import image_size, read_patch, read_true_size
from histoviewer.slides.geometry import Size
from histoviewer.slides.pixels import to_rgb
from tests.helpers.patch_folders import painted, write_patch


@pytest.mark.parametrize("suffix", [".png", ".tif", ".bmp", ".PNG"])
def test_a_patch_of_the_right_size_keeps_its_pixels(tmp_path: Path, suffix: str) -> None:
    path = write_patch(tmp_path, f"a{suffix}")
    square, size, is_filled = read_patch(path, input_size=50, factor=1.0)
    assert np.array_equal(square, painted())
    assert (size, is_filled) == (Size(50, 50), False)


def test_a_jpeg_is_read_as_nearly_the_same(tmp_path: Path) -> None:
    path = tmp_path / "a.jpg"
    Image.fromarray(painted()).save(path, quality=95, subsampling=0)
    square, _, _ = read_patch(path, input_size=50, factor=1.0)
    assert np.abs(square.astype(int) - painted()).mean() < 3


@pytest.mark.parametrize(("width", "height"), [(32, 50), (50, 1), (41, 17), (1, 1)])
def test_a_smaller_patch_is_filled_up_with_white_right_and_below(
    tmp_path: Path, width: int, height: int
) -> None:
    path = write_patch(tmp_path, "a.png", painted(width, height))
    square, size, is_filled = read_patch(path, input_size=50, factor=1.0)
    assert np.array_equal(square[:height, :width], painted(width, height))
    assert (square[height:] == 255).all()
    assert (square[:, width:] == 255).all()
    assert (size, is_filled) == (Size(width, height), True)


@pytest.mark.parametrize(("width", "height"), [(1493, 901), (51, 50), (50, 51)])
def test_a_larger_picture_is_refused(tmp_path: Path, width: int, height: int) -> None:
    path = write_patch(tmp_path, "a.png", np.zeros((height, width, 3), np.uint8))
    expected = f"^expected a 50 x 50 patch, got {width} x {height}; open the file itself as a slide$"
    with pytest.raises(PatchError, match=expected):
        read_patch(path, input_size=50, factor=1.0)


def test_a_patch_of_another_scale_is_resampled_first(tmp_path: Path) -> None:
    path = write_patch(tmp_path, "a.png", painted(200, 100))
    square, size, is_filled = read_patch(path, input_size=50, factor=0.25)
    assert (size, is_filled) == (Size(200, 100), True)
    assert square[2, 2].tolist() == [220, 30, 60]
    assert square[2, 48].tolist() == [20, 160, 40]
    assert square[23, 2].tolist() == [30, 60, 200]
    assert (square[25:] == 255).all()


def test_a_patch_of_the_models_size_but_another_scale_is_resampled_too(tmp_path: Path) -> None:
    path = write_patch(tmp_path, "a.png", painted(50, 50))
    square, size, is_filled = read_patch(path, input_size=50, factor=0.5)
    assert (size, is_filled) == (Size(50, 50), True)
    assert square[1, 23].tolist() == [20, 160, 40]
    assert (square[25:] == 255).all()


def test_a_pixel_of_rounding_is_forgiven(tmp_path: Path) -> None:
    path = write_patch(tmp_path, "a.png", painted(256, 256))
    square, _, is_filled = read_patch(path, input_size=50, factor=0.2)
    assert not is_filled
    assert square[45, 2].tolist() == [30, 60, 200]


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "the file is empty"),
        (b"a text that somebody called .png", "damaged, or not a PNG, JPEG, TIFF or BMP image"),
    ],
)
def test_what_is_no_image_says_so_in_one_line(tmp_path: Path, content: bytes, reason: str) -> None:
    path = tmp_path / "a.png"
    path.write_bytes(content)
    for read in (image_size, lambda path: read_patch(path, input_size=50, factor=1.0)):
        with pytest.raises(PatchError, match=f"^{reason}$"):
            read(path)


@pytest.mark.parametrize("suffix", [".png", ".jpg", ".bmp"])
def test_a_file_that_breaks_off_is_refused_in_one_line(tmp_path: Path, suffix: str) -> None:
    noise = np.random.default_rng(0).integers(0, 255, (50, 50, 3), np.uint8)
    path = write_patch(tmp_path, f"a{suffix}", noise)
    path.write_bytes(path.read_bytes()[:-400])
    with pytest.raises(PatchError, match=r"^cannot be decoded: .+$"):
        read_patch(path, input_size=50, factor=1.0)


@pytest.mark.skipif(sys.platform == "win32", reason="the library inside Pillow cannot be reached there")
@pytest.mark.parametrize("compression", ["tiff_lzw", "jpeg"])
def test_a_damaged_tiff_says_nothing_on_the_terminal(
    tmp_path: Path, capfd: pytest.CaptureFixture[str], compression: str
) -> None:
    noise = np.random.default_rng(0).integers(0, 255, (50, 50, 3), np.uint8)
    Image.fromarray(noise).save(tmp_path / "a.tif", compression=compression)
    with tifffile.TiffFile(tmp_path / "a.tif") as tiff:
        start = tiff.pages.first.dataoffsets[0]
    content = bytearray((tmp_path / "a.tif").read_bytes())
    content[start : start + 200] = bytes(range(200))
    (tmp_path / "a.tif").write_bytes(content)
    with pytest.raises(PatchError, match=r"^cannot be decoded: "):
        read_patch(tmp_path / "a.tif", input_size=50, factor=1.0)
    assert capfd.readouterr() == ("", "")


def test_a_file_that_is_gone_says_so(tmp_path: Path) -> None:
    for read in (image_size, lambda path: read_true_size(path, largest=50)):
        with pytest.raises(PatchError, match=r"^the file is gone$"):
            read(tmp_path / "gone.png")


def test_a_file_that_vanishes_while_it_is_read_is_gone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a.png"
    path.write_bytes(b"no picture")

    def vanish(*_args: object, **_options: object) -> None:
        path.unlink()
        raise UnidentifiedImageError

    monkeypatch.setattr(Image, "open", vanish)
    with pytest.raises(PatchError, match=r"^the file is gone$"):
        read_true_size(path, largest=50)


def test_a_file_that_the_system_refuses_is_not_called_damaged(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_args: object, **_options: object) -> None:
        raise PermissionError(errno.EACCES, "Permission denied")

    monkeypatch.setattr(Image, "open", refuse)
    with pytest.raises(PatchError, match=r"^cannot be read: Permission denied$"):
        read_true_size(tmp_path / "a.png", largest=50)


@pytest.mark.parametrize("error", [AssertionError("odd"), RecursionError("odd"), BufferError("odd")])
def test_whatever_a_reader_raises_is_one_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    def fail(*_args: object, **_options: object) -> None:
        raise error

    monkeypatch.setattr(ImageFile.ImageFile, "load", fail)
    with pytest.raises(PatchError, match=r"^cannot be decoded: odd$"):
        read_true_size(write_patch(tmp_path, "a.bmp"), largest=50)


@pytest.mark.parametrize("shape", [(50, 50), (50, 50, 3)])
@pytest.mark.parametrize(
    ("kind", "said"), [("f4", "32-bit float"), ("f2", "16-bit float"), ("f8", "64-bit float")]
)
@pytest.mark.parametrize("most", [1, 255])
def test_floats_are_named_and_what_is_expected(
    tmp_path: Path, shape: tuple[int, ...], kind: str, said: str, most: int
) -> None:
    samples = (np.random.default_rng(0).random(shape) * most).astype(kind)
    tifffile.imwrite(tmp_path / "a.tif", samples, photometric="rgb" if len(shape) == 3 else "minisblack")
    for read in (image_size, lambda path: read_patch(path, input_size=50, factor=1.0)):
        with pytest.raises(PatchError, match=f"^{said} pixels are not supported: convert to 8 or 16 bit$"):
            read(tmp_path / "a.tif")


@pytest.mark.parametrize("name", ["a.jpg", "a.png", "a.tif"])
@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_patch_lies_as_exif_says(tmp_path: Path, name: str, orientation: int) -> None:
    image = Image.fromarray(painted(50, 30))
    exif = image.getexif()
    exif[0x0112] = orientation
    image.save(tmp_path / name, exif=exif, quality=100, subsampling=0)
    image.getexif()[0x0112] = orientation
    upright = np.asarray(ImageOps.exif_transpose(image)).astype(int)
    height, width = upright.shape[:2]
    assert image_size(tmp_path / name) == Size(width, height)
    true = read_true_size(tmp_path / name, largest=50)
    square, size, _ = read_patch(tmp_path / name, input_size=50, factor=1.0)
    assert size == Size(width, height)
    assert np.array_equal(square[:height, :width], true)
    assert np.abs(true - upright).mean() < 3


@pytest.mark.parametrize("orientation", [0, 77])
def test_an_orientation_that_exif_does_not_know_turns_nothing(tmp_path: Path, orientation: int) -> None:
    exif = Image.Exif()
    exif[0x0112] = orientation
    Image.fromarray(painted()).save(tmp_path / "a.jpg", exif=exif, quality=100)
    square, _, _ = read_patch(tmp_path / "a.jpg", input_size=50, factor=1.0)
    assert np.abs(square.astype(int) - painted()).mean() < 5


def test_other_formats_are_refused_whatever_their_name(tmp_path: Path) -> None:
    Image.fromarray(painted()).save(tmp_path / "a.gif")
    (tmp_path / "a.gif").rename(tmp_path / "a.png")
    with pytest.raises(PatchError, match="not a PNG"):
        read_true_size(tmp_path / "a.png", largest=50)


@pytest.mark.parametrize("suffix", [".png", ".jpg", ".tif", ".bmp"])
def test_the_size_is_known_without_decoding(tmp_path: Path, suffix: str) -> None:
    path = write_patch(tmp_path, f"a{suffix}", painted(32, 50))
    content = path.read_bytes()
    if suffix in (".png", ".bmp"):  # the others keep what matters at their end
        path.write_bytes(content[:60])
    assert image_size(path) == Size(32, 50)


def test_an_error_without_a_text_is_told_by_its_kind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_args: object) -> None:
        raise MemoryError

    path = write_patch(tmp_path, "a.bmp")
    monkeypatch.setattr(Image.Image, "convert", fail)
    monkeypatch.setattr(ImageFile.ImageFile, "load", fail)
    with pytest.raises(PatchError, match=r"^cannot be decoded: MemoryError$"):
        read_true_size(path, largest=50)


@pytest.mark.parametrize("mode", ["RGB", "RGBA", "L", "P", "I;16", "1"])
@pytest.mark.parametrize("options", [{}, {"gamma": 0.3}, {"transparency": (255, 255, 255)}])
def test_a_png_of_any_kind_is_what_pillow_makes_of_it(
    tmp_path: Path, mode: str, options: dict[str, object]
) -> None:
    picture = Image.fromarray(painted(50, 50)).convert("L" if mode == "I;16" else mode)
    if mode == "I;16":
        picture = Image.fromarray(np.asarray(picture).astype(np.uint16) * 257)
    info = PngInfo()
    if "gamma" in options:
        info.add(b"gAMA", int(1e5 * float(str(options["gamma"]))).to_bytes(4, "big"))
    named = {"transparency": options["transparency"]} if mode == "RGB" and "transparency" in options else {}
    picture.save(tmp_path / "a.png", pnginfo=info, **named)
    pixels, size, is_filled = read_patch(tmp_path / "a.png", input_size=50, factor=1.0)
    with Image.open(tmp_path / "a.png") as image:
        expected = to_rgb(image)
    np.testing.assert_array_equal(pixels, expected)
    assert (size, is_filled) == (Size(50, 50), False)


@pytest.mark.parametrize("keep", [40, 60, 0.3, 0.5])
def test_a_png_cut_off_is_told_of_as_pillow_does(tmp_path: Path, keep: float) -> None:
    path = write_patch(tmp_path, "a.png")
    content = path.read_bytes()
    path.write_bytes(content[: int(keep if keep > 1 else keep * len(content))])
    with pytest.raises(PatchError, match=r"cannot be decoded|damaged"):
        read_patch(path, input_size=50, factor=1.0)
