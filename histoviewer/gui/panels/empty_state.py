"""What an empty window says."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from histoviewer.gui.theme import GRID


class EmptyState(QWidget):
    """An invitation to drop something, and two buttons.

    Signals: open_pressed(), open_folder_pressed(), demo_pressed().
    """

    open_pressed = Signal()
    open_folder_pressed = Signal()
    demo_pressed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        invitation = QLabel(self.tr("Drop a slide, an image or a folder of patches here"), self)
        font = invitation.font()
        font.setPointSizeF(font.pointSizeF() * 1.5)
        invitation.setFont(font)
        invitation.setAlignment(Qt.AlignmentFlag.AlignCenter)
        invitation.setWordWrap(True)
        note = QLabel(self.tr("For research use only, not for diagnosis"), self)
        note.setAlignment(Qt.AlignmentFlag.AlignCenter)
        note.setEnabled(False)

        buttons = QHBoxLayout()
        buttons.setSpacing(GRID)
        buttons.addStretch()
        for text, signal in (
            (self.tr("&Open file…"), self.open_pressed),
            (self.tr("Open fol&der…"), self.open_folder_pressed),
            (self.tr("&Try the demo"), self.demo_pressed),
        ):
            button = QPushButton(text, self)
            button.clicked.connect(signal)
            buttons.addWidget(button)
        buttons.addStretch()

        column = QVBoxLayout(self)
        column.setSpacing(2 * GRID)
        column.addStretch()
        column.addWidget(invitation)
        column.addLayout(buttons)
        column.addWidget(note)
        column.addStretch()
