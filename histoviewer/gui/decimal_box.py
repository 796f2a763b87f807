"""A number that may be typed as people write it."""

from __future__ import annotations

from PySide6.QtCore import QLocale
from PySide6.QtGui import QValidator
from PySide6.QtWidgets import QDoubleSpinBox, QWidget


class DecimalBox(QDoubleSpinBox):
    """Shows a decimal point, as all numbers of the window do, and takes a comma for one: no thousands are
    grouped here, so that ``0,5`` can only mean a half."""

    def __init__(
        self, parent: QWidget, *, least: float = 0.0, most: float, decimals: int, step: float
    ) -> None:
        super().__init__(parent, minimum=least, maximum=most, decimals=decimals, singleStep=step)
        locale = QLocale(QLocale.Language.C)
        locale.setNumberOptions(
            QLocale.NumberOption.OmitGroupSeparator | QLocale.NumberOption.RejectGroupSeparator
        )
        self.setLocale(locale)
        # A typed value counts once it is whole: each key would rewrite it, and cut what is typed after it.
        self.setKeyboardTracking(False)

    def validate(self, text: str, position: int) -> tuple[QValidator.State, str, int]:
        """The comma becomes a point as it is typed: whoever types sees what is taken."""
        return super().validate(text.replace(",", "."), position)
