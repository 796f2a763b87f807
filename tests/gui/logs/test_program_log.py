"""The log of this start: what it keeps, where it writes, and that it never stands in the way."""

from __future__ import annotations

import logging
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from histoviewer.gui.logs import program_log as program_log_module
from histoviewer.gui.logs.keeping_log import kept_log
from histoviewer.gui.logs.program_log import FILE_NAME, ProgramLog

ours = logging.getLogger("histoviewer.subject")


@pytest.fixture
def kept() -> Iterator[ProgramLog]:
    with kept_log(None) as program_log:
        yield program_log


def test_our_notes_are_kept_and_other_libraries_only_from_warnings_on(kept: ProgramLog) -> None:
    ours.info("a note of %d", 1)
    logging.getLogger("other").info("chatter")
    logging.getLogger("other").warning("trouble")
    said = [(line.level, line.subject, line.text) for line in kept.lines()]
    assert said == [(logging.INFO, "subject", "a note of 1"), (logging.WARNING, "other", "trouble")]
    assert [line.text for line in kept.lines(logging.WARNING)] == ["trouble"]


def test_of_too_many_lines_the_last_are_kept() -> None:
    kept = ProgramLog(most=2)
    kept.start()
    for number in range(3):
        ours.info("%d", number)
    kept.stop()
    assert [line.text for line in kept.lines()] == ["1", "2"]
    assert kept.count == 3


def test_the_file_holds_what_is_said_in_any_script_and_after_the_end_no_more(tmp_path: Path) -> None:
    with kept_log(tmp_path / "new" / "log") as kept:
        ours.info("срез 😐 \udce4")  # a file name that is no valid text, too
    ours.warning("later")
    assert kept.path == tmp_path / "new" / "log" / FILE_NAME
    text = kept.path.read_text(encoding="utf-8")
    assert text.endswith("INFO histoviewer.subject: срез 😐 \\udce4\n")
    assert [line.text for line in kept.lines()] == ["срез 😐 \udce4"]


def test_a_file_that_grows_is_followed_by_a_new_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(program_log_module, "FILE_BYTES", 200)
    with kept_log(tmp_path):
        for number in range(50):
            ours.info("line %d", number)
    sizes = [path.stat().st_size for path in tmp_path.iterdir()]
    assert len(sizes) == 1 + program_log_module.OLDER_FILES
    assert max(sizes) <= 200


def test_a_folder_that_cannot_be_made_costs_the_file_and_nothing_else(tmp_path: Path) -> None:
    (tmp_path / "a file").write_text("no folder")
    with kept_log(tmp_path / "a file" / "log") as kept:
        ours.info("goes on")
    assert kept.path is None
    assert [line.text for line in kept.lines()][-1] == "goes on"
    assert "no log file in" in kept.lines()[0].text


def test_a_disk_that_is_full_costs_lines_and_nothing_else(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    with kept_log(tmp_path) as kept, monkeypatch.context() as patch:
        patch.setattr(kept._file, "stream", _Full())
        ours.info("one")
    assert [line.text for line in kept.lines()] == ["one"]
    assert capsys.readouterr().err == ""


class _Full:
    """A stream on a disk without room."""

    def write(self, _text: str) -> None:
        raise OSError(28, "No space left on device")

    def seek(self, *_: int) -> None: ...
    def tell(self) -> int:
        return 0

    def flush(self) -> None: ...
    def close(self) -> None: ...


def test_what_nobody_catches_is_logged_with_its_traceback_in_any_thread(kept: ProgramLog) -> None:
    thread = threading.Thread(target=_fail)
    thread.start()
    thread.join()
    (line,) = kept.lines(logging.ERROR)
    assert line.subject == "defects"
    assert line.text.startswith("unexpected: ZeroDivisionError\nTraceback")
    assert "in _fail" in line.text


def _fail() -> None:
    raise ZeroDivisionError


def test_afterwards_all_is_as_it_was() -> None:
    def state() -> tuple[object, ...]:
        handlers = tuple(logging.getLogger().handlers)
        return sys.excepthook, threading.excepthook, handlers, logging.getLogger("histoviewer").level

    before = state()
    with kept_log(None):
        assert state() != before
    assert state() == before
