"""A source over a slide: a grid of patches at the model's µm/px."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import PurePath

import numpy as np
from numpy.typing import NDArray

from histoviewer.errors import SourceError
from histoviewer.patches.blocks import BLOCK_SIDE
from histoviewer.patches.cells import Grid, square_blocks
from histoviewer.patches.one_slide import OneSlide
from histoviewer.patches.patch import UNKNOWN, Block, BlockPixels, PatchColumns, block_numbers
from histoviewer.patches.progress import Progress
from histoviewer.patches.scale import usable_scale
from histoviewer.patches.stamp import file_size, file_stamp
from histoviewer.patches.tissue import LEAST_TISSUE, Tissue, find_tissue
from histoviewer.slides.base import Slide
from histoviewer.translation import _

_READ_SIDE = 2560
"""Pixels of a level along the side of what a block reads."""

_MOST_CELLS = 20_000_000


class SlideSource(OneSlide):
    """A ``PatchSource`` over an opened slide, which it owns.

    Attributes:
        cells: of the whole grid, with and without tissue.
        tissue: what was found; None where every cell is judged. ``tissue.is_dark`` tells a slide that the
            rule does not apply to from one without tissue.
        is_truncated: bool (n,), the patches that reach beyond the slide.
        notes: what a person should be told about the opening, a sentence each.
    """

    def __init__(
        self,
        slide: Slide,
        *,
        input_size: int,
        model_mpp: float,
        stride: int | None = None,
        tissue_only: bool = True,
        progress: Progress | None = None,
    ) -> None:
        """``stride``: model pixels from one patch to the next; ``input_size`` if None: no overlap.
        ``progress``: told 0 before each piece in which tissue is looked for.

        Raises ScaleUnknownError or ScaleError for the slide's scale, SourceError for the stride, and what
        ``progress`` raises; the slide stays open then.
        """
        scale = usable_scale(slide.scale, model_mpp=model_mpp, path=slide.path)
        grid = Grid(slide.bounds, model_mpp / scale.mpp, input_size, input_size if stride is None else stride)
        self.cells = _count(grid, slide)
        super().__init__(slide, input_size=input_size)
        self.name = PurePath(slide.name).stem.removesuffix(".ome")
        self.stride = grid.stride * grid.pixel
        self.tissue = find_tissue(slide, scale.mpp, progress=progress) if tissue_only else None
        self._grid = grid
        self._column, self._row = _judged_cells(grid, self.tissue)
        self.columns = _columns(grid, self._column, self._row, slide)
        self.is_truncated = grid.is_cut(self._column, self._row)
        self._blocks = square_blocks(self._column, self._row, _edge(grid, slide))
        self._home = block_numbers(self)
        self.notes = tuple(_notes(self.tissue, len(self.columns), grid))

    def blocks(self) -> Sequence[Block]:
        return self._blocks

    def read(self, block: Block) -> BlockPixels:
        """See ``PatchSource``. A patch is always cut from its whole block of ``blocks()``, so that its
        pixels do not depend on what it is asked for together with."""
        squares: dict[int, NDArray[np.uint8]] = {}
        failures: dict[int, str] = {}
        for number in np.unique(self._home[block.patches]).tolist():
            rows = block.patches[self._home[block.patches] == number]
            self._read_from(self._blocks[number], rows, squares, failures)
        rows = np.array([row for row in block.patches.tolist() if row in squares], np.intp)
        pixels = np.empty((len(rows), self.input_size, self.input_size, 3), np.uint8)
        for i, row in enumerate(rows.tolist()):
            pixels[i] = squares[row]
        sizes = np.stack((self.columns.width[rows], self.columns.height[rows]), axis=1)
        truncated = frozenset(rows[self.is_truncated[rows]].tolist())
        return BlockPixels(rows, pixels, sizes, failures, truncated)

    def _read_from(
        self,
        home: Block,
        rows: NDArray[np.intp],
        squares: dict[int, NDArray[np.uint8]],
        failures: dict[int, str],
    ) -> None:
        """Cut ``rows`` out of their block; where that cannot be read, save what can be read alone."""
        try:
            squares.update(self._cut(home.patches, rows))
            return
        except SourceError as error:
            if len(home.patches) == 1:
                failures[int(rows[0])] = str(error)
                return
        for row in rows.tolist():
            try:
                squares.update(self._cut(np.array([row]), np.array([row])))
            except SourceError as error:
                failures[row] = str(error)

    def _cut(self, together: NDArray[np.intp], rows: NDArray[np.intp]) -> dict[int, NDArray[np.uint8]]:
        """Read the box around the cells ``together`` and cut those of ``rows`` out. Raises SourceError."""
        column, row = self._column[together], self._row[together]
        left, top = int(column.min()), int(row.min())
        extent = {"columns": int(column.max()) - left + 1, "rows": int(row.max()) - top + 1}
        pixels = self._slide.read_box(self._grid.box(left, top, **extent), self._grid.size(**extent))
        side, stride = self._grid.side, self._grid.stride
        cut = {}
        for i in rows.tolist():
            x, y = (int(self._column[i]) - left) * stride, (int(self._row[i]) - top) * stride
            cut[i] = pixels[y : y + side, x : x + side]
        return cut


def _count(grid: Grid, slide: Slide) -> int:
    if grid.stride < 1:
        raise SourceError(
            _("A stride of {stride} px is impossible: give 1 or more.").format(stride=grid.stride)
        )
    count = grid.columns * grid.rows
    if count > _MOST_CELLS:
        message = _("A stride of {stride} px gives {path} {count:,} patches, too many: give a larger one.")
        raise SourceError(message.format(stride=grid.stride, path=slide.path, count=count))
    return count


def _judged_cells(grid: Grid, tissue: Tissue | None) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """Column and row of each cell to judge, row by row."""
    row, column = np.indices((grid.rows, grid.columns), np.int32).reshape(2, -1)
    if tissue is None:
        return column, row
    step, side = grid.stride * grid.pixel, grid.side * grid.pixel
    share = tissue.share(grid.bounds.x + column * step, grid.bounds.y + row * step, side, side)
    return column[share >= LEAST_TISSUE], row[share >= LEAST_TISSUE]


def _columns(grid: Grid, column: NDArray[np.int32], row: NDArray[np.int32], slide: Slide) -> PatchColumns:
    x, width = grid.whole_pixels(column, grid.bounds.x, grid.bounds.width)
    y, height = grid.whole_pixels(row, grid.bounds.y, grid.bounds.height)
    return PatchColumns(
        files=(slide.path.name,),
        patients=(slide.name,),
        patient=np.zeros(len(x), np.int32),
        x=x,
        y=y,
        width=width,
        height=height,
        truth=np.full(len(x), UNKNOWN, np.int8),
        stamp=np.array([file_stamp(slide.path)], np.int64),
        file_size=np.array([file_size(slide.path)], np.int64),
    )


def _edge(grid: Grid, slide: Slide) -> int:
    """Cells along the side of a block."""
    factor = slide.level_downsamples[slide.best_level_for_downsample(grid.pixel)]
    model_pixels = _READ_SIDE * factor / grid.pixel
    return max(1, min(BLOCK_SIDE, int((model_pixels - grid.side) / grid.stride) + 1))


def _notes(tissue: Tissue | None, patches: int, grid: Grid) -> Iterator[str]:
    """They do not name the slide: whoever tells them does."""
    if grid.stride > grid.side:
        message = _("Patches of {side} px lie {stride} px apart: what is between them is not judged.")
        yield message.format(side=grid.side, stride=grid.stride)
    if tissue is None:
        return
    if tissue.unread:
        message = _(
            "The file is damaged: where tissue lies cannot be told in {share} of it, and every patch there "
            "is judged. Copy it again from its origin."
        )
        yield message.format(share=_percent(tissue.unread))
    if tissue.is_dark:
        yield _("No bright background (fluorescence?), so that no tissue can be told from it.")
    elif not patches:
        yield _("No stained tissue found.")


def _percent(share: float) -> str:
    """As a person says it; nothing that is there is 0 %, and only all is 100 %."""
    return f"{min(max(round(100 * share), 1), 99) if share < 1 else 100} %"
