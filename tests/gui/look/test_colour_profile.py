from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from PIL import ImageCms

from histoviewer.errors import SourceError
from histoviewer.gui.look.colour_profile import ColourProfile
from tests.helpers.colour_profiles import screen_profile, swapped_profile
from tests.helpers.pictures import textured


def test_stored_red_becomes_what_the_profile_means() -> None:
    stored = np.array([[[255, 0, 0], [0, 255, 0], [200, 100, 150], [255, 255, 255]]], np.uint8)
    meant = ColourProfile(swapped_profile()).to_srgb(stored)
    assert np.abs(meant.astype(int) - stored[:, :, ::-1]).max() <= 2


def test_only_the_screens_own_profile_is_known_to_change_nothing() -> None:
    assert ColourProfile(screen_profile()).is_srgb
    assert not ColourProfile(swapped_profile()).is_srgb


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"no profile",
        screen_profile()[:300],
        ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB")).tobytes(),
    ],
    ids=["empty", "no profile", "cut off", "not of RGB"],
)
def test_what_cannot_be_used_says_why_in_one_line(data: bytes) -> None:
    with pytest.raises(SourceError, match=r"^[^\n]+$"):
        ColourProfile(data)


def test_several_threads_see_what_one_sees() -> None:
    profile = ColourProfile(swapped_profile())
    tiles = [np.roll(textured(256, 256), 37 * shift, axis=1) for shift in range(40)]
    alone = [profile.to_srgb(tile) for tile in tiles]
    with ThreadPoolExecutor(4) as threads:
        together = list(threads.map(profile.to_srgb, tiles))
    assert all(np.array_equal(one, other) for one, other in zip(alone, together, strict=True))
