"""Tiles that have come and are to be painted."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import QObject, QRect, QTimer, Signal
from PySide6.QtGui import QRegion

from histoviewer.gui.canvas.tile_cache import TileCache
from histoviewer.gui.canvas.tile_grid import TileKey

_TOGETHER_MS = 50
"""Coarser tiles stand in meanwhile; painting more often takes the readers' time."""


class ArrivingTiles(QObject):
    """Has tiles that arrive one after the other painted together: painting each would hold up the reading.

    They wait a twentieth of a second at most, and the last one that is expected does not wait. GUI thread.

    Signals:
        ready(QRegion): paint these parts of the view again.
    """

    ready = Signal(QRegion)

    def __init__(self, tiles: TileCache, parent: QObject) -> None:
        super().__init__(parent)
        self._tiles = tiles
        self._missing: set[TileKey] = set()
        self._places = QRegion()
        self._frame = QTimer(self, interval=_TOGETHER_MS, singleShot=True)
        self._frame.timeout.connect(self._hand_on)

    def expect(self, keys: Iterable[TileKey]) -> None:
        """These, and no others, make the view sharp."""
        self._missing = {key for key in keys if not self._tiles.is_settled([key])}

    def add(self, key: TileKey, place: QRect) -> None:
        """One came, or looks different; it shows at this place of the view."""
        self._places += place
        was_waiting = bool(self._missing)
        if self._tiles.is_settled([key]):
            self._missing.discard(key)
        if was_waiting and not self._missing:
            self._hand_on()
        elif not self._frame.isActive():
            self._frame.start()

    def _hand_on(self) -> None:
        self._frame.stop()
        places, self._places = self._places, QRegion()
        self.ready.emit(places)
