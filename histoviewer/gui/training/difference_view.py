"""Where an old and a new model differ: both heat maps and their difference, side by side."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QGridLayout, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from histoviewer.gui.formatting import count_text, threshold_text
from histoviewer.gui.theme import GRID
from histoviewer.gui.training.colour_bar import ColourBar
from histoviewer.gui.training.map_picture import MapPicture
from histoviewer.results.colormaps import DEFAULT_COLORMAP, colorize, lookup_table
from histoviewer.results.compared import ComparedMap, colorize_difference, difference_colours


class DifferenceView(QWidget):
    """One slide at a time, chosen by name. The scales are absolute: 0 to 1, and -1 to 1."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._maps: Sequence[ComparedMap] = ()
        self._thresholds = (0.5, 0.5)
        self.slides = QComboBox(self)
        self.slides.setAccessibleName(self.tr("Slide of the maps"))
        self.slides.currentIndexChanged.connect(self._show_slide)
        self.changes = self._line()
        self.read_out = self._line()
        self.read_out.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.pictures = [MapPicture(self) for _ in range(3)]
        names = (self.tr("Heat map, old"), self.tr("Heat map, new"), self.tr("Difference: new minus old"))
        for picture, name in zip(self.pictures, names, strict=True):
            picture.setAccessibleName(name)
            picture.pointed.connect(self._point)
        self._arrange(names)

    def _line(self) -> QLabel:
        label = QLabel(self)
        label.setTextFormat(Qt.TextFormat.PlainText)
        label.setWordWrap(True)
        return label

    def _arrange(self, names: Sequence[str]) -> None:
        row = QHBoxLayout()
        row.setSpacing(GRID)
        row.addWidget(self.slides)
        row.addWidget(self.changes, 1)
        grid = QGridLayout()
        grid.setHorizontalSpacing(2 * GRID)
        grid.setVerticalSpacing(GRID // 2)
        for column, (picture, name) in enumerate(zip(self.pictures, names, strict=True)):
            grid.addWidget(QLabel(name, self), 0, column)
            grid.addWidget(picture, 1, column)
            grid.setColumnStretch(column, 1)
        probability = self.tr("benign 0"), self.tr("malignant 1")
        self._bars = [ColourBar(lookup_table(DEFAULT_COLORMAP), probability, self) for _ in range(2)]
        for column, bar in enumerate(self._bars):
            grid.addWidget(bar, 2, column)
        words = self.tr("lower −1"), "0", self.tr("higher +1")
        grid.addWidget(ColourBar(difference_colours(), words, self), 2, 2)
        grid.setRowStretch(1, 1)
        column_of_all = QVBoxLayout(self)
        column_of_all.setContentsMargins(0, 0, 0, 0)
        column_of_all.setSpacing(GRID)
        column_of_all.addLayout(row)
        column_of_all.addLayout(grid, 1)
        column_of_all.addWidget(self.read_out)

    def set_maps(self, maps: Sequence[ComparedMap]) -> None:
        """Show the first of them; hidden where there is none."""
        self._maps = maps
        self.slides.blockSignals(True)
        self.slides.clear()
        text = self.tr("{slide} (patches: {count})")
        for one in maps:
            self.slides.addItem(text.format(slide=Path(one.slide).name, count=count_text(one.patches)))
            self.slides.setItemData(self.slides.count() - 1, one.slide, Qt.ItemDataRole.ToolTipRole)
        self.slides.blockSignals(False)
        self.setVisible(bool(maps))
        self._show_slide()

    def set_thresholds(self, old: float, new: float) -> None:
        """At which each of the two calls a patch malignant; marked on its colours."""
        self._thresholds = (old, new)
        for bar, threshold in zip(self._bars, self._thresholds, strict=True):
            bar.set_mark(threshold, threshold_text(threshold))

    @property
    def shown(self) -> ComparedMap | None:
        """The slide whose maps are seen."""
        place = self.slides.currentIndex()
        return self._maps[place] if 0 <= place < len(self._maps) else None

    def _show_slide(self) -> None:
        one = self.shown
        if one is None:
            return
        for picture, colours in zip(
            self.pictures, (_heat(one.old), _heat(one.new), colorize_difference(one.difference)), strict=True
        ):
            picture.set_colours(colours)
        text = self.tr(
            "Each at its own threshold, the old model at {old} and the new one at {new}: {raised} patches "
            "are malignant for the new model alone, {lowered} for the old one alone."
        )
        old, new = map(threshold_text, self._thresholds)
        self.changes.setText(
            text.format(old=old, new=new, raised=count_text(one.raised), lowered=count_text(one.lowered))
        )
        self._point(None)

    def _point(self, cell: tuple[int, int] | None) -> None:
        one = self.shown
        if one is None or cell is None or np.isnan(one.old[cell]):
            cell = None
        for picture in self.pictures:
            picture.mark(cell)
        hint = self.tr("Point at a patch to read both answers.")
        self.read_out.setText(hint if one is None or cell is None else self._cell_text(one, cell))

    def _cell_text(self, one: ComparedMap, cell: tuple[int, int]) -> str:
        row, column = cell
        return self.tr("x {x}, y {y}: old {old}, new {new}, difference {difference}; truth: {truth}").format(
            x=count_text(round(one.x + column * one.cell)),
            y=count_text(round(one.y + row * one.cell)),
            old=f"{one.old[cell]:.2f}",
            new=f"{one.new[cell]:.2f}",
            difference=f"{one.difference[cell]:+.2f}".replace("-", "−"),
            truth=self._truth_text(float(one.truth[cell])),
        )

    def _truth_text(self, share: float) -> str:
        if share in (0.0, 1.0):
            return self.tr("malignant") if share else self.tr("benign")
        return self.tr("both, of patches that overlap")


def _heat(values: NDArray[np.float32]) -> NDArray[np.uint8]:
    """All in full colour: the legend is right for each cell, on either side of a threshold."""
    return colorize(values, threshold=0.0, below="show")
