"""Help > Show log."""

from __future__ import annotations

import logging

from PySide6.QtCore import QSize, Qt, QTimer, QUrl
from PySide6.QtGui import QDesktopServices, QFontDatabase, QGuiApplication, QHideEvent, QShowEvent
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QHBoxLayout,
    QLabel,
    QPlainTextEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from histoviewer.gui.logs.program_log import LogLine, ProgramLog
from histoviewer.gui.theme import GRID
from histoviewer.gui.versions import versions_line

REFRESH_MS = 250
"""How often new lines are looked for while the window is shown."""

_SIZE = QSize(96 * GRID, 52 * GRID)


class LogWindow(QDialog):
    """The lines of this start, the latest at the end, as they come. It blocks nothing; Esc closes it."""

    def __init__(self, program_log: ProgramLog, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(self.tr("Log of this start"))
        self._log = program_log
        self._shown_count = -1
        self._levels = self._make_levels()
        self._text = self._make_text()
        self._nothing = QLabel(self.tr("Nothing of this kind has happened since the start."), self)
        self._nothing.setEnabled(False)
        self._where = self._make_where()
        self._folder = self._button(self.tr("Open &folder"), self._open_folder)
        self._folder.setEnabled(program_log.path is not None)
        self._arrange()
        self.resize(_SIZE)
        self._refresh = QTimer(self, interval=REFRESH_MS)
        self._refresh.timeout.connect(self._show_new)
        self._levels.currentIndexChanged.connect(self._fill)
        self._fill()

    def _make_levels(self) -> QComboBox:
        levels = QComboBox(self)
        for text, level in (
            (self.tr("Everything"), logging.NOTSET),
            (self.tr("Warnings and errors"), logging.WARNING),
            (self.tr("Errors"), logging.ERROR),
        ):
            levels.addItem(text, level)
        return levels

    def _make_text(self) -> QPlainTextEdit:
        text = QPlainTextEdit(self)
        text.setReadOnly(True)
        text.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        text.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
        text.setTabChangesFocus(True)
        text.setAccessibleName(self.tr("Lines of the log"))
        return text

    def _make_where(self) -> QLabel:
        path = self._log.path
        text = str(path) if path is not None else self.tr("Not written to a file.")
        where = QLabel(text, self)
        where.setTextFormat(Qt.TextFormat.PlainText)
        where.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        where.setWordWrap(True)
        where.setEnabled(path is not None)
        return where

    def _button(self, text: str, slot: object) -> QPushButton:
        button = QPushButton(text, self)
        button.setAutoDefault(False)
        button.clicked.connect(slot)
        return button

    def _arrange(self) -> None:
        label = QLabel(self.tr("&Show"), self)
        label.setBuddy(self._levels)
        top, bottom = QHBoxLayout(), QHBoxLayout()
        for row in (top, bottom):
            row.setSpacing(GRID)
        top.addWidget(label)
        top.addWidget(self._levels)
        top.addStretch()
        bottom.addWidget(self._where, 1)
        bottom.addWidget(self._folder)
        bottom.addWidget(self._button(self.tr("&Copy all"), self._copy))
        bottom.addWidget(self._button(self.tr("C&lose"), self.close))
        column = QVBoxLayout(self)
        column.setContentsMargins(*(4 * [2 * GRID]))
        column.setSpacing(GRID)
        column.addLayout(top)
        column.addWidget(self._nothing)
        column.addWidget(self._text, 1)
        column.addLayout(bottom)

    def text(self) -> str:
        """What is shown, and copied below the versions of what runs here."""
        return self._text.toPlainText()

    def _show_new(self) -> None:
        if self._log.count != self._shown_count:
            self._fill()

    def _fill(self) -> None:
        """Who has scrolled back to read stays there."""
        self._shown_count = self._log.count
        lines = self._log.lines(self._levels.currentData())
        bar = self._text.verticalScrollBar()
        place, is_at_end = bar.value(), bar.value() == bar.maximum()
        self._text.setPlainText("\n".join(map(_line_text, lines)))
        self._nothing.setVisible(not lines)
        bar.setValue(bar.maximum() if is_at_end else place)

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(f"{versions_line()}\n{self.text()}\n")

    def _open_folder(self) -> None:
        if self._log.path is not None:
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(self._log.path.parent)))

    def showEvent(self, event: QShowEvent) -> None:
        self._refresh.start()
        super().showEvent(event)

    def hideEvent(self, event: QHideEvent) -> None:
        self._refresh.stop()
        super().hideEvent(event)


def _line_text(line: LogLine) -> str:
    level = "" if line.level == logging.INFO else logging.getLevelName(line.level).lower()
    return f"{line.at:%H:%M:%S}  {level:8} {line.subject}: {line.text}"
