from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray
from skimage.color import separate_stains

from histoviewer.gui.look.colour_profile import ColourProfile
from histoviewer.gui.look.look import Channel, Look
from histoviewer.gui.look.rendering import STRENGTHS, rendering_of, stain_vectors, tone_curve
from tests.helpers.colour_profiles import screen_profile, swapped_profile
from tests.helpers.pictures import textured

CHANNELS: list[Channel] = ["haematoxylin", "eosin", "residual"]


def shown(pixels: NDArray[np.uint8], look: Look, profile: ColourProfile | None = None) -> NDArray[np.uint8]:
    rendering = rendering_of(look, profile)
    assert rendering is not None
    return rendering(pixels)


def stained(haematoxylin: float, eosin: float) -> NDArray[np.uint8]:
    """White light through so much of both stains: uint8 (1, 1, 3)."""
    density = np.array([haematoxylin, eosin, 0.0]) @ stain_vectors()
    return np.rint(255 * 10**-density).astype(np.uint8).reshape(1, 1, 3)


def test_the_original_costs_nothing() -> None:
    assert rendering_of(Look(), None) is None
    assert rendering_of(Look(), ColourProfile(screen_profile())) is None
    assert rendering_of(Look(uses_profile=False), ColourProfile(swapped_profile())) is None
    assert rendering_of(Look(), ColourProfile(swapped_profile())) is not None


@pytest.mark.parametrize("stain", range(3))
def test_each_channel_is_the_amount_of_its_stain_in_its_colour(stain: int) -> None:
    pixels = textured(60, 40).clip(1)
    amounts = separate_stains(pixels, np.linalg.inv(stain_vectors()))
    # scikit-image measures light in powers of a millionth, and this program of a tenth.
    density = np.minimum(6 * STRENGTHS[stain] * amounts[..., stain, None], 3.0) * stain_vectors()[stain]
    expected = np.rint(255 * (10**-density).clip(0, 1))
    difference = np.abs(shown(pixels, Look(CHANNELS[stain])).astype(int) - expected)
    assert difference.max() <= 2
    assert difference.mean() < 0.3


def test_one_stain_leaves_the_other_channel_white() -> None:
    only_haematoxylin, only_eosin = stained(0.7, 0.0), stained(0.0, 0.7)
    assert np.abs(shown(only_haematoxylin, Look("haematoxylin")).astype(int) - only_haematoxylin).max() <= 2
    assert np.abs(shown(only_eosin, Look("eosin")).astype(int) - only_eosin).max() <= 2
    assert shown(only_haematoxylin, Look("eosin")).min() >= 252
    assert shown(only_eosin, Look("haematoxylin")).min() >= 252
    for pixels in (only_haematoxylin, only_eosin, stained(0.4, 0.3)):
        assert shown(pixels, Look("residual")).min() >= 235


def test_black_and_white_have_a_colour_in_each_channel() -> None:
    ends = np.array([[[0, 0, 0], [255, 255, 255]]], np.uint8)
    for channel in CHANNELS:
        black, white = shown(ends, Look(channel))[0].tolist()
        assert white == [255, 255, 255]
        assert len(black) == 3


@pytest.mark.parametrize(
    ("look", "stays"),
    [
        (Look(brightness=60), 255),
        (Look(brightness=-60), 0),
        (Look(gamma=2.2), 0),
        (Look(gamma=2.2), 255),
        (Look(contrast=0), 77),
    ],
)
def test_a_tone_curve_rises_and_keeps_its_fixed_point(look: Look, stays: int) -> None:
    curve = tone_curve(look).astype(int)
    assert (np.diff(curve) >= 0).all()
    assert curve[stays] == stays


def test_tones_go_the_way_their_names_say() -> None:
    middle = 128
    assert tone_curve(Look(brightness=20))[middle] > middle > tone_curve(Look(brightness=-20))[middle]
    assert tone_curve(Look(gamma=1.5))[middle] > middle > tone_curve(Look(gamma=0.7))[middle]
    more, less = tone_curve(Look(contrast=40)), tone_curve(Look(contrast=-40))
    assert int(more[200]) - int(more[60]) > 140 > int(less[200]) - int(less[60])
    assert tone_curve(Look(contrast=-100)).std() < 1
    assert set(tone_curve(Look(contrast=100)).tolist()) <= {0, 255}


def test_tones_change_what_the_channel_shows() -> None:
    pixels = textured(30, 20)
    look = Look("haematoxylin", brightness=30, contrast=10, gamma=1.2)
    assert np.array_equal(shown(pixels, look), tone_curve(look)[shown(pixels, Look("haematoxylin"))])
    plain = Look(brightness=30)
    assert np.array_equal(shown(pixels, plain), tone_curve(plain)[pixels])


def test_the_profile_comes_before_all_else() -> None:
    pixels = textured(30, 20)
    profile = ColourProfile(swapped_profile())
    look = Look("eosin", contrast=20)
    assert np.array_equal(shown(pixels, look, profile), shown(profile.to_srgb(pixels), look))
    assert np.array_equal(
        shown(pixels, Look("eosin", uses_profile=False), profile), shown(pixels, Look("eosin"))
    )


def test_what_is_given_stays_as_it_is() -> None:
    pixels = textured(30, 20)
    pixels.setflags(write=False)
    before = pixels.copy()
    shown(pixels, Look("eosin", brightness=10), ColourProfile(swapped_profile()))
    assert np.array_equal(pixels, before)
