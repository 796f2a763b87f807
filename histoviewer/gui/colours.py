"""The few colours that carry a meaning, and the neutral greys around the tissue, for light and dark."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtGui import QColor, QPalette

MALIGNANT = QColor("#D55E00")
BENIGN = QColor("#0072B2")
UNKNOWN = QColor("#8C8C8C")
"""Unsure, not judged, or without a truth. A word, shape or place says the same as each of the three."""


@dataclass(frozen=True, slots=True)
class Neutrals:
    """What surrounds the tissue in one theme.

    Attributes:
        accent: what can be pressed, and what is selected.
        surround: the canvas around a slide.
        panel: translucent ground of the small panels that lie on the canvas.
        text, faint_text: on a panel, or on the surround.
        line: hairlines and ticks.
        failed, hatch: ground and strokes of a cell whose pixels cannot be read.
    """

    accent: QColor
    surround: QColor
    panel: QColor
    text: QColor
    faint_text: QColor
    line: QColor
    failed: QColor
    hatch: QColor


LIGHT = Neutrals(
    accent=QColor("#00796B"),
    surround=QColor("#DEDEDE"),
    panel=QColor(250, 250, 250, 230),
    text=QColor("#1E1E1E"),
    faint_text=QColor("#5F5F5F"),
    line=QColor("#9A9A9A"),
    failed=QColor("#C8C8C8"),
    hatch=QColor("#8C8C8C"),
)

DARK = Neutrals(
    accent=QColor("#4DB6AC"),
    surround=QColor("#242424"),
    panel=QColor(32, 32, 32, 225),
    text=QColor("#EDEDED"),
    faint_text=QColor("#A8A8A8"),
    line=QColor("#6E6E6E"),
    failed=QColor("#4A4A4A"),
    hatch=QColor("#7A7A7A"),
)


def neutrals(palette: QPalette) -> Neutrals:
    """The neutrals that suit a widget's palette."""
    is_dark = palette.color(QPalette.ColorRole.Window).lightness() < 128
    return DARK if is_dark else LIGHT
