"""What a person should be told, above the canvas, until it is dismissed. Nothing modal."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QWidget

from histoviewer.gui.theme import GRID

MOST_SHOWN = 3
"""Messages that are read at a glance, and leave the canvas its height."""


class MessageBar(QWidget):
    """Shows the latest messages, a line each; older ones are counted, and in the tool tip."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._text = QLabel(self)
        self._text.setTextFormat(Qt.TextFormat.PlainText)
        self._text.setWordWrap(True)
        self._text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._messages: list[str] = []
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
        self._show(f"⚠  {message}")

    def show_note(self, message: str) -> None:
        """Say in one line what is good to know."""
        self._show(f"ℹ  {message}")

    def _show(self, line: str) -> None:
        if line in self._messages:
            self._messages.remove(line)
        self._messages.append(line)
        shown = self._messages[: -MOST_SHOWN - 1 : -1]
        more = len(self._messages) - len(shown)
        lines = [*shown, self.tr("and {count} more").format(count=more)] if more else shown
        self._text.setText("\n".join(lines))
        self._text.setToolTip("\n".join(self._messages) if more else "")
        self.show()

    def dismiss(self) -> None:
        """Forget all messages."""
        self._messages.clear()
        self.hide()
