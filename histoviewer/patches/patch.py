"""What is judged: patches, the blocks they are read in, and the protocol of their sources.

A source may hold a million patches, so their facts are columns of arrays; a ``Patch`` object exists only
for the few that somebody looks at.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, Protocol

import numpy as np
from numpy.typing import NDArray

from histoviewer.slides.base import Slide
from histoviewer.slides.geometry import Scale

UNKNOWN, BENIGN, MALIGNANT = -1, 0, 1
"""Values of the ``truth`` column."""

NO_LOCATION = -1
"""x and y of a patch whose place on a slide is not known."""

TRUNCATED = "truncated"
"""Note of a patch that was smaller than nominal and was filled up with white."""

FAILED = "failed: "
"""How the note of a patch begins that could not be judged; the reason follows."""


@dataclass(frozen=True, slots=True)
class Patch:
    """Identity of one square the model judges.

    Attributes:
        index: its row in the source's columns.
        file: relative POSIX path below a folder source; the slide's file name for a slide.
        patient: case of the data set, or the slide's name; never empty.
        x, y: top left corner in level-0 pixels of its slide or mosaic; NO_LOCATION where unknown.
        width, height: level-0 pixels it covers, as far as known before it is read.
        truth: UNKNOWN, BENIGN or MALIGNANT by the data set.
    """

    index: int
    file: str
    patient: str
    x: int
    y: int
    width: int
    height: int
    truth: int


@dataclass(frozen=True, slots=True)
class PatchColumns:
    """The patches of a source, one array element (row) a patch, in reading order.

    Attributes:
        files: one relative path a patch, or a single one that serves them all (a slide).
        patients: the names that ``patient`` points into, sorted.
        patient: int32 (n,), position in ``patients``.
        x, y, width, height: int32 (n,), level-0 pixels; see ``Patch``.
        truth: int8 (n,).
        stamp: int64, (n,) or a single one that serves all patches (a slide); changes when the file changes
            (``file_stamp``). 0 where nothing is known of it.
        file_size: int64, the same way, bytes; 0 where it is not known.
    """

    files: Sequence[str]
    patients: tuple[str, ...]
    patient: NDArray[np.int32]
    x: NDArray[np.int32]
    y: NDArray[np.int32]
    width: NDArray[np.int32]
    height: NDArray[np.int32]
    truth: NDArray[np.int8]
    stamp: NDArray[np.int64] = field(default_factory=lambda: np.zeros(1, np.int64))
    file_size: NDArray[np.int64] = field(default_factory=lambda: np.zeros(1, np.int64))

    def __len__(self) -> int:
        return len(self.x)

    def file(self, index: int) -> str:
        return self.files[0] if len(self.files) == 1 else self.files[index]

    def stamp_of(self, index: int) -> int:
        return int(self.stamp[0 if len(self.stamp) == 1 else index])

    def file_size_of(self, index: int) -> int:
        return int(self.file_size[0 if len(self.file_size) == 1 else index])

    def patch(self, index: int) -> Patch:
        return Patch(
            index=index,
            file=self.file(index),
            patient=self.patients[self.patient[index]],
            x=int(self.x[index]),
            y=int(self.y[index]),
            width=int(self.width[index]),
            height=int(self.height[index]),
            truth=int(self.truth[index]),
        )


@dataclass(frozen=True, slots=True, eq=False)
class Block:
    """Neighbouring patches that are read in one go.

    Attributes:
        number: its place in the source's ``blocks()``.
        patches: intp (n,), rows of the source's columns, at most a batch of them.
    """

    number: int
    patches: NDArray[np.intp]


@dataclass(frozen=True, slots=True, eq=False)
class BlockPixels:
    """What reading a block gave.

    Attributes:
        patches: intp (n,), the rows that could be read.
        pixels: uint8 RGB (n, s, s, 3), s the model's input size, ready for a classifier.
        sizes: int32 (n, 2), true (width, height) in level-0 pixels: less than nominal when truncated.
        failures: row -> one line why it could not be read.
        truncated: rows that were smaller than a patch and were filled up with white, right and below.
    """

    patches: NDArray[np.intp]
    pixels: NDArray[np.uint8]
    sizes: NDArray[np.int32]
    failures: Mapping[int, str] = field(default_factory=dict)
    truncated: frozenset[int] = frozenset()

    def parted(self, count: int) -> tuple[BlockPixels, BlockPixels]:
        """The first ``count`` of the patches that could be read, and the others with what could not."""
        first, rest = self.patches[:count], self.patches[count:]
        return (
            BlockPixels(
                first,
                self.pixels[:count],
                self.sizes[:count],
                {},
                self.truncated.intersection(first.tolist()),
            ),
            BlockPixels(
                rest,
                self.pixels[count:],
                self.sizes[count:],
                self.failures,
                self.truncated.intersection(rest.tolist()),
            ),
        )


class PatchSource(Protocol):
    """Where patches come from: a folder of them, or a grid over a slide.

    ``read`` may be called from several threads at once.

    Attributes:
        path: the folder or file that was opened.
        name: NAME of its outputs.
        kind: what it is.
        scale: µm per level-0 pixel of its patches' frame, and who says so; None only where it has no
            patches.
        input_size: pixels along the side of what ``read`` gives: the model's.
        stride: level-0 pixels between neighbouring patches; equals the patch's width without overlap.
        columns: its patches.
        notes: what a person should be told about the opening, a sentence each.
        problems: parts of the input that could not be opened, so that their patches are missing; a line each.
    """

    path: Path
    name: str
    kind: Literal["folder", "slide"]
    scale: Scale | None
    input_size: int
    stride: float
    columns: PatchColumns
    notes: tuple[str, ...]
    problems: tuple[str, ...]

    def blocks(self) -> Sequence[Block]:
        """Every patch in exactly one block; neighbours share one. The same list each time."""
        ...

    def read(self, block: Block) -> BlockPixels:
        """Pixels of the block's patches. A patch that cannot be read is a failure, not an exception."""
        ...

    def slides(self) -> Iterator[str]:
        """Names of the slides its patches lie on: the slide's own, or one a patient of a folder with
        coordinates. None for a folder of loose patches."""
        ...

    def slide(self, name: str) -> Slide:
        """One of ``slides()``, opened (the same object each time)."""
        ...

    def rows(self, name: str) -> NDArray[np.intp]:
        """Rows of the columns that lie on the slide ``name``."""
        ...

    def close(self) -> None:
        """Close slides and file handles."""
        ...


def block_numbers(source: PatchSource) -> NDArray[np.int32]:
    """Number of the block each row is in, int32 (n,)."""
    numbers = np.empty(len(source.columns), np.int32)
    for block in source.blocks():
        numbers[block.patches] = block.number
    return numbers


def waiting_blocks(source: PatchSource, pending: NDArray[np.intp]) -> list[Block]:
    """The source's blocks, cut down to the rows that are still ``pending``; empty ones left out."""
    is_pending = np.zeros(len(source.columns), bool)
    is_pending[pending] = True
    cut = (Block(block.number, block.patches[is_pending[block.patches]]) for block in source.blocks())
    return [block for block in cut if len(block.patches)]
