"""One line of trouble, above the canvas, until it is dismissed. Nothing modal."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QWidget

from histoviewer.gui.theme import GRID


class MessageBar(QWidget):
    """Shows the latest message; more of them are counted."""

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
        mark = QLabel("⚠", self)
        row.addWidget(mark)
        row.addWidget(self._text, 1)
        row.addWidget(dismiss)
        self.hide()

    def show_message(self, message: str) -> None:
        """Show one line, before those that are there."""
        self._messages.append(message)
        more = len(self._messages) - 1
        self._text.setText(message + (self.tr("  (and {count} more)").format(count=more) if more else ""))
        self._text.setToolTip("\n".join(self._messages))
        self.show()

    def dismiss(self) -> None:
        """Forget all messages."""
        self._messages.clear()
        self.hide()
