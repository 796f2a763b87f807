"""A source whose patches are numbers: patch i is uniformly red i."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from histoviewer.errors import SourceError
from histoviewer.patches.patch import Block, BlockPixels, PatchColumns
from histoviewer.slides.base import Slide
from histoviewer.slides.geometry import Scale


class ArraySource:
    """``count`` patches on a row, in blocks of ``block_size``; rows in ``broken`` cannot be read, and
    reading a block in ``undecodable`` raises."""

    kind: Literal["folder", "slide"] = "folder"
    notes: tuple[str, ...] = ()
    problems: tuple[str, ...] = ()

    def __init__(
        self,
        count: int,
        *,
        block_size: int = 4,
        broken: frozenset[int] = frozenset(),
        undecodable: frozenset[int] = frozenset(),
    ) -> None:
        self.path = Path("array")
        self.name = "array"
        self.scale = Scale(4.0, "patch size")
        self.input_size = 50
        self.stride = 50.0
        n = np.arange(count, dtype=np.int32)
        self.columns = PatchColumns(
            files=[f"{i}.png" for i in range(count)],
            patients=("p",),
            patient=np.zeros(count, np.int32),
            x=n * 50,
            y=np.zeros(count, np.int32),
            width=np.full(count, 50, np.int32),
            height=np.full(count, 50, np.int32),
            truth=np.full(count, -1, np.int8),
        )
        rows = np.arange(count)
        starts = range(0, count, block_size)
        self._blocks = [Block(i, rows[start : start + block_size]) for i, start in enumerate(starts)]
        self._broken = broken
        self._undecodable = undecodable

    def blocks(self) -> Sequence[Block]:
        return self._blocks

    def read(self, block: Block) -> BlockPixels:
        if block.number in self._undecodable:
            raise SourceError(f"block {block.number} cannot be decoded")
        good = np.array([row for row in block.patches if row not in self._broken], np.intp)
        pixels = np.zeros((len(good), 50, 50, 3), np.uint8)
        pixels[..., 0] = good[:, None, None]
        return BlockPixels(
            patches=good,
            pixels=pixels,
            sizes=np.full((len(good), 2), 50, np.int32),
            failures={int(row): "broken" for row in block.patches if row in self._broken},
        )

    def slides(self) -> Iterator[str]:
        return iter(())

    def slide(self, name: str) -> Slide:
        raise KeyError(name)

    def rows(self, name: str) -> NDArray[np.intp]:
        raise KeyError(name)

    def close(self) -> None:
        pass
