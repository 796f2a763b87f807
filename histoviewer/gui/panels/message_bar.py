"""What a person should be told, above the canvas, until it is dismissed. Nothing modal."""

from __future__ import annotations

from datetime import datetime

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from histoviewer.gui.panels.message_details import MessageDetails
from histoviewer.gui.panels.plain_lines import plain_line
from histoviewer.gui.theme import GRID

MOST_SHOWN = 4
"""Messages that are read at a glance, and leave the canvas its height."""

_FAILURE = "⚠  "


class MessageBar(QWidget):
    """Shows messages, a line each, in plain words: the latest, which answers what has just been done, then
    what did not work, and what is good to know, the later the higher. Those that are too many are counted. A
    fold below has all of them whole, with paths and times, to be copied."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._text = QLabel(self)
        self._text.setTextFormat(Qt.TextFormat.PlainText)
        self._text.setWordWrap(True)
        self._text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._times: dict[str, datetime] = {}
        self._unfold = QPushButton(self.tr("Deta&ils"), self)
        self._unfold.setCheckable(True)
        self._unfold.setToolTip(self.tr("All messages in full, with paths and times"))
        self._details = MessageDetails(self)
        self._unfold.toggled.connect(self._show_all)
        self._arrange()
        self.hide()

    def _arrange(self) -> None:
        dismiss = QPushButton(self.tr("&Dismiss"), self)
        dismiss.clicked.connect(self.dismiss)
        row = QHBoxLayout()
        row.setSpacing(GRID)
        row.addWidget(self._text, 1)
        for button in (self._unfold, dismiss):
            row.addWidget(button, alignment=Qt.AlignmentFlag.AlignTop)
        column = QVBoxLayout(self)
        column.setContentsMargins(2 * GRID, GRID, 2 * GRID, GRID)
        column.setSpacing(GRID)
        column.addLayout(row)
        column.addWidget(self._details)

    def show_failure(self, message: str) -> None:
        """Say in one line that something did not work."""
        self._show(f"{_FAILURE}{message}")

    def show_note(self, message: str) -> None:
        """Say in one line what is good to know."""
        self._show(f"ℹ  {message}")

    def _show(self, line: str) -> None:
        self._times.pop(line, None)  # said again, it is the latest
        self._times[line] = datetime.now()
        self._show_all()
        self.show()

    def _show_all(self) -> None:
        said = list(reversed(self._times.items()))
        times = dict([*said[:1], *sorted(said[1:], key=lambda one: not one[0].startswith(_FAILURE))])
        lines = list(times)
        plain = [plain_line(line) for line in lines]
        more = len(lines) - MOST_SHOWN
        counted = [self.tr("and {count} more: see Details").format(count=more)] if more > 0 else []
        self._details.set_lines([f"{at:%H:%M:%S}  {line}" for line, at in times.items()])
        self._unfold.setVisible(more > 0 or plain != lines)
        is_unfolded = self._unfold.isChecked()
        self._details.setVisible(is_unfolded)
        whole = self.tr("Messages in full: {count}").format(count=len(lines))
        self._text.setText(whole if is_unfolded else "\n".join([*plain[:MOST_SHOWN], *counted]))

    def dismiss(self) -> None:
        """Forget all messages."""
        self._times.clear()
        self._unfold.setChecked(False)
        self.hide()
