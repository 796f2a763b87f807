"""Settings of one training, as given on the command line and kept beside its checkpoints."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Literal

from histoviewer.errors import SourceError

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
        precision: of the second phase's arithmetic; None for the fastest that the machine has.
    """

    network: NetworkConfig = NetworkConfig()
    seed: int = 0
    batch_size: int = 32
    head_epochs: int = 10
    head_rate: float = 1e-3
    orientations: int = 8
    fine_tune: Block | None = "block1"
    fine_tune_epochs: int = 8
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
        path.write_text(self.text(), encoding="utf-8")


def load_config(path: Path) -> TrainingConfig:
    """Settings written by ``save``. Raises SourceError where there are none."""
    facts = read_json(path)
    try:
        network = facts.pop("network")
        network["widths"] = tuple(network["widths"])
        return TrainingConfig(network=NetworkConfig(**network), **facts)
    except (KeyError, TypeError) as error:
        raise SourceError(f"{path} does not hold the settings of a training: {error}.") from error


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
