"""Whole-slide images through OpenSlide."""

from __future__ import annotations

import math
import threading
import weakref
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from types import MappingProxyType

import numpy as np
import openslide
from numpy.typing import NDArray
from PIL import Image

from histoviewer.errors import SourceError, reason_of
from histoviewer.slides.base import BACKGROUND, Slide, readable
from histoviewer.slides.canvas import level_origin
from histoviewer.slides.geometry import Box, Region, Scale, Size
from histoviewer.slides.straight_tiles import VENDORS, straight_tiles
from histoviewer.slides.tiff_pixels import TiffPixels
from histoviewer.slides.tile_store import SHARED_BYTES
from histoviewer.translation import _

_CHECKED = Size(64, 64)
"""Pixels that are compared."""


class _Caches:
    """OpenSlide's decoded tiles: all open slides keep theirs together, so that many take no more memory than
    a few, and with the last of them they go."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._kept: weakref.ref[openslide.OpenSlideCache] | None = None

    def shared(self) -> openslide.OpenSlideCache:
        """For as long as somebody holds it. From any thread."""
        with self._lock:
            cache = self._kept() if self._kept is not None else None
            if cache is None:
                cache = openslide.OpenSlideCache(SHARED_BYTES)
                self._kept = weakref.ref(cache)
            return cache


_caches = _Caches()


class OpenSlideReader(Slide):
    """A slide that OpenSlide reads.

    One handle serves all threads, without a lock: OpenSlide is thread-safe but for closing. Three threads on
    two cores read 1.4 to 1.9 times as many regions as with a handle each, and 1.1 to 1.4 times as many as
    behind a lock (Aperio JPEG and JPEG 2000, Hamamatsu).

    Where a region does not begin on a whole pixel of its level, OpenSlide interpolates. All others are read
    past it where that is known to give the same pixels (``straight_tiles``).
    """

    def __init__(self, path: Path) -> None:
        """Raises SourceError when OpenSlide refuses the file."""
        self.path = path
        self.name = readable(path.name)
        self._cache: openslide.OpenSlideCache | None = _caches.shared()
        self._handle: openslide.OpenSlide | None = self._opened()
        self._replacing = threading.Lock()
        self.properties = MappingProxyType(dict(self._handle.properties))
        self.level_dimensions = tuple(Size(*size) for size in self._handle.level_dimensions)
        self.level_downsamples = tuple(self._handle.level_downsamples)
        self.objective_power = _positive(self.properties, openslide.PROPERTY_NAME_OBJECTIVE_POWER)
        self.scale = _scale(self.properties, self.objective_power)
        self.bounds = _bounds(self.properties, self.dimensions)
        self.colour_profile = _colour_profile(self._handle)
        self._tiles = self._checked_tiles()
        self.reads_whole_pixels = self.is_complete = self._tiles is not None

    def _checked_tiles(self) -> TiffPixels | None:
        """None where OpenSlide does not see in them what we see: its are the pixels that count."""
        # Where a level is hardly smaller than level 0, a level-0 pixel does not tell one of its own.
        has_clear_levels = all(factor == 1 or factor >= 2 for factor in self.level_downsamples)
        if self.properties.get(openslide.PROPERTY_NAME_VENDOR) not in VENDORS or not has_clear_levels:
            return None
        tiles = straight_tiles(self.path, self.level_dimensions)
        if tiles is None or self._is_seen_by_openslide(tiles):
            return tiles
        tiles.close()
        return None

    def _is_seen_by_openslide(self, tiles: TiffPixels) -> bool:
        """Of each level the first tile, and of level 0 the one that takes most bytes: it is no glass."""
        column, row = tiles.fullest_tile(0)
        places = [(0, column, row), *((level, 0, 0) for level in range(self.level_count))]
        with suppress(Exception):  # damaged: OpenSlide tells what is wrong
            return all(
                np.array_equal(
                    self._read_by_openslide(Region(column, row, level, _CHECKED)),
                    tiles.read(level, column, row, _CHECKED),
                )
                for level, column, row in places
            )
        return False

    def read_region(self, region: Region) -> NDArray[np.uint8]:
        straight = self._read_straight(region)
        return self._read_by_openslide(region) if straight is None else straight

    def _read_straight(self, region: Region) -> NDArray[np.uint8] | None:
        """None where the region does not begin on a whole pixel of its level, or cannot be read."""
        factor = self.level_downsamples[region.level]
        column, row = level_origin(region, factor)
        begins = math.floor(column * factor), math.floor(row * factor)
        if self._tiles is None or self._handle is None or begins != (region.x, region.y):
            return None
        with suppress(Exception):  # of a damaged tile: OpenSlide tells what is wrong
            return self._tiles.read(region.level, column, row, region.size)
        return None

    def _read_by_openslide(self, region: Region) -> NDArray[np.uint8]:
        handle = self._handle
        if handle is None:
            raise SourceError(_("Cannot read {path}: it has been closed.").format(path=self.path))
        try:
            return _on_white(_read(handle, region))
        except openslide.OpenSlideError:
            self._replace(handle)
            return self._read_alone(region)
        except Exception as error:  # of ctypes and Pillow: a region that no memory holds
            raise self._unreadable(region, error) from error

    def close(self) -> None:
        # A read may still be under way in another thread, and closing under it would crash the process:
        # the handle closes itself when the last one that uses it lets go.
        self._handle = self._cache = None
        if self._tiles is not None:
            self._tiles.close()

    def _replace(self, failed: openslide.OpenSlide) -> None:
        # An OpenSlide handle that failed once fails for ever; the rest of the slide may be sound.
        with self._replacing:
            if self._handle is failed:
                self._handle = self._opened()

    def _read_alone(self, region: Region) -> NDArray[np.uint8]:
        """Read with a handle of its own: whether this very region is damaged, or another one was."""
        handle = self._opened()
        try:
            return _on_white(_read(handle, region))
        except Exception as error:
            raise self._unreadable(region, error) from error
        finally:
            handle.close()

    def _opened(self) -> openslide.OpenSlide:
        handle, cache = _open(self.path), self._cache
        if cache is not None:
            handle.set_cache(cache)
        return handle

    def _unreadable(self, region: Region, error: Exception) -> SourceError:
        message = _("Cannot read {path} at x={x}, y={y}: {error}. Copy the file again from its origin.")
        return SourceError(message.format(path=self.path, x=region.x, y=region.y, error=reason_of(error)))


def detect_vendor(path: Path) -> str | None:
    """OpenSlide's word for the kind of slide, None for a file that is none. Quick; it does not open it."""
    vendor: str | None = openslide.OpenSlide.detect_format(path)
    return vendor


