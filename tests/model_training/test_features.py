from __future__ import annotations

import logging
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from model_training.features import FeatureCache
from model_training.network import build_network, frozen_part
from model_training.progress import Event, Features
from tests.helpers.tiny_bundle import TINY


def cut_to(size: int) -> Callable[[Path], None]:
    return lambda path: path.write_bytes(path.read_bytes()[:size]) and None


def of_fewer_patches(path: Path) -> None:
    np.save(path, np.load(path)[:3])


@pytest.mark.parametrize("suffix", [".npy", ".rows.npy"])
@pytest.mark.parametrize("damage", [cut_to(0), cut_to(40), cut_to(140), of_fewer_patches])
def test_features_that_cannot_be_read_are_computed_again(
    tmp_path: Path, suffix: str, damage: Callable[[Path], None], caplog: pytest.LogCaptureFixture
) -> None:
    network = frozen_part(build_network(TINY.network), "block3_pool")
    pixels = np.random.default_rng(0).integers(0, 256, (20, 50, 50, 3), np.uint8)
    every = np.arange(20)
    (first,) = FeatureCache(tmp_path).features(network, pixels, every, orientations=1)
    expected = first.copy()
    del first
    (rows,) = tmp_path.glob("*.rows.npy")
    damage(rows.with_name(rows.name.removesuffix(".rows.npy") + suffix))
    told: list[Event] = []
    with caplog.at_level(logging.WARNING):
        (again,) = FeatureCache(tmp_path, told.append).features(network, pixels, every, orientations=1)
    assert np.array_equal(again, expected)
    assert told == [Features(20, 20)]
    assert "cannot read the features in" in caplog.text
    FeatureCache(tmp_path, told.append).features(network, pixels, every, orientations=1)
    assert len(told) == 1, "computed again and again"


def test_features_that_were_thrown_away_are_computed_again(tmp_path: Path) -> None:
    network = frozen_part(build_network(TINY.network), "block3_pool")
    pixels = np.random.default_rng(0).integers(0, 256, (4, 50, 50, 3), np.uint8)
    (first,) = FeatureCache(tmp_path).features(network, pixels, np.arange(4), orientations=1)
    expected = first.copy()
    del first
    next(path for path in tmp_path.glob("*.npy") if ".rows" not in path.name).unlink()
    (again,) = FeatureCache(tmp_path).features(network, pixels, np.arange(4), orientations=1)
    assert np.array_equal(again, expected)
