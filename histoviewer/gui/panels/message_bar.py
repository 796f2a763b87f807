"""What a person should be told, above the canvas, until it is dismissed. Nothing modal."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QWidget

from histoviewer.gui.theme import GRID

MOST_SHOWN = 3
"""Messages that are read at a glance, and leave the canvas its height."""


class MessageBar(QWidget):
    """Shows messages, a line each: failures before notes, the latest first. Those that are too many are
    counted, and in the tool tip."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._text = QLabel(self)
        self._text.setTextFormat(Qt.TextFormat.PlainText)
        self._text.setWordWrap(True)
        self._text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._failures: list[str] = []
        self._notes: list[str] = []
        dismiss = QPushButton(self.tr("&Dismiss"), self)
        dismiss.clicked.connect(self.dismiss)
        row = QHBoxLayout(self)
        row.setContentsMargins(2 * GRID, GRID, 2 * GRID, GRID)
        row.setSpacing(GRID)
        row.addWidget(self._text, 1)
        row.addWidget(dismiss, alignment=Qt.AlignmentFlag.AlignTop)
        self.hide()

    def show_failure(self, message: str) -> None:
        """Say in one line that something did not work."""
        self._show(f"⚠  {message}", self._failures)

    def show_note(self, message: str) -> None:
        """Say in one line what is good to know."""
        self._show(f"ℹ  {message}", self._notes)

    def _show(self, line: str, among: list[str]) -> None:
        if line in among:
            among.remove(line)
        among.insert(0, line)
        lines = [*self._failures, *self._notes]
        more = len(lines) - MOST_SHOWN
        counted = [self.tr("and {count} more").format(count=more)] if more > 0 else []
        self._text.setText("\n".join([*lines[:MOST_SHOWN], *counted]))
        self._text.setToolTip("\n".join(lines) if more > 0 else "")
        self.show()

    def dismiss(self) -> None:
        """Forget all messages."""
        self._failures.clear()
        self._notes.clear()
        self.hide()
