"""The stamp of a file: what tells its content from another's, without reading it."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

File = os.DirEntry[str] | Path

_SPREAD = 0x9E3779B97F4A7C15
"""Odd and large (2^64 by the golden ratio), so that no small difference in time undoes one in size."""


def file_size(file: File) -> int:
    """Bytes: the same in every copy. 0 where the file cannot be looked at."""
    return look_at(file)[0]


def file_stamp(file: File) -> int:
    """Size and time of modification in one int64: changes when the file changes.

    It survives a move, but a copy only where that keeps the time. 0 where the file cannot be looked at.
    """
    size, changed = look_at(file)
    return int(stamps_of(np.array([size], np.uint64), np.array([changed], np.uint64))[0])


def look_at(file: File) -> tuple[int, int]:
    """Size, and time of modification in ns since 1970 modulo 2^64; 0 and 0 where the file cannot be looked
    at."""
    try:
        status = file.stat()
    except OSError:
        return 0, 0
    return status.st_size, status.st_mtime_ns % (1 << 64)


def look_at_all(files: Sequence[File]) -> tuple[list[int], list[int]]:
    """``look_at`` of many: their sizes, and their times."""
    try:
        found = [file.stat() for file in files]
    except OSError:  # of one of them
        each = [look_at(file) for file in files]
        return [size for size, _ in each], [changed for _, changed in each]
    return [status.st_size for status in found], [status.st_mtime_ns % (1 << 64) for status in found]


def stamps_of(sizes: NDArray[np.uint64], changed: NDArray[np.uint64]) -> NDArray[np.int64]:
    """``file_stamp`` of what ``look_at`` has told of many, int64 (n,)."""
    return (changed + sizes * np.uint64(_SPREAD)).view(np.int64)
