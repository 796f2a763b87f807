"""The command that does the same, to be read and copied."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QFontDatabase, QGuiApplication
from PySide6.QtWidgets import QHBoxLayout, QPlainTextEdit, QPushButton, QWidget

from histoviewer.gui.theme import GRID


class CommandRow(QWidget):
    """A box of text with a button."""

    def __init__(self, parent: QWidget, *, lines: int) -> None:
        """``lines``: of text that are seen without scrolling."""
        super().__init__(parent)
        self._text = QPlainTextEdit(self)
        self._text.setReadOnly(True)
        self._text.setTabChangesFocus(True)
        self._text.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self._text.setAccessibleName(self.tr("The same on the command line"))
        self._text.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
        self._text.setFixedHeight((lines + 1) * self._text.fontMetrics().lineSpacing() + 2 * GRID)
        self._copy = QPushButton(self.tr("Cop&y"), self)
        self._copy.setAutoDefault(False)
        self._copy.clicked.connect(self._to_clipboard)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(GRID)
        row.addWidget(self._text, 1)
        row.addWidget(self._copy, alignment=Qt.AlignmentFlag.AlignTop)

    def set_text(self, text: str) -> None:
        """Show a command; "" where there is none yet."""
        if text != self._text.toPlainText():
            self._text.setPlainText(text)
        self._copy.setEnabled(bool(text))

    def text(self) -> str:
        return self._text.toPlainText()

    def _to_clipboard(self) -> None:
        QGuiApplication.clipboard().setText(self.text() + "\n")
