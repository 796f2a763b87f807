"""Correcting the model and training it again, through the real window: is it better for it?

python -m tests.benchmarks.bench_loop FOLDER [PATIENTS]

An older model is trained on PATIENTS patients (60 unless told; drawn at random) of the real data set. With it
the window opens patient 8863, whose file names are stripped of their truth, classifies it, and is led by
*Next uncertain* along 60 patches, each of which is decided by key as the data set has it. *Train > Retrain*
then trains the newer model on the same patients and these 60 patches: same recipe, same sides of the split.
Both are asked about 8865 and 8867 and about the patients of the test side, whom neither has seen.

The bundled model is asked, too; it was trained on all of these patients: its figures are none of others.
Answers Markdown; all figures are in FOLDER/loop.json. A FOLDER that has the older model keeps it.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
from PySide6.QtCore import QSettings, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from histoviewer.gui.application import make_application
from histoviewer.gui.main_window import MainWindow
from histoviewer.gui.session import Session
from histoviewer.inference.model_card import read_card
from histoviewer.patches.names import parse_name
from histoviewer.patches.patch import MALIGNANT
from histoviewer.resources import default_bundle
from model_training.bundle import bundle_answers, evaluate_bundle
from model_training.dataset import Dataset, Split, load_dataset, load_split
from model_training.rivals import compare_bundles

DATA = Path(__file__).resolve().parents[3] / "shared" / "data"
CORRECTED, ASKED = "8863", ("8865", "8867")
CORRECTIONS = 60
SEED = 11
FIGURES = ("balanced_accuracy", "roc_auc", "f1", "recall", "specificity")
PATIENCE = 1800.0
"""Seconds."""


@dataclass(frozen=True, slots=True)
class Places:
    """Folders and files of one run."""

    folder: Path

    @property
    def others(self) -> Path:
        return self.folder / "others"

    @property
    def asked(self) -> Path:
        return self.folder / "asked"

    @property
    def corrected(self) -> Path:
        return self.folder / CORRECTED

    @property
    def lists(self) -> Path:
        return self.folder / "lists.json"

    @property
    def old(self) -> Path:
        return self.folder / "old"

    @property
    def new(self) -> Path:
        return self.folder / "new"


def main() -> None:
    places = Places(Path(sys.argv[1]).resolve())
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    os.environ |= {"LANGUAGE": "en", "XDG_DATA_HOME": str(places.folder / "kept")}
    if not places.lists.exists():
        _lay_out(places, int(sys.argv[2]) if len(sys.argv) > 2 else 60)
    if not (places.old / "bundle").exists():
        _train_older(places)
    for leftover in (places.new, places.folder / "kept"):
        shutil.rmtree(leftover, ignore_errors=True)
    figures = _loop(places) | _compared(places)
    (places.folder / "loop.json").write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")
    _show(figures)


def _lay_out(places: Places, patients: int) -> None:
    """Copies of the files; sides of the split, the same for both models."""
    idc = DATA / "idc"
    names = sorted(path.name for path in idc.iterdir() if path.name not in (CORRECTED, *ASKED))
    chosen = np.random.default_rng(SEED).permutation(names)[:patients].tolist()
    for name in chosen:
        shutil.copytree(idc / name, places.others / name)
    for name in ASKED:
        shutil.copytree(idc / name, places.asked / name)
    places.corrected.mkdir(parents=True)
    for file in (idc / CORRECTED).rglob("*.png"):
        shutil.copy(file, places.corrected / f"{file.stem.partition('_class')[0]}.png")
    fifth = patients // 5
    validation, test = tuple(chosen[:fifth]), (*chosen[fifth : 2 * fifth], *ASKED)
    Split((CORRECTED, *chosen[2 * fifth :]), validation, test).save(places.lists)


def _train_older(places: Places) -> None:
    words: list[str | Path] = ["-m", "model_training", "retrain", places.others, places.asked]
    words += ["--output", places.old, "--split-list", places.lists, "--version", "older"]
    words += ["--weights", DATA / "weights" / "vgg16_imagenet_notop_f16.npz"]
    subprocess.run([sys.executable, *map(str, words), "--fine-tune", "none"], check=True)


def _loop(places: Places) -> dict[str, Any]:
    app = make_application("en")
    settings = QSettings(str(places.folder / "settings.ini"), QSettings.Format.IniFormat)
    window = MainWindow(Session(places.old / "bundle"), settings)
    window.resize(1440, 900)
    window.show()
    session = window.session
    session.open([places.corrected])
    _until(app, lambda: session.current is not None and not session.opener.is_busy)
    session.classify()
    _until(app, lambda: not session.is_running and not session.can_classify)
    start = time.perf_counter()
    wrong = _correct(app, window)
    figures: dict[str, Any] = {"of them wrong": wrong, "correcting, s": time.perf_counter() - start}
    start = time.perf_counter()
    _retrain(app, window, places)
    figures["retraining, s"] = time.perf_counter() - start
    window.close()
    return figures


def _correct(app: QApplication, window: MainWindow) -> int:
    """Decide by keys what *Next uncertain* leads to; returns how many answers were wrong."""
    session, wrong = window.session, 0
    opened = session.current
    assert opened is not None
    truth = _truth_by_place()
    columns = opened.source.columns
    view = window.canvas.view
    for number in range(CORRECTIONS):
        if not number:  # deciding goes on to the next by itself
            QTest.keyClick(view, Qt.Key.Key_N)
        app.processEvents()
        row = session.selected
        assert row is not None
        assert row not in opened.store.decisions
        is_malignant = truth[int(columns.x[row]), int(columns.y[row])] == MALIGNANT
        wrong += is_malignant != bool(opened.store.probability[row] >= session.threshold)
        QTest.keyClick(view, Qt.Key.Key_M if is_malignant else Qt.Key.Key_B)
    assert len(opened.store.decisions) == CORRECTIONS
    return wrong


def _truth_by_place() -> dict[tuple[int, int], int]:
    names = (parse_name(file.stem) for file in (DATA / "idc" / CORRECTED).rglob("*.png"))
    return {(name.x, name.y): name.truth for name in names if name is not None}


def _retrain(app: QApplication, window: MainWindow, places: Places) -> None:
    """By the form of *Train > Retrain*; the training is a process of its own."""
    shown = window.training.show_window()
    form, watch = shown.form, window.training.watch
    form.data.add([places.others, places.asked])
    _until(app, form.reviews.isEnabled)
    form.reviews.click()
    form.split.setCurrentIndex(1)
    form.lists.set_path(places.lists)
    form.weights.set_path(DATA / "weights" / "vgg16_imagenet_notop_f16.npz")
    form.output.set_path(places.new)
    _until(app, form.start.isEnabled)
    form.start.click()
    _until(app, lambda: watch.status not in ("none", "running"))
    if watch.status != "done":
        sys.exit("\n".join([f"the training has {watch.status}", *watch.log_lines()[-5:]]))


def _until(app: QApplication, is_done: Callable[[], bool]) -> None:
    end = time.monotonic() + PATIENCE
    while not is_done():
        if time.monotonic() > end:
            raise TimeoutError("the window did not get there")
        app.processEvents()
        time.sleep(0.005)


def _compared(places: Places) -> dict[str, Any]:
    """Both models on the same patches, and the bundled one on those of the two patients."""
    lists = load_split(places.lists)
    folders = {name: places.asked / name if name in ASKED else places.others / name for name in lists.test}
    asked = [folders[name] for name in ASKED]
    everybody = f"all {len(folders)} patients of the test side"
    sets = {everybody: list(folders.values()), " and ".join(ASKED): asked}
    sets |= {name: [folders[name]] for name in ASKED}
    return {
        "patients trained on": len(lists.train),
        "compared": {name: _both(places, _dataset(found)) for name, found in sets.items()},
        "bundled model, which knows them": _bundled(_dataset(asked)),
    }


def _dataset(folders: list[Path]) -> Dataset:
    card = read_card(default_bundle())
    return load_dataset(folders, input_size=card.input_size, mpp=card.mpp)


def _both(places: Places, data: Dataset) -> dict[str, object]:
    found = compare_bundles(places.old / "bundle", places.new / "bundle", data)
    assert found.is_unseen
    return found.facts()


def _bundled(data: Dataset) -> dict[str, object]:
    answers = bundle_answers(default_bundle(), data, ASKED)
    found = evaluate_bundle(read_card(default_bundle()), answers)
    return {name: asdict(found[name]) for name in FIGURES}


def _show(figures: dict[str, Any]) -> None:
    wrong, patients = figures["of them wrong"], figures["patients trained on"]
    corrected, trained = figures["correcting, s"], figures["retraining, s"]
    print(f"{CORRECTIONS} patches of {CORRECTED} corrected in {corrected:.1f} s, {wrong} answers were wrong.")
    print(f"Trained again in {trained:.0f} s on {patients} patients.\n")
    print("| on | figure | before | after | difference |\n|---|---|---|---|---|")
    for name, found in figures["compared"].items():
        is_alone = len(found["patients"]) == 1  # there are no intervals over one patient
        for figure in FIGURES:
            cells = [_cell(found[side][figure], is_alone=is_alone) for side in ("old", "new", "difference")]
            print(f"| {name} | {figure} | {' | '.join(cells)} |")
        mcnemar = found["mcnemar"]
        print(
            f"| {name} | decided rightly by one alone | {mcnemar['only_old']} | {mcnemar['only_new']} | "
            f"McNemar p = {mcnemar['p']:.3g} |"
        )
    bundled = figures["bundled model, which knows them"]
    told = ", ".join(f"{figure} {bundled[figure]['value']:.3f}" for figure in FIGURES)
    print(f"\nThe bundled model, which was trained on {' and '.join(ASKED)}, gives there: {told}.")


def _cell(metric: dict[str, float], *, is_alone: bool) -> str:
    interval = "" if is_alone else f" ({metric['low']:.3f} to {metric['high']:.3f})"
    return f"{metric['value']:.3f}{interval}"


if __name__ == "__main__":
    main()
