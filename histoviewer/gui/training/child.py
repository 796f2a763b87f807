"""A process that lives on when the program ends: begun, looked for, killed."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QProcess

from histoviewer.errors import HistoViewerError
from histoviewer.translation import _


class TrainingError(HistoViewerError):
    """A training that cannot be begun, or whose model cannot be used."""


def start_detached(command: Sequence[str], *, output: Path, errors: Path) -> int:
    """Begin it in a session of its own; what it writes is appended to two files. Returns its process id.

    Raises TrainingError.
    """
    process = QProcess()
    process.setProgram(command[0])
    process.setArguments(list(command[1:]))
    process.setStandardInputFile(QProcess.nullDevice())
    process.setStandardOutputFile(str(output), QProcess.OpenModeFlag.Append)
    process.setStandardErrorFile(str(errors), QProcess.OpenModeFlag.Append)
    is_started, pid = process.startDetached()
    if not is_started:
        message = _("Cannot start {program}: {reason}.")
        raise TrainingError(message.format(program=command[0], reason=process.errorString()))
    return int(pid)


def is_alive(pid: int, mark: str) -> bool:
    """Whether the process goes on, and is the one whose command holds ``mark``: numbers are given again."""
    if sys.platform == "win32":
        return _is_alive_on_windows(pid)
    words = Path(f"/proc/{pid}/cmdline")
    if Path("/proc/self/cmdline").exists():
        try:
            return os.fsencode(mark) in words.read_bytes()  # of one that has ended it is empty
        except OSError:
            return False
    found = subprocess.run(["ps", "-o", "command=", "-p", str(pid)], capture_output=True, check=False)
    return os.fsencode(mark) in found.stdout


def _is_alive_on_windows(pid: int) -> bool:
    """By the list of processes with the number, as a table without a head."""
    found = subprocess.run(
        ["tasklist", "/FI", f"PID eq {pid}", "/FI", "IMAGENAME eq python*", "/NH", "/FO", "CSV"],
        capture_output=True,
        check=False,
        creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
    )
    return f'"{pid}"'.encode() in found.stdout


def kill(pid: int) -> None:
    """At once: nothing of it is to be kept."""
    try:
        os.kill(pid, getattr(signal, "SIGKILL", signal.SIGTERM))
    except ProcessLookupError:
        return
