"""Decoded tiles that several slides keep together, so that many open slides take no more than a few."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable

import numpy as np
from numpy.typing import NDArray

SHARED_BYTES = 64 << 20
"""Of all open slides together: two blocks that are read at once, and a view, of each of two slides. OpenSlide
has as many for the tiles that it decodes itself."""

_FEWEST = 8
"""Tiles that are kept however large they are: a strip may be as large as its slide, and two slides be read by
turns."""


class TileStore:
    """The tiles that were used last, up to a number of bytes. Safe in any thread; two that want the same new
    tile at once may both decode it."""

    def __init__(self, capacity: int) -> None:
        """``capacity``: bytes."""
        self._capacity = capacity
        self._lock = threading.Lock()
        self._tiles: OrderedDict[tuple[int, Hashable], NDArray[np.uint8]] = OrderedDict()
        self._bytes = 0
        self._owners = 0

    @property
    def bytes_kept(self) -> int:
        return self._bytes

    def new_owner(self) -> int:
        """A number by which a slide's tiles are known."""
        with self._lock:
            self._owners += 1
            return self._owners

    def tile(self, owner: int, place: Hashable, decode: Callable[[], NDArray[np.uint8]]) -> NDArray[np.uint8]:
        """A tile of an owner, decoded where it is not kept; raises what ``decode`` raises. Not to be written
        to."""
        key = owner, place
        with self._lock:
            kept = self._tiles.get(key)
            if kept is not None:
                self._tiles.move_to_end(key)
                return kept
        decoded = decode()
        with self._lock:
            if key not in self._tiles:
                self._tiles[key] = decoded
                self._bytes += _held(decoded)
            while self._bytes > self._capacity and len(self._tiles) > _FEWEST:
                self._bytes -= _held(self._tiles.popitem(last=False)[1])
        return decoded

    def forget(self, owner: int) -> None:
        """Let go of an owner's tiles. Those that are still being decoded leave as any other."""
        with self._lock:
            for key in [key for key in self._tiles if key[0] == owner]:
                self._bytes -= _held(self._tiles.pop(key))


def _held(tile: NDArray[np.uint8]) -> int:
    """Bytes that are kept with it: of a view, those of all that it is a part of."""
    return tile.base.nbytes if isinstance(tile.base, np.ndarray) else tile.nbytes


shared_tiles = TileStore(SHARED_BYTES)
"""The process's."""
