"""A file ``stop`` in a training's folder ends it with what it has kept."""

from dataclasses import replace
from pathlib import Path

import keras
import numpy as np
import pytest

from model_training.budget import Budget
from model_training.config import TrainingConfig
from model_training.dataset import load_dataset, split_by_patient
from model_training.history import read_history
from model_training.network import build_network
from model_training.progress import Epoch, Event, Step
from model_training.run_folder import stopped_early
from model_training.training import train
from tests.helpers.idc_like import write_idc_like
from tests.helpers.tiny_bundle import TINY

LONG = replace(TINY, head_epochs=6, fine_tune_epochs=4, patience=20)


def stopped_at(
    run: Path,
    data: Path,
    moment: Event | None,
    config: TrainingConfig = LONG,
    budget: Budget | None = None,
) -> keras.Model:
    """Train until ``moment`` (phase, epoch and step of it count), then ask to stop; or until a budget is
    over."""
    run.mkdir(exist_ok=True)

    def tell(event: Event) -> None:
        if _is_at(event, moment):
            (run / "stop").touch()

    dataset = load_dataset(data, input_size=50, mpp=4.0)
    split = split_by_patient(dataset.patients.tolist(), seed=TINY.seed)
    keras.utils.set_random_seed(TINY.seed)
    network = build_network(config.network)
    train(network, dataset, split, config, run, progress=tell, budget=budget)
    return network


def _is_at(event: Event, moment: Event | None) -> bool:
    if isinstance(event, Step) and isinstance(moment, Step):
        return (event.phase, event.epoch, event.step) == (moment.phase, moment.epoch, moment.step)
    if isinstance(event, Epoch) and isinstance(moment, Epoch):
        return (event.phase, event.epoch) == (moment.phase, moment.epoch)
    return False


def step(phase: str, epoch: int, number: int = 1) -> Step:
    return Step(phase, epoch, 0, number, 0, 0.0, None)


@pytest.fixture
def data(tmp_path: Path) -> Path:
    write_idc_like(tmp_path / "data", patients=6, patches=16)
    return tmp_path / "data"


@pytest.mark.parametrize(
    ("moment", "kept"),
    [
        (step("head", 1), [("head", 1)]),
        (Epoch("head", 2, 6), [("head", 1), ("head", 2)]),
        (step("head", 3), [("head", 1), ("head", 2)]),
        (step("fine-tune block4", 1), [("head", number) for number in range(1, 7)]),
    ],
    ids=["first epoch is finished", "between epochs", "in the middle of one", "before fine-tuning is of use"],
)
def test_it_ends_with_what_is_kept(
    tmp_path: Path, data: Path, moment: Event, kept: list[tuple[str, int]]
) -> None:
    run = tmp_path / "run"
    network = stopped_at(run, data, moment)
    epochs = read_history(run / "history.jsonl")
    assert [(epoch.phase, epoch.epoch) for epoch in epochs] == kept
    kernel = network.get_layer("probability").get_weights()[0]
    again = stopped_at(run, data, None)
    assert np.array_equal(again.get_layer("probability").get_weights()[0], kernel), "the same best epoch"
    assert len(read_history(run / "history.jsonl")) == len(kept), "nothing is trained while it says so"


def test_without_the_file_it_goes_on_to_its_end(tmp_path: Path, data: Path) -> None:
    run = tmp_path / "run"
    stopped_at(run, data, step("head", 3))
    (run / "stop").unlink()
    stopped_at(run, data, None)
    assert len(read_history(run / "history.jsonl")) == 10


def test_when_the_minutes_are_over_the_first_epoch_is_kept_and_the_card_says_why(
    tmp_path: Path, data: Path
) -> None:
    run = tmp_path / "run"
    stopped_at(run, data, None, budget=Budget(1e-9))
    assert [(one.phase, one.epoch) for one in read_history(run / "history.jsonl")] == [("head", 1)]
    (said,) = stopped_early(run)
    assert "1e-09 minutes were over" in said
    (run / "stop").unlink()
    stopped_at(run, data, None, budget=Budget(60))
    assert len(read_history(run / "history.jsonl")) == 10
    assert stopped_early(run) == (), "it has come to its end by itself"


def test_a_training_that_ends_with_its_minutes_has_not_been_ended_early(tmp_path: Path, data: Path) -> None:
    run = tmp_path / "run"
    short = replace(TINY, head_epochs=1, fine_tune=None)
    stopped_at(run, data, None, short, budget=Budget(1e-9))
    assert len(read_history(run / "history.jsonl")) == 1
    assert stopped_early(run) == ()
