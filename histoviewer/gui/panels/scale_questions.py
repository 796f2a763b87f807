"""What is said while a slide's scale is asked for."""

from __future__ import annotations

from histoviewer.gui.formatting import THIN_SPACE, count_text, significant
from histoviewer.patches.scale import USUAL_MPP, likely_mpp
from histoviewer.translation import _


def refusal(mpp: float, name: str, *, model_mpp: float) -> str:
    """Why a µm/px that was given cannot be used, and what was probably meant."""
    if mpp <= model_mpp:
        text = _("{mpp:g} µm/px is no scale that a microscope gives. {hint} Scale of {name}:")
    else:
        text = _(
            "{mpp:g} µm/px is coarser than the model's {model:g}: the detail it judges by would be "
            "missing. {hint} Scale of {name}:"
        )
    return text.format(mpp=mpp, model=model_mpp, name=name, hint=_hint(mpp))


def change(mpp: float, name: str, *, is_of_folder: bool) -> str:
    """Which scale a slide, or all of its folder, has instead of a µm/px that it was given or says."""
    if is_of_folder:
        text = _(
            "{name} and the other slides of its folder are taken to have {mpp:g} µm/px. Which is their scale?"
        )
    else:
        text = _("{name} is taken to have {mpp:g} µm/px. Which is its scale?")
    return text.format(name=name, mpp=mpp)


def doubt(mpp: float, name: str, *, length_mm: float) -> str:
    """A µm/px at which the slide would not fit on its glass, its longer side ``length_mm``."""
    text = _("At {mpp:g} µm/px {name} would be {length}{space}mm long, more than the glass. {hint}")
    return text.format(mpp=mpp, name=name, length=significant(length_mm), space=THIN_SPACE, hint=_hint(mpp))


def measuring(line: float) -> str:
    """What to do to measure; ``line``: level-0 pixels of what is drawn, 0 before."""
    if not line:
        return _("Draw a line along a length that you know: two clicks, or a drag. Esc ends it.")
    pixels = f"{count_text(round(line))}{THIN_SPACE}px"
    return _("The line is {pixels} long. How long is it on the glass?").format(pixels=pixels)


def _hint(mpp: float) -> str:
    meant = likely_mpp(mpp)
    if meant is not None:
        return _("Did you mean {mpp:g}?").format(mpp=meant)
    low, high = USUAL_MPP
    return _("Scanners give {low:g} to {high:g}.").format(low=low, high=high)
