"""Which result file is being read, and a way to stop it."""

from __future__ import annotations

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QHBoxLayout, QLabel, QProgressBar, QPushButton, QWidget

from histoviewer.gui.panels.opening_line import PATIENCE_MS
from histoviewer.gui.reviewing.review_reader import ReviewReader
from histoviewer.gui.theme import GRID


class ReadingLine(QWidget):
    """Part of the run bar, there while reading takes long."""

    def __init__(self, reader: ReviewReader, parent: QWidget) -> None:
        super().__init__(parent)
        self._text = QLabel(self)
        bar = QProgressBar(self)
        bar.setRange(0, 0)  # how much of a file is left is not known
        bar.setTextVisible(False)
        bar.setFixedSize(10 * GRID, GRID)
        cancel = QPushButton(self.tr("Cancel"), self)
        cancel.setToolTip(self.tr("Stop reading; no review is taken"))
        cancel.clicked.connect(reader.cancel)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 2 * GRID, 0)
        row.setSpacing(GRID)
        for widget in (self._text, bar, cancel):
            row.addWidget(widget)
        self._patience = QTimer(self, singleShot=True, interval=PATIENCE_MS)
        self._patience.timeout.connect(self.show)
        reader.began.connect(self._on_began)
        reader.ended.connect(self._on_ended)
        self.hide()

    def _on_began(self, name: str) -> None:
        self._text.setText(self.tr("Reading reviews in {name}…").format(name=name))
        self._patience.start()

    def _on_ended(self) -> None:
        self._patience.stop()
        self.hide()
