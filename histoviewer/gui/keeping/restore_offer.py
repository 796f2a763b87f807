"""Asks whether what was open when the program died is wanted again."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QWidget

from histoviewer.gui.keeping.open_state import merged
from histoviewer.gui.keeping.state_files import LeftBehind
from histoviewer.gui.source_names import told_apart
from histoviewer.gui.theme import GRID
from histoviewer.translation import plural

MOST_NAMED = 3


class RestoreOffer(QWidget):
    """A line above the canvas, there until a person has decided. Nothing is ever restored unasked: what was
    open may be what ended the program.

    Signals: accepted(), declined().
    """

    accepted = Signal()
    declined = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._text = QLabel(self)
        self._text.setTextFormat(Qt.TextFormat.PlainText)
        self._text.setWordWrap(True)
        restore = QPushButton(self.tr("&Bring back what was open"), self)
        restore.clicked.connect(self._accept)
        forget = QPushButton(self.tr("Forget &it"), self)
        forget.setToolTip(self.tr("Results are kept: they are there when the same path is opened again"))
        forget.clicked.connect(self._decline)
        row = QHBoxLayout(self)
        row.setContentsMargins(2 * GRID, GRID, 2 * GRID, GRID)
        row.setSpacing(GRID)
        row.addWidget(self._text, 1)
        for button in (restore, forget):
            row.addWidget(button, alignment=Qt.AlignmentFlag.AlignTop)
        self.hide()

    def show_offer(self, left: Sequence[LeftBehind]) -> None:
        """Say what was open; nothing to offer hides the line."""
        self.setVisible(bool(left))
        if not left:
            return
        names = told_apart([source.path for source in merged(one.state for one in left).sources])
        text = self.tr("HistoViewer ended unexpectedly. Open were: {names}.")
        self._text.setText("ℹ  " + text.format(names=_listed(names)))
        self._text.setToolTip("\n".join(names))

    def _accept(self) -> None:
        self.hide()
        self.accepted.emit()

    def _decline(self) -> None:
        self.hide()
        self.declined.emit()


def _listed(names: Sequence[str]) -> str:
    shown, more = ", ".join(names[:MOST_NAMED]), len(names) - MOST_NAMED
    if more <= 0:
        return shown
    return plural("{names} and {count} more", "{names} and {count} more", more).format(
        names=shown, count=more
    )
