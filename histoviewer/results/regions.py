"""Regions of a slide whose probability reaches the threshold."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from histoviewer.results.heatmap import Heatmap
from histoviewer.results.outlines import Ring, rings
from histoviewer.results.store import is_positive


@dataclass(frozen=True, slots=True, eq=False)
class Region:
    """Malignant cells of a heat map that touch by their edges.

    Attributes:
        cells: how many.
        area_mm2: of what was judged there.
        mean_probability, highest_probability: over its cells.
        outline: float64 (n, 2), level-0 pixels, along the edges of cells; the last point is the first again.
        holes: the same of each hole in it.
    """

    cells: int
    area_mm2: float
    mean_probability: float
    highest_probability: float
    outline: NDArray[np.float64]
    holes: tuple[NDArray[np.float64], ...]


def find_regions(heatmap: Heatmap, threshold: float) -> list[Region]:
    """The regions at a threshold, largest first."""
    from scipy import ndimage  # a fifth of a second, which the window need not wait for

    is_malignant = is_positive(heatmap.values, threshold)
    labels, count = ndimage.label(is_malignant)
    if not count:
        return []
    of_label: list[list[Ring]] = [[] for _ in range(count + 1)]
    for ring in rings(is_malignant):
        of_label[labels[ring.cell]].append(ring)
    index = np.arange(1, count + 1)
    figures = zip(
        ndimage.sum_labels(np.ones_like(labels), labels, index).tolist(),
        ndimage.sum_labels(_areas_mm2(heatmap), labels, index).tolist(),
        ndimage.mean(heatmap.values, labels, index).tolist(),
        ndimage.maximum(heatmap.values, labels, index).tolist(),
        strict=True,
    )
    found = [
        _region(heatmap, of_label[label], *figures_of)
        for label, figures_of in zip(index.tolist(), figures, strict=True)
    ]
    return sorted(found, key=lambda region: -region.area_mm2)


def _region(
    heatmap: Heatmap, of_it: list[Ring], cells: float, area: float, mean: float, high: float
) -> Region:
    outline = next(ring for ring in of_it if not ring.is_hole)
    holes = tuple(_level0(heatmap, ring) for ring in of_it if ring.is_hole)
    return Region(round(cells), area, mean, high, _level0(heatmap, outline), holes)


def _level0(heatmap: Heatmap, ring: Ring) -> NDArray[np.float64]:
    placed: NDArray[np.float64] = ring.corners * heatmap.cell + np.array([heatmap.x, heatmap.y])
    return placed


def _areas_mm2(heatmap: Heatmap) -> NDArray[np.float64]:
    """Of each cell, without what its truncated patch leaves bare."""
    areas = np.full(heatmap.values.shape, heatmap.cell**2)
    for box in heatmap.bare():
        row = int((box.y + box.height / 2 - heatmap.y) / heatmap.cell)
        column = int((box.x + box.width / 2 - heatmap.x) / heatmap.cell)
        areas[row, column] -= box.width * box.height
    in_mm: NDArray[np.float64] = areas.clip(0) * (heatmap.store.facts.mpp / 1000) ** 2
    return in_mm
