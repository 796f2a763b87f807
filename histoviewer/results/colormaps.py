"""Colours of probabilities: always absolute, 0 to 1, never stretched to what a slide happens to hold."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cache
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from histoviewer.resources import resource_path
from histoviewer.results.store import is_positive

COLORMAPS = ("viridis", "RdYlBu_r", "PuOr_r", "cividis", "winter")
"""Names of matplotlib's, the first is the default. Chosen by looking at sixteen of them at half opacity over
the mosaic of patient 8867, and by the distance (CIELAB) of their upper half from its stroma and tumour, also
as seen with deuteranopia and protanopia. viridis: H&E holds no green and yellow; farthest from both tissues.
RdYlBu_r: blue and red as benign and malignant are everywhere. PuOr_r: orange, the most even distance for all
eyes. cividis: the same for all eyes, but the faintest. winter: blue and green, the latter in no H&E, its ends
farther apart than viridis', also as seen with deuteranopia and protanopia; looked at beside seven others over
patient 8863. Left out: inferno, magma, plasma (their middle is the pink of stroma), turbo and Spectral
(uneven), YlGnBu and Blues (an end vanishes on pale or purple tissue)."""

DEFAULT_COLORMAP = COLORMAPS[0]

Below = Literal["show", "dim", "hide"]
"""What becomes of cells below the threshold."""

_BELOW_OPACITY: dict[Below, float] = {"show": 1.0, "dim": 0.35, "hide": 0.0}


@cache
def lookup_table(colormap: str) -> NDArray[np.uint8]:
    """The colours of a matplotlib map: uint8 RGBA (256, 4), opaque, probability 0 first; read only."""
    with np.load(resource_path("colours", "tables.npz")) as tables:
        table = np.full((256, 4), 255, np.uint8)
        table[:, :3] = tables[colormap]
    table.flags.writeable = False
    return table


def colorize(
    values: NDArray[np.float32],
    *,
    threshold: float,
    colormap: str = DEFAULT_COLORMAP,
    opacity: float = 1.0,
    below: Below = "dim",
) -> NDArray[np.uint8]:
    """Colours of probabilities: float32 (rows, columns), NaN not judged -> uint8 RGBA (rows, columns, 4).

    Not premultiplied; transparent where nothing was judged. ``opacity`` is that of cells at or above the
    threshold.
    """
    colours = cell_colours(
        levels_of(values), values, threshold=threshold, colormap=colormap, opacity=opacity, below=below
    )
    return colours.of(slice(None), slice(None)).view(np.uint8).reshape(*values.shape, 4)


NOT_JUDGED = 256
"""The level of a cell without an answer."""


def levels_of(values: NDArray[np.float32]) -> NDArray[np.uint16]:
    """Place of each probability among 256 colours, or NOT_JUDGED: of the shape of ``values``."""
    scaled = values * np.float32(255) + np.float32(0.5)
    levels: NDArray[np.uint16] = np.nan_to_num(scaled, copy=False, nan=NOT_JUDGED).astype(np.uint16)
    return levels


@dataclass(frozen=True, slots=True, eq=False)
class CellColours:
    """The colours of cells, made of those that are asked for: nobody sees a million at once, and a threshold
    that is dragged changes them all the time.

    Attributes:
        levels: uint16 (rows, columns), ``levels_of`` the values.
        values: float32 (rows, columns), NaN not judged.
        threshold: from which on a cell is ``above``.
        above, below: uint32 (257,), the colour of each level and of NOT_JUDGED in one element: RGBA, not
            premultiplied, in the order of memory, unless ``converted``.
    """

    levels: NDArray[np.uint16]
    values: NDArray[np.float32]
    threshold: float
    above: NDArray[np.uint32]
    below: NDArray[np.uint32]

    def converted(self, convert: Callable[[NDArray[np.uint32]], NDArray[np.uint32]]) -> CellColours:
        """The same cells in colours of another format."""
        return replace(self, above=convert(self.above), below=convert(self.below))

    def of(self, rows: slice, columns: slice) -> NDArray[np.uint32]:
        """The colours of these cells, contiguous."""
        levels, values = self.levels[rows, columns], self.values[rows, columns]
        # Levels follow the probability: only the cells of the threshold's own level are compared with it.
        split = int(levels_of(np.array([min(max(self.threshold, 0.0), 1.0)], np.float32))[0])
        colours = np.concatenate((self.below[:split], self.above[split:])).take(levels)
        within = np.flatnonzero(levels == split)
        compared = values[np.unravel_index(within, values.shape)]
        colours.reshape(-1)[within[~is_positive(compared, self.threshold)]] = self.below[split]
        return colours


def cell_colours(
    levels: NDArray[np.uint16],
    values: NDArray[np.float32],
    *,
    threshold: float,
    colormap: str = DEFAULT_COLORMAP,
    opacity: float = 1.0,
    below: Below = "dim",
) -> CellColours:
    """As ``colorize``, for values whose ``levels_of`` are known; nothing is coloured yet."""
    tables = np.zeros((2, 257, 4), np.uint8)
    tables[:, :256] = lookup_table(colormap)
    tables[0, :256, 3] = round(255 * opacity)
    tables[1, :256, 3] = round(255 * opacity * _BELOW_OPACITY[below])
    above, dimmed = tables.view(np.uint32)[:, :, 0]
    return CellColours(levels, values, threshold, above, dimmed)
