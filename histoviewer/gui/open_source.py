"""A source together with its result file, and how they are opened away from the GUI thread."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from threading import Lock

import numpy as np
import platformdirs
from numpy.typing import NDArray

from histoviewer.errors import HistoViewerError, ResultError
from histoviewer.inference.model_card import ModelCard
from histoviewer.inference.opening import JudgingOptions, choose_network
from histoviewer.patches.opening import open_source
from histoviewer.patches.patch import PatchSource, block_numbers
from histoviewer.patches.place_index import PlaceIndex
from histoviewer.patches.view_only import ViewOnlySource
from histoviewer.results.outputs import SUFFIX
from histoviewer.results.setting_aside import set_aside
from histoviewer.results.sqlite_file import is_damage
from histoviewer.results.store import ResultStore
from histoviewer.run import IN_MEMORY, open_results
from histoviewer.slides.geometry import Box
from histoviewer.slides.opening import open_slide
from histoviewer.translation import _


@dataclass(eq=False)
class OpenSource:
    """What the window holds of one thing it has opened.

    Attributes:
        source: its patches; none of them where it can only be looked at.
        store: its probabilities; the GUI thread's from the moment it is handed over.
        not_kept: why no file keeps its probabilities; "" where one does.
        damage: that its result file was damaged, and what became of it; "" else.
        scale_problem: why it cannot be judged before a person gives its scale; "" where it can.
        only_to_look: why it cannot be judged at the scale that it says by itself; "" for all others.
        refused_mpp: µm/px that a person gave and the model cannot use.
        classify_when_scaled: it was dropped without a known scale, and is to be classified once it has one.
        is_leaving: its results are closed, and it is still shown until another source takes its place.
        is_waiting: bool (n,), rows that a run has been asked for and has not answered.
    """

    source: PatchSource
    store: ResultStore
    not_kept: str = ""
    damage: str = ""
    scale_problem: str = ""
    only_to_look: str = ""
    refused_mpp: float | None = None
    classify_when_scaled: bool = False
    is_leaving: bool = False
    is_waiting: NDArray[np.bool_] = field(init=False)
    _lock: Lock = field(init=False, default_factory=Lock, repr=False)
    _holds: int = field(init=False, default=0, repr=False)
    _is_let_go: bool = field(init=False, default=False, repr=False)

    def __post_init__(self) -> None:
        self.is_waiting = np.zeros(len(self.source.columns), np.bool_)
        self._places: dict[str, PlaceIndex] = {}

    @cached_property
    def true_path(self) -> Path:
        """``true_path`` of its source, as it was when it was first asked for."""
        return true_path(self.source.path)

    @property
    def mpp(self) -> float | None:
        """µm per level-0 pixel it is taken to have."""
        return None if self.source.scale is None else self.source.scale.mpp

    @property
    def given_mpp(self) -> float | None:
        """µm per level-0 pixel that a person gave; None where it says its scale itself, or has none."""
        scale = self.source.scale
        return scale.mpp if scale is not None and scale.origin == "user" else None

    @property
    def not_kept_text(self) -> str:
        """One line: what is not kept, and why."""
        message = _("Results of {name} are not kept: {reason}")
        return message.format(name=self.source.name, reason=self.not_kept)

    @property
    def has_answers(self) -> bool:
        """Some of its patches are judged, or are about to be."""
        return bool(self.is_waiting.any() or not np.isnan(self.store.probability).all())

    def rows_to_submit(self) -> NDArray[np.intp]:
        """Rows neither judged nor asked for, intp, ascending; failed ones once nothing else is left."""
        if self.is_leaving:
            return np.empty(0, np.intp)
        pending = self.store.pending()
        if not len(pending) and not self.is_waiting.any():
            return np.flatnonzero(np.isnan(self.store.probability))
        return pending[~self.is_waiting[pending]]

    @cached_property
    def block_of(self) -> NDArray[np.int32]:
        """Number of the block each row is in, int32 (n,)."""
        return block_numbers(self.source)

    def blocks_within(self, slide: str, box: Box) -> list[int]:
        """Numbers of the blocks with patches in a box of a slide (level-0 px), those nearest its middle
        first: a block that only grazes the box comes last."""
        rows = self.source.rows(slide)
        columns = self.source.columns
        left, top = columns.x[rows] - box.x, columns.y[rows] - box.y
        right, bottom = left + columns.width[rows], top + columns.height[rows]
        inside = (right > 0) & (bottom > 0) & (left < box.width) & (top < box.height)
        numbers, place = np.unique(self.block_of[rows[inside]], return_inverse=True)
        count = np.bincount(place)
        # Middle of a block's patches in view, from the middle of the view, in sizes of the view.
        across = np.bincount(place, weights=(left + right)[inside]) / count / (2 * box.width) - 0.5
        down = np.bincount(place, weights=(top + bottom)[inside]) / count / (2 * box.height) - 0.5
        nearest_first = np.argsort(np.maximum(np.abs(across), np.abs(down)), kind="stable")
        return [int(number) for number in numbers[nearest_first]]

    def slide_of(self, row: int) -> str | None:
        """The slide a patch lies on, or None: a loose patch."""
        return next((name for name in self.source.slides() if row in self.source.rows(name)), None)

    def row_at(self, slide: str, x: float, y: float) -> int | None:
        """The patch of a slide that covers a level-0 point; of overlapping ones the one centred nearest."""
        if slide not in self._places:
            self._places[slide] = PlaceIndex(self.source.columns, self.source.rows(slide))
        rows = self._places[slide].near(x, y)
        columns = self.source.columns
        dx, dy = x - columns.x[rows], y - columns.y[rows]
        width, height = self.store.width[rows], self.store.height[rows]
        inside = np.flatnonzero((dx >= 0) & (dx < width) & (dy >= 0) & (dy < height))
        if not len(inside):
            return None
        from_centre = np.abs(dx - width / 2) + np.abs(dy - height / 2)
        return int(rows[inside[np.argmin(from_centre[inside])]])

    def hold(self) -> None:
        """Another thread reads the source: it is closed only after ``release``."""
        with self._lock:
            self._holds += 1

    def release(self) -> None:
        """What ``hold`` was for is done. From any thread, which closes the source if nobody wants it now."""
        with self._lock:
            self._holds -= 1
            is_last = self._is_let_go and not self._holds
        if is_last:
            self.source.close()

    def close_source(self) -> None:
        """Close the source, or let whoever holds it do so."""
        with self._lock:
            self._is_let_go = True
            is_held = self._holds > 0
        if not is_held:
            self.source.close()

    def close(self) -> None:
        self.store.close()
        self.close_source()


def true_path(path: Path) -> Path:
    """The path with no link in it, by which what is open is known. ``Path.resolve`` would raise for a link
    that leads to itself."""
    return Path(os.path.realpath(path))


def results_path(path: Path) -> Path:
    """Where the window keeps the result file of what lies at ``path``: in the user's own data folder, so
    that a read-only share can be opened, and found again when the same path is opened again."""
    folder = platformdirs.user_data_path("histoviewer", appauthor=False) / "results"
    mark = hashlib.sha256(os.fsencode(true_path(path))).hexdigest()[:12]
    # In bytes: a file name has at most 255 of them on most systems, and one letter may take four.
    stem = os.fsencode(path.stem)[:60].decode("utf-8", "ignore")
    return folder / f"{stem}-{mark}{SUFFIX}"


def open_with_results(
    path: Path,
    card: ModelCard,
    options: JudgingOptions,
    *,
    mpp: float | None,
    progress: Callable[[int], None] | None = None,
) -> OpenSource:
    """Open a source and its result file, of runs with these options.

    Raises HistoViewerError; see ``open_source``.

    Where its results cannot be kept it opens all the same, and ``not_kept`` says why. A slide whose scale
    is unknown raises ScaleUnknownError; use ``open_to_look`` to show it all the same.
    """
    source = open_source(path, input_size=card.input_size, model_mpp=card.mpp, mpp=mpp, progress=progress)
    try:
        try:
            return _opened(source, card, options, _made_results_path(path))
        except ResultError as error:
            return OpenSource(source, _open_store(source, card, options, IN_MEMORY), not_kept=str(error))
    except HistoViewerError:
        source.close()
        raise


def _opened(source: PatchSource, card: ModelCard, options: JudgingOptions, path: Path) -> OpenSource:
    """With a new result file where the one that is there is damaged: nothing that is decided may be lost."""
    try:
        return OpenSource(source, _open_store(source, card, options, path))
    except ResultError as error:
        if not is_damage(error):
            raise
        aside = set_aside(path)
        message = _(
            "The result file of {name} was damaged: it is now {aside}, with what was judged and decided. "
            "A new one was begun."
        )
        damage = message.format(name=source.name, aside=aside)
        return OpenSource(source, _open_store(source, card, options, path), damage=damage)


def open_to_look(path: Path, card: ModelCard, options: JudgingOptions) -> OpenSource:
    """Open a slide that cannot be judged, to be looked at only; no result file is made."""
    source = ViewOnlySource(open_slide(path), input_size=card.input_size)
    try:
        return OpenSource(source, _open_store(source, card, options, IN_MEMORY))
    except HistoViewerError:
        source.close()
        raise


def _open_store(source: PatchSource, card: ModelCard, options: JudgingOptions, path: Path) -> ResultStore:
    return open_results(
        path,
        source,
        card,
        choose_network(card, options.engine),
        threshold=card.threshold,
        tissue_only=source.kind == "slide",
        has_eight_views=options.has_eight_views,
    )


def _made_results_path(path: Path) -> Path:
    results = results_path(path)
    try:
        results.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        message = _("Cannot make the folder {folder} for results: {reason}. Check its permissions.")
        raise ResultError(message.format(folder=results.parent, reason=error.strerror)) from error
    return results
