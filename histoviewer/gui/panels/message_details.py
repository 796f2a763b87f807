"""Messages in full, to be read, searched with the eye, and copied."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, QTimer
from PySide6.QtGui import QGuiApplication, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPlainTextEdit, QPushButton, QVBoxLayout, QWidget

from histoviewer.gui.theme import GRID

FEWEST_LINES = 2
MOST_LINES = 8
"""Lines that are seen without scrolling: the canvas below keeps most of the window."""


class MessageDetails(QWidget):
    """A box of lines with a button that copies them. Hidden until it is unfolded."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._text = _Lines(self)
        self._text.setAccessibleName(self.tr("Messages in full"))
        hint = QLabel(self.tr("What the program did before: Help > Show log."), self)
        hint.setEnabled(False)
        copy = QPushButton(self.tr("Cop&y"), self)
        copy.clicked.connect(self._copy)
        row = QHBoxLayout()
        row.setSpacing(GRID)
        row.addWidget(hint, 1)
        row.addWidget(copy)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GRID // 2)
        column.addWidget(self._text)
        column.addLayout(row)
        self.hide()

    def set_lines(self, lines: list[str]) -> None:
        """Show these, one below the other."""
        self._text.setPlainText("\n".join(lines))
        self._show_first()

    def showEvent(self, event: QShowEvent) -> None:
        """The newest is the first; where it was scrolled to before it had its height counts for nothing."""
        super().showEvent(event)
        QTimer.singleShot(0, self, self._show_first)

    def _show_first(self) -> None:
        self._text.verticalScrollBar().setValue(0)

    def text(self) -> str:
        """What is shown."""
        return self._text.toPlainText()

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self.text() + "\n")


class _Lines(QPlainTextEdit):
    """As high as its lines, up to ``MOST_LINES``; where the window has no room, it scrolls in fewer."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setReadOnly(True)
        self.setTabChangesFocus(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.document().documentLayout().documentSizeChanged.connect(self.updateGeometry)

    def sizeHint(self) -> QSize:
        return QSize(super().sizeHint().width(), self._height_of(MOST_LINES))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Narrower there are more lines."""
        super().resizeEvent(event)
        if event.oldSize().width() != event.size().width():
            self.updateGeometry()

    def minimumSizeHint(self) -> QSize:
        return QSize(super().minimumSizeHint().width(), self._height_of(FEWEST_LINES))

    def _height_of(self, lines: int) -> int:
        """Of all lines, or of so many if there are more."""
        shown = min(self.document().size().height(), lines)  # this kind of document counts in lines
        margins = 2 * (self.document().documentMargin() + self.frameWidth() + 1)
        return round(shown * self.fontMetrics().lineSpacing() + margins)
