"""The log while the window lives."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from histoviewer.gui.logs.defects import DefectLog
from histoviewer.gui.logs.program_log import ProgramLog


@contextmanager
def kept_log(folder: Path | None) -> Iterator[ProgramLog]:
    """Keeps what is logged inside, uncaught exceptions too, and writes it into a file in ``folder``."""
    program_log = ProgramLog()
    program_log.start(folder)
    defects = DefectLog()
    try:
        yield program_log
    finally:
        defects.stop()
        program_log.stop()
