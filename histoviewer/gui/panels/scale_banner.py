"""Asks what nobody else knows: the scale of a slide that does not say it."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QDoubleSpinBox, QHBoxLayout, QLabel, QPushButton, QWidget

from histoviewer.gui.open_source import OpenSource
from histoviewer.gui.session import Session
from histoviewer.gui.theme import GRID

OBJECTIVES = (40, 20, 10, 4)
"""Objective powers that scanners have; 10 / power is their usual µm/px."""


class ScaleBanner(QWidget):
    """A line above the canvas, there while the slide in front cannot be judged for want of its scale.

    It asks once and stays out of the way: the slide can be looked at meanwhile.
    """

    scale_given = Signal(object, float)

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._without_scale: set[OpenSource] = set()
        self._question = QLabel(self)
        self._question.setWordWrap(True)
        self._mpp = QDoubleSpinBox(self, minimum=0.05, maximum=100.0, decimals=4, singleStep=0.01)
        self._mpp.setValue(0.25)
        self._mpp.setSuffix(" µm/px")
        self._mpp.setAccessibleName(self.tr("µm per pixel"))
        use = QPushButton(self.tr("&Use this scale"), self)
        use.clicked.connect(self._use)

        row = QHBoxLayout(self)
        row.setContentsMargins(2 * GRID, GRID, 2 * GRID, GRID)
        row.setSpacing(GRID)
        row.addWidget(self._question, 1)
        for power in OBJECTIVES:
            button = QPushButton(f"{power}×", self)
            button.setToolTip(
                self.tr("Scanned at {power}×: {mpp:g} µm/px").format(power=power, mpp=10 / power)
            )
            button.setProperty("mpp", 10 / power)
            button.clicked.connect(self._take_objective)
            row.addWidget(button)
        row.addWidget(self._mpp)
        row.addWidget(use)

        session.scale_needed.connect(self._on_scale_needed)
        session.current_changed.connect(self._ask)
        session.sources_changed.connect(self._forget_closed)
        self.hide()

    def _on_scale_needed(self, opened: OpenSource) -> None:
        self._without_scale.add(opened)
        self._ask()

    def _forget_closed(self) -> None:
        self._without_scale.intersection_update(self._session.sources)

    def _ask(self) -> None:
        opened = self._session.current
        self.setVisible(opened in self._without_scale)
        if opened is not None:
            scale = opened.source.scale
            self._question.setText(
                self._question_text(None if scale is None else scale.mpp, opened.source.name)
            )

    def _question_text(self, claimed: float | None, name: str) -> str:
        if claimed is None:
            return self.tr("{name} does not say its scale. Which is it?").format(name=name)
        return self.tr("{name} claims {mpp:g} µm/px, which cannot be. Which is its scale?").format(
            name=name, mpp=claimed
        )

    def _take_objective(self) -> None:
        self._mpp.setValue(float(self.sender().property("mpp")))

    def _use(self) -> None:
        if self._session.current is not None:
            self.scale_given.emit(self._session.current, self._mpp.value())
