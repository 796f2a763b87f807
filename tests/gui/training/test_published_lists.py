"""The published split in one click, and a limit of time."""

from __future__ import annotations

import json
from pathlib import Path

from pytestqt.qtbot import QtBot

from histoviewer.gui.main_window import MainWindow
from histoviewer.gui.training.published_lists import find_lists, read_lists
from tests.helpers.idc_like import write_idc_like

LISTS = {
    "source": "somebody",
    "train": ["1000", "1001", "77"],
    "validation": ["1002"],
    "test": ["1003", "78"],
}


def written(folder: Path, name: str = "published.json", **changes: object) -> Path:
    folder.mkdir(exist_ok=True)
    (folder / name).write_text(json.dumps({**LISTS, **changes}), encoding="utf-8")
    return folder / name


def test_lists_beside_the_data_are_chosen_by_one_click(
    qtbot: QtBot, window: MainWindow, tmp_path: Path
) -> None:
    data = tmp_path / "set" / "patches"
    write_idc_like(data, patients=5, patches=4)
    lists = written(tmp_path / "set")
    form = window.training.show_window().form
    form.data.add([data])
    form.split.setCurrentIndex(1)
    qtbot.waitUntil(form.start.isEnabled)
    plan = form.plan()
    assert plan is not None
    assert plan.split_list == lists
    text = form.lists.listed.text()
    assert "training: 3, validation: 1, test: 2" in text
    assert "in the data: 2, 1, 1" in text
    assert "left out" in text
    form.minutes.setValue(30)
    qtbot.waitUntil(lambda: "--minutes 30" in form.command.text())
    form.lists.set_path(data / "1000" / "0")
    assert "no file of lists" in form.lists.listed.text()
    qtbot.waitUntil(lambda: not form.start.isEnabled())
    assert "lists names no patients" in form.problem.text()


def test_what_was_chosen_stays_and_nothing_is_guessed(
    qtbot: QtBot, window: MainWindow, tmp_path: Path
) -> None:
    data = tmp_path / "set" / "patches"
    write_idc_like(data, patients=1, patches=4)
    own = written(tmp_path / "own")
    form = window.training.show_window().form
    form.lists.set_path(own)
    written(tmp_path / "set")
    with qtbot.waitSignal(form.surveyor.changed, check_params_cb=lambda: form.surveyor.survey is not None):
        form.data.add([data])
    assert form.surveyor.survey is not None
    assert form.surveyor.survey.lists == tmp_path / "set" / "published.json"
    assert form.lists.path() == own
    written(tmp_path / "set", "another.json")
    assert find_lists([data]) is None, "two: which is meant?"


def test_lists_that_were_found_follow_the_data(qtbot: QtBot, window: MainWindow, tmp_path: Path) -> None:
    form = window.training.show_window().form
    for name in ("one", "two"):
        write_idc_like(tmp_path / name / "patches", patients=1, patches=4)
        found = written(tmp_path / name)
        form.surveyor.look([tmp_path / name / "patches"])
        qtbot.waitUntil(lambda found=found: form.lists.path() == found)
    form.surveyor.look([])
    assert form.lists.path() is None


def test_what_is_no_list_of_patients_is_none(tmp_path: Path) -> None:
    assert read_lists(written(tmp_path)) is not None
    assert read_lists(written(tmp_path, train=[1000])) is None
    assert read_lists(written(tmp_path, unit="patch")) is None
    (tmp_path / "published.json").write_text("[]", encoding="utf-8")
    assert read_lists(tmp_path / "published.json") is None
    assert find_lists([tmp_path]) is None
