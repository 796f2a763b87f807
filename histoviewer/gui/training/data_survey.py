"""Looking, away from the GUI thread, at what a training would find in its data."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from threading import Event

import numpy as np
from PySide6.QtCore import QObject, QRunnable, QThreadPool, Signal

from histoviewer.errors import HistoViewerError
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
    _done = Signal(object, object)

    def __init__(self, card: ModelCard, parent: QObject) -> None:
        """``card``: of the model in use, whose patches are meant."""
        super().__init__(parent)
        self.survey: Survey | None = Survey()
        self._card = card
        self._look: _Look | None = None
        self._pool = QThreadPool(self)
        self._pool.setMaxThreadCount(1)
        self._done.connect(self._on_done)

    def look(self, paths: Sequence[Path]) -> None:
        """At these from now on, and at what was looked at before no more."""
        if self._look is not None:
            self._look.is_cancelled.set()
        self._look = _Look(tuple(paths), self._card, self) if paths else None
        self.survey = None if paths else Survey()
        if self._look is not None:
            self._pool.start(self._look)
        self.changed.emit()

    def shut_down(self) -> None:
        """Wait until no thread of it is at work."""
        if self._look is not None:
            self._look.is_cancelled.set()
        self._pool.waitForDone()

    def _on_done(self, look: _Look, survey: Survey) -> None:
        if look is self._look:
            self._look, self.survey = None, survey
            self.changed.emit()


class _CancelledError(Exception):
    """Nobody wants to know any more."""


class _Look(QRunnable):
    """In the pool's thread; a signal of the surveyor carries what was found into the GUI thread."""

    def __init__(self, paths: tuple[Path, ...], card: ModelCard, surveyor: DataSurveyor) -> None:
        super().__init__()
        self.setAutoDelete(False)
        self.is_cancelled = Event()
        self._paths, self._card, self._surveyor = paths, card, surveyor

    def run(self) -> None:
        survey = Survey(problem=self._surveyor.tr("The data cannot be looked at; the log says why."))
        try:
            survey = self._survey()
        except HistoViewerError as error:
            survey = Survey(problem=str(error))
        except _CancelledError:
            return
        finally:
            # Also on the way out of a defect: the form would wait for ever.
            if not self.is_cancelled.is_set():
                self._surveyor._done.emit(self, survey)

    def _survey(self) -> Survey:
        lists = find_lists(self._paths)
        patients = frozenset[str]().union(*map(self._patients, self._paths))
        log.info("%d patients in %s", len(patients), ", ".join(map(str, self._paths)))
        return Survey(patients, lists)

    def _patients(self, path: Path) -> set[str]:
        self._check()
        if path.suffix == SUFFIX:
            reviewed = read_reviews(path, check=self._check)
            sure = [row for row, one in reviewed.reviews.items() if one.review in (BENIGN, MALIGNANT)]
            return {reviewed.columns.patch(row).patient for row in sure}
        if path.is_file():
            return set()
        source = open_source(
            path,
            input_size=self._card.input_size,
            model_mpp=self._card.mpp,
            progress=lambda _found: self._check(),
        )
        with closing(source):
            columns = source.columns
        known = np.unique(columns.patient[columns.truth != UNKNOWN])
        return {columns.patients[number] for number in known.tolist()}

    def _check(self) -> None:
        if self.is_cancelled.is_set():
            raise _CancelledError
