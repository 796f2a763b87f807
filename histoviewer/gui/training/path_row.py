"""A line for a path, with a button that looks for it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QPushButton, QWidget

from histoviewer.gui.theme import GRID


class PathRow(QWidget):
    """Typed or chosen.

    Signals:
        changed(): the path is another one.
    """

    changed = Signal()

    def __init__(self, button: str, choose: Callable[[], str], placeholder: str, parent: QWidget) -> None:
        """``choose``: asks a person; "" where they change their mind. ``placeholder``: what no path means."""
        super().__init__(parent)
        self._choose = choose
        self.line = QLineEdit(self)
        self.line.setPlaceholderText(placeholder)
        self.line.textChanged.connect(self.changed)
        self._button = QPushButton(button, self)
        self._button.setAutoDefault(False)
        self._button.clicked.connect(self._ask)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(GRID)
        row.addWidget(self.line, 1)
        row.addWidget(self._button)
        self.setFocusProxy(self.line)

    def path(self) -> Path | None:
        """None where the line is empty."""
        text = self.line.text().strip()
        return Path(text).expanduser().absolute() if text else None

    def set_path(self, path: Path | None) -> None:
        self.line.setText("" if path is None else str(path))

    def _ask(self) -> None:
        chosen = self._choose()
        if chosen:
            self.line.setText(chosen)
