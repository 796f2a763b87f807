"""The file of published lists: found beside the data or chosen, and what it says."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from histoviewer.gui.theme import GRID
from histoviewer.gui.training.data_survey import Survey
from histoviewer.gui.training.path_row import PathRow
from histoviewer.gui.training.published_lists import read_lists


class ListsRow(QWidget):
    """A path, and below it how many patients are on each list.

    Attributes:
        listed: says so.

    Signals:
        changed(): the path is another one.
    """

    changed = Signal()

    def __init__(self, button: str, choose: Callable[[], str], parent: QWidget) -> None:
        """As of a ``PathRow``."""
        super().__init__(parent)
        self._survey: Survey | None = None
        self._found: Path | None = None
        """The lists that nobody has chosen."""
        self._row = PathRow(button, choose, self.tr("a JSON file with the lists"), self)
        self._row.changed.connect(self._show)
        self._row.changed.connect(self.changed)
        self.listed = QLabel(self)
        self.listed.setTextFormat(Qt.TextFormat.PlainText)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GRID // 2)
        column.addWidget(self._row)
        column.addWidget(self.listed)
        self.setFocusProxy(self._row)
        self._show()

    def path(self) -> Path | None:
        """None where the line is empty."""
        return self._row.path()

    def set_path(self, path: Path | None) -> None:
        self._row.set_path(path)

    def set_survey(self, survey: Survey | None) -> None:
        """Lists that lie beside the data need not be looked for; what was chosen stays."""
        self._survey = survey
        if survey is not None and self.path() in (None, self._found):
            self._found = survey.lists
            self.set_path(self._found)
        self._show()

    def _show(self) -> None:
        self.listed.setText(self._text(self.path()))

    def _text(self, path: Path | None) -> str:
        if path is None:
            return self.tr("Lists that lie in the data's folder, or beside it, are found.")
        found = read_lists(path)
        if found is None:
            return "⚠  " + self.tr("This is no file of lists: train, validation and test.")
        text = self.tr("Patients – training: {0}, validation: {1}, test: {2}.").format(*found.counts())
        if self._survey is not None and self._survey.patients:
            within = found.counts_within(self._survey.patients)
            text += " " + self.tr("Of these in the data: {0}, {1}, {2}.").format(*within)
        return text + "\n" + self.tr("Who is on none of the lists is left out.")
