"""Opening and judging by hand, for the tests of the panels."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from pytestqt.qtbot import QtBot

from histoviewer.gui.open_source import OpenSource
from histoviewer.gui.session import Session

PATIENCE = 30_000


def opened_in(session: Session, path: Path, qtbot: QtBot) -> OpenSource:
    """Open a folder without classifying it."""
    with qtbot.waitSignal(session.current_changed, timeout=PATIENCE):
        session.open([path])
    assert session.current is not None
    return session.current


def judge(session: Session, opened: OpenSource, answers: dict[str, float]) -> None:
    """Record these answers, by file name, and tell the panels."""
    names = [Path(file).name for file in opened.source.columns.files]
    rows = np.array([names.index(name) for name in answers], np.intp)
    sizes = np.full((len(rows), 2), 50, np.int32)
    opened.store.record(rows, np.array(list(answers.values()), np.float32), sizes, {})
    session.results_changed.emit()
