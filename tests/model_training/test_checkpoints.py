import errno
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest

from model_training.checkpoints import Backup, KeptWeights
from model_training.dataset import Dataset, Split, load_dataset, split_by_patient, split_of_all
from model_training.history_log import best_so_far
from model_training.network import build_network
from model_training.progress import Epoch, Event
from model_training.training import train
from tests.helpers.idc_like import write_idc_like
from tests.helpers.tiny_bundle import TINY
from tests.model_training.test_training import history

HEAD = replace(TINY, fine_tune=None, head_epochs=3, orientations=1)


class Killed(BaseException):
    """Stands for a kill: nothing in the training handles it."""


class Unsaved(BaseException):
    """A kill in the middle of a file."""


def compiled() -> keras.Model:
    model = keras.Sequential([keras.Input((3,)), keras.layers.Dense(2), keras.layers.Dense(1)])
    model.compile(keras.optimizers.AdamW(1e-2), "mse")
    return model


def fitted(epochs: int, *callbacks: keras.callbacks.Callback, first: int = 0, model: Any = None) -> Any:
    x = np.random.default_rng(0).normal(size=(8, 3)).astype(np.float32)
    model = model or compiled()
    given = {"initial_epoch": first, "callbacks": list(callbacks), "shuffle": False, "verbose": 0}
    model.fit(x, x.sum(axis=1, keepdims=True), batch_size=4, epochs=epochs, **given)
    return model


def state(model: keras.Model) -> list[Any]:
    return [np.array(v) for v in (*model.variables, *model.optimizer.variables)]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "backup head"


def kept(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_weights_and_optimizer_come_back_exactly(folder: Path) -> None:
    backup = Backup(folder)
    model = compiled()
    assert backup.restore(model) == 0
    fitted(3, backup, model=model)
    assert kept(folder) == ["epoch-3.weights.h5"]
    again = compiled()
    assert Backup(folder).restore(again) == 3
    assert all(np.array_equal(a, b) for a, b in zip(state(model)[:4], state(again)[:4], strict=True))
    for one, other in zip(model.optimizer.variables, again.optimizer.variables, strict=True):
        assert np.array_equal(one, other), one.path
    assert int(again.optimizer.iterations) == 6


def tear(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:1000])


