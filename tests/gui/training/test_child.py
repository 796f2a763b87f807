"""Processes that live on."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from histoviewer.gui.training.child import TrainingError, is_alive, kill, start_detached

WAIT = ("-c", "import sys; print('here', flush=True); sys.stdin.read()")


@pytest.mark.skipif(sys.platform == "win32", reason="commands of others are not asked for there")
def test_a_process_of_another_window_is_known_by_its_command() -> None:
    command = [sys.executable, *WAIT, "a mark"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        process.stdout.readline()
        assert is_alive(process.pid, "a mark")
        assert not is_alive(process.pid, "another mark"), "the number has been given again"
        kill(process.pid)
    assert not is_alive(process.pid, "a mark")
    kill(process.pid)  # there is nobody any more


@pytest.mark.skipif(sys.platform == "win32", reason="there are no sessions")
def test_what_is_begun_has_a_session_of_its_own_and_its_words_in_files(qtbot: QtBot, tmp_path: Path) -> None:
    words = "import os, sys; print(os.getsid(0)); print('trouble', file=sys.stderr)"
    output, errors = tmp_path / "out", tmp_path / "err"
    pid = start_detached([sys.executable, "-c", words, "mark"], output=output, errors=errors)
    qtbot.waitUntil(lambda: not is_alive(pid, "mark"), timeout=60_000)
    assert int(output.read_text()) == pid != os.getsid(0)
    assert "trouble" in errors.read_text()


def test_a_program_that_is_not_there_is_one_line(tmp_path: Path) -> None:
    with pytest.raises(TrainingError, match="Cannot start"):
        start_detached([str(tmp_path / "none")], output=tmp_path / "out", errors=tmp_path / "err")
