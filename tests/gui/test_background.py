from __future__ import annotations

import threading

import pytest
from PySide6.QtCore import QObject
from pytestqt.qtbot import QtBot

from histoviewer.errors import SourceError
from histoviewer.gui.background import Background, Check


def test_what_the_work_returns_comes_back_into_the_gui_thread(qtbot: QtBot) -> None:
    owner = QObject()
    background = Background(owner)
    here = threading.get_ident()
    with qtbot.waitSignal(background.done) as done:
        background.start(lambda _check: threading.get_ident(), defect="defect")
        assert background.is_busy
    assert done.args[0] != here
    assert not background.is_busy


@pytest.mark.parametrize(("error", "told"), [(SourceError("one line"), "one line"), (KeyError(3), "defect")])
def test_errors_are_told_and_defects_too(
    qtbot: QtBot, caplog: pytest.LogCaptureFixture, error: Exception, told: str
) -> None:
    owner = QObject()
    background = Background(owner)

    def work(_check: Check) -> None:
        raise error

    with qtbot.waitSignal(background.failed) as failed:
        background.start(work, defect="defect")
    assert failed.args == [told]
    assert ("KeyError" in caplog.text) is (told == "defect")


def test_only_the_latest_is_wanted_and_the_one_before_ends(qtbot: QtBot) -> None:
    owner = QObject()
    background = Background(owner)
    begun, has_ended, found = threading.Event(), threading.Event(), []
    background.done.connect(found.append)

    def endless(check: Check) -> None:
        begun.set()
        try:
            while True:
                check()
        finally:
            has_ended.set()

    background.start(endless, defect="")
    assert begun.wait(10)
    with qtbot.waitSignal(background.done):
        background.start(lambda _check: 2, defect="")
    assert has_ended.is_set()
    assert found == [2]
    begun.clear()
    background.start(endless, defect="")
    assert begun.wait(10)
    background.shut_down()
    assert not background.is_busy
    with qtbot.assertNotEmitted(background.done, wait=50):
        pass


def test_an_outcome_that_is_no_longer_wanted_is_not_delivered(qtbot: QtBot) -> None:
    owner = QObject()
    background = Background(owner)
    found: list[object] = []
    background.done.connect(found.append)
    has_ended = threading.Event()

    def work(_check: Check) -> int:
        has_ended.set()
        return 1

    background.start(work, defect="")
    assert has_ended.wait(10)
    background._pool.waitForDone()  # its outcome is on the way into this thread
    with qtbot.waitSignal(background.done):
        background.start(lambda _check: 2, defect="")
    assert found == [2]