def test_a_kill_while_a_state_is_written_leaves_the_one_before(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    backup = Backup(folder)
    model = compiled()
    backup.restore(model)
    fitted(1, backup, model=model)
    expected = [np.array(weight) for weight in model.get_weights()]
    save = keras.Model.save_weights

    def half(self: keras.Model, path: Path, **given: Any) -> None:
        save(self, path, **given)
        tear(path)
        (folder / "as it was").write_bytes(path.read_bytes())
        raise Unsaved

    monkeypatch.setattr(keras.Model, "save_weights", half)
    with pytest.raises(Unsaved):
        fitted(2, backup, first=1, model=model)
    monkeypatch.undo()
    (folder / "as it was").rename(backup.draft)  # a kill removes nothing
    again = compiled()
    assert Backup(folder).restore(again) == 1
    assert all(np.array_equal(a, b) for a, b in zip(expected, again.get_weights(), strict=True))
    fitted(2, backup, first=1, model=again)
    assert kept(folder) == ["epoch-2.weights.h5"]


def test_of_two_states_the_newer_one_counts(folder: Path) -> None:
    backup = Backup(folder)
    model = compiled()
    backup.restore(model)
    fitted(9, backup, model=model)
    older = (folder / "epoch-9.weights.h5").read_bytes()
    fitted(10, backup, first=9, model=model)
    (folder / "epoch-9.weights.h5").write_bytes(older)  # killed before it was removed
    again = compiled()
    assert Backup(folder).restore(again) == 10
    assert all(np.array_equal(a, b) for a, b in zip(model.get_weights(), again.get_weights(), strict=True))


def test_a_full_disk_leaves_no_draft(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    backup = Backup(folder)
    model = compiled()
    backup.restore(model)

    def full(_: keras.Model, path: Path) -> None:
        path.write_bytes(b"half")
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(keras.Model, "save_weights", full)
    with pytest.raises(OSError, match="No space left"):
        fitted(1, backup, model=model)
    assert kept(folder) == []


@pytest.mark.parametrize(("figures", "expected"), [([0.5, 0.4, 0.6], [0, 2]), ([float("nan"), 0.5], [1])])
def test_only_better_epochs_are_kept(tmp_path: Path, figures: list[float], expected: list[int]) -> None:
    path = tmp_path / "best.weights.h5"
    callback = KeptWeights(path, tmp_path / "draft.weights.h5", monitor="val_auc", best=0.45)
    callback.set_model(compiled())
    saved = []
    for epoch, figure in enumerate(figures):
        callback.on_epoch_end(epoch, {"val_auc": figure})
        if path.exists():
            saved.append(epoch)
            path.unlink()
    assert saved == expected


@pytest.fixture
def data(tmp_path: Path) -> Dataset:
    write_idc_like(tmp_path / "data", patients=6, patches=8)
    return load_dataset(tmp_path / "data", input_size=50, mpp=4.0)


def begin(data: Dataset, split: Split, output: Path, config: Any = HEAD) -> Callable[..., None]:
    output.mkdir(exist_ok=True)

    def go(**given: Any) -> None:
        keras.utils.set_random_seed(TINY.seed)
        train(build_network(TINY.network), data, split, config, output, **given)

    return go


def test_a_kill_before_a_phase_is_done_does_not_repeat_it(
    data: Dataset, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    output = tmp_path / "run"
    go = begin(data, split_of_all(data.patients.tolist()), output)

    def killed(*_: Any, **__: Any) -> None:
        raise Killed

    monkeypatch.setattr(Path, "touch", killed)
    with pytest.raises(Killed):
        go()
    monkeypatch.undo()
    lines = history(output)
    assert [line["epoch"] for line in lines] == [1, 2, 3]
    assert kept(output / "backup head") == ["epoch-3.weights.h5"]
    go()
    assert history(output) == lines
    assert (output / "done head").exists()
    assert not (output / "backup head").exists()


def test_a_kill_behind_an_early_stop_trains_no_epoch_more(
    data: Dataset, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    output = tmp_path / "run"
    split = split_by_patient(data.patients.tolist(), seed=0)
    # A rate of next to nothing: no epoch is better than the first.
    go = begin(data, split, output, replace(HEAD, head_epochs=8, head_rate=1e-12, patience=2))

    def killed(*_: Any, **__: Any) -> None:
        raise Killed

    monkeypatch.setattr(Path, "touch", killed)
    with pytest.raises(Killed):
        go()
    monkeypatch.undo()
    assert [line["epoch"] for line in history(output)] == [1, 2, 3]
    go()
    assert [line["epoch"] for line in history(output)] == [1, 2, 3]


def test_what_is_left_of_a_finished_phase_is_removed(data: Dataset, tmp_path: Path) -> None:
    output = tmp_path / "run"
    go = begin(data, split_of_all(data.patients.tolist()), output)
    go()
    (output / "backup head").mkdir()
    (output / "backup head" / "epoch-3.weights.h5").write_bytes(b"")
    go()
    assert not (output / "backup head").exists()


def test_a_torn_last_line_of_the_history_is_trained_again(data: Dataset, tmp_path: Path) -> None:
    output = tmp_path / "run"
    go = begin(data, split_by_patient(data.patients.tolist(), seed=0), output)

    def kill_after_two(event: Event) -> None:
        if isinstance(event, Epoch) and event.epoch == 2:
            raise Killed

    with pytest.raises(Killed):
        go(progress=kill_after_two)
    path = output / "history.jsonl"
    whole = path.read_bytes()
    path.write_bytes(whole + b'{"phase": "head", "epo')
    assert best_so_far(path, "head") is not None
    go()
    assert path.read_bytes().startswith(whole)
    assert [line["epoch"] for line in history(output)] == [1, 2, 3]
