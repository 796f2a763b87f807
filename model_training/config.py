"""Settings of one training, as given on the command line and kept beside its checkpoints."""

from __future__ import annotations

import json
from argparse import ArgumentTypeError
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Literal, get_args

from histoviewer.errors import SourceError
from histoviewer.staging import staged
from model_training.numbers import count, number, positive_count, positive_number, share_below_one

Block = Literal["block1", "block2", "block3", "block4", "block5"]
Schedule = Literal["cosine", "constant"]
Keep = Literal["best", "last"]
Precision = Literal["float32", "mixed_bfloat16", "mixed_float16"]


@dataclass(frozen=True, slots=True)
class NetworkConfig:
    """Shape of the network: VGG16 without its top, Flatten, Dense ReLU, Dropout, one sigmoid.

    Attributes:
        input_size: pixels along the side of the square patch.
        widths: filters of the five blocks; VGG16's own unless a test wants a tiny one.
        dense_units, dropout: of the head.
    """

    input_size: int = 50
    widths: tuple[int, int, int, int, int] = (64, 128, 256, 512, 512)
    dense_units: int = 256
    dropout: float = 0.5


@dataclass(frozen=True, slots=True)
class TrainingConfig:
    """How the network is trained.

    Attributes:
        network: its shape.
        seed: of the split, the weights of the head, the order of patches and their augmentation.
        batch_size: patches a step.
        head_epochs, head_rate: epochs and learning rate of the first phase, with the base frozen.
        orientations: how many of the eight turned and mirrored views the first phase is trained on.
        fine_tune: first block that is trained in the second phase; None for no second phase.
        fine_tune_epochs, fine_tune_rate: of the second phase; the rate falls to zero along a cosine.
        stain_jitter: how differently patches are stained in the second phase; see
            ``augmentation.restained``. They are turned and mirrored at random in any case.
        label_smoothing: of the second phase: what the truth falls short of certainty.
        most_of_patient: patches of one patient that an epoch of the second phase takes, drawn anew each time,
            so that whole slides do not outweigh sparse ones; None for all.
        class_weights: malignant and benign patches count for as much as each other, however many there are.
        weight_decay: of AdamW.
        schedule: "cosine" warms each phase up over a twentieth of its steps and lets the rate fall to zero;
            "constant" keeps it.
        keep: the weights a phase ends with: those of the "best" epoch by validation ROC AUC, or the "last".
        patience: epochs without a better validation ROC AUC after which a phase stops, unless it keeps the
            last.
        precision: of the second phase's arithmetic; None for the fastest that the machine has. Which that is
            takes its place before settings are kept; only older files have null.
    """

    network: NetworkConfig = NetworkConfig()
    seed: int = 0
    batch_size: int = 32
    head_epochs: int = 10
    head_rate: float = 1e-3
    orientations: int = 8
    fine_tune: Block | None = "block1"
    fine_tune_epochs: int = 6
    fine_tune_rate: float = 5e-5
    stain_jitter: float = 0.1
    label_smoothing: float = 0.05
    most_of_patient: int | None = 150
    class_weights: bool = True
    weight_decay: float = 1e-4
    schedule: Schedule = "cosine"
    keep: Keep = "best"
    patience: int = 4
    precision: Precision | None = None

    def text(self) -> str:
        return json.dumps(asdict(self), indent=1) + "\n"

    def save(self, path: Path) -> None:
        write_whole(path, self.text())


Check = Callable[[Any], None]
"""Raises ArgumentTypeError, as the parser of the command line does, for a value that makes no sense."""

BEFORE = {"most_of_patient": None, "schedule": "cosine", "keep": "best"}
"""What trainings did before these were settings: what it means that a file lacks them."""


def _numeric(parse: Callable[[str], float]) -> Check:
    """The limits of an option of the command line."""

    def check(value: Any) -> None:
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise ArgumentTypeError(f"expected a number, got {value!r}")
        parse(str(value))

    return check


def _one_of(*allowed: Any) -> Check:
    def check(value: Any) -> None:
        if not any(type(value) is type(one) and value == one for one in allowed):  # to Python, True is 1
            raise ArgumentTypeError(f"expected one of {', '.join(map(json.dumps, allowed))}, got {value!r}")

    return check


def _widths(value: Any) -> None:
    if len(value) != len(get_args(Block)):
        raise ArgumentTypeError(f"expected {len(get_args(Block))} whole numbers, got {len(value)}")
    for width in value:
        _numeric(positive_count)(width)


def _rows_or_all(value: Any) -> None:
    if value is not None:
        _numeric(positive_count)(value)


_CHECKS: Mapping[str, Check] = {
    "seed": _numeric(count),
    "batch_size": _numeric(positive_count),
    "head_epochs": _numeric(positive_count),
    "head_rate": _numeric(positive_number),
    "orientations": _one_of(*range(1, 9)),
    "fine_tune": _one_of(None, *get_args(Block)),
    "fine_tune_epochs": _numeric(positive_count),
    "fine_tune_rate": _numeric(positive_number),
    "stain_jitter": _numeric(number),
    "label_smoothing": _numeric(share_below_one),
    "most_of_patient": _rows_or_all,
    "class_weights": _one_of(True, False),
    "weight_decay": _numeric(number),
    "schedule": _one_of(*get_args(Schedule)),
    "keep": _one_of(*get_args(Keep)),
    "patience": _numeric(positive_count),
    "precision": _one_of(None, *get_args(Precision)),
}

_NETWORK_CHECKS: Mapping[str, Check] = {
    "input_size": _numeric(positive_count),
    "widths": _widths,
    "dense_units": _numeric(positive_count),
    "dropout": _numeric(share_below_one),
}


def load_config(path: Path) -> TrainingConfig:
    """Settings written by ``save``; see ``BEFORE`` for what an older file lacks.

    Raises SourceError where there are none, or where one is not what the command line would take.
    """
    facts = {**BEFORE, **read_json(path)}
    try:
        network = facts.pop("network")
        network["widths"] = tuple(network["widths"])
        config = TrainingConfig(network=NetworkConfig(**network), **facts)
    except (KeyError, TypeError) as error:
        raise SourceError(f"{path} does not hold the settings of a training: {error}.") from error
    _check(path, config, _CHECKS)
    _check(path, config.network, _NETWORK_CHECKS)
    return config


def _check(path: Path, settings: TrainingConfig | NetworkConfig, checks: Mapping[str, Check]) -> None:
    for name, check in checks.items():
        try:
            check(getattr(settings, name))
        except ArgumentTypeError as error:
            raise SourceError(f"Cannot use {name} in {path}: {error}. Correct the file.") from error


def write_whole(path: Path, text: str) -> None:
    """Write a text file, whole or not at all. Raises ResultError."""
    with staged(path) as file:
        file.write(text.encode())


def read_json(path: Path) -> dict[str, Any]:
    """The object in a JSON file. Raises SourceError where it cannot be read or is something else."""
    try:
        facts = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise SourceError(f"Cannot read {path}: {error.strerror}.") from error
    except ValueError as error:
        raise SourceError(f"{path} is not JSON: {error}.") from error
    if not isinstance(facts, dict):
        raise SourceError(f"{path} does not hold a JSON object.")
    return facts
