"""The picture that ``--screenshot`` takes."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from PIL import Image
from pytestqt.qtbot import QtBot

from histoviewer.gui.main_window import MainWindow
from histoviewer.gui.snapshot import Snapshot

PATIENCE = 30_000


def test_a_picture_of_loose_patches_shows_every_one_of_them(
    qtbot: QtBot, window: MainWindow, tmp_path: Path
) -> None:
    folder, target = tmp_path / "loose", tmp_path / "window.png"
    folder.mkdir()
    colours = [(40 + 3 * i, 20, 200 - 2 * i) for i in range(60)]
    for i, colour in enumerate(colours):
        Image.new("RGB", (50, 50), colour).save(folder / f"patch {i}.png")
    window.session.open([folder])
    snapshot = Snapshot(window, target)
    with qtbot.waitSignal(snapshot.taken, timeout=PATIENCE):
        snapshot.wait()
    assert window.gallery_page.isVisible()
    shown = {
        tuple(pixel) for pixel in np.unique(np.asarray(Image.open(target))[..., :3].reshape(-1, 3), axis=0)
    }
    assert [colour for colour in colours if colour not in shown] == []


def test_a_patch_that_cannot_be_read_does_not_hold_up_the_picture(
    qtbot: QtBot, window: MainWindow, tmp_path: Path
) -> None:
    folder, target = tmp_path / "loose", tmp_path / "window.png"
    folder.mkdir()
    (folder / "bad.png").write_bytes(b"not a picture")
    Image.new("RGB", (50, 50), (190, 20, 90)).save(folder / "good.png")
    window.session.open([folder])
    snapshot = Snapshot(window, target)
    with qtbot.waitSignal(snapshot.taken, timeout=PATIENCE):
        snapshot.wait()
    assert (np.asarray(Image.open(target))[..., :3] == (190, 20, 90)).all(axis=2).any()


def test_a_problem_that_is_met_twice_is_named_once(window: MainWindow, tmp_path: Path) -> None:
    snapshot = Snapshot(window, tmp_path / "window.png")
    for problem in ("the model is damaged", "no such file", "the model is damaged"):
        window.session.failed.emit(problem)
    assert snapshot.problems == ["the model is damaged", "no such file"]
