"""Taking another person's reviews, in the real window."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from threading import Event

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog, QLabel, QPushButton
from pytestqt.qtbot import QtBot

from histoviewer.gui.main_window import MainWindow
from histoviewer.gui.open_source import OpenSource
from histoviewer.gui.reviewing import review_reader
from histoviewer.patches.patch import BENIGN, MALIGNANT
from histoviewer.results.merging import Others, merged
from histoviewer.results.reviews import NO_REVIEW, Review, read_reviews, write_reviews
from tests.gui.panels.panel_session import opened_in
from tests.gui.reviewing.pressing import press


@pytest.fixture
def of_bob(qtbot: QtBot, window: MainWindow, opened: OpenSource, tmp_path: Path) -> tuple[OpenSource, Path]:
    """The same folder, open, and a result file in which Bob has decided the first three of it."""
    path, folder = tmp_path / "bob.histo", opened.source.path
    window.session.close_source(opened)
    shutil.copy(opened.store.path, path)
    write_reviews(path, [0, 1, 2], [MALIGNANT, BENIGN, MALIGNANT], reviewer="Bob")
    return opened_in(window.session, folder, qtbot), path


def choose(monkeypatch: pytest.MonkeyPatch, path: Path | str) -> None:
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: (str(path), ""))


def test_they_come_from_the_menu_and_are_undone_as_one(
    qtbot: QtBot, window: MainWindow, of_bob: tuple[OpenSource, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    opened, path = of_bob
    session = window.session
    session.reviewing.reviewer = "Ann"
    newer = "2999-01-01T00:00:00.000+00:00"
    opened.store.decide([1, 2], [Review(MALIGNANT, "Ann", newer), Review(MALIGNANT, "Ann", newer)])
    choose(monkeypatch, path)
    with qtbot.waitSignal(session.noted) as noted:
        window._review._taker.action.trigger()
    assert noted.args[0] == (
        "bob.histo: 3 reviews taken (Bob); 2 patches are decided in both and count as decided last, "
        "agreeing on 1 (κ 0.00)."
    )
    assert [opened.store.decisions[row].reviewer for row in range(3)] == ["Bob", "Ann", "Ann"]
    assert window.canvas.reviews.isVisible()
    press(qtbot, window, Qt.Key.Key_Z, modifier=Qt.KeyboardModifier.ControlModifier)
    assert opened.store.review[:3].tolist() == [NO_REVIEW, MALIGNANT, MALIGNANT]
    redo = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
    press(qtbot, window, Qt.Key.Key_Z, modifier=redo)
    found = read_reviews(opened.store.path).reviews
    assert [found[row].reviewer for row in range(3)] == ["Bob", "Ann", "Ann"]


def test_taken_reviews_that_were_older_are_gone_when_undone_and_can_be_taken_again(
    qtbot: QtBot, window: MainWindow, of_bob: tuple[OpenSource, Path]
) -> None:
    opened, path = of_bob
    store, taker = opened.store, window._review._taker
    newer = Review(BENIGN, "Ann", "2999-01-01T00:00:00.000+00:00")
    store.decide([0], [newer])
    for _ in range(2):
        with qtbot.waitSignal(window.session.noted) as noted:
            taker.take(path)
        assert "3 reviews taken" in noted.args[0]
        assert sorted(store.ledger.own["Bob"]) == [0, 1, 2]
        assert store.decisions[0] == newer
        window.session.reviewing.history.undo()
        assert not store.ledger.own["Bob"]
        assert store.decisions == {0: newer}
        assert store.ledger.own["Ann"] == {0: newer}
    window.session.reviewing.history.redo()
    assert sorted(store.ledger.own["Bob"]) == [0, 1, 2]
    assert store.decisions[0] == newer
    window.session.reviewing.history.undo()
    window.session.close_source(opened)
    kept = read_reviews(store.path).ledger
    assert not kept.own["Bob"], "the file says the same"
    assert kept.counting == {0: newer}


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        ([], 10),
        ([("Ann", 20)], 10),
        ([("Ann", 20)], 30),
        ([("Bob", 5)], 10),
        ([("Bob", 5), ("Ann", 20)], 10),
        ([("Bob", 5), ("Ann", 20)], 30),
        ([("Cleo", 4), ("Bob", 5), ("Ann", 20)], 10),
        ([("Cleo", 4), ("Bob", 5), ("Ann", 20)], 30),
    ],
)
def test_undone_taking_leaves_everybodys_decisions_as_they_were(
    window: MainWindow, opened: OpenSource, ours: list[tuple[str, int]], theirs: int
) -> None:
    def decision(review: int, reviewer: str, second: int) -> Review:
        return Review(review, reviewer, f"2026-01-01T10:00:{second:02d}.000+00:00")

    def known() -> tuple[dict[int, Review], dict[str, dict[int, Review]]]:
        ledger = opened.store.ledger
        return dict(ledger.counting), {name: dict(own) for name, own in ledger.own.items() if own}

    for name, second in ours:
        opened.store.decide([0], [decision(MALIGNANT, name, second)])
    before = known()
    reviewing = window.session.reviewing
    reviewing.merge(opened, merged(opened.store, Others({0: decision(BENIGN, "Bob", theirs)}, {}, 0)))
    after = known()
    assert after[1]["Bob"][0] == decision(BENIGN, "Bob", theirs)
    for expected in (before, after, before):
        (reviewing.history.undo if expected is before else reviewing.history.redo)()
        assert known() == expected


def test_a_file_taken_twice_says_that_all_is_here(
    qtbot: QtBot, window: MainWindow, of_bob: tuple[OpenSource, Path]
) -> None:
    _opened, path = of_bob
    for expected in ("3 reviews taken (Bob).", "0 reviews taken; 3 are here already."):
        with qtbot.waitSignal(window.session.noted) as noted:
            window._review._taker.take(path)
        assert noted.args[0] == f"bob.histo: {expected}"


def test_a_bad_file_is_told_of_and_changes_nothing(
    qtbot: QtBot, window: MainWindow, opened: OpenSource, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "bad.histo").write_bytes(bytes(range(256)) * 20)
    choose(monkeypatch, tmp_path / "bad.histo")
    with qtbot.waitSignal(window.session.failed) as failed:
        window._review._taker.action.trigger()
    assert "bad.histo" in failed.args[0]
    choose(monkeypatch, opened.store.path)
    with qtbot.waitSignal(window.session.failed) as failed:
        window._review._taker.action.trigger()
    assert "very source" in failed.args[0]
    choose(monkeypatch, "")
    with qtbot.assertNotEmitted(window.session.failed):
        window._review._taker.action.trigger()
    assert (opened.store.review == NO_REVIEW).all()
    assert not np.isnan(opened.store.probability).any()


def test_copies_with_other_times_are_the_same_patches_and_what_is_not_is_said(
    qtbot: QtBot, window: MainWindow, of_bob: tuple[OpenSource, Path], tmp_path: Path
) -> None:
    """The folder is copied into another; of the decided patches one is another picture there, one is gone."""
    opened, path = of_bob
    files = [opened.source.columns.file(row) for row in range(3)]
    copied = tmp_path / "copy" / "study"
    shutil.copytree(opened.source.path, copied, copy_function=shutil.copyfile)
    (copied / files[1]).write_bytes((copied / files[1]).read_bytes() + b" ")
    (copied / files[2]).unlink()
    window.session.close_source(opened)
    here = opened_in(window.session, tmp_path / "copy", qtbot)
    with qtbot.waitSignal(window.session.noted) as noted:
        window._review._taker.take(path)
    assert noted.args[0] == (
        "bob.histo: 1 review taken (Bob); 2 are not taken: 1 of files that are not here, "
        "1 of files that have another size here."
    )
    (row,) = here.store.decisions
    assert here.source.columns.file(row) == f"study/{files[0]}"


def test_reading_can_be_cancelled_and_then_takes_nothing(
    qtbot: QtBot, window: MainWindow, of_bob: tuple[OpenSource, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    opened, path = of_bob
    is_reading = Event()

    def read_on(_path: Path, _columns: object, *, own_path: Path, check: Callable[[], object]) -> None:
        del own_path
        is_reading.set()
        while True:
            check()

    monkeypatch.setattr(review_reader, "read_others", read_on)
    window._review._taker.take(path)
    qtbot.waitUntil(lambda: is_reading.is_set() and window._review.reading_line.isVisible())
    assert "bob.histo" in " ".join(label.text() for label in window._review.reading_line.findChildren(QLabel))
    with qtbot.assertNotEmitted(window.session.failed):
        window._review.reading_line.findChildren(QPushButton)[0].click()
    assert not window._review.reading_line.isVisible()
    assert not opened.store.decisions
    window._review._taker.take(path)
    window.session.close_source(opened)
    assert not window._review._taker._reader.is_busy


def test_it_rests_without_a_source_and_while_blind(window: MainWindow, opened: OpenSource) -> None:
    action = window._review._taker.action
    assert action.isEnabled()
    window.session.blind.set_on(True)
    assert not action.isEnabled()
    window.session.blind.set_on(False)
    window.session.close_source(opened)
    assert not action.isEnabled()
