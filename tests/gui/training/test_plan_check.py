"""What the form says before a training that cannot go is begun."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from histoviewer.gui.main_window import MainWindow
from histoviewer.gui.training.plan_form import PlanForm
from histoviewer.results.reviews import write_reviews
from tests.gui.panels.panel_session import judge, opened_in
from tests.helpers.idc_like import write_idc_like

Wait = Callable[[str], None]


@pytest.fixture
def form(window: MainWindow) -> PlanForm:
    return window.training.show_window().form


@pytest.fixture
def wait_for(qtbot: QtBot, form: PlanForm) -> Wait:
    """Until this is said, and nothing can be started; or, "", until something can."""

    def wait(text: str) -> None:
        if text:
            qtbot.waitUntil(lambda: text in form.problem.text())
        else:
            qtbot.waitUntil(lambda: form.problem.text() == "" and form.start.isEnabled())
        assert form.start.isEnabled() is (text == "")
        assert (form.command.text() == "") is (text != "")

    return wait


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """Patients 1000 to 1004."""
    write_idc_like(tmp_path / "data", patients=5, patches=4)
    return tmp_path / "data"


def test_an_empty_form_says_what_is_missing(form: PlanForm, wait_for: Wait, data: Path) -> None:
    wait_for("Add the data")
    form.data.add([data])
    wait_for("")
    form.output.set_path(None)
    wait_for("Name a folder")


def test_data_without_classes_are_none(form: PlanForm, wait_for: Wait, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    form.data.add([tmp_path / "empty"])
    wait_for("empty")
    form.surveyor.look([tmp_path / "gone"])
    wait_for("gone")
    write_idc_like(tmp_path / "unnamed", patients=3, patches=4)
    for path in list((tmp_path / "unnamed").rglob("*.png")):
        path.rename(tmp_path / "unnamed" / f"{path.stem.partition('_class')[0]}.png")
    form.surveyor.look([tmp_path / "unnamed"])
    wait_for("has a class or a review")


def test_patients_to_test_on_are_some_of_the_data(form: PlanForm, wait_for: Wait, data: Path) -> None:
    form.data.add([data])
    form.hold_out.setText("1000, 77 78")
    wait_for("not in the data: 77, 78")
    form.hold_out.setText("1000 1001 1002")
    wait_for("left to be trained on: 2")
    form.hold_out.setText("1000")
    wait_for("")


def test_files_that_are_not_what_they_are_to_be_are_named(
    form: PlanForm, wait_for: Wait, data: Path, tmp_path: Path
) -> None:
    form.data.add([data])
    wait_for("")
    assert form.known.text().endswith(": 5")
    (tmp_path / "text").write_text("neither an archive nor JSON")
    rows = (
        (form.weights, "no file of ImageNet weights"),
        (form.recipe, "no recipe"),
        (form.output, "no folder"),
    )
    for row, said in rows:
        before = row.path()
        row.set_path(tmp_path / "text")
        wait_for(said)
        assert "text" in form.problem.text()
        row.set_path(before)
        wait_for("")
    form.weights.set_path(tmp_path / "gone.npz")
    wait_for("gone.npz is no file")


def test_lists_are_of_these_patients(form: PlanForm, wait_for: Wait, data: Path, tmp_path: Path) -> None:
    form.data.add([data])
    form.split.setCurrentIndex(1)
    wait_for("Choose the file")
    lists = {"train": ["7"], "validation": ["1001"], "test": ["1002"]}
    (tmp_path / "lists.json").write_text(json.dumps(lists))
    form.lists.set_path(tmp_path / "lists.json")
    wait_for("on the training list")
    lists["train"] = ["7", "1000"]
    (tmp_path / "others.json").write_text(json.dumps(lists))
    form.lists.set_path(tmp_path / "others.json")
    wait_for("")
    assert "Of these in the data: 1, 1, 1" in form.lists.listed.text()


def test_reviews_in_a_file_count_for_their_patients(
    qtbot: QtBot, window: MainWindow, form: PlanForm, wait_for: Wait, tmp_path: Path
) -> None:
    write_idc_like(tmp_path / "reviewed", patients=2, patches=4)
    opened = opened_in(window.session, tmp_path / "reviewed", qtbot)
    judge(window.session, opened, {Path(opened.source.columns.file(0)).name: 0.9})
    results = opened.store.path
    window.session.close_source(opened)
    write_reviews(results, [0], [1], reviewer="Ann")
    form.data.add([results])
    wait_for("Add the folder or slide, too")
    assert form.known.text().endswith(": 1")
    form.data.add([tmp_path / "reviewed"])
    wait_for("left to be trained on: 2")


def test_somebody_has_to_be_left_to_test_on(
    qtbot: QtBot, window: MainWindow, form: PlanForm, wait_for: Wait, tmp_path: Path
) -> None:
    write_idc_like(tmp_path / "patches", patients=3, patches=4)
    opened = opened_in(window.session, tmp_path / "patches", qtbot)
    columns = opened.source.columns
    rows = [int(np.flatnonzero(columns.patient == number)[0]) for number in range(3)]
    window.session.reviewing.decide(opened, np.array(rows), 1)
    wait_for("nobody is left to test on")
    form.hold_out.setText(columns.patients[0])
    wait_for("left to be trained on: 2")


def test_who_clears_the_reviews_is_obeyed(
    qtbot: QtBot, window: MainWindow, form: PlanForm, data: Path
) -> None:
    opened = opened_in(window.session, data, qtbot)
    judge(window.session, opened, {Path(opened.source.columns.file(row)).name: 0.9 for row in (0, 1)})
    window.session.reviewing.decide(opened, np.array([0], np.intp), 1)
    qtbot.waitUntil(form.reviews.isChecked)
    form.reviews.click()
    window.session.reviewing.decide(opened, np.array([1], np.intp), 1)
    qtbot.waitUntil(lambda: "2" in form.reviews.text())
    assert not form.reviews.isChecked()
