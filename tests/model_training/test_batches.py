from __future__ import annotations

import numpy as np
import pytest

from model_training.batches import FeatureBatches, PatchBatches, class_weights

EQUAL = np.ones(2, np.float32)


def test_batches_hold_every_patch_once_an_epoch_in_an_order_of_the_epoch_alone() -> None:
    features = [np.arange(10, dtype=np.float16)[:, None], np.arange(10, 20, dtype=np.float16)[:, None]]
    truth = (np.arange(10) % 2).astype(np.int8)
    batches = FeatureBatches(features, truth, EQUAL, batch_size=4, seed=1)

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
    batches = PatchBatches(pixels, truth, EQUAL, batch_size=6, seed=4, stain_jitter=0.1)
    first = batches[0][0]
    assert first.dtype == np.uint8
    batches.start_epoch(1)
    assert not np.array_equal(np.sort(batches[0][0], axis=None), np.sort(first, axis=None))
    batches.start_epoch(0)
    assert np.array_equal(batches[0][0], first)


def test_the_rarer_class_weighs_more_and_both_weigh_the_same_in_all() -> None:
    truth = np.array([0] * 6 + [1] * 2, np.int8)
    weights = class_weights(truth)
    assert weights[truth].sum() == pytest.approx(8)
    assert weights[truth][truth == 0].sum() == pytest.approx(weights[truth][truth == 1].sum())
    assert np.isfinite(class_weights(np.zeros(3, np.int8))).all()
