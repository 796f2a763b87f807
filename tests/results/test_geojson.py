"""What QuPath reads, by its own rules."""

from __future__ import annotations

import gzip
import json
import uuid
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from histoviewer.errors import ResultError
from histoviewer.patches.patch import MALIGNANT
from histoviewer.results.geojson import geojson_suffix, write_geojson
from histoviewer.results.reviews import decided
from histoviewer.results.store import ResultStore
from histoviewer.slides.geometry import Box
from tests.results.samples import facts, record, slide_columns

BOUNDS = Box(30, 20, 1000, 800)


@pytest.fixture
def store(tmp_path: Path) -> ResultStore:
    with ResultStore.open(tmp_path / "x.histo", slide_columns(3, 2), facts()) as store:
        record(store, range(6), np.array([0.9, 0.8, 0.1, 0.2, np.nan, 0.75], np.float32))
        store.decide([1], decided([MALIGNANT], reviewer="Анна"))
    return store


def written(store: ResultStore, path: Path, **changes: Any) -> Any:
    options = {"threshold": 0.5, "bounds": BOUNDS, "model_title": "VGG16"} | changes
    write_geojson(path, store, np.arange(6), **options)
    content = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
    return json.loads(content)


def test_every_feature_keeps_to_what_qupath_reads(store: ResultStore, tmp_path: Path) -> None:
    collection = written(store, tmp_path / "a.geojson")
    assert collection["type"] == "FeatureCollection"
    for feature in collection["features"]:
        assert set(feature) == {"type", "id", "geometry", "properties"}
        assert str(uuid.UUID(feature["id"])) == feature["id"]
        properties = feature["properties"]
        assert properties["objectType"] in ("tile", "annotation")
        assert set(properties["classification"]) == {"name", "color"}
        assert all(isinstance(value, float) for value in properties["measurements"].values())
        assert all(isinstance(value, str) for value in properties.get("metadata", {}).values())
        for ring in feature["geometry"]["coordinates"]:
            assert ring[0] == ring[-1]
            assert len(ring) >= 5
    ids = [feature["id"] for feature in collection["features"]]
    assert len(set(ids)) == len(ids)


def test_each_judged_patch_is_a_tile_from_the_corner_of_the_bounds(
    store: ResultStore, tmp_path: Path
) -> None:
    features = written(store, tmp_path / "a.geojson")["features"]
    tiles = [f for f in features if f["properties"]["objectType"] == "tile"]
    assert len(tiles) == 5, "what was not judged is none"
    first = tiles[0]
    x, y = float(store.columns.x[0]) - 30, float(store.columns.y[0]) - 20
    assert first["geometry"]["coordinates"] == [[[x, y], [x + 50, y], [x + 50, y + 50], [x, y + 50], [x, y]]]
    assert first["properties"]["measurements"] == {
        "prob_malignant": pytest.approx(0.9),
        "prob_benign": pytest.approx(0.1),
    }
    assert first["properties"]["classification"] == {"name": "Tumor", "color": [200, 0, 0]}
    assert tiles[2]["properties"]["classification"]["name"] == "Other"
    assert tiles[1]["properties"]["metadata"]["review"] == "malignant"
    assert tiles[1]["properties"]["metadata"]["reviewer"] == "Анна"


def test_regions_are_annotations_with_area_and_origin(store: ResultStore, tmp_path: Path) -> None:
    features = written(store, tmp_path / "a.geojson", threshold=0.7)["features"]
    regions = [f for f in features if f["properties"]["objectType"] == "annotation"]
    assert [region["properties"]["name"] for region in regions] == ["Region 1", "Region 2"]
    assert regions[0]["properties"]["measurements"]["area_mm2"] == pytest.approx(
        2 * (50 * facts().mpp / 1000) ** 2
    )
    assert regions[0]["properties"]["metadata"]["threshold"] == "0.7"


def test_the_same_run_gives_the_same_file(store: ResultStore, tmp_path: Path) -> None:
    for name in ("a.geojson.gz", "b.geojson.gz"):
        written(store, tmp_path / name)
    assert (tmp_path / "a.geojson.gz").read_bytes() == (tmp_path / "b.geojson.gz").read_bytes()


def test_many_patches_are_packed() -> None:
    assert geojson_suffix(50_000) == ".geojson"
    assert geojson_suffix(50_001) == ".geojson.gz"


def test_a_file_that_cannot_be_written_is_one_line(store: ResultStore, tmp_path: Path) -> None:
    with pytest.raises(ResultError, match="Cannot write"):
        written(store, tmp_path / "no" / "a.geojson")
