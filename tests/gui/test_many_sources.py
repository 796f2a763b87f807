"""Fifty sources opened, looked at and closed leave nothing behind."""

from __future__ import annotations

import gc
import os
import shutil
import sys
import weakref
from functools import partial
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from histoviewer.gui.main_window import MainWindow
from histoviewer.slides import openslide
from tests.gui.panels.panel_session import PATIENCE
from tests.helpers.pictures import write_slide

AT_ONCE = 10
ROUNDS = 5
SPARE_MIB = 24
"""What an allocator may keep for itself; a slide of which each tile was kept would cost ten times as much."""


@pytest.fixture
def slides(tmp_path: Path) -> list[Path]:
    first = write_slide(tmp_path / "0.tiff")
    copies = [tmp_path / f"{number}.tiff" for number in range(1, AT_ONCE)]
    return [first, *(Path(shutil.copy(first, copy)) for copy in copies)]


@pytest.fixture
def own_cache(monkeypatch: pytest.MonkeyPatch) -> None:
    """What other tests have left open would keep the tiles of all slides."""
    monkeypatch.setattr(openslide, "_caches", openslide._Caches())


@pytest.mark.usefixtures("own_cache")
@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="reads /proc")
def test_fifty_sources_opened_and_closed_leave_no_handles_and_no_memory(
    qtbot: QtBot, window: MainWindow, slides: list[Path]
) -> None:
    gone: list[weakref.ref[object]] = []
    handles, memory = [], []
    for _ in range(ROUNDS):
        gone.extend(open_look_and_close(qtbot, window, slides))
        qtbot.waitUntil(partial(are_all_gone, gone), timeout=PATIENCE)
        handles.append(len(os.listdir("/proc/self/fd")))  # noqa: PTH208 - its own handle is counted each time
        memory.append(resident_mib())
    assert len(gone) == AT_ONCE * ROUNDS
    assert handles[-1] <= handles[0]
    assert memory[-1] - memory[0] < SPARE_MIB, memory


def open_look_and_close(qtbot: QtBot, window: MainWindow, paths: list[Path]) -> list[weakref.ref[object]]:
    """Each in front once; references to their slides that keep nothing alive."""
    session = window.session
    session.open(paths)
    qtbot.waitUntil(lambda: len(session.sources) == len(paths), timeout=PATIENCE)
    seen: list[weakref.ref[object]] = []
    for opened in list(session.sources):
        session.show_source(opened)
        qtbot.waitUntil(window.canvas.view.is_sharp, timeout=PATIENCE)
        assert session.slide is not None
        seen.append(weakref.ref(session.slide))
    while session.sources:
        session.close_source(session.sources[-1])
    return seen


def are_all_gone(slides: list[weakref.ref[object]]) -> bool:
    """What threads have still to hand over holds a slide until it is taken and thrown away."""
    gc.collect()
    return all(ref() is None for ref in slides)


def resident_mib() -> float:
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * os.sysconf("SC_PAGESIZE") / 2**20
