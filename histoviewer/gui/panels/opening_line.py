"""What is being opened, how many files of a folder have been found, and a way to stop it."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRectF, Qt, QTimer
from PySide6.QtGui import QImage, QPainter, QPixmap
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QWidget

from histoviewer.gui.formatting import count_text
from histoviewer.gui.source_opener import SourceOpener
from histoviewer.gui.theme import GRID
from histoviewer.translation import plural

PATIENCE_MS = 300
"""What opens sooner is not worth a flicker."""


class OpeningLine(QWidget):
    """Part of the run bar, there while opening takes long.

    Attributes:
        pictures: some patches of a folder, seen before all of them have been found.
    """

    def __init__(self, opener: SourceOpener, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._opener = opener
        self._text = QLabel(self)
        cancel = QPushButton(self.tr("Cancel"), self)
        cancel.setToolTip(self.tr("Stop opening; what is open already stays (Esc)"))
        cancel.clicked.connect(self.cancel)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 2 * GRID, 0)
        row.setSpacing(GRID)
        self.pictures = QLabel(self)
        row.addWidget(self._text)
        row.addWidget(self.pictures)
        row.addWidget(cancel)
        self._patience = QTimer(self, singleShot=True, interval=PATIENCE_MS)
        self._patience.timeout.connect(self.show)
        opener.progressed.connect(self._on_progress)
        opener.glimpsed.connect(self._on_glimpse)
        opener.finished.connect(self._on_finished)
        self.hide()

    def _on_progress(self, name: str, files: int) -> None:
        text = self.tr("Opening {name}…").format(name=name)
        if files:
            found = plural("{count} file", "{count} files", files).format(count=count_text(files))
            text = f"{text} {found}"
        self._text.setText(text)
        if not self.isVisible() and not self._patience.isActive():
            self._patience.start()

    def _on_glimpse(self, images: Sequence[QImage]) -> None:
        self.pictures.setVisible(bool(images))
        if images:
            ratio = self.devicePixelRatioF()
            side = round(self._text.sizeHint().height() * ratio)
            row = QPixmap(len(images) * (side + 2), side)
            row.setDevicePixelRatio(ratio)
            row.fill(Qt.GlobalColor.transparent)
            painter = QPainter(row)
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
            for place, image in enumerate(images):
                painter.drawImage(QRectF(place * (side + 2) / ratio, 0, side / ratio, side / ratio), image)
            painter.end()
            self.pictures.setPixmap(row)

    def cancel(self) -> None:
        """Stop opening, and say that this is being done."""
        self._opener.cancel()
        self._text.setText(self.tr("Stopping…"))

    def _on_finished(self) -> None:
        self._patience.stop()
        self.hide()
