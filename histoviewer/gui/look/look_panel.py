"""The small window "Brightness and contrast"."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QComboBox, QGridLayout, QLabel, QMainWindow, QPushButton, QWidget

from histoviewer.gui.look.eye import Eye
from histoviewer.gui.look.look import CHANNELS
from histoviewer.gui.look.look_texts import channel_text
from histoviewer.gui.look.tone_row import ToneRow, gamma_box, signed_box
from histoviewer.gui.theme import GRID


class LookPanel(QWidget):
    """Floats over its window and leaves it usable, keys and all. Every change shows at once."""

    def __init__(self, eye: Eye, window: QMainWindow) -> None:
        super().__init__(window, Qt.WindowType.Tool)
        self._eye = eye
        self._window = window
        self._is_placed = False
        self.setWindowTitle(self.tr("Brightness and contrast"))
        self._channels = QComboBox(self)
        for channel in CHANNELS:
            self._channels.addItem(channel_text(channel).capitalize(), channel)
        self._channels.setAccessibleName(self.tr("Colours"))
        self._channels.setToolTip(self.tr("All colours, or one stain alone (1 to 4)"))
        self._brightness = ToneRow(
            self.tr("Brightness"),
            self.tr("Lighter or darker; white glass stays white when it is lighter"),
            signed_box(self),
            is_factor=False,
            parent=self,
        )
        self._contrast = ToneRow(
            self.tr("Contrast"),
            self.tr("Further from middle grey, or nearer to it"),
            signed_box(self),
            is_factor=False,
            parent=self,
        )
        self._gamma = ToneRow(
            self.tr("Gamma"),
            self.tr("Above 1 the middle tones become lighter; black and white stay"),
            gamma_box(self),
            is_factor=True,
            parent=self,
        )
        self._reset = QPushButton(self.tr("Reset"), self)
        self._reset.setToolTip(self.tr("Brightness, contrast and gamma as they were"))
        self._arrange()
        self._connect()
        self._show_look()

    def toggle(self) -> None:
        """Show it, ready for the arrow keys; where it is shown, hide it."""
        if self.isVisible():
            self.hide()
            return
        if not self._is_placed:
            self._place()
        self.show()
        self.activateWindow()
        self._brightness.take_focus()

    def _arrange(self) -> None:
        note = QLabel(
            self.tr("For the eye only: the model is given the pixels as the file stores them."), self
        )
        note.setWordWrap(True)
        note.setEnabled(False)
        label = QLabel(self.tr("Colours"), self)
        label.setBuddy(self._channels)
        grid = QGridLayout(self)
        grid.setContentsMargins(2 * GRID, 2 * GRID, 2 * GRID, 2 * GRID)
        grid.setHorizontalSpacing(GRID)
        grid.setVerticalSpacing(GRID)
        grid.setColumnStretch(1, 1)
        grid.addWidget(label, 0, 0)
        grid.addWidget(self._channels, 0, 1, 1, 2)
        for row, tone in enumerate((self._brightness, self._contrast, self._gamma), start=1):
            tone.add_to(grid, row)
        grid.addWidget(note, 4, 0, 1, 2)
        grid.addWidget(self._reset, 4, 2, Qt.AlignmentFlag.AlignTop)

    def _connect(self) -> None:
        self._channels.currentIndexChanged.connect(self._on_channel)
        self._brightness.changed.connect(self._on_brightness)
        self._contrast.changed.connect(self._on_contrast)
        self._gamma.changed.connect(self._on_gamma)
        self._reset.clicked.connect(self._eye.reset_tones)
        self._eye.changed.connect(self._show_look)

    def _on_channel(self) -> None:
        self._eye.set_look(channel=self._channels.currentData())

    def _on_brightness(self, value: float) -> None:
        self._eye.set_look(brightness=round(value))

    def _on_contrast(self, value: float) -> None:
        self._eye.set_look(contrast=round(value))

    def _on_gamma(self, value: float) -> None:
        self._eye.set_look(gamma=round(value, 2))

    def _show_look(self) -> None:
        look = self._eye.look
        self._channels.setCurrentIndex(self._channels.findData(look.channel))
        self._brightness.show_value(look.brightness)
        self._contrast.show_value(look.contrast)
        self._gamma.show_value(look.gamma)
        self._reset.setEnabled(not look.has_plain_tones)

    def _place(self) -> None:
        """Once, over the left edge of the slide; then it stays where the user puts it."""
        self._is_placed = True
        self.adjustSize()
        self.move((self._window.centralWidget() or self._window).mapToGlobal(QPoint(2 * GRID, 16 * GRID)))

    def event(self, event: QEvent) -> bool:
        """Esc is this window's own, also while the one below has something to cancel."""
        if isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_Escape:
            if event.type() == QEvent.Type.ShortcutOverride:
                event.accept()
                return True
            if event.type() == QEvent.Type.KeyPress:
                self.hide()
                return True
        return super().event(event)
