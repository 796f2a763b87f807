from __future__ import annotations

import numpy as np
import pytest

from model_training.batches import (
    FeatureBatches,
    Labels,
    PatchBatches,
    RowsInOrder,
    class_weights,
    rank_within,
)

EQUAL = np.ones(2, np.float32)


def labels_of(truth: np.ndarray, patients: list[str] | None = None) -> Labels:
    return Labels(truth, np.array(patients or ["p"] * len(truth)), EQUAL)


def test_batches_hold_every_patch_once_an_epoch_in_an_order_of_the_epoch_alone() -> None:
    features = [np.arange(10, dtype=np.float16)[:, None], np.arange(10, 20, dtype=np.float16)[:, None]]
    truth = (np.arange(10) % 2).astype(np.int8)
    batches = FeatureBatches(features, np.arange(10), labels_of(truth), batch_size=4, seed=1)

    def epoch(number: int) -> list[float]:
        batches.start_epoch(number)
        return [float(v) for i in range(len(batches)) for v in batches[i][0][:, 0]]

    first = epoch(0)
    assert sorted(v % 10 for v in first) == list(range(10))
    assert epoch(1) != first
    assert epoch(0) == first
    for i in range(len(batches)):
        x, y, _ = batches[i]
        assert np.array_equal(x[:, 0].astype(int) % 10 % 2, y[:, 0])


def test_patches_are_seen_in_other_views_each_epoch_and_the_same_ones_again() -> None:
    pixels = np.random.default_rng(0).integers(0, 256, (6, 8, 8, 3), np.uint8)
    truth = np.array([0, 1, 0, 1, 0, 1], np.int8)
    batches = PatchBatches(pixels, np.arange(6), labels_of(truth), batch_size=6, seed=4, stain_jitter=0.1)
    first = batches[0][0]
    assert first.dtype == np.uint8
    batches.start_epoch(1)
    assert not np.array_equal(np.sort(batches[0][0], axis=None), np.sort(first, axis=None))
    batches.start_epoch(0)
    assert np.array_equal(batches[0][0], first)


def test_the_rarer_class_weighs_more_and_both_weigh_the_same_in_all() -> None:
    truth, patients = np.array([0] * 6 + [1] * 2, np.int8), np.array(["p"] * 8)
    weights = class_weights(truth, patients)
    assert weights[truth].sum() == pytest.approx(8)
    assert weights[truth][truth == 0].sum() == pytest.approx(weights[truth][truth == 1].sum())
    assert np.isfinite(class_weights(np.zeros(3, np.int8), np.array(["p"] * 3))).all()


def test_classes_are_weighed_by_what_an_epoch_takes_of_each_patient() -> None:
    truth = np.array([0] * 10 + [1] * 2, np.int8)
    patients = np.array(["slide"] * 10 + ["sparse"] * 2)
    assert class_weights(truth, patients, 2).tolist() == [1, 1]


def test_an_epoch_takes_no_more_than_so_many_patches_of_a_patient_and_others_the_next_time() -> None:
    pixels = np.arange(12, dtype=np.uint8)[:, None, None, None] * np.ones((1, 8, 8, 3), np.uint8)
    labels = labels_of(np.zeros(12, np.int8), ["slide"] * 10 + ["sparse"] * 2)
    batches = PatchBatches(
        pixels, np.arange(12), labels, batch_size=3, seed=0, stain_jitter=0, most_of_patient=4
    )

    def epoch(number: int) -> set[int]:
        batches.start_epoch(number)
        return {int(v) for i in range(len(batches)) for v in batches[i][0][:, 0, 0, 0]}

    assert len(batches) == 2
    epochs = [epoch(number) for number in range(20)]
    assert all(len(seen) == 6 and {10, 11} < seen for seen in epochs)
    assert set.union(*epochs) == set(range(12))


def test_rank_within_a_group_counts_those_before() -> None:
    assert rank_within(np.array([2, 0, 2, 2, 0])).tolist() == [0, 0, 1, 2, 1]


def test_rows_in_order_are_those_rows_with_their_truth() -> None:
    inputs = np.arange(10, dtype=np.float16)[:, None]
    batches = RowsInOrder(inputs, np.array([7, 3, 5]), np.array([1, 0, 1], np.int8), batch_size=2)
    assert [(x.ravel().tolist(), y.tolist()) for x, y in (batches[0], batches[1])] == [
        ([7, 3], [[1], [0]]),
        ([5], [[1]]),
    ]


def test_patches_of_some_rows_are_those_rows_with_their_labels() -> None:
    pixels = np.arange(9, dtype=np.uint8)[:, None, None, None] * np.ones((1, 8, 8, 3), np.uint8)
    labels = labels_of(np.array([1, 0, 1], np.int8))
    batches = PatchBatches(pixels, np.array([8, 2, 6]), labels, batch_size=3, seed=0, stain_jitter=0)
    x, y, _ = batches[0]
    assert dict(zip(x[:, 0, 0, 0].tolist(), y[:, 0].tolist(), strict=True)) == {8: 1, 2: 0, 6: 1}
