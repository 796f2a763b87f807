"""Peak memory of a training, stage by stage, on as many files as the whole data set has.

    python -m tests.benchmarks.bench_training_memory [PATCHES]

277,524 files of 279 patients by default, made in the temporary folder (2.2 GB) from real patches where they
lie beside the checkout: each is one of them, its pixels rolled by a number of its own, so that no two files
are the same. The network has VGG16's last width, on which the memory of features and head depends, and narrow
blocks below: the real one would take an hour for the features. Fine-tuning takes one patch of each patient.

Linux only: peaks are VmHWM of the process, set back before each stage. They count the pages of mapped files,
which the system takes back when it needs them. What ``histoviewer-train train`` does besides is not measured:
looking for identical pictures on two sides and checksums of all pixels before the training, and behind it
judging both other sides and the report.
"""

from __future__ import annotations

import json
import sys
import tempfile
from pathlib import Path

import numpy as np
from PIL import Image

from histoviewer.quiet_tensorflow import quiet_tensorflow
from model_training.config import NetworkConfig, TrainingConfig
from tests.benchmarks.pairs import timed_process
from tests.helpers.stained import EOSIN, glass

REAL = Path(__file__).resolve().parents[3] / "shared" / "data" / "idc"
PATCHES = 277_524
PATIENTS = 279
ORIGINALS = 2000
SIDE = 50
CONFIG = TrainingConfig(
    network=NetworkConfig(widths=(8, 8, 8, 8, 512)),
    batch_size=256,
    head_epochs=1,
    orientations=1,
    fine_tune=None,
    fine_tune_epochs=1,
    most_of_patient=1,
)


def main() -> None:
    if sys.argv[1:2] == ["--train"]:
        _train(Path(sys.argv[2]), Path(sys.argv[3]))
        return
    count = int(sys.argv[1]) if len(sys.argv) > 1 else PATCHES
    with tempfile.TemporaryDirectory() as folder:
        data, output = Path(folder) / "data", Path(folder) / "run"
        _write_patches(data, count)
        output.mkdir()
        command = [sys.executable, "-m", "tests.benchmarks.bench_training_memory", "--train"]
        _show(count, timed_process([*command, str(data), str(output)]))


def _show(count: int, peaks: dict[str, float]) -> None:
    bare = peaks["imports"]
    print(f"| {count} patches: stage | peak, MiB | above imports, bytes a patch |")
    print("|---|---|---|")
    for stage, peak in peaks.items():
        if stage != "process_s":
            print(f"| {stage} | {peak:.0f} | {(peak - bare) * 2**20 / count:.0f} |")


def _write_patches(folder: Path, count: int) -> None:
    originals = _originals()
    for number in range(count):
        turn, which = divmod(number, len(originals))
        pixels = np.roll(originals[which].reshape(-1, 3), turn, axis=0).reshape(SIDE, SIDE, 3)
        place, patient = divmod(number, PATIENTS)
        name = (
            f"{10000 + patient}_idx5_x{place % 40 * SIDE + 1}_y{place // 40 * SIDE + 1}_class{place % 2}.png"
        )
        path = folder / str(10000 + patient) / str(place % 2) / name
        if place < 2:
            path.parent.mkdir(parents=True)
        Image.fromarray(pixels).save(path, compress_level=0)


def _originals() -> list[np.ndarray]:
    found = []
    for path in sorted(REAL.rglob("*.png"))[:: 1 + 17_143 // ORIGINALS]:
        with Image.open(path) as image:
            pixels = np.asarray(image.convert("RGB"))
        if pixels.shape == (SIDE, SIDE, 3):
            found.append(pixels)
    if not found:
        wide = glass(SIDE * 45, SIDE * 45, colour=EOSIN)
        found = [wide[y : y + SIDE, x : x + SIDE] for y in range(0, 2200, SIDE) for x in range(0, 2200, SIDE)]
    return found


def _train(data: Path, output: Path) -> None:
    with quiet_tensorflow(is_debugging=False):
        import keras

    from dataclasses import replace

    from model_training.commands import MODEL_MPP
    from model_training.dataset import load_dataset, split_by_patient
    from model_training.network import build_network
    from model_training.training import train

    keras.utils.set_random_seed(CONFIG.seed)
    network = build_network(CONFIG.network)
    peaks = {"imports": _peak()}
    dataset = load_dataset(data, input_size=SIDE, mpp=MODEL_MPP)
    peaks["reading the files"] = _peak()
    peaks["held behind it"] = _peak()
    split = split_by_patient(dataset.patients.tolist(), seed=CONFIG.seed)
    peaks["split"] = _peak()
    train(network, dataset, split, CONFIG, output)
    peaks["features and head"] = _peak()
    train(network, dataset, split, replace(CONFIG, fine_tune="block5"), output)
    peaks["fine-tuning"] = _peak()
    print(json.dumps(peaks))


def _peak() -> float:
    """Most that was resident since the last call, MiB."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    (peak,) = [line.split()[1] for line in status.splitlines() if line.startswith("VmHWM")]
    Path("/proc/self/clear_refs").write_text("5", encoding="ascii")
    return int(peak) / 1024


if __name__ == "__main__":
    main()
