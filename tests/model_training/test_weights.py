from pathlib import Path

import numpy as np
import pytest

from histoviewer.errors import ModelError
from model_training.weights import Weights, read_weights
from tests.helpers.tiny_bundle import TINY
from tests.helpers.tiny_weights import tiny_weights, write_tiny_weights


def test_weights_that_fit_are_read(tmp_path: Path) -> None:
    found = read_weights(write_tiny_weights(tmp_path / "w.npz"), TINY.network)
    expected = tiny_weights()
    assert found.keys() == expected.keys()
    assert all(np.array_equal(found[name], expected[name]) for name in expected)


def refusal(path: Path) -> str:
    with pytest.raises(ModelError) as raised:
        read_weights(path, TINY.network)
    assert str(path) in str(raised.value)
    assert "\n" not in str(raised.value)
    return str(raised.value)


def changed(folder: Path, changes: Weights, *without: str) -> Path:
    kept = {name: array for name, array in {**tiny_weights(), **changes}.items() if name not in without}
    np.savez(folder / "w.npz", **kept)  # type: ignore[arg-type]  # its stub takes them for allow_pickle
    return folder / "w.npz"


def test_missing_arrays_are_named(tmp_path: Path) -> None:
    line = refusal(changed(tmp_path, {}, "block2_conv1/kernel", "block3_conv1/bias"))
    assert "lacks block2_conv1/kernel (2 of 26 arrays)" in line


def test_a_wrong_shape_is_named_beside_the_right_one(tmp_path: Path) -> None:
    line = refusal(changed(tmp_path, {"block1_conv2/kernel": np.zeros((3, 3, 3, 4), np.float32)}))
    assert "block1_conv2/kernel" in line
    assert "(3, 3, 3, 4): expected floats (3, 3, 4, 4)" in line


def test_what_is_no_number_is_refused(tmp_path: Path) -> None:
    assert "expected floats" in refusal(changed(tmp_path, {"block1_conv1/bias": np.array(list("abcd"))}))


def test_weights_that_are_not_finite_are_refused(tmp_path: Path) -> None:
    bias = np.array([0, np.nan, 0, 0], np.float32)
    assert "block1_conv1/bias" in refusal(changed(tmp_path, {"block1_conv1/bias": bias}))


def test_a_file_that_is_not_there_is_said_to_be_missing(tmp_path: Path) -> None:
    assert "There are no ImageNet weights" in refusal(tmp_path / "w.npz")


@pytest.mark.parametrize("content", [b"", b"no archive", b"PK\x03\x04 damaged"])
def test_what_is_no_archive_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "w.npz"
    path.write_bytes(content)
    assert "expected an .npz file" in refusal(path)


def test_a_single_array_is_refused(tmp_path: Path) -> None:
    np.save(tmp_path / "w.npy", np.zeros(3))
    assert "expected an .npz file" in refusal(tmp_path / "w.npy")