def _open(path: Path) -> openslide.OpenSlide:
    try:
        return openslide.OpenSlide(path)
    except Exception as error:
        reason = reason_of(error).removeprefix(f"Reading {path}: ")
        message = _(
            "OpenSlide cannot open {path}: {reason}. The file is damaged or of a kind it does not read; "
            "export the slide again, as SVS or as a tiled TIFF."
        )
        raise SourceError(message.format(path=path, reason=reason)) from error


def _read(handle: openslide.OpenSlide, region: Region) -> Image.Image:
    size = (region.size.width, region.size.height)
    image: Image.Image = handle.read_region((region.x, region.y), region.level, size)
    return image


def _colour_profile(handle: openslide.OpenSlide) -> bytes | None:
    # Every region carries it as stored, be it damaged; this one lies beside the slide: nothing is decoded.
    profile: bytes | None = handle.read_region((-2, -2), 0, (1, 1)).info.get("icc_profile")
    return profile


def _on_white(image: Image.Image) -> NDArray[np.uint8]:
    alpha = image.getchannel("A")
    if alpha.getextrema() == (255, 255):
        return np.array(image.convert("RGB"))
    canvas = Image.new("RGB", image.size, (BACKGROUND,) * 3)
    canvas.paste(image, mask=alpha)
    return np.array(canvas)


def _positive(properties: Mapping[str, str], key: str) -> float | None:
    """A property as a number, None where it is missing or makes no sense."""
    try:
        value = float(properties.get(key, ""))
    except ValueError:
        return None
    return value if math.isfinite(value) and value > 0 else None


def _scale(properties: Mapping[str, str], objective_power: float | None) -> Scale | None:
    keys = (openslide.PROPERTY_NAME_MPP_X, openslide.PROPERTY_NAME_MPP_Y)
    stated = [mpp for mpp in (_positive(properties, key) for key in keys) if mpp]
    if stated:
        return Scale(sum(stated) / len(stated), "file tag")
    if objective_power:
        return Scale(10.0 / objective_power, "objective power")
    return None


def _bounds(properties: Mapping[str, str], dimensions: Size) -> Box:
    names = ("x", "y", "width", "height")
    found = [properties.get(f"openslide.bounds-{name}") for name in names]
    try:
        return Box(*(float(value) for value in found if value is not None))
    except (TypeError, ValueError):
        return Box(0, 0, dimensions.width, dimensions.height)
