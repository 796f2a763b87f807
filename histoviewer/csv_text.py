"""Text of CSV files that spreadsheets and scripts read alike."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from typing import Protocol, TextIO

_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
"""What makes a spreadsheet run a cell (OWASP, "CSV Injection")."""


def defused(text: str) -> str:
    """``text`` so that a spreadsheet shows it and does not run it: an apostrophe before a formula."""
    return f"'{text}" if text.startswith(_FORMULA_STARTS) else text


def writer_of(text: TextIO) -> RowWriter:
    """A writer of rows that end in ``\\n`` and that ``csv.reader`` reads back, whatever is in the cells."""
    # A terminator with \r makes the writer quote cells that hold one, which a reader takes for a row's end.
    return csv.writer(_UnixLines(text), lineterminator="\r\n")


class RowWriter(Protocol):
    """What ``csv.writer`` gives."""

    def writerow(self, row: Iterable[object]) -> object: ...

    def writerows(self, rows: Iterable[Iterable[object]]) -> None: ...


class _UnixLines:
    """Ends each row that ``csv`` writes with ``\\n``."""

    def __init__(self, text: TextIO) -> None:
        self._text = text

    def write(self, row: str) -> int:
        return self._text.write(row.removesuffix("\r\n") + "\n")
