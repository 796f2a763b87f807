"""What an empty gallery shows instead of patches."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLabel, QPushButton, QVBoxLayout, QWidget

from histoviewer.gui.gallery.gallery_texts import EmptyText


class EmptyGallery(QWidget):
    """A title, a line that helps, and a button for the next step.

    Signals:
        pressed(): the button.
    """

    pressed = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._title = _label()
        bold = self._title.font()
        bold.setBold(True)
        self._title.setFont(bold)
        self._hint = _label()
        self._button = QPushButton()
        self._button.clicked.connect(self.pressed)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 24, 24, 24)
        layout.setSpacing(8)
        layout.addStretch()
        layout.addWidget(self._title)
        layout.addWidget(self._hint)
        layout.addSpacing(8)
        layout.addWidget(self._button, alignment=Qt.AlignmentFlag.AlignHCenter)
        layout.addStretch()

    def set_text(self, text: EmptyText) -> None:
        self._title.setText(text.title)
        self._hint.setText(text.hint)
        self._button.setText(text.action)
        self._button.setVisible(bool(text.action))


def _label() -> QLabel:
    label = QLabel()
    label.setAlignment(Qt.AlignmentFlag.AlignCenter)
    label.setWordWrap(True)
    # What the user typed into a filter is shown as typed, not as markup.
    label.setTextFormat(Qt.TextFormat.PlainText)
    return label
