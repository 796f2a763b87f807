"""Ctrl+C in the terminal, and SIGTERM."""

from __future__ import annotations

import argparse
import os
import signal
import sys
from pathlib import Path

import pytest
from PySide6.QtCore import QTimer
from pytestqt.qtbot import QtBot

from histoviewer.gui.application import run_window
from histoviewer.gui.interrupt import InterruptWatch

needs_signals = pytest.mark.skipif(sys.platform == "win32", reason="os.kill ends a process on Windows")


def press_control_c() -> None:
    os.kill(os.getpid(), signal.SIGINT)


@needs_signals
def test_the_systems_word_to_end_is_as_control_c(qtbot: QtBot) -> None:
    before = signal.getsignal(signal.SIGTERM)
    watch = InterruptWatch()
    with qtbot.waitSignal(watch.interrupted):
        os.kill(os.getpid(), signal.SIGTERM)
    assert watch.is_interrupted
    watch.stop()
    assert signal.getsignal(signal.SIGTERM) is before


def test_control_c_is_a_signal_and_the_next_one_is_pythons_own_again(qtbot: QtBot) -> None:
    before = signal.getsignal(signal.SIGINT)
    watch = InterruptWatch()
    with qtbot.waitSignal(watch.interrupted):
        press_control_c()
    assert watch.is_interrupted
    assert signal.getsignal(signal.SIGINT) == signal.SIG_DFL
    watch.stop()
    assert signal.getsignal(signal.SIGINT) is before
    with pytest.raises(KeyboardInterrupt):
        press_control_c()


@pytest.mark.parametrize("screenshot", [None, "window.png"])
def test_control_c_closes_the_window_and_tells_the_shell(
    qtbot: QtBot,  # noqa: ARG001 - its application
    tiny_bundle: Path,
    data_folder: Path,  # noqa: ARG001 - asked for so that nothing is written to the user's own
    tmp_path: Path,
    screenshot: str | None,
) -> None:
    options = argparse.Namespace(
        has_screen=True,
        screenshot=tmp_path / screenshot if screenshot else None,
        demo=False,
        paths=[tmp_path],
        mpp=None,
        model=tiny_bundle,
    )
    QTimer.singleShot(0, press_control_c)
    assert run_window(options) == 130
