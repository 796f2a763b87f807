"""Result files with reviews, as the viewer leaves them."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from histoviewer.patches.patch import PatchSource
from histoviewer.results.reviews import write_reviews
from histoviewer.results.store import ResultStore
from tests.results.samples import facts, record


def write_reviewed(
    path: Path,
    source: PatchSource,
    reviews: Mapping[int, int],
    *,
    reviewer: str = "Ann",
    tissue_only: bool = False,
) -> Path:
    """Everything judged malignant, and then these rows reviewed. ``tissue_only``: as it was opened."""
    scale = source.scale
    assert scale is not None
    made_with = facts(mpp=scale.mpp, scale_origin=scale.origin, stride=source.stride, tissue_only=tissue_only)
    with ResultStore.open(path, source.columns, made_with) as store:
        record(store, range(len(source.columns)), [0.9] * len(source.columns))
    write_reviews(path, list(reviews), list(reviews.values()), reviewer=reviewer)
    return path
