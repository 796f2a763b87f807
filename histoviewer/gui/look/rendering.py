"""From pixels as they are stored to pixels in a look. numpy only; a tile takes less than a millisecond."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from histoviewer.gui.look.colour_profile import ColourProfile
from histoviewer.gui.look.look import MOST_TONE, Look

_HAEMATOXYLIN = (0.65, 0.70, 0.29)
"""Optical densities of red, green, blue: A. C. Ruifrok, D. A. Johnston, Quantification of histochemical
staining by color deconvolution, 2001. The same as in QuPath and in scikit-image's ``rgb_from_hed``."""

_EOSIN = (0.2159, 0.8012, 0.5581)
"""QuPath's default for H&E (``StainVector``), which suits eosin on today's scanners better than Ruifrok's."""

STRENGTHS = (1.0, 1.0, 4.0)
"""Of haematoxylin, eosin and the residual as they are shown. There is so little of the last that it would
hardly be seen: QuPath stretches it, here it is shown four times as strong on every slide."""

_STEPS = 4096
_DENSEST = 3.0
"""A stain's amount is told apart in so many steps up to this optical density: under one grey level each."""


def stain_vectors() -> NDArray[np.float64]:
    """(3, 3), a row each for haematoxylin, eosin and the residual, of length 1. As in QuPath the residual is
    orthogonal to the two."""
    rows = [np.array(_HAEMATOXYLIN), np.array(_EOSIN)]
    rows = [row / np.linalg.norm(row) for row in rows]
    residual = np.cross(rows[0], rows[1])
    return np.array([*rows, residual / np.linalg.norm(residual)])


class Rendering:
    """Shows pixels in one look. Immutable: any thread may call it."""

    def __init__(self, look: Look, profile: ColourProfile | None) -> None:
        self._profile = profile if look.uses_profile else None
        self._tones = None if look.has_plain_tones else tone_curve(look)
        self._densities: NDArray[np.int32] | None = None
        if look.channel != "original":
            stain = ("haematoxylin", "eosin", "residual").index(look.channel)
            self._densities = _density_steps(stain)
            shades = _shades(stain)
            self._shades = shades if self._tones is None else self._tones[shades]

    def __call__(self, pixels: NDArray[np.uint8]) -> NDArray[np.uint8]:
        """uint8 RGB (height, width, 3), as stored, to the same as shown. The argument stays as it is."""
        if self._profile is not None:
            pixels = self._profile.to_srgb(pixels)
        if self._densities is not None:
            return self._one_stain(pixels, self._densities)
        if self._tones is None:
            return pixels
        shown: NDArray[np.uint8] = self._tones.take(pixels)
        return shown

    def _one_stain(self, pixels: NDArray[np.uint8], densities: NDArray[np.int32]) -> NDArray[np.uint8]:
        steps = densities[0].take(pixels[:, :, 0])
        steps += densities[1].take(pixels[:, :, 1])
        steps += densities[2].take(pixels[:, :, 2])
        # Less than none of a stain is none.
        shown: NDArray[np.uint8] = self._shades.take(steps, axis=0, mode="clip")
        return shown


def rendering_of(look: Look, profile: ColourProfile | None) -> Rendering | None:
    """None where pixels are shown as they are stored, so that it costs nothing."""
    is_managed = look.uses_profile and profile is not None and not profile.is_srgb
    return None if look.is_original and not is_managed else Rendering(look, profile if is_managed else None)


def tone_curve(look: Look) -> NDArray[np.uint8]:
    """Shown value of each stored one, uint8 (256,).

    Brightness and contrast as in GIMP (``gimp:brightness-contrast``): black or white stays what it is under
    brightness, and middle grey under contrast. Then gamma.
    """
    value = np.arange(256) / 255
    brightness = look.brightness / (2 * MOST_TONE)
    value = value * (1 + brightness) if brightness < 0 else value + (1 - value) * brightness
    slant = math.tan((look.contrast / MOST_TONE + 1) * math.pi / 4)
    value = ((value - 0.5) * slant + 0.5).clip(0, 1)
    curve: NDArray[np.uint8] = np.rint(255 * value ** (1 / look.gamma)).astype(np.uint8)
    return curve


def _density_steps(stain: int) -> NDArray[np.int32]:
    """What each value of red, green and blue adds to the amount of a stain, int32 (3, 256), in steps."""
    density = -np.log10(np.maximum(np.arange(256), 1) / 255)
    weights = STRENGTHS[stain] * np.linalg.inv(stain_vectors())[:, stain]
    return np.rint(np.outer(weights, density) * ((_STEPS - 1) / _DENSEST)).astype(np.int32)


def _shades(stain: int) -> NDArray[np.uint8]:
    """The colour of white light behind each amount of a stain, uint8 (_STEPS, 3)."""
    amount = np.linspace(0, _DENSEST, _STEPS)
    light = 10 ** -np.outer(amount, stain_vectors()[stain])
    shades: NDArray[np.uint8] = np.rint(255 * light.clip(0, 1)).astype(np.uint8)
    return shades
