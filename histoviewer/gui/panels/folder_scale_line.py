"""Says that a slide has its scale from its folder, and lets a person change it."""

from __future__ import annotations

from PySide6.QtWidgets import QHBoxLayout, QLabel, QToolButton, QWidget

from histoviewer.gui.folder_scales import FolderScales
from histoviewer.gui.theme import GRID


class FolderScaleLine(QWidget):
    """A line above the canvas, there while the slide in front has a scale that was given for its folder."""

    def __init__(self, scales: FolderScales, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._scales = scales
        self._label = QLabel(self)
        self._change = QToolButton(self)
        self._change.setText(self.tr("Change…"))
        self._change.setToolTip(
            self.tr("Give all open slides that have it another scale; one alone: Classify > Change scale…")
        )
        self._change.setAccessibleName(self.tr("Change the scale"))
        self._change.clicked.connect(scales.ask)
        row = QHBoxLayout(self)
        row.setContentsMargins(2 * GRID, GRID // 2, 2 * GRID, GRID // 2)
        row.setSpacing(GRID)
        row.addWidget(self._label)
        row.addWidget(self._change)
        row.addStretch()
        scales.changed.connect(self._show)
        self.hide()

    def _show(self) -> None:
        mpp = self._scales.current_mpp
        self.setVisible(mpp is not None)
        if mpp is not None:
            self._label.setText(self.tr("Scale given for this folder: {mpp:g} µm/px").format(mpp=mpp))
