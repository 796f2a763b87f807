"""The stamp of a file: what tells its content from another's, without reading it."""

from __future__ import annotations

import os
from pathlib import Path

_SPREAD = 0x9E3779B97F4A7C15
"""Odd and large (2^64 by the golden ratio), so that no small difference in time undoes one in size."""


def file_size(file: os.DirEntry[str] | Path) -> int:
    """Bytes: the same in every copy. 0 where the file cannot be looked at."""
    try:
        return file.stat().st_size
    except OSError:
        return 0


def file_stamp(file: os.DirEntry[str] | Path) -> int:
    """Size and time of modification in one int64: changes when the file changes.

    It survives a move, but a copy only where that keeps the time. 0 where the file cannot be looked at.
    """
    try:
        status = file.stat()
    except OSError:
        return 0
    mixed = (status.st_mtime_ns + status.st_size * _SPREAD) % (1 << 64)
    return mixed - (1 << 64) if mixed >= 1 << 63 else mixed
