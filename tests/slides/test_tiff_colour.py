"""Colour models and depths, each through a file that tifffile or Pillow wrote."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import tifffile
from numpy.typing import NDArray
from PIL import Image

from histoviewer.errors import SourceError
from histoviewer.slides.geometry import Region
from histoviewer.slides.tiff_colour import ColourModelError
from histoviewer.slides.tiff_levels import TiffSlide
from tests.helpers.pictures import boxed, textured


def _read(path: Path) -> NDArray[np.uint8]:
    with TiffSlide(path) as slide:
        return slide.read_region(Region(0, 0, 0, slide.dimensions))


def _read_written(folder: Path, samples: NDArray[Any], **page: Any) -> NDArray[np.uint8]:
    tifffile.imwrite(folder / "a.tif", samples, metadata=None, **page)
    return _read(folder / "a.tif")


@pytest.mark.parametrize("compression", [None, "zlib", "lzw", "zstd", "packbits"])
@pytest.mark.parametrize("layout", [{}, {"tile": (64, 64)}, {"rowsperstrip": 10}])
def test_rgb_gives_its_very_pixels(tmp_path: Path, compression: str | None, layout: dict[str, Any]) -> None:
    read = _read_written(tmp_path, boxed(), photometric="rgb", compression=compression, **layout)
    np.testing.assert_array_equal(read, boxed())


@pytest.mark.parametrize("layout", [{}, {"tile": (64, 64)}])
def test_planes_of_colour_apart_come_together(tmp_path: Path, layout: dict[str, Any]) -> None:
    planes = boxed().transpose(2, 0, 1)
    read = _read_written(tmp_path, planes, photometric="rgb", planarconfig="separate", **layout)
    np.testing.assert_array_equal(read, boxed())


@pytest.mark.parametrize("mode", ["1", "L", "P", "CMYK", "LA", "RGBA"])
@pytest.mark.parametrize("compression", [None, "tiff_lzw"])
def test_modes_that_pillow_writes_read_as_pillow_reads_them(
    tmp_path: Path, mode: str, compression: str | None
) -> None:
    image = Image.fromarray(textured(120, 90)).convert(mode)
    image.save(tmp_path / "a.tif", compression=compression)
    expected = np.asarray(image.convert("RGB")).astype(int)
    np.testing.assert_allclose(_read(tmp_path / "a.tif").astype(int), expected, atol=1)


def test_white_may_be_zero(tmp_path: Path) -> None:
    grey = textured(60, 40)[:, :, 0]
    read = _read_written(tmp_path, grey, photometric="miniswhite")
    np.testing.assert_array_equal(read, np.repeat(255 - grey[:, :, None], 3, axis=2))


def test_jpeg_in_ycbcr_is_close(tmp_path: Path) -> None:
    read = _read_written(tmp_path, textured(200, 150), photometric="rgb", compression="jpeg", tile=(64, 64))
    assert np.abs(read.astype(int) - textured(200, 150)).mean() < 6


@pytest.mark.parametrize(
    ("kind", "expected"), [("unassalpha", 191), ("assocalpha", 255), ("unspecified", 128)]
)
def test_what_is_transparent_is_mixed_with_white(tmp_path: Path, kind: str, expected: int) -> None:
    samples = np.full((5, 7, 4), 128, np.uint8)
    samples[..., 3] = 128 if kind != "unspecified" else 0
    read = _read_written(tmp_path, samples, photometric="rgb", extrasamples=[kind])
    assert np.abs(read.astype(int) - expected).max() <= 1


@pytest.mark.parametrize(
    ("samples", "expected"),
    [
        (np.array([[0, 257, 32896, 65535]], np.uint16), [0, 1, 128, 255]),
        (np.array([[0, 0.25, 0.5, 1]], np.float32), [0, 64, 128, 255]),
        (np.array([[0, 64, 128, 255]], np.float32), [0, 64, 128, 255]),
        (np.array([[-3, np.nan, 0.5, 1]], np.float64), [0, 0, 128, 255]),
        (np.array([[False, True, True, False]]), [0, 255, 255, 0]),
    ],
)
def test_depths_are_shown_over_their_full_range(
    tmp_path: Path, samples: NDArray[Any], expected: list[int]
) -> None:
    read = _read_written(tmp_path, samples, photometric="minisblack")
    np.testing.assert_allclose(read[0, :, 1].astype(int), expected, atol=1)


def test_twelve_bits_are_shown_over_twelve_bits(tmp_path: Path) -> None:
    samples = np.array([[0, 1024, 2048, 4095]], np.uint16)
    read = _read_written(tmp_path, samples, photometric="minisblack", bitspersample=12, compression=None)
    np.testing.assert_allclose(read[0, :, 0].astype(int), [0, 64, 128, 255], atol=1)


def test_floats_above_1_are_judged_by_the_whole_picture_not_by_the_tile(tmp_path: Path) -> None:
    samples = np.full((64, 128), 1.0, np.float32)
    samples[:, 64:] = 200
    read = _read_written(tmp_path, samples, tile=(64, 64), photometric="minisblack")
    assert read[0, 0, 0] == 1
    assert read[0, 127, 0] == 200


def test_colours_not_converted_are_told_apart_from_damage(tmp_path: Path) -> None:
    Image.fromarray(boxed(), "RGB").convert("YCbCr").save(tmp_path / "a.tif", compression="tiff_lzw")
    with pytest.raises(SourceError, match="YCBCR") as refusal:
        TiffSlide(tmp_path / "a.tif")
    assert isinstance(refusal.value.__cause__, ColourModelError)
