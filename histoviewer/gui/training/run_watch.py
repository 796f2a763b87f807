"""Begins a training, follows it, ends it; finds the one that an earlier window began."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Literal

from PySide6.QtCore import QObject, QTimer, Signal

from histoviewer.errors import HistoViewerError, reason_of
from histoviewer.gui.training.child import TrainingError, is_alive, kill, start_detached
from histoviewer.gui.training.plan import TrainingPlan
from histoviewer.gui.training.run_record import (
    LOG,
    PROGRESS,
    RunRecord,
    read_record,
    remove_record,
    write_record,
)
from histoviewer.gui.training.told import Told

POLL_MS = 400

_STEP = '"event": "step"'

LOG_LINES = 40
"""Of what a training that failed has said, the last."""

Status = Literal["none", "running", "stopping", "cancelling", "done", "failed", "lost"]


class RunWatch(QObject):
    """One training at a time. Lives in the GUI thread; the training does not: it goes on without it.

    Attributes:
        record: of the training, or None.
        told: what it has told.
        status: "lost" where the process is gone and has not said why.

    Signals:
        changed(): something of these is another.
        ended(): it is done, failed or lost.
    """

    changed = Signal()
    ended = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.record: RunRecord | None = None
        self.told = Told()
        self.status: Status = "none"
        self._offset = 0
        self._poll = QTimer(self, interval=POLL_MS)
        self._poll.timeout.connect(self.look)

    def find(self) -> None:
        """Follow the training that is on record, if there is one."""
        record = read_record()
        if record is not None:
            self._follow(record)

    def start(self, plan: TrainingPlan) -> None:
        """Begin one. Raises TrainingError, and leaves everything as it was."""
        self.find_unless_known()
        if self.status != "none":
            raise TrainingError(self.tr("A training goes on already, or waits to be read of."))
        folder = plan.output
        is_own = not folder.exists()
        try:
            if not is_own and any(folder.iterdir()):
                message = self.tr("The folder {folder} is not empty. Choose another.")
                raise TrainingError(message.format(folder=folder))
            folder.mkdir(parents=True, exist_ok=True)
            self._launch(folder, plan.command(), is_own=is_own)
        except (OSError, HistoViewerError) as error:
            if is_own:
                shutil.rmtree(folder, ignore_errors=True)
            raise self._with_folder(error, folder) from error

    def find_unless_known(self) -> None:
        """Another window may have begun one."""
        if self.status == "none":
            self.find()

    def go_on(self) -> None:
        """Give the same command again: it goes on behind its last epoch. Raises TrainingError."""
        record = self.record
        if record is None or self.status not in ("failed", "lost"):
            return
        try:
            self._launch(record.folder, record.command, is_own=record.is_own_folder)
        except (OSError, HistoViewerError) as error:
            raise self._with_folder(error, record.folder) from error

    def stop_early(self) -> None:
        """Keep the best epoch so far, and make a model of it. Raises TrainingError."""
        if self.record is not None and self.status == "running":
            try:
                (self.record.folder / "stop").touch()
            except OSError as error:
                raise self._with_folder(error, self.record.folder) from error
            self._set("stopping")

    def _with_folder(self, error: Exception, folder: Path) -> TrainingError:
        if isinstance(error, TrainingError):
            return error
        message = self.tr("The folder {folder} cannot be used: {reason}. Choose another.")
        return TrainingError(message.format(folder=folder, reason=reason_of(error)))

    def cancel(self) -> None:
        """Keep nothing."""
        if self.record is not None and self.status in ("running", "stopping"):
            self._set("cancelling")
            if is_alive(self.record.pid, str(self.record.folder)):
                kill(self.record.pid)

    def dismiss(self) -> None:
        """It has been read of. Its folder stays, unless it holds nothing of worth."""
        if self.record is None or self.status in ("running", "stopping", "cancelling"):
            return
        self._forget(keeps_folder=self.status == "done" or bool(self.told.epochs))

    def log_lines(self) -> list[str]:
        """The end of what it has said beside its events."""
        if self.record is None:
            return []
        try:
            text = (self.record.folder / LOG).read_text(encoding="utf-8", errors="replace")
        except OSError:
            return []
        return text.splitlines()[-LOG_LINES:]

    def look(self) -> None:
        """What is new?"""
        record = self.record
        if record is None:
            return
        lives = is_alive(record.pid, str(record.folder))  # asked first: its last line comes before its end
        is_new = self._read(record.folder / PROGRESS)
        if not lives and self.status == "cancelling":
            self._forget(keeps_folder=False)
        elif not lives and read_record() is None:
            self._forget(keeps_folder=True)  # another window has done with it
        elif not lives and self.status in ("running", "stopping"):
            self._poll.stop()
            self._set("done" if self.told.is_done else "failed" if self.told.failure else "lost")
            self.ended.emit()
        elif self.status == "running" and (record.folder / "stop").exists():
            self._set("stopping")  # by its own budget, or by another program
        elif is_new:
            self.changed.emit()

    def _launch(self, folder: Path, command: Sequence[str], *, is_own: bool) -> None:
        errors = folder / LOG
        pid = start_detached(command, output=folder / PROGRESS, errors=errors)
        record = RunRecord(folder, pid, tuple(command), is_own)
        try:
            write_record(record)
        except (OSError, HistoViewerError):
            kill(pid)
            raise
        is_stopping = (folder / "stop").exists()
        self._follow(record, keeps_told=self.record is not None)
        if is_stopping:
            self._set("stopping")

    def _follow(self, record: RunRecord, *, keeps_told: bool = False) -> None:
        self.record = record
        if not keeps_told:
            self.told, self._offset = Told(), 0
        self.told.failure, self.told.is_done = "", False
        self.status = "stopping" if (record.folder / "stop").exists() else "running"
        self._poll.start()
        self.changed.emit()
        if not keeps_told:
            self.look()

    def _read(self, path: Path) -> bool:
        """Take the whole lines that are new; False where there are none."""
        try:
            with path.open("rb") as file:
                file.seek(self._offset)
                content = file.read()
        except OSError:
            return False
        whole = content[: content.rfind(b"\n") + 1]
        self._offset += len(whole)
        for line in _telling(whole.decode("utf-8", "replace").splitlines()):
            self.told.take(line)
        return bool(whole)

    def _forget(self, *, keeps_folder: bool) -> None:
        record, self.record = self.record, None
        self._poll.stop()
        remove_record()
        if record is not None and not keeps_folder and (record.folder / PROGRESS).exists():
            # It was empty when the training began: all of it is the training's.
            shutil.rmtree(record.folder, ignore_errors=True)
            if not record.is_own_folder:
                record.folder.mkdir(exist_ok=True)
        self.told, self._offset = Told(), 0
        self._set("none")

    def _set(self, status: Status) -> None:
        self.status = status
        self.changed.emit()


def _telling(lines: Sequence[str]) -> Iterator[str]:
    """Without steps between steps: of a night's training there are a hundred thousand."""
    is_step = [_STEP in line for line in lines]
    for place, line in enumerate(lines):
        if not all(is_step[max(0, place - 1) : place + 2]) or place in (0, len(lines) - 1):
            yield line
