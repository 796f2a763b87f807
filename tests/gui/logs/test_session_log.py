"""What is done with the window is found in the log."""

from __future__ import annotations

import logging
from collections.abc import Callable
from pathlib import Path

from pytestqt.qtbot import QtBot

from histoviewer.gui.logs.keeping_log import kept_log
from histoviewer.gui.logs.program_log import ProgramLog
from histoviewer.gui.logs.session_log import SessionLog
from histoviewer.gui.main_window import MainWindow
from tests.gui.panels.panel_session import PATIENCE, opened_in
from tests.helpers.idc_like import write_idc_like


def texts(kept: ProgramLog, subject: str) -> list[str]:
    return [line.text for line in kept.lines() if line.subject == subject]


def test_a_start_a_source_and_a_run_leave_their_lines(
    qtbot: QtBot, open_window: Callable[[], MainWindow], tmp_path: Path
) -> None:
    write_idc_like(tmp_path / "patches", patients=2, patches=12)
    with kept_log(None) as kept:
        session = open_window().session
        SessionLog(session)
        opened_in(session, tmp_path / "patches", qtbot)
        session.classify()
        qtbot.waitUntil(lambda: not session.is_running, timeout=PATIENCE)
    assert texts(kept, "start")[1] == f"model {session.card.title}, sha256 {session.card.sha256}"
    patches = len(session.sources[0].source.columns)
    assert texts(kept, "sources") == [f"opened {tmp_path / 'patches'}: folder, {patches} patches"]
    assert texts(kept, "model") == ["network opened: openvino, f32, its golden patch is judged as it must be"]
    assert texts(kept, "runs") == [f"classifying {patches} patches", "classifying ended"]


def test_what_cannot_be_opened_is_a_warning_with_the_librarys_reason(
    qtbot: QtBot, open_window: Callable[[], MainWindow], tmp_path: Path
) -> None:
    (tmp_path / "broken.png").write_bytes(b"no picture")
    with kept_log(None) as kept:
        session = open_window().session
        SessionLog(session)
        with qtbot.waitSignal(session.failed, timeout=PATIENCE) as failed:
            session.open([tmp_path / "broken.png"])
    assert [line.text for line in kept.lines(logging.WARNING)] == failed.args
    assert "UnidentifiedImageError" in texts(kept, "sources")[0]
