"""CSV files, read back."""

from __future__ import annotations

import csv
from pathlib import Path


def rows_of(path: Path) -> list[dict[str, str]]:
    """Column -> cell of each row."""
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
