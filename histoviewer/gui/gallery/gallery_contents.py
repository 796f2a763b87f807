"""What the gallery shows: the patches, what is known about them, and the rows in order. No Qt."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from histoviewer.gui.gallery.gallery_order import GalleryOrder, Judgements, rows_in_order
from histoviewer.patches.patch import BENIGN, MALIGNANT, UNKNOWN, PatchColumns
from histoviewer.results.store import is_positive


class GalleryContents:
    """The facts behind the cells.

    A *row* counts patches in the source, a *position* counts cells in the gallery.

    Attributes:
        columns: the source's patches, or None without a source.
        probabilities: float32 (n,), NaN where not judged; kept as given, so the owner may write into it.
        threshold: probabilities at or above it are malignant.
        failures: row -> why the patch could not be judged.
        order: what the user asked for.
        rows: intp, what is shown, as of the last ``derive``.
        is_outdated: results came in since that may change ``rows``.
    """

    def __init__(self, columns: PatchColumns | None = None) -> None:
        self.columns = columns
        self.probabilities: NDArray[np.float32] = np.full(self.total, np.nan, dtype=np.float32)
        self.threshold = 0.5
        self.failures: dict[int, str] = {}
        self.order = GalleryOrder()
        self.rows: NDArray[np.intp] = np.arange(self.total)
        self.is_outdated = False

    @property
    def total(self) -> int:
        return 0 if self.columns is None else len(self.columns)

    @property
    def is_judged(self) -> bool:
        """Whether any patch has a probability."""
        return not bool(np.isnan(self.probabilities).all())

    def derive(self) -> None:
        """Bring ``rows`` up to date."""
        if self.columns is not None:
            failed = np.fromiter(self.failures, np.intp, len(self.failures))
            judgements = Judgements(self.probabilities, self.threshold, failed)
            self.rows = rows_in_order(self.columns, judgements, self.order)
        self.is_outdated = False

    def take(self, rows: NDArray[np.intp], failures: Mapping[int, str]) -> None:
        """These rows were judged since; ``failures``: those of them that could not be, and why."""
        for row in rows.tolist():
            self.failures.pop(row, None)
        self.failures.update(failures)
        self.is_outdated |= self.order.follows_probabilities

    def position_of(self, row: int | None) -> int | None:
        """Where a row is shown, if it is."""
        if row is None:
            return None
        found = np.flatnonzero(self.rows == row)
        return int(found[0]) if len(found) else None

    def verdicts(self, rows: NDArray[np.intp]) -> NDArray[np.int8]:
        """MALIGNANT, BENIGN or UNKNOWN at the threshold."""
        probabilities = self.probabilities[rows]
        verdicts = np.where(is_positive(probabilities, self.threshold), MALIGNANT, BENIGN)
        return np.where(np.isnan(probabilities), UNKNOWN, verdicts).astype(np.int8)

    def disputed(self, rows: NDArray[np.intp]) -> NDArray[np.bool_]:
        """Whether the truth is known and is not the verdict."""
        assert self.columns is not None
        truth, verdicts = self.columns.truth[rows], self.verdicts(rows)
        disputed: NDArray[np.bool_] = (truth != UNKNOWN) & (verdicts != UNKNOWN) & (truth != verdicts)
        return disputed
