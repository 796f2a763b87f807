"""What sources are called where several of them stand."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from histoviewer.slides.base import readable


def told_apart(paths: Sequence[Path]) -> list[str]:
    """Their names without folders; of those with one name as many of the folders as tell them apart."""
    parts = [path.parts for path in paths]
    depths = [1] * len(paths)
    while True:
        names = ["/".join(own[-depth:]) for own, depth in zip(parts, depths, strict=True)]
        taken = Counter(names)
        longer = [i for i, name in enumerate(names) if taken[name] > 1 and depths[i] < len(parts[i]) - 1]
        if not longer:
            return [readable(name) for name in names]
        for i in longer:
            depths[i] += 1
