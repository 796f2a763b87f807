from __future__ import annotations

import numpy as np
import pytest

from model_training.augmentation import (
    DENSITY_OF_STAINS,
    STAINS_OF_DENSITY,
    oriented,
    randomly_oriented,
    restained,
)


def some_patches(count: int, side: int = 8) -> np.ndarray:
    return np.random.default_rng(3).integers(0, 256, (count, side, side, 3), np.uint8)


def test_the_eight_orientations_are_eight() -> None:
    pixels = some_patches(2)
    assert len({oriented(pixels, o).tobytes() for o in range(8)}) == 8
    assert np.array_equal(oriented(pixels, 0), pixels)


def test_each_patch_is_turned_by_itself_and_stays_in_its_place() -> None:
    pixels = some_patches(64)
    turned = randomly_oriented(pixels, np.random.default_rng(0))
    views = [oriented(pixels, o) for o in range(8)]
    found = [next(o for o in range(8) if np.array_equal(turned[i], views[o][i])) for i in range(64)]
    assert set(found) == set(range(8))


def test_no_jitter_changes_no_pixel() -> None:
    pixels = some_patches(16)
    assert np.array_equal(restained(pixels, np.random.default_rng(0), strength=0), pixels)


def test_jitter_changes_stains_and_leaves_white_nearly_white() -> None:
    purple = np.full((32, 4, 4, 3), (130, 80, 150), np.uint8)
    changed = restained(purple, np.random.default_rng(0), strength=0.2).astype(int)
    assert len({tuple(patch[0, 0]) for patch in changed}) > 25, "each patch in a stain of its own"
    assert (changed == changed[:, :1, :1]).all(), "one stain for all of a patch"
    assert 5 < np.abs(changed - purple).mean() < 40
    white = np.full((32, 4, 4, 3), 255, np.uint8)
    darkest = 256 * np.exp(-0.2 / 5 * np.abs(DENSITY_OF_STAINS).sum(axis=0).max()) - 1
    assert restained(white, np.random.default_rng(0), strength=0.2).min() >= np.floor(darkest) > 230


def test_a_stain_that_is_doubled_has_twice_its_density() -> None:
    class Doubling:
        """Draws the upper end of every range for the factors, and no shift."""

        def uniform(self, low: float, high: float, size: tuple[int, ...]) -> np.ndarray:
            return np.full(size, high if len(size) == 2 else (low + high) / 2)

    stains = np.array([0.3, 0.2, 0.05], np.float32)
    pixel = 256 * np.exp(-stains @ DENSITY_OF_STAINS) - 1
    pixels = np.rint(pixel).astype(np.uint8).reshape(1, 1, 1, 3)
    changed = restained(pixels, Doubling(), strength=1.0)  # type: ignore[arg-type]
    found = -np.log((changed.astype(np.float32) + 1) / 256)[0, 0, 0] @ STAINS_OF_DENSITY
    assert found == pytest.approx(2 * stains, abs=0.03)
