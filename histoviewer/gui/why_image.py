"""The colours of what an answer rests on."""

from __future__ import annotations

import numpy as np
from PySide6.QtGui import QColor, QImage

from histoviewer.gui.canvas.tile_image import image_of
from histoviewer.gui.colours import BENIGN, MALIGNANT
from histoviewer.inference.engine import Explained
from histoviewer.inference.explain import Method

FULL: dict[Method, float] = {"covering": 0.2, "gradients": 0.15}
"""What has the strongest colour, of every patch alike: a patch whose answer rests on no place in particular
is to look so. Of covering a change of the probability; of gradients, which have no unit, what 95 in 100
patches of the data set stay below everywhere with version 2."""

_STRONGEST = 0.7
"""Share of the colour there; the tissue stays visible."""


_FAINT = 0.1
"""Share of the strongest colour below which nothing is seen of it on tissue."""


def is_seen(explained: Explained) -> bool:
    """Some place of it has a colour that can be told from the tissue."""
    explanation = explained.explanation
    return explanation is not None and explanation.largest >= _FAINT * FULL[explanation.method]


def why_image(explained: Explained) -> QImage | None:
    """The patch's pixels, vermilion where they speak for malignancy and blue where against; None where
    there is no answer."""
    if explained.explanation is None or explained.pixels is None:
        return None
    effect = explained.explanation.effect[..., np.newaxis]
    full = FULL[explained.explanation.method]
    share = _STRONGEST * np.minimum(np.abs(effect) / full, 1)
    colour = np.where(effect > 0, _rgb(MALIGNANT), _rgb(BENIGN))
    mixed = (1 - share) * explained.pixels + share * colour
    return image_of(np.rint(mixed).astype(np.uint8))


def _rgb(colour: QColor) -> tuple[int, int, int]:
    return colour.red(), colour.green(), colour.blue()
