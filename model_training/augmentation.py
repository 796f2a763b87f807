"""Other views of the same tissue: turned, mirrored, stained a little differently."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from skimage.color.colorconv import hed_from_rgb, rgb_from_hed

ORIENTATIONS = 8
"""Of the dihedral group: tissue has neither an upper end nor a right-hand side."""

STAINS_OF_DENSITY = hed_from_rgb.astype(np.float32)
"""Optical density of R, G, B -> haematoxylin, eosin, DAB (A. Ruifrok, D. Johnston 2001): float32 (3, 3)."""

DENSITY_OF_STAINS = rgb_from_hed.astype(np.float32)


def oriented(pixels: NDArray[np.uint8], orientation: int) -> NDArray[np.uint8]:
    """Patches (n, s, s, 3) turned by ``orientation % 4`` quarters and, from 4 on, mirrored."""
    turned = np.rot90(pixels, orientation % 4, axes=(1, 2))
    return turned[:, :, ::-1] if orientation >= 4 else turned


def randomly_oriented(pixels: NDArray[np.uint8], random: np.random.Generator) -> NDArray[np.uint8]:
    """Each of the patches (n, s, s, 3) in an orientation of its own."""
    chosen = random.integers(ORIENTATIONS, size=len(pixels))
    out = np.empty_like(pixels)
    for orientation in range(ORIENTATIONS):
        out[chosen == orientation] = oriented(pixels[chosen == orientation], orientation)
    return out


def restained(
    pixels: NDArray[np.uint8], random: np.random.Generator, *, strength: float
) -> NDArray[np.uint8]:
    """Each of the patches, uint8 RGB (n, s, s, 3), as another laboratory might have stained it.

    In optical density each stain is multiplied by a factor from 1 - strength to 1 + strength, and has up to
    a fifth of ``strength`` added: the colour augmentation of D. Tellez et al. 2018 ("Whole-slide mitosis
    detection in H&E breast histology"), where a strength of 0.05 is called light and 0.2 strong.
    """
    count = len(pixels)
    factor = random.uniform(1 - strength, 1 + strength, (count, 3)).astype(np.float32)
    shift = random.uniform(-strength / 5, strength / 5, (count, 1, 1, 3)).astype(np.float32)
    density = -np.log((pixels.astype(np.float32) + 1) / 256)
    change = STAINS_OF_DENSITY @ (factor[:, :, None] * DENSITY_OF_STAINS)
    changed = np.matmul(density.reshape(count, -1, 3), change).reshape(pixels.shape)
    changed += shift @ DENSITY_OF_STAINS
    out: NDArray[np.uint8] = np.clip(np.rint(256 * np.exp(-changed) - 1), 0, 255).astype(np.uint8)
    return out
