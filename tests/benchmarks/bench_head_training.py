"""Training the head on cached features against ``model.fit`` of the whole network with a frozen base.

    python -m tests.benchmarks.bench_head_training [PATCHES] [ROUNDS]

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
from tests.benchmarks.pairs import median, median_ratio, run_pairs
from tests.helpers.idc_like import write_idc_like

if TYPE_CHECKING:
    import keras

    from model_training.dataset import Dataset, Split

SHARED = Path(__file__).resolve().parents[3] / "shared" / "data"
EPOCHS = 10
CONFIG = TrainingConfig(fine_tune=None, head_epochs=EPOCHS, orientations=1, patience=EPOCHS)


def main() -> None:
    if sys.argv[1:2] in (["--fit"], ["--cached"]):
        _train(sys.argv[1], Path(sys.argv[2]))
        return
    patches, rounds = (int(word) for word in [*sys.argv[1:], *("1000", "3")[len(sys.argv) - 1 :]])
    with tempfile.TemporaryDirectory() as folder:
        _write_patches(Path(folder), patches)
        _compare(folder, rounds)


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


def _compare(folder: str, rounds: int) -> None:
    base = [sys.executable, "-m", "tests.benchmarks.bench_head_training"]
    found = run_pairs({side: [*base, f"--{side}", folder] for side in ("fit", "cached")}, rounds=rounds)
    fit, cached = found["fit"], found["cached"]
    print(f"| {int(fit[0]['patches'])} patches, {EPOCHS} epochs, median of {rounds} | fit | cached | ratio |")
    print("|---|---|---|---|")
    for figure, label in (("train_s", "training"), ("cpu_s", "its processor seconds")):
        seconds = [f"{median(side, figure):.0f} s" for side in (fit, cached)]
        print(f"| {label} | {seconds[0]} | {seconds[1]} | {median_ratio(fit, cached, figure)} |")
    for figure in ("val_accuracy", "val_auc", "val_loss"):
        print(f"| {figure} at the end | {median(fit, figure):.4f} | {median(cached, figure):.4f} | |")


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
    names = ("val_accuracy", "val_auc", "val_loss")
    print(json.dumps({"patches": len(dataset), **times, **{n: figures[n] for n in names}}))


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
