"""Neutral greys for the whole application, light or dark as the system says."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QFont, QFontDatabase, QPalette
from PySide6.QtWidgets import QApplication

from histoviewer.gui.colours import DARK, LIGHT, Neutrals

GRID = 8
"""px; every distance is a multiple of it, or its half."""

Role = QPalette.ColorRole

_GREYS = {
    # window, base, alternate, button, text
    False: ("#F2F2F2", "#FBFBFB", "#EDEDED", "#E6E6E6", "#1E1E1E"),
    True: ("#2B2B2B", "#1F1F1F", "#303030", "#383838", "#E4E4E4"),
}


_SCHEMES = {"light": Qt.ColorScheme.Light, "dark": Qt.ColorScheme.Dark}
_APPEARANCE = "appearance"
"""Property of the application: what a person has chosen."""


def apply_theme(app: QApplication) -> None:
    """Give the application its style, palette and, on a machine without fonts, a font."""
    app.setStyle("Fusion")
    _ensure_font(app)
    _apply_palette(app)
    app.styleHints().colorSchemeChanged.connect(lambda _: _apply_palette(app))


def set_appearance(app: QApplication, appearance: Literal["system", "light", "dark"]) -> None:
    """Light or dark from here on, or as the system is; window frames follow where the system lets them."""
    app.setProperty(_APPEARANCE, appearance)
    app.styleHints().setColorScheme(_SCHEMES.get(appearance, Qt.ColorScheme.Unknown))
    _apply_palette(app)  # there are platforms that know no schemes


def _apply_palette(app: QApplication) -> None:
    wanted = _SCHEMES.get(app.property(_APPEARANCE), app.styleHints().colorScheme())
    set_palette(app, is_dark=wanted == Qt.ColorScheme.Dark)


def set_palette(app: QApplication, *, is_dark: bool) -> None:
    """Give every widget the palette of one theme."""
    palette = neutral_palette(is_dark=is_dark)
    app.setPalette(palette)
    if is_dark:
        # Fusion outlines a box darker than the window: on dark grey only its fill can be seen.
        palette.setColor(Role.Base, QColor("#505050"))
        app.setPalette(palette, "QCheckBox")  # type: ignore[arg-type]  # takes str, whatever its stub says


def neutral_palette(*, is_dark: bool) -> QPalette:
    """The palette of one theme: greys, and one accent for what can be pressed."""
    window, base, alternate, button, text = (QColor(name) for name in _GREYS[is_dark])
    neutrals: Neutrals = DARK if is_dark else LIGHT
    palette = QPalette(button, window)
    for role in (Role.WindowText, Role.Text, Role.ButtonText, Role.ToolTipText):
        palette.setColor(role, text)
    palette.setColor(Role.Base, base)
    palette.setColor(Role.AlternateBase, alternate)
    palette.setColor(Role.ToolTipBase, base)
    palette.setColor(Role.PlaceholderText, neutrals.faint_text)
    palette.setColor(Role.Highlight, neutrals.accent)
    palette.setColor(Role.HighlightedText, QColor("#101010" if is_dark else "#FFFFFF"))
    palette.setColor(Role.Link, neutrals.accent)
    palette.setColor(Role.Accent, neutrals.accent)
    for role in (Role.WindowText, Role.Text, Role.ButtonText):
        palette.setColor(QPalette.ColorGroup.Disabled, role, neutrals.faint_text)
    return palette


def _ensure_font(app: QApplication) -> None:
    """A bare server has no fonts, and offscreen pictures of the window would be full of boxes; matplotlib
    brings one along."""
    if QFontDatabase.families():
        return
    from matplotlib import get_data_path

    for file in ("DejaVuSans.ttf", "DejaVuSans-Bold.ttf"):
        QFontDatabase.addApplicationFont(str(Path(get_data_path()) / "fonts" / "ttf" / file))
    app.setFont(QFont("DejaVu Sans", 9))
