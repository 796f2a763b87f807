"""A slide that can be looked at but not judged: its scale is unknown, or too coarse for the model."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from histoviewer.patches.one_slide import OneSlide
from histoviewer.patches.patch import Block, BlockPixels, PatchColumns
from histoviewer.slides.base import Slide


class ViewOnlySource(OneSlide):
    """A ``PatchSource`` without patches over an opened slide, which it owns."""

    notes: tuple[str, ...] = ()

    def __init__(self, slide: Slide, *, input_size: int) -> None:
        super().__init__(slide, input_size=input_size)
        self.name = slide.name
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
