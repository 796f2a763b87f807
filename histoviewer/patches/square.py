"""The square that the model judges at a place of a slide, and its very pixels."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from histoviewer.errors import SourceError
from histoviewer.patches.patch import Block, BlockPixels, PatchSource
from histoviewer.slides.geometry import Box, Size


@dataclass(frozen=True, slots=True)
class Square:
    """Compares by its source's identity.

    Attributes:
        source, slide: what it lies on.
        box: level-0 pixels, all that the model sees, be it beyond the slide.
        row: the patch of the source that it is; None between patches.
        block: number of the block that the patch is read in.
    """

    source: PatchSource
    slide: str
    box: Box
    row: int | None = None
    block: int = 0


def square_of_patch(source: PatchSource, slide: str, row: int, *, block: int, model_mpp: float) -> Square:
    """A patch of a slide at its true size. Raises ValueError for a source without a scale."""
    side, columns = _side(source, model_mpp), source.columns
    box = Box(float(columns.x[row]), float(columns.y[row]), side, side)
    return Square(source, slide, box, row, block)


def square_around(source: PatchSource, slide: str, x: float, y: float, *, model_mpp: float) -> Square:
    """The square around a level-0 point. Raises ValueError for a source without a scale."""
    side = _side(source, model_mpp)
    return Square(source, slide, Box(x - side / 2, y - side / 2, side, side))


class SquareReader:
    """Reads squares as the model gets them. Keeps the last block, so that its neighbours come at once; of
    one thread."""

    def __init__(self) -> None:
        self._last: tuple[PatchSource, int, BlockPixels] | None = None

    def read(self, square: Square) -> NDArray[np.uint8]:
        """uint8 RGB (s, s, 3), s the model's input size. Raises SourceError where it cannot be read."""
        side = square.source.input_size
        if square.row is None:
            return square.source.slide(square.slide).read_box(square.box, Size(side, side))
        return _pixels_of(self._block(square, square.row), square.row)

    def forget(self) -> None:
        """Let go of the source read last."""
        self._last = None

    def _block(self, square: Square, row: int) -> BlockPixels:
        source, number = square.source, square.block
        if source.kind == "folder":  # each patch is a file of its own
            return source.read(Block(number, np.array([row], np.intp)))
        if self._last is None or self._last[0] is not source or self._last[1] != number:
            self._last = (source, number, source.read(source.blocks()[number]))
        return self._last[2]


def _pixels_of(block: BlockPixels, row: int) -> NDArray[np.uint8]:
    found = np.flatnonzero(block.patches == row)
    if not len(found):
        raise SourceError(block.failures[row])
    pixels: NDArray[np.uint8] = block.pixels[found[0]]
    return pixels


def _side(source: PatchSource, model_mpp: float) -> float:
    """Level-0 pixels along the side of what the model judges."""
    if source.scale is None:
        raise ValueError(source.path)
    return source.input_size * model_mpp / source.scale.mpp
