from __future__ import annotations

import pytest
from PySide6.QtGui import QColor, QPalette

from histoviewer.gui.colours import DARK, LIGHT, Neutrals, neutrals


@pytest.mark.parametrize(("window", "expected"), [("#2B2B2B", DARK), ("#F2F2F2", LIGHT)])
def test_neutrals_follow_the_palette(window: str, expected: Neutrals) -> None:
    assert neutrals(QPalette(QColor(window))) is expected


@pytest.mark.parametrize("theme", [LIGHT, DARK])
def test_text_is_readable_on_a_panel_over_glass_and_over_dark_tissue(theme: Neutrals) -> None:
    for ground in (QColor("white"), QColor("#2A0A2A")):
        for text in (theme.text, theme.faint_text):
            assert _contrast(text, _over(theme.panel, ground)) >= 4.5  # WCAG 2.1, level AA


def _over(panel: QColor, ground: QColor) -> QColor:
    alpha = panel.alphaF()
    parts = zip(panel.getRgb()[:3], ground.getRgb()[:3], strict=True)
    return QColor(*(round(a * alpha + b * (1 - alpha)) for a, b in parts))


def _contrast(one: QColor, other: QColor) -> float:
    bright, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (bright + 0.05) / (dark + 0.05)


def _luminance(colour: QColor) -> float:
    linear = [((c + 0.055) / 1.055) ** 2.4 for c in colour.getRgbF()[:3]]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
