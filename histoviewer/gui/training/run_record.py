"""Which training goes on, or has ended unread: kept in the user's data folder, for the next window."""

from __future__ import annotations

import json
import logging
from dataclasses import asdict, dataclass
from pathlib import Path

import platformdirs

from histoviewer.staging import staged

PROGRESS, LOG = "progress.jsonl", "log.txt"
"""In a run's folder: the events that the training tells, and what else it says."""

log = logging.getLogger("histoviewer.training")


@dataclass(frozen=True, slots=True)
class RunRecord:
    """A training that this program began.

    Attributes:
        folder: of the run.
        pid: of the process.
        command: program and arguments.
        is_own_folder: it was made for this run; else it was there before, empty.
    """

    folder: Path
    pid: int
    command: tuple[str, ...]
    is_own_folder: bool


def training_folder() -> Path:
    """Where trainings go unless a person says otherwise: in the user's own data folder."""
    return platformdirs.user_data_path("histoviewer", appauthor=False) / "training"


def _path() -> Path:
    return training_folder() / "run.json"


def read_record() -> RunRecord | None:
    """None where there is none, or nothing that makes sense."""
    try:
        facts = json.loads(_path().read_text(encoding="utf-8"))
        return RunRecord(
            Path(facts["folder"]), int(facts["pid"]), tuple(facts["command"]), bool(facts["is_own_folder"])
        )
    except FileNotFoundError:
        return None
    except (OSError, ValueError, KeyError, TypeError) as error:
        log.warning("the training that goes on cannot be read: %s", error)
        return None


def write_record(record: RunRecord) -> None:
    """Whole or not at all. Raises OSError and ResultError."""
    _path().parent.mkdir(parents=True, exist_ok=True)
    with staged(_path()) as file:
        file.write(json.dumps({**asdict(record), "folder": str(record.folder)}).encode())


def remove_record() -> None:
    """The training has been read of, or is not wanted."""
    _path().unlink(missing_ok=True)
