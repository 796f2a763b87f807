"""A slide that can be looked at but not judged: its scale is unknown, or too coarse for the model."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from histoviewer.patches.patch import Block, BlockPixels, PatchColumns
from histoviewer.slides.base import Slide


class ViewOnlySource:
    """A ``PatchSource`` without patches over an opened slide, which it owns."""

    kind: Literal["folder", "slide"] = "slide"
    notes: tuple[str, ...] = ()

    def __init__(self, slide: Slide, *, input_size: int) -> None:
        self._slide = slide
        self.path = slide.path
        self.name = slide.name
        self.scale = slide.scale
        self.input_size = input_size
        self.stride = float(input_size)
        nothing = np.empty(0, np.int32)
        self.columns = PatchColumns(
            files=(slide.path.name,),
            patients=(slide.name,),
            patient=nothing,
            x=nothing,
            y=nothing,
            width=nothing,
            height=nothing,
            truth=np.empty(0, np.int8),
        )

    def blocks(self) -> Sequence[Block]:
        return ()

    def read(self, block: Block) -> BlockPixels:
        raise IndexError(block.number)

    def slides(self) -> Iterator[str]:
        yield self._slide.name

    def slide(self, name: str) -> Slide:
        if name != self._slide.name:
            raise KeyError(name)
        return self._slide

    def rows(self, name: str) -> NDArray[np.intp]:
        self.slide(name)
        return np.empty(0, np.intp)

    def close(self) -> None:
        self._slide.close()
