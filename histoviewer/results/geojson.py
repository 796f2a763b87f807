"""Patches and regions of one slide as QuPath opens them.

QuPath 0.5, ``qupath.lib.io.QuPathTypeAdapters`` and ``GsonTools``: the kind of an object stands in
``properties``, ids are UUIDs, a classification has a name and a colour, and coordinates count from the
corner of the slide's bounds, to which QuPath crops it.
"""

from __future__ import annotations

import gzip
import json
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

import numpy as np
from numpy.typing import NDArray

from histoviewer.results.heatmap import Heatmap
from histoviewer.results.regions import Region, find_regions
from histoviewer.results.reviews import REVIEW_NAMES
from histoviewer.results.store import ResultStore, is_positive
from histoviewer.slides.geometry import Box
from histoviewer.staging import staged

SUFFIX, PACKED_SUFFIX = ".geojson", ".geojson.gz"
"""Ends of the names; QuPath opens both."""

MOST_UNPACKED = 50_000
"""Patches; a file of more is packed."""

TUMOUR = {"name": "Tumor", "color": [200, 0, 0]}
OTHER = {"name": "Other", "color": [255, 200, 0]}
"""QuPath's own classes and colours."""

Feature = dict[str, Any]


def geojson_suffix(patches: int) -> str:
    """How a file of so many patches ends."""
    return PACKED_SUFFIX if patches > MOST_UNPACKED else SUFFIX


def write_geojson(
    path: Path,
    store: ResultStore,
    rows: NDArray[np.intp],
    *,
    threshold: float,
    bounds: Box,
    model_title: str,
) -> None:
    """Write the judged ones of the patches ``rows``, which lie on one slide, as tiles, and the regions that
    reach the threshold as annotations, largest first.

    ``bounds``: of the slide, level-0 pixels; coordinates count from its corner. The ids of the same run are
    the same each time. Packed where the name ends in ``.gz``. Raises ResultError when the file cannot be
    written; what was at ``path`` is then untouched.
    """
    heatmap = Heatmap(store, rows)
    provenance = {
        "model": model_title,
        "threshold": repr(float(threshold)),
        "mpp": repr(float(store.facts.mpp)),
        "mpp_origin": store.facts.scale_origin,
        "run": store.run_id,
    }
    with staged(path) as file:
        if path.suffix.lower() == ".gz":
            with gzip.GzipFile(filename="", mode="wb", fileobj=file, mtime=0) as packed:
                _write(packed, store, rows, heatmap, threshold, bounds, provenance)
        else:
            _write(file, store, rows, heatmap, threshold, bounds, provenance)


def _write(
    file: IO[bytes] | gzip.GzipFile,
    store: ResultStore,
    rows: NDArray[np.intp],
    heatmap: Heatmap,
    threshold: float,
    bounds: Box,
    provenance: dict[str, str],
) -> None:
    regions = enumerate(find_regions(heatmap, threshold), start=1)
    file.write(b'{"type": "FeatureCollection", "features": [')
    separator = b"\n"
    for feature in _features(store, rows, regions, threshold, bounds, provenance):
        file.write(separator + json.dumps(feature).encode("ascii"))
        separator = b",\n"
    file.write(b"\n]}\n")


def _features(
    store: ResultStore,
    rows: NDArray[np.intp],
    regions: enumerate[Region],
    threshold: float,
    bounds: Box,
    provenance: dict[str, str],
) -> Iterator[Feature]:
    corner = np.array([bounds.x, bounds.y])
    for number, region in regions:
        yield _annotation(number, region, corner, provenance)
    judged = rows[~np.isnan(store.probability[rows])]
    is_malignant = is_positive(store.probability[judged], threshold).tolist()
    for row, is_tumour in zip(judged.tolist(), is_malignant, strict=True):
        yield _tile(store, row, corner, is_tumour=is_tumour)


def _annotation(
    number: int, region: Region, corner: NDArray[np.float64], provenance: dict[str, str]
) -> Feature:
    rings = [(ring - corner).tolist() for ring in (region.outline, *region.holes)]
    properties = {
        "objectType": "annotation",
        "name": f"Region {number}",
        "classification": TUMOUR,
        "measurements": {
            "area_mm2": region.area_mm2,
            "mean_prob_malignant": region.mean_probability,
            "max_prob_malignant": region.highest_probability,
        },
        "metadata": provenance,
    }
    return _feature(f"{provenance['run']}/region/{number}/{provenance['threshold']}", rings, properties)


def _tile(store: ResultStore, row: int, corner: NDArray[np.float64], *, is_tumour: bool) -> Feature:
    columns, probability = store.columns, float(store.probability[row])
    left, top = float(columns.x[row] - corner[0]), float(columns.y[row] - corner[1])
    right, bottom = left + float(store.width[row]), top + float(store.height[row])
    ring = [[left, top], [right, top], [right, bottom], [left, bottom], [left, top]]
    properties: Feature = {
        "objectType": "tile",
        "classification": TUMOUR if is_tumour else OTHER,
        "measurements": {"prob_malignant": probability, "prob_benign": 1 - probability},
    }
    decision = store.decisions.get(row)
    if decision is not None:
        properties["metadata"] = {
            "review": REVIEW_NAMES[decision.review],
            "reviewer": decision.reviewer,
            "review_time": decision.time,
        }
    return _feature(f"{store.run_id}/{row}", [ring], properties)


def _feature(name: str, rings: list[Any], properties: Feature) -> Feature:
    return {
        "type": "Feature",
        "id": str(uuid.uuid5(uuid.NAMESPACE_OID, name)),
        "geometry": {"type": "Polygon", "coordinates": rings},
        "properties": properties,
    }
