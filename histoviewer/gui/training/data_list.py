"""What is trained on: folders, slides and result files, added by buttons or dropped."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QFileDialog,
    QHBoxLayout,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from histoviewer.gui.source_chooser import choose_folder
from histoviewer.gui.theme import GRID


class DataList(QWidget):
    """A list of paths.

    Signals:
        changed(): another path is in it, or one is not any more.
    """

    changed = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._list = QListWidget(self)
        self._list.setSelectionMode(QListWidget.SelectionMode.ExtendedSelection)
        self._list.setAccessibleName(self.tr("Data to train on"))
        self._list.setFixedHeight(5 * self.fontMetrics().lineSpacing() + GRID)
        self._folder = self._button(self.tr("Add &folder…"), self._add_folder)
        self._files = self._button(self.tr("Add f&iles…"), self._add_files)
        self._remove = self._button(self.tr("Re&move"), self._remove_selected)
        self._list.itemSelectionChanged.connect(self._show_enabled)
        column = QVBoxLayout()
        column.setSpacing(GRID // 2)
        for button in (self._folder, self._files, self._remove):
            column.addWidget(button)
        column.addStretch()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(GRID)
        row.addWidget(self._list, 1)
        row.addLayout(column)
        self._show_enabled()

    def _button(self, text: str, slot: object) -> QPushButton:
        button = QPushButton(text, self)
        button.setAutoDefault(False)
        button.clicked.connect(slot)
        return button

    def paths(self) -> tuple[Path, ...]:
        """All of them, in order."""
        return tuple(Path(self._list.item(row).text()) for row in range(self._list.count()))

    def add(self, paths: Iterable[Path]) -> None:
        """Those that are not there yet."""
        known = set(self.paths())
        for path in paths:
            if path.absolute() not in known:
                known.add(path.absolute())
                item = QListWidgetItem(str(path.absolute()), self._list)
                item.setToolTip(str(path.absolute()))
        self.changed.emit()

    def _add_folder(self) -> None:
        self.add(choose_folder(self))

    def _add_files(self) -> None:
        title = self.tr("Slides, and result files with reviews")
        names, _ = QFileDialog.getOpenFileNames(self, title)
        self.add(map(Path, names))

    def _remove_selected(self) -> None:
        for item in self._list.selectedItems():
            self._list.takeItem(self._list.row(item))
        self.changed.emit()

    def _show_enabled(self) -> None:
        self._remove.setEnabled(bool(self._list.selectedItems()))
