"""The line above each of two views: what it shows, and whether the heat map lies on it."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QCheckBox, QComboBox, QHBoxLayout, QWidget

from histoviewer.gui.canvas.canvas import Canvas
from histoviewer.gui.colours import neutrals
from histoviewer.gui.session import Session
from histoviewer.gui.theme import GRID

_LINE = 2
"""px; below the bar of the view that the panels speak of."""


class ViewBar(QWidget):
    """Lists the slides of all open sources, and "the same slide" as the other view.

    Signals:
        chosen(opened, name): an ``OpenSource`` and one of its slides; None and "" for the same slide.
    """

    chosen = Signal(object, str)

    def __init__(self, session: Session, canvas: Canvas, title: str, parent: QWidget) -> None:
        """``title``: what the view is called where it cannot be seen."""
        super().__init__(parent)
        self._session = session
        self._canvas = canvas
        self._is_same = False
        self._is_active = False
        self._slides = QComboBox(self)
        self._slides.setAccessibleName(self.tr("{view}: slide").format(view=title))
        self._slides.setToolTip(self.tr("Which of the open slides this view shows"))
        self._slides.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self._slides.setMinimumContentsLength(6)
        self._heatmap = QCheckBox(self.tr("Heat map"), self)
        self._heatmap.setAccessibleName(self.tr("{view}: heat map").format(view=title))
        self._heatmap.setToolTip(self.tr("Lay the heat map over this view (C: over both, or none)"))
        self._heatmap.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        row = QHBoxLayout(self)
        row.setContentsMargins(GRID, GRID // 2, GRID, GRID // 2 + _LINE)
        row.setSpacing(GRID)
        row.addWidget(self._slides, 1)
        row.addWidget(self._heatmap)
        self._slides.activated.connect(self._on_chosen)
        self._heatmap.toggled.connect(canvas.set_has_heatmap)
        session.sources_changed.connect(self.refresh)
        session.overlay_changed.connect(self._show_overlay)
        self._show_overlay()

    def set_state(self, *, is_active: bool, is_same: bool) -> None:
        """``is_active``: the panels speak of this view; ``is_same``: it shows what the other one shows."""
        self._is_active, self._is_same = is_active, is_same
        self.refresh()
        self.update()

    def set_heatmap(self, is_on: bool) -> None:
        """As if a person had switched it."""
        self._heatmap.setChecked(is_on)

    def refresh(self) -> None:
        """List what is open now."""
        self._slides.clear()
        self._slides.addItem(self.tr("The same slide"), (None, ""))
        shown = self._canvas.shown
        for opened in self._session.sources:
            names = list(opened.source.slides())
            for name in names:
                text = opened.source.name if len(names) == 1 else f"{opened.source.name} · {name}"
                self._slides.addItem(text, (opened, name))
                if opened is shown.opened and name == shown.name and not self._is_same:
                    self._slides.setCurrentIndex(self._slides.count() - 1)

    def _on_chosen(self, index: int) -> None:
        self.chosen.emit(*self._slides.itemData(index))

    def _show_overlay(self) -> None:
        """Switched off everywhere there is nothing to switch here."""
        self._heatmap.setEnabled(self._session.overlay.is_visible)

    def paintEvent(self, event: QPaintEvent) -> None:
        del event
        colours = neutrals(self.palette())
        line = self.rect().adjusted(0, self.height() - _LINE, 0, 0)
        QPainter(self).fillRect(line, colours.accent if self._is_active else colours.surround)
