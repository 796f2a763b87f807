"""Training the head on cached features against ``model.fit`` of the whole network with a frozen base.

    python -m tests.benchmarks.bench_head_training

Both train ten epochs of the same patches in the same batches, from the same weights, with the same optimizer
and the same numbers for dropout, and judge the validation patients each epoch; so both should end with the
same figures, but that Keras' ROC AUC is that of 200 thresholds and ours is exact. Ours has the pass over the
base within its time, and its checkpoints. Imports and reading the files count for neither. Processor seconds
are those of all threads: they hold on a busy machine, too.

The patches are real ones, spread over all patients, where they lie beside the checkout.
"""

from __future__ import annotations

import json
import shutil
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

from histoviewer.quiet_tensorflow import quiet_tensorflow
from model_training.config import TrainingConfig
from tests.benchmarks.figure import Figure, compared, report
from tests.benchmarks.pairs import run_pairs
from tests.helpers.idc_like import write_idc_like

if TYPE_CHECKING:
    import keras

    from model_training.dataset import Dataset, Split

SHARED = Path(__file__).resolve().parents[3] / "shared" / "data"
EPOCHS = 10
FIGURES = ("val_accuracy", "val_auc", "val_loss")
CONFIG = TrainingConfig(fine_tune=None, head_epochs=EPOCHS, orientations=1, patience=EPOCHS)


PATCHES, ROUNDS = 1000, 2


def main() -> None:
    if sys.argv[1:2] in (["--fit"], ["--cached"]):
        _train(sys.argv[1], Path(sys.argv[2]))
    else:
        report(measure)


def measure() -> list[Figure]:
    with tempfile.TemporaryDirectory() as folder:
        _write_patches(Path(folder), PATCHES)
        base = [sys.executable, "-m", "tests.benchmarks.bench_head_training"]
        found = run_pairs({side: [*base, f"--{side}", folder] for side in ("fit", "cached")}, rounds=ROUNDS)
    apart = {name: abs(found["fit"][0][name] - found["cached"][0][name]) for name in FIGURES}
    assert all(found["fit"][0]["patches"] == one["patches"] for one in found["cached"])
    told = ", ".join(f"{name} {difference:.4f}" for name, difference in apart.items())
    seconds = {side: [one["train_s"] for one in found[side]] for side in found}
    return [
        compared(
            f"training the head, {EPOCHS} epochs of {PATCHES:,} patches (apart in the end by: {told})",
            "runs/s",
            rival=[1 / one for one in seconds["fit"]],
            ours=[1 / one for one in seconds["cached"]],
            aim=8,
            is_rate=True,
            rival_name="model.fit with the frozen base",
        )
    ]


def _write_patches(folder: Path, count: int) -> None:
    real = sorted((SHARED / "idc").rglob("*.png"))
    if not real:
        write_idc_like(folder, patients=20, patches=count // 20)
        return
    for number in range(count):
        path = real[number * len(real) // count]
        copy = folder / path.relative_to(SHARED / "idc")
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(path, copy)


def _train(side: str, folder: Path) -> None:
    with quiet_tensorflow(is_debugging=False):
        import keras

    from model_training.commands import MODEL_MPP
    from model_training.dataset import load_dataset, split_by_patient
    from model_training.network import build_network, imagenet_weights, set_base_weights

    dataset = load_dataset(folder, input_size=CONFIG.network.input_size, mpp=MODEL_MPP)
    split = split_by_patient(dataset.patients.tolist(), seed=CONFIG.seed)
    keras.utils.set_random_seed(CONFIG.seed)
    network = build_network(CONFIG.network)
    weights = SHARED / "weights" / "vgg16_imagenet_notop_f16.npz"
    if weights.exists():
        set_base_weights(network, imagenet_weights(weights))
    started, begun = time.perf_counter(), time.process_time()
    figures = (_fit if side == "--fit" else _cached)(network, dataset, split)
    times = {"train_s": time.perf_counter() - started, "cpu_s": time.process_time() - begun}
    print(json.dumps({"patches": len(dataset), **times, **{name: figures[name] for name in FIGURES}}))


def _cached(network: keras.Model, dataset: Dataset, split: Split) -> dict[str, float]:
    from model_training.training import train

    with tempfile.TemporaryDirectory() as output:
        train(network, dataset, split, CONFIG, Path(output))
        last: dict[str, float] = json.loads(
            (Path(output) / "history.jsonl").read_text(encoding="utf-8").splitlines()[-1]
        )
        return last


def _fit(network: keras.Model, dataset: Dataset, split: Split) -> dict[str, float]:
    import keras
    import numpy as np
    from numpy.typing import NDArray

    from model_training.batches import EpochBatches, Labels, class_weights
    from model_training.network import LAST_OF_BASE
    from model_training.training import EpochStart, optimizer_of, phases

    rows, validation = dataset.rows_of(split.train), dataset.rows_of(split.validation)

    class Upright(EpochBatches):
        def _inputs(self, places: NDArray[np.intp], random: np.random.Generator) -> NDArray[np.uint8]:
            del random
            return dataset.pixels[rows[places]]

    for layer in network.layers[: 1 + [layer.name for layer in network.layers].index(LAST_OF_BASE)]:
        layer.trainable = False
    truth, patients = dataset.truth[rows], dataset.patients[rows]
    batches = Upright(
        Labels(truth, patients, class_weights(truth, patients)),
        batch_size=CONFIG.batch_size,
        seed=CONFIG.seed,
    )
    (phase,) = phases(CONFIG)
    network.compile(
        optimizer_of(phase, CONFIG, steps=len(batches) * EPOCHS),
        "binary_crossentropy",
        weighted_metrics=[],
        metrics=["accuracy", keras.metrics.AUC(name="auc")],
    )
    history = network.fit(
        batches,
        validation_data=(dataset.pixels[validation], dataset.truth[validation, None].astype(np.float32)),
        epochs=EPOCHS,
        shuffle=False,  # the batches are
        verbose=0,
        callbacks=[EpochStart(batches, seed=CONFIG.seed)],
    ).history
    return {name: values[-1] for name, values in history.items()}


if __name__ == "__main__":
    main()
