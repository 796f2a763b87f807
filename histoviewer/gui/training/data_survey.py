"""Looking, away from the GUI thread, at what a training would find in its data."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PySide6.QtCore import QObject, Signal

from histoviewer.gui.background import Background, Check
from histoviewer.gui.training.published_lists import find_lists
from histoviewer.inference.model_card import ModelCard
from histoviewer.patches.opening import open_source
from histoviewer.patches.patch import BENIGN, MALIGNANT, UNKNOWN
from histoviewer.results.outputs import SUFFIX
from histoviewer.results.reviews import read_reviews

log = logging.getLogger("histoviewer.training")


@dataclass(frozen=True, slots=True)
class Survey:
    """What is in the data.

    Attributes:
        patients: of patches whose class is known, by the folder or by a review in a result file. A slide has
            none by itself.
        lists: the file of published lists in the data or beside it; None where there is none, or not one.
        problem: why one of the paths cannot be used: one line, or "".
    """

    patients: frozenset[str] = frozenset()
    lists: Path | None = None
    problem: str = ""


class DataSurveyor(QObject):
    """Looks at one set of paths at a time. GUI thread.

    Attributes:
        survey: None while it is looking.

    Signals:
        changed(): ``survey`` is another one.
    """

    changed = Signal()

    def __init__(self, card: ModelCard, parent: QObject) -> None:
        """``card``: of the model in use, whose patches are meant."""
        super().__init__(parent)
        self.survey: Survey | None = Survey()
        self._card = card
        self._background = Background(self)
        self._background.done.connect(self._on_done)
        self._background.failed.connect(self._on_failed)

    def look(self, paths: Sequence[Path]) -> None:
        """At these from now on, and at what was looked at before no more."""
        self._background.cancel()
        self._set(None if paths else Survey())
        if paths:
            defect = self.tr("The data cannot be looked at; the log says why.")
            card = self._card
            self._background.start(lambda check: survey_of(paths, card, check), defect=defect)

    def shut_down(self) -> None:
        """Wait until no thread of it is at work."""
        self._background.shut_down()

    def _on_done(self, survey: Survey) -> None:
        self._set(survey)

    def _on_failed(self, problem: str) -> None:
        self._set(Survey(problem=problem))

    def _set(self, survey: Survey | None) -> None:
        self.survey = survey
        self.changed.emit()


def survey_of(paths: Sequence[Path], card: ModelCard, check: Check = lambda: None) -> Survey:
    """In any thread. Raises HistoViewerError where a path cannot be used, and what ``check`` raises."""
    patients = frozenset[str]().union(*(_patients(path, card, check) for path in paths))
    log.info("%d patients in %s", len(patients), ", ".join(map(str, paths)))
    return Survey(patients, find_lists(paths))


def _patients(path: Path, card: ModelCard, check: Check) -> set[str]:
    check()
    if path.suffix == SUFFIX:
        reviewed = read_reviews(path, check=check)
        sure = [row for row, one in reviewed.reviews.items() if one.review in (BENIGN, MALIGNANT)]
        return {reviewed.columns.patch(row).patient for row in sure}
    if path.is_file():
        return set()
    source = open_source(
        path, input_size=card.input_size, model_mpp=card.mpp, progress=lambda _found: check()
    )
    with closing(source):
        columns = source.columns
    known = np.unique(columns.patient[columns.truth != UNKNOWN])
    return {columns.patients[number] for number in known.tolist()}
