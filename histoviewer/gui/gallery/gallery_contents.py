"""What the gallery shows: the patches, what is known about them, and the rows in order. No Qt."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from histoviewer.gui.gallery.gallery_groups import Group, Groups, grouped, keys_of
from histoviewer.gui.gallery.gallery_order import GalleryOrder, Judgements, rows_in_order
from histoviewer.patches.patch import BENIGN, MALIGNANT, UNKNOWN, PatchColumns
from histoviewer.results.agreement import is_disputed
from histoviewer.results.reviews import NO_REVIEW
from histoviewer.results.store import is_positive


class GalleryContents:
    """The facts behind the cells.

    A *row* counts patches in the source, a *position* counts cells in the gallery.

    Attributes:
        columns: the source's patches, or None without a source.
        probabilities: float32 (n,), NaN where not judged; kept as given, so the owner may write into it.
        reviews: int8 (n,), what people decided; kept as given, too.
        threshold: probabilities at or above it are malignant.
        failures: row -> why the patch could not be judged.
        order: what the user asked for.
        listed: intp, what the filters leave, as of the last ``derive``.
        rows: intp, those of them that have a cell: all but those of closed groups.
        groups: how they are divided; None without groups.
        closed: keys of the groups that show their header only.
        is_blind: probabilities of undecided patches are hidden, and so NaN.
        is_outdated: results came in since that may change ``rows``.
    """

    def __init__(self, columns: PatchColumns | None = None) -> None:
        self.columns = columns
        self.probabilities: NDArray[np.float32] = np.full(self.total, np.nan, dtype=np.float32)
        self.reviews: NDArray[np.int8] = np.full(self.total, NO_REVIEW, np.int8)
        self.threshold = 0.5
        self.failures: dict[int, str] = {}
        self.order = GalleryOrder()
        self.listed: NDArray[np.intp] = np.arange(self.total)
        self.rows = self.listed
        self.groups: Groups | None = None
        self.closed: set[int] = set()
        self._keys: NDArray[np.intp] | None = None
        self._counts: NDArray[np.intp] | None = None
        self.is_blind = False
        self.is_outdated = False

    @property
    def total(self) -> int:
        return 0 if self.columns is None else len(self.columns)

    @property
    def is_judged(self) -> bool:
        """Whether any patch has a probability."""
        return not bool(np.isnan(self.probabilities).all())

    def derive(self) -> None:
        """Bring ``listed``, ``groups`` and ``rows`` up to date."""
        if self.columns is not None:
            failed = np.fromiter(self.failures, np.intp, len(self.failures))
            judgements = Judgements(self.probabilities, self.threshold, failed, self.reviews)
            self.listed = rows_in_order(self.columns, judgements, self.order, is_blind=self.is_blind)
            self._divide(self.columns)
        self.open_groups()
        self.is_outdated = False

    def _divide(self, columns: PatchColumns) -> None:
        group = self.order.group
        self.groups = self._keys = None
        if group is not Group.NONE and len(self.listed):
            self._keys = keys_of(columns, self.probabilities, self.threshold, group)
            self.groups = grouped(self.listed, self._keys)
            self.listed = self.groups.rows

    def open_groups(self) -> None:
        """Bring ``rows`` up to date with ``closed``."""
        self.rows = self.listed if self.groups is None else self.groups.open_rows(self.is_closed())
        self.forget_counts()

    def is_closed(self) -> NDArray[np.bool_]:
        """Of each group, whether it shows its header only."""
        assert self.groups is not None
        return np.isin(self.groups.keys, list(self.closed))

    def open_sizes(self) -> NDArray[np.intp] | None:
        """Cells of each group; None without groups."""
        return None if self.groups is None else np.where(self.is_closed(), 0, self.groups.sizes)

    def group_of(self, row: int | None) -> int | None:
        """The group a row stands in, closed or not; None without groups, or where the filters hide it."""
        if self.groups is None or self._keys is None or row is None:
            return None
        group = self.groups.of_key(int(self._keys[row]))
        if group is None:
            return None
        rows = self.groups.rows[self.groups.starts[group] : self.groups.starts[group + 1]]
        return group if row in rows else None

    def first_of_next_group(self, row: int | None, step: int) -> int | None:
        """The first row of the next group (``step`` 1) or, -1, of a row's own, and of the one before where
        it is the first already; None where there is none. Without a row it is the first of all."""
        if self.groups is None:
            return None
        group, last = self.group_of(row), len(self.groups.keys) - 1
        if group is None:
            group, step = 0, 0
        elif step < 0 and row != self.groups.rows[self.groups.starts[group]]:
            step = 0
        return int(self.groups.rows[self.groups.starts[min(max(group + step, 0), last)]])

    def counts(self) -> NDArray[np.intp]:
        """Of each group how many are judged, and malignant at the threshold; intp (2, g)."""
        assert self.groups is not None
        if self._counts is None:
            self._counts = self.groups.counts(self.probabilities, self.threshold)
        return self._counts

    def forget_counts(self) -> None:
        """Probabilities or the threshold are other ones."""
        self._counts = None

    def take(self, rows: NDArray[np.intp], failures: Mapping[int, str]) -> None:
        """These rows were judged since; ``failures``: those of them that could not be, and why."""
        for row in rows.tolist():
            self.failures.pop(row, None)
        self.failures.update(failures)
        self.is_outdated |= self.order.follows_probabilities
        self.forget_counts()

    def take_reviews(self) -> None:
        """Something else was decided since."""
        self.is_outdated |= self.order.follows_reviews

    def position_of(self, row: int | None) -> int | None:
        """Where a row is shown, if it is."""
        if row is None:
            return None
        found = np.flatnonzero(self.rows == row)
        return int(found[0]) if len(found) else None

    def lists(self, row: int | None) -> bool:
        """Whether the filters leave a row."""
        return row is not None and bool((self.listed == row).any())

    def between(self, one: int | None, other: int) -> NDArray[np.intp]:
        """The rows shown from one to another, both included; the other alone where one is not shown."""
        start, end = self.position_of(one), self.position_of(other)
        if start is None or end is None:
            return np.array([other], np.intp)
        return self.rows[min(start, end) : max(start, end) + 1]

    def verdicts(self, rows: NDArray[np.intp]) -> NDArray[np.int8]:
        """MALIGNANT, BENIGN or UNKNOWN at the threshold."""
        probabilities = self.probabilities[rows]
        verdicts = np.where(is_positive(probabilities, self.threshold), MALIGNANT, BENIGN)
        return np.where(np.isnan(probabilities), UNKNOWN, verdicts).astype(np.int8)

    def hides(self, row: int) -> bool:
        """Answer and truth of a patch may not be told before it is decided."""
        return self.is_blind and int(self.reviews[row]) == NO_REVIEW

    def disputed(self, rows: NDArray[np.intp]) -> NDArray[np.bool_]:
        """Whether the truth is known and is not the verdict."""
        assert self.columns is not None
        return is_disputed(self.probabilities[rows], self.columns.truth[rows], self.threshold)
