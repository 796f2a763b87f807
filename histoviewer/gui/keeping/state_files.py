"""The files that say what is open: one a process, locked while it lives."""

from __future__ import annotations

import logging
import secrets
from dataclasses import dataclass
from pathlib import Path

import platformdirs
from PySide6.QtCore import QLockFile

from histoviewer.errors import ResultError
from histoviewer.gui.keeping.open_state import OpenState, read_state
from histoviewer.staging import staged

log = logging.getLogger("histoviewer.keeping")


def state_folder() -> Path:
    """Where they lie: in the user's own data folder."""
    return platformdirs.user_data_path("histoviewer", appauthor=False) / "open"


class StateFile:
    """This process's own."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / f"{secrets.token_hex(8)}.json"
        self._lock: QLockFile | None = None

    def write(self, content: bytes) -> None:
        """Whole or not at all, and locked before. In any thread, one at a time."""
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            if self._lock is None:
                self._lock = _locked(self.path)
            with staged(self.path) as file:
                file.write(content)
        except (OSError, ResultError) as error:
            log.warning("what is open cannot be kept: %s", error)

    def remove(self) -> None:
        """Nothing is open, or the program ends as it should."""
        self.path.unlink(missing_ok=True)
        if self._lock is not None:
            self._lock.unlock()
            self._lock = None


@dataclass(frozen=True, slots=True)
class LeftBehind:
    """What was open in a process that has died. Held by this process until it is let go or removed."""

    path: Path
    state: OpenState
    lock: QLockFile

    def remove(self) -> None:
        """It has been restored, or is not wanted."""
        self.path.unlink(missing_ok=True)
        self.lock.unlock()

    def let_go(self) -> None:
        """The next start may find it."""
        self.lock.unlock()


def left_behind(folder: Path) -> list[LeftBehind]:
    """Latest first. Files of processes that live, and those that others have found already, are theirs."""
    found: list[tuple[float, LeftBehind]] = []
    for path in folder.glob("*.json"):
        lock = _locked(path)
        if lock is None:
            continue
        try:
            state, written = read_state(path.read_bytes()), path.stat().st_mtime
        except OSError as error:
            log.warning("what was open cannot be read: %s", error)
            lock.unlock()
            continue
        if state is None:
            path.unlink(missing_ok=True)
            lock.unlock()
        else:
            found.append((written, LeftBehind(path, state, lock)))
    return [one for _, one in sorted(found, key=lambda pair: pair[0], reverse=True)]


def _locked(path: Path) -> QLockFile | None:
    """None while another holds it; a lock whose process has died is taken over."""
    lock = QLockFile(str(path.with_suffix(".lock")))
    lock.setStaleLockTime(0)
    return lock if lock.tryLock(0) else None
