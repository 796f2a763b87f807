"""A process that lives on when the program ends: begun, looked for, killed."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from histoviewer.errors import HistoViewerError, reason_of
from histoviewer.translation import _


class TrainingError(HistoViewerError):
    """A training that cannot be begun, or whose model cannot be used."""


_begun: list[subprocess.Popen[bytes]] = []
"""By this process: as long as it lives, those that end have to be taken note of."""

_FLAGS = getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0) | getattr(subprocess, "CREATE_NO_WINDOW", 0)
"""On Windows, where there are no sessions; elsewhere 0."""


def start_detached(command: Sequence[str], *, output: Path, errors: Path) -> int:
    """Begin it in a session of its own; what it writes is appended to two files. Returns its process id.

    Raises TrainingError.
    """
    try:
        with output.open("ab") as out, errors.open("ab") as err:
            process = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=err,
                start_new_session=True,
                creationflags=_FLAGS,
            )
    except OSError as error:
        message = _("Cannot start {program}: {reason}.")
        raise TrainingError(message.format(program=command[0], reason=reason_of(error))) from error
    _begun.append(process)
    return process.pid


def is_alive(pid: int, mark: str) -> bool:
    """Whether the process goes on, and is the one whose command holds ``mark``: numbers are given again."""
    ours = next((process for process in _begun if process.pid == pid), None)
    if ours is not None:
        return ours.poll() is None
    if sys.platform == "win32":
        return _is_alive_on_windows(pid)
    if Path("/proc/self/cmdline").exists():
        try:
            # Of one that has ended it is empty.
            return os.fsencode(mark) in Path(f"/proc/{pid}/cmdline").read_bytes()
        except OSError:
            return False
    found = subprocess.run(["ps", "-o", "command=", "-p", str(pid)], capture_output=True, check=False)
    return os.fsencode(mark) in found.stdout


def _is_alive_on_windows(pid: int) -> bool:
    """Whatever its command is: asking for that takes rights that not everybody has."""
    if sys.platform != "win32":
        return False
    import ctypes

    may_ask, still_active = 0x1000, 259
    kernel = ctypes.windll.kernel32
    process = kernel.OpenProcess(may_ask, False, pid)
    if not process:
        return False
    code = ctypes.c_ulong()
    has_answer = kernel.GetExitCodeProcess(process, ctypes.byref(code))
    kernel.CloseHandle(process)
    return bool(has_answer) and code.value == still_active


def kill(pid: int) -> None:
    """At once: nothing of it is to be kept."""
    try:
        os.kill(pid, getattr(signal, "SIGKILL", signal.SIGTERM))
    except ProcessLookupError:
        return
