"""Whether a source can be judged at its scale: it is never guessed."""

from __future__ import annotations

from pathlib import Path

from histoviewer.errors import ScaleError, ScaleUnknownError
from histoviewer.slides.geometry import PLAUSIBLE_MPP, Scale, Size
from histoviewer.translation import _

MOST_ENLARGED = 1.2
"""A source may be this much coarser than the model: beyond it the detail that the model learned from is
not in the picture."""

USUAL_MPP = (0.1, 1.0)
"""µm/px that scanners give, 10 divided by the power of their lens."""

_GLASS_MM = 76.0
"""The longer side of a microscope slide, ISO 8037-1."""

_POWERS = (10, 20, 40, 60, 80, 100)
_SLIPS = (1e-1, 1e-2, 1e-3, 1e1, 1e2, 1e3)
"""The decimal point, nanometres for micrometres, and the like."""


def likely_mpp(mpp: float) -> float | None:
    """What a person probably meant who gave a µm/px that cannot be: 25 is a slip for 0.25, 40 the power of
    the lens. None where nothing suggests itself."""
    if mpp in _POWERS:
        return 10 / mpp
    low, high = USUAL_MPP
    meant = (float(f"{mpp * slip:.4g}") for slip in _SLIPS)
    return next((value for value in meant if low <= value <= high), None)


def exceeds_glass(size: Size, mpp: float) -> float | None:
    """mm of the longer side of a slide, level-0 pixels, where at this µm/px it is longer than the glass that
    it was scanned from; else None."""
    length_mm = max(size.width, size.height) * mpp / 1000
    return length_mm if length_mm > _GLASS_MM else None


def usable_scale(scale: Scale | None, *, model_mpp: float, path: Path) -> Scale:
    """``scale`` itself.

    Raises ScaleUnknownError where it is unknown or absurd, ScaleError where it is too coarse for the model.
    """
    if scale is None:
        message = _("{path} does not say its µm/px, and the model judges at {model:g}.")
        raise ScaleUnknownError(message.format(path=path, model=model_mpp))
    if not scale.is_plausible:
        raise ScaleUnknownError(_implausible(scale, path))
    if scale.mpp > model_mpp * MOST_ENLARGED:
        raise ScaleError(_too_coarse(scale, model_mpp, path))
    return scale


def _too_coarse(scale: Scale, model_mpp: float, path: Path) -> str:
    meant = likely_mpp(scale.mpp)
    if scale.origin == "user" and meant is not None:
        message = _(
            "{mpp:g} µm/px for {path} is too coarse for the model, which judges at {model:g}. "
            "Is {meant:g} meant?"
        )
    else:
        message = _(
            "{path} has {mpp:g} µm/px, too coarse for the model, which judges at {model:g}. "
            "Open a finer scan of it."
        )
    return message.format(path=path, mpp=scale.mpp, model=model_mpp, meant=meant)


def _implausible(scale: Scale, path: Path) -> str:
    low, high = PLAUSIBLE_MPP
    if scale.origin == "user":
        message = _("{mpp:g} µm/px for {path} is none that a microscope gives: expected {low:g} to {high:g}.")
    else:
        message = _("{path} claims {mpp:g} µm/px, which no microscope gives.")
    return message.format(path=path, mpp=scale.mpp, low=low, high=high)
