"""A run with a model that takes neighbours into account: the answers in the end are always the same."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from histoviewer.inference.context import ContextModel
from histoviewer.inference.model_card import Context, ModelCard
from histoviewer.patches.folder import FolderSource
from histoviewer.results.csv import write_csv
from histoviewer.results.heatmap import Heatmap
from histoviewer.results.store import ResultStore
from histoviewer.run import IN_MEMORY, open_results
from tests.helpers.fake_classifier import a_card
from tests.helpers.patch_folders import idc_name, write_empty
from tests.helpers.tables import rows_of
from tests.results.samples import record

ROOT = Path(__file__).resolve().parents[1]
CONTEXT = Context(
    own=-0.3, rings=(0.8, 0.25), intercept=0.1, shrinkage=2.0, max_logit=6.0, evidence={"patients": 224}
)
EVERY_SEVENTH = 7
"""Patches that cannot be read."""


def a_card_with_context(**changes: object) -> ModelCard:
    return a_card(context=replace(CONTEXT, **changes))  # type: ignore[arg-type]


def names(*, side: int = 12, patients: Sequence[str] = ("8863", "8867", "9001")) -> list[str]:
    """Squares of patches with holes in them, and one that has no place."""
    places = [(patient, i % side, i // side) for patient in patients for i in range(side * side) if i % 10]
    return [*(idc_name(p, x=50 * x, y=50 * y) for p, x, y in places), "loose.png"]


def source_in(folder: Path) -> FolderSource:
    return FolderSource(folder, input_size=50, model_mpp=4.0)


@pytest.fixture
def source(tmp_path: Path) -> FolderSource:
    write_empty(tmp_path / "patches", *names())
    return source_in(tmp_path / "patches")


def answer_of(rows: NDArray[np.intp]) -> NDArray[np.float32]:
    """What the network says of a row; nothing of every seventh."""
    answers = ((rows * 7919) % 10_007 / 10_007).astype(np.float32)
    return np.where(rows % EVERY_SEVENTH == 0, np.float32(np.nan), answers)


def open_store(path: Path, source: FolderSource, card: ModelCard | None = None) -> ResultStore:
    card = card or a_card_with_context()
    return open_results(path, source, card, card.networks[0], threshold=0.5, tissue_only=False)


def judge(store: ResultStore, rows: NDArray[np.intp], *, block: int = 64) -> None:
    for start in range(0, len(rows), block):
        part = rows[start : start + block]
        record(store, part, answer_of(part))


def undisturbed(source: FolderSource) -> ResultStore:
    store = open_store(IN_MEMORY, source)
    judge(store, store.pending())
    return store


def same_answers(one: ResultStore, other: ResultStore) -> bool:
    columns = ("probability", "patch_probability")
    return all(getattr(one, name).tobytes() == getattr(other, name).tobytes() for name in columns)


def test_each_answer_is_the_formulas_of_a_patch_and_those_around_it(source: FolderSource) -> None:
    store = undisturbed(source)
    model = ContextModel.of(CONTEXT)
    columns, own = source.columns, answer_of(np.arange(len(source.columns)))
    for row in range(0, len(columns), 11):
        apart = np.maximum(np.abs(columns.x - columns.x[row]), np.abs(columns.y - columns.y[row]))
        mean, count = np.zeros((1, 2), np.float32), np.zeros((1, 2), np.int32)
        for ring in range(2):
            is_in = (columns.patient == columns.patient[row]) & (apart == 50 * (ring + 1)) & ~np.isnan(own)
            count[0, ring] = is_in.sum()
            mean[0, ring] = model.logits(own[is_in]).mean() if is_in.any() else 0
        expected = model.combine(own[row : row + 1], mean, count)[0]
        assert store.probability[row] == pytest.approx(expected, abs=1e-6, nan_ok=True)
    assert np.array_equal(store.patch_probability, own, equal_nan=True)
    assert np.nanmax(np.abs(store.probability - own)) > 0.2


def test_the_result_file_says_that_pixels_are_judged_as_stored(source: FolderSource, tmp_path: Path) -> None:
    with open_store(tmp_path / "x.histo", source):
        pass
    said = ResultStore.read(tmp_path / "x.histo").facts.pixels
    assert said == "as stored in the file: no display adjustment, no colour profile applied"


def test_a_patch_without_a_place_keeps_its_own_answer(source: FolderSource) -> None:
    store = undisturbed(source)
    loose = source.columns.files.index("loose.png")
    assert loose % EVERY_SEVENTH
    assert store.probability[loose] == store.patch_probability[loose] == answer_of(np.array([loose]))[0]


@pytest.mark.parametrize("block", [1, 5, 64, 1000])
def test_neither_order_nor_blocks_make_a_difference(source: FolderSource, block: int) -> None:
    store = open_store(IN_MEMORY, source)
    judge(store, np.random.default_rng(block).permutation(len(source.columns)), block=block)
    assert same_answers(store, undisturbed(source))


def test_the_rows_that_changed_are_all_those_that_did(source: FolderSource) -> None:
    store = open_store(IN_MEMORY, source)
    for rows in np.array_split(np.random.default_rng(1).permutation(len(source.columns)), 20):
        before = store.probability.copy()
        record(store, rows, answer_of(rows))
        different = np.flatnonzero((before != store.probability) & ~np.isnan(store.probability))
        assert set(different.tolist()) | set(rows.tolist()) <= set(store.changed.tolist())
        unjudged = store.changed[np.isnan(store.probability[store.changed])]
        assert set(unjudged.tolist()) <= set(rows.tolist()), "nobody has judged these yet"
        assert (np.diff(store.changed) > 0).all()
    assert len(store.changed) < 24 * len(rows)


def test_neighbours_of_what_is_judged_are_written_too(source: FolderSource, tmp_path: Path) -> None:
    path = tmp_path / "x.histo"
    with open_store(path, source) as store:
        judge(store, np.arange(0, 200), block=30)
        store.flush()
        assert store.unsaved == 0
        assert same_answers(ResultStore.read(path), store)
        judge(store, np.arange(200, 202))
        assert store.unsaved > 2
    assert same_answers(ResultStore.read(path), store)


def test_a_stopped_run_ends_as_one_that_was_left_alone(source: FolderSource, tmp_path: Path) -> None:
    path = tmp_path / "x.histo"
    order = np.random.default_rng(2).permutation(len(source.columns))
    for rows in np.array_split(order, 4):
        with open_store(path, source) as store:
            judge(store, rows, block=9)
    assert same_answers(store, undisturbed(source))
    assert same_answers(ResultStore.read(path), store)


@pytest.mark.skipif(sys.platform == "win32", reason="no SIGKILL there")
def test_a_killed_run_ends_as_one_that_was_left_alone(source: FolderSource, tmp_path: Path) -> None:
    path = tmp_path / "x.histo"
    code = (
        "import os, signal, sys; from pathlib import Path; from tests.test_run import *;"
        "source = source_in(Path(sys.argv[1])); store = open_store(Path(sys.argv[2]), source);"
        "rows = store.pending(); judge(store, rows[:150]); store.flush(); judge(store, rows[150:200]);"
        "os.kill(os.getpid(), signal.SIGKILL)"
    )
    child = subprocess.run([sys.executable, "-c", code, source.path, path], cwd=ROOT, check=False)
    assert child.returncode == -signal.SIGKILL
    with open_store(path, source) as store:
        judged = np.count_nonzero(~np.isnan(store.probability))
        assert 100 < judged < 200
        judge(store, store.pending()[::-1], block=17)
        assert same_answers(store, undisturbed(source))


def test_answers_of_an_older_run_are_combined_with_the_neighbours_there_are_now(tmp_path: Path) -> None:
    path, folder = tmp_path / "x.histo", tmp_path / "patches"
    write_empty(folder, *names(patients=("8863",)))
    before = source_in(folder)
    with open_store(path, before) as store:
        record(store, store.pending(), np.linspace(0.1, 0.9, len(before.columns)))
    was = dict(zip(before.columns.files, store.patch_probability.tolist(), strict=True))
    more = [idc_name("8863", x=50 * i, y=0) for i in (0, 10)]
    write_empty(folder, *more)
    (folder / idc_name("8863", x=250, y=250)).unlink()
    after = source_in(folder)
    with open_store(path, after) as store:
        taken_over = ~np.isnan(store.probability)
        assert taken_over.sum() == len(before.columns) - 1
        new = store.pending()
        record(store, new, np.full(len(new), 0.5))
    fresh = open_store(IN_MEMORY, after)
    record(fresh, np.arange(len(after.columns)), [was.get(file, 0.5) for file in after.columns.files])
    assert same_answers(store, fresh)
    assert same_answers(ResultStore.read(path), fresh)


def test_several_runs_in_a_file_keep_their_own_answers(source: FolderSource, tmp_path: Path) -> None:
    path = tmp_path / "x.histo"
    cards = [a_card(), a_card_with_context(), a_card_with_context(intercept=1.0)]
    assert len({card.sha256 for card in cards}) == 3
    stores = []
    for card in cards:
        with open_store(path, source, card) as store:
            assert len(store.pending()) == len(source.columns)
            judge(store, store.pending())
        stores.append(store)
    alone, combined, tilted = stores
    assert np.array_equal(alone.probability, alone.patch_probability, equal_nan=True)
    assert np.nanmean(tilted.probability - combined.probability) > 0.05
    for card, kept in zip(cards, stores, strict=True):
        with open_store(path, source, card) as store:
            assert store.run_id == kept.run_id
            assert same_answers(store, kept)


def test_what_a_file_says_of_other_neighbours_is_put_right(source: FolderSource, tmp_path: Path) -> None:
    path = tmp_path / "x.histo"
    with open_store(path, source) as store:
        judge(store, store.pending())
        store.flush()
        assert store._connection is not None
        store._connection.execute("UPDATE result SET probability = 0.5 WHERE probability IS NOT NULL")
        store._connection.execute("COMMIT")
    assert np.nanmax(ResultStore.read(path).probability) == 0.5
    open_store(path, source).close()
    assert same_answers(ResultStore.read(path), undisturbed(source))


def test_table_and_heat_map_have_the_combined_answer(source: FolderSource, tmp_path: Path) -> None:
    store = undisturbed(source)
    write_csv(tmp_path / "x.csv", store, threshold=0.5, model_title="m")
    for row, cells in enumerate(rows_of(tmp_path / "x.csv")):
        if cells["prob_malignant"]:
            assert float(cells["prob_malignant"]) == pytest.approx(store.probability[row], abs=1e-5)
            assert float(cells["patch_probability"]) == pytest.approx(store.patch_probability[row], abs=1e-5)
            assert (cells["class"] == "malignant") == (store.probability[row] >= 0.5)
    rows = source.rows("8867")
    live = Heatmap(open_store(IN_MEMORY, source), rows)
    for block in np.array_split(np.random.default_rng(3).permutation(len(source.columns)), 9):
        record(live.store, block, answer_of(block))
        live.update(live.store.changed, live.store.probability[live.store.changed])
    assert np.array_equal(live.values, Heatmap(store, rows).values, equal_nan=True)


def test_loose_patches_are_judged_each_by_itself(tmp_path: Path) -> None:
    write_empty(tmp_path / "patches", *(f"{i}.png" for i in range(20)))
    store = undisturbed(source_in(tmp_path / "patches"))
    assert np.array_equal(store.probability, store.patch_probability, equal_nan=True)
