"""Every kind of image becomes uint8 RGB."""

from __future__ import annotations

import io

import numpy as np
import pytest
from PIL import Image

from histoviewer.slides.pixels import to_8_bit, to_rgb
from tests.helpers.patch_folders import painted


def saved_and_opened(image: Image.Image, kind: str) -> Image.Image:
    stream = io.BytesIO()
    image.save(stream, kind)
    return Image.open(io.BytesIO(stream.getvalue()))


def test_rgb_comes_back_as_it_is() -> None:
    pixels = to_rgb(saved_and_opened(Image.fromarray(painted(40, 30)), "PNG"))
    assert pixels.dtype == np.uint8
    assert np.array_equal(pixels, painted(40, 30))


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "PA", "CMYK", "YCbCr", "RGBX", "HSV", "LAB"])
def test_other_modes_keep_black_and_white_in_their_places(mode: str) -> None:
    black_and_white = np.full((20, 30, 3), 255, np.uint8)
    black_and_white[:5, :20] = 0
    image = Image.fromarray(black_and_white)
    image = image.convert("L").convert(mode) if mode == "PA" else image.convert(mode)
    if mode == "LAB":  # Pillow converts to Lab through a colour profile only
        image = Image.merge(
            "LAB", (Image.fromarray(black_and_white[..., 0]), *2 * [Image.new("L", (30, 20), 128)])
        )
    assert np.abs(to_rgb(image).astype(int) - black_and_white).max() <= 2


def test_a_palette_keeps_its_colours() -> None:
    image = Image.fromarray(painted()).quantize(8)
    assert np.array_equal(to_rgb(saved_and_opened(image, "PNG")), np.asarray(image.convert("RGB")))


def test_what_is_transparent_becomes_white() -> None:
    rgba = np.zeros((10, 10, 4), np.uint8)
    rgba[:4, :, :] = (200, 0, 0, 255)
    rgba[4:6, :, :] = (0, 0, 0, 51)  # a fifth of black
    pixels = to_rgb(saved_and_opened(Image.fromarray(rgba), "PNG"))
    assert pixels[0, 0].tolist() == [200, 0, 0]
    assert pixels[5, 5].tolist() == [204, 204, 204]
    assert pixels[9, 9].tolist() == [255, 255, 255]


def test_a_transparent_palette_colour_becomes_white() -> None:
    image = Image.fromarray(np.array([[0, 1]], np.uint8)).convert("P")
    image.putpalette([9, 9, 9, 50, 60, 70])
    image.info["transparency"] = 0
    assert to_rgb(image).tolist() == [[[255, 255, 255], [50, 60, 70]]]


def test_sixteen_bits_are_reduced_without_stretching() -> None:
    grey = np.array([[0, 257 * 100, 65535]], np.uint16)
    pixels = to_rgb(saved_and_opened(Image.fromarray(grey), "PNG"))
    assert pixels[0].tolist() == [[0] * 3, [100] * 3, [255] * 3]


@pytest.mark.parametrize(
    ("samples", "expected"),
    [
        (np.array([False, True]), [0, 255]),
        (np.array([0, 128, 255], np.uint8), [0, 128, 255]),
        (np.array([0, 257, 65535, 70000], np.int32), [0, 1, 255, 255]),
        (np.array([0.0, 0.5, 1.0], np.float32), [0, 128, 255]),
        (np.array([-4.0, 0.5, 200.0, np.nan, np.inf], np.float64), [0, 0, 200, 0, 255]),
    ],
)
def test_samples_of_other_types_become_8_bits(samples: np.ndarray, expected: list[int]) -> None:
    assert to_8_bit(samples).tolist() == expected
