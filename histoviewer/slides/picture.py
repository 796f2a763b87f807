"""A plain picture as a slide: decoded once, its levels made by halving."""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray
from PIL import Image, UnidentifiedImageError

from histoviewer.errors import HistoViewerError, SourceError, reason_of
from histoviewer.slides.base import Slide, readable
from histoviewer.slides.canvas import level_origin, paste, upright, white
from histoviewer.slides.geometry import Box, Region, Scale, Size
from histoviewer.slides.pixels import BAND, orientation, to_rgb
from histoviewer.translation import _

# Damage that matters is raised and becomes a SourceError; Pillow's remarks on the rest help nobody.
warnings.filterwarnings("ignore", category=UserWarning, module=r"PIL\.")
# Pillow's own limit warns at 90 and stops at 180 million pixels: honest pictures of slides are larger.
Image.MAX_IMAGE_PIXELS = None
PICTURE_LIMIT = 1 << 30
"""Pixels a plain picture may have, 3 GB decoded: it has no levels to read in parts."""

_FORMATS = ("PNG", "JPEG", "BMP", "DIB", "GIF", "WEBP", "JPEG2000", "PPM", "TIFF")
_RGB_MODES = ("RGB", "RGBA", "P")
_SMALLEST_LEVEL = 512


class PictureSlide(Slide):
    """Pixels in memory, as a slide.

    Every level halves the one before (each pixel the mean of up to four), until it fits 512 x 512: a
    downsample is an exact power of two and an odd last row or column is kept.
    """

    def __init__(
        self,
        path: Path,
        pixels: NDArray[np.uint8],
        *,
        scale: Scale | None = None,
        properties: Mapping[str, str] | None = None,
        colour_profile: bytes | None = None,
    ) -> None:
        """``pixels``: uint8 RGB ``(height, width, 3)``, at least one pixel."""
        self.path = path
        self.name = readable(path.name)
        self.scale = scale
        self.properties = MappingProxyType(dict(properties or {}))
        self.colour_profile = colour_profile
        self._levels = _halvings(pixels)
        self.level_dimensions = tuple(Size(level.shape[1], level.shape[0]) for level in self._levels)
        self.level_downsamples = tuple(float(1 << index) for index in range(len(self._levels)))
        self.bounds = Box(0, 0, self.dimensions.width, self.dimensions.height)

    def read_region(self, region: Region) -> NDArray[np.uint8]:
        left, top = level_origin(region, self.level_downsamples[region.level])
        canvas = white(region.size)
        paste(canvas, self._levels[region.level], x=-left, y=-top)
        return canvas


def open_picture(path: Path) -> PictureSlide:
    """Through Pillow: grey, palette, transparent (over white), CMYK, 1 and 16 bits; the first of several
    frames; lying as EXIF says. 16 bits are shown linearly over their full range.

    Raises SourceError for a file that is damaged, too large, or no picture.
    """
    try:
        with Image.open(path, formats=_FORMATS) as image:
            check_picture_size(path, Size(*image.size))
            properties = {"format": str(image.format), "mode": image.mode}
            pixels = upright(to_rgb(image), orientation(image))
            profile = _colour_profile(image)
        del image  # and with it Pillow's own pixels, before levels are made
        return PictureSlide(path, pixels, properties=properties, colour_profile=profile)
    except HistoViewerError:
        raise
    except UnidentifiedImageError as error:
        message = _(
            "Cannot open {path}: neither a slide nor a picture this program knows. Expected SVS, NDPI, MRXS, "
            "SCN, BIF, DICOM, TIFF, PNG, JPEG or BMP."
        )
        raise SourceError(message.format(path=path)) from error
    except Exception as error:  # on a damaged file Pillow's readers raise whatever they like
        message = _("Cannot read {path}: {error}. The picture is damaged or cut off; copy it again.")
        raise SourceError(message.format(path=path, error=reason_of(error))) from error


def check_picture_size(path: Path, size: Size) -> None:
    """Raises SourceError for more than PICTURE_LIMIT pixels: they would not fit into memory."""
    if size.width * size.height > PICTURE_LIMIT:
        message = _(
            "Cannot open {path}: {width} x {height} pixels in one piece are too many. Convert it to a tiled "
            "TIFF with levels."
        )
        raise SourceError(message.format(path=path, width=size.width, height=size.height))


def _colour_profile(image: Image.Image) -> bytes | None:
    """None also where it is one of other numbers than the RGB that the picture is converted to."""
    profile = image.info.get("icc_profile")
    return profile if image.mode in _RGB_MODES and isinstance(profile, bytes) and profile else None


def _halvings(pixels: NDArray[np.uint8]) -> tuple[NDArray[np.uint8], ...]:
    levels = [pixels]
    while max(levels[-1].shape[:2]) > _SMALLEST_LEVEL:
        levels.append(_halved(levels[-1]))
    return tuple(levels)


def _halved(pixels: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Band by band: Pillow copies what it is to reduce."""
    bands = (pixels[top : top + BAND] for top in range(0, len(pixels), BAND))
    return np.concatenate([np.asarray(Image.fromarray(band).reduce(2)) for band in bands])
