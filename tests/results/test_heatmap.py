from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from histoviewer.errors import ResultError
from histoviewer.patches.patch import PatchColumns
from histoviewer.results.colormaps import levels_of
from histoviewer.results.heatmap import Heatmap
from histoviewer.results.store import ResultStore
from tests.results.samples import facts, folder_columns, record, slide_columns

NAN = np.nan


def heatmap_of(
    tmp_path: Path,
    columns: PatchColumns,
    probabilities: list[float],
    *,
    stride: float = 50,
    rows: list[int] | None = None,
) -> Heatmap:
    store = ResultStore.open(tmp_path / "x.histo", columns, facts(stride=stride))
    record(store, range(len(columns)), probabilities)
    store.close()
    return Heatmap(store, np.arange(len(columns)) if rows is None else np.array(rows, np.intp))


def assert_values(heatmap: Heatmap, expected: list[list[float]]) -> None:
    assert heatmap.values.dtype == np.float32
    np.testing.assert_array_equal(heatmap.values, np.array(expected, np.float32))


def test_a_patch_lies_at_its_row_and_column(tmp_path: Path) -> None:
    columns = folder_columns(["a", "b", "c"], places=[(100, 50), (200, 50), (150, 100)])
    heatmap = heatmap_of(tmp_path, columns, [0.25, NAN, 0.75])
    assert (heatmap.x, heatmap.y, heatmap.cell) == (100, 50, 50)
    assert_values(heatmap, [[0.25, NAN, NAN], [NAN, 0.75, NAN]])


def test_patches_of_other_slides_are_left_out(tmp_path: Path) -> None:
    columns = folder_columns(["a", "b", "c"], places=[(0, 0), (0, 0), (50, 0)])
    heatmap = heatmap_of(tmp_path, columns, [0.25, 0.5, 0.75], rows=[0, 2])
    assert_values(heatmap, [[0.25, 0.75]])
    heatmap.update(np.array([1, 2]), np.array([1.0, 0.125], np.float32))
    assert_values(heatmap, [[0.25, 0.125]])


def test_overlapping_patches_are_averaged(tmp_path: Path) -> None:
    columns = slide_columns(3, 1, stride=25, side=50)
    heatmap = heatmap_of(tmp_path, columns, [0.25, 0.75, NAN], stride=25)
    assert_values(heatmap, [[0.25, 0.5, 0.75, NAN], [0.25, 0.5, 0.75, NAN]])


def test_an_answer_replaces_the_earlier_one_and_nan_takes_it_away(tmp_path: Path) -> None:
    heatmap = heatmap_of(tmp_path, slide_columns(2, 1, stride=25, side=50), [0.25, 0.75], stride=25)
    heatmap.update(np.array([1]), np.array([0.5], np.float32))
    assert heatmap.values[0].tolist() == [0.25, 0.375, 0.5]
    heatmap.update(np.array([0]), np.array([NAN], np.float32))
    np.testing.assert_array_equal(heatmap.values[1], np.array([NAN, 0.5, 0.5], np.float32))


def test_updating_block_by_block_gives_what_building_at_once_gives(tmp_path: Path) -> None:
    columns = slide_columns(40, 30, stride=20, side=50)
    probabilities = np.random.default_rng(5).random(1200, np.float32)
    grown = heatmap_of(tmp_path, columns, [NAN] * 1200, stride=20)
    assert not grown.has_answers
    same_array = grown.values
    order = np.random.default_rng(6).permutation(1200)
    for rows in np.array_split(order, 37):
        grown.update(rows, probabilities[rows])
    built = heatmap_of(tmp_path, columns, probabilities.tolist(), stride=20)
    assert grown.has_answers
    assert grown.values is same_array
    np.testing.assert_array_equal(grown.levels, levels_of(grown.values))
    np.testing.assert_array_equal(grown.values, built.values)


@pytest.mark.parametrize("stride", [400.801603, 8.62, 33.333333])
def test_rounded_positions_of_a_stride_that_is_not_whole_keep_their_cells(
    tmp_path: Path, stride: float
) -> None:
    n = 300
    columns = slide_columns(n, 2, stride=stride, side=stride)
    heatmap = heatmap_of(tmp_path, columns, (np.arange(2 * n) / 1000).tolist(), stride=stride)
    expected = (np.arange(2 * n) / 1000).astype(np.float32).reshape(2, n)
    np.testing.assert_array_equal(heatmap.values, expected)


def test_a_slide_without_patches_has_no_cells(tmp_path: Path) -> None:
    heatmap = heatmap_of(tmp_path, slide_columns(0, 0), [])
    assert heatmap.values.shape == (0, 0)
    assert not heatmap.has_answers


def test_patches_are_counted_by_probability_and_those_of_other_slides_are_not(tmp_path: Path) -> None:
    columns = slide_columns(4, 1, stride=25, side=50)
    heatmap = heatmap_of(tmp_path, columns, [0.26, 0.99, NAN, 0.5], stride=25, rows=[0, 1, 2])
    assert np.flatnonzero(heatmap.bins).tolist() == [10, 39]
    heatmap.update(np.array([0, 2, 3]), np.array([1.0, 0.0, 0.5], np.float32))
    assert np.flatnonzero(heatmap.bins).tolist() == [0, 39]
    assert heatmap.bins[[0, 39]].tolist() == [1, 2]
    heatmap.update(np.array([1]), np.array([NAN], np.float32))
    assert heatmap.bins.sum() == 2


def test_absurd_coordinates_are_an_error_and_not_a_full_memory(tmp_path: Path) -> None:
    columns = folder_columns(["a", "b"], places=[(0, 0), (2_000_000_000, 2_000_000_000)])
    with pytest.raises(ResultError, match=r"too far for one slide"):
        heatmap_of(tmp_path, columns, [0.5, 0.5])
