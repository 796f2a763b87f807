"""What the samples of a TIFF mean: from its colour models to uint8 RGB."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from tifffile import COMPRESSION, EXTRASAMPLE, PHOTOMETRIC, TiffFile, TiffPage

from histoviewer.slides.pixels import to_8_bit

_GREY = (PHOTOMETRIC.MINISBLACK, PHOTOMETRIC.MINISWHITE)
_BASE = {PHOTOMETRIC.RGB: 3, PHOTOMETRIC.YCBCR: 3, PHOTOMETRIC.SEPARATED: 4, PHOTOMETRIC.PALETTE: 1}
_RGB_IN_THE_END = (PHOTOMETRIC.RGB, PHOTOMETRIC.YCBCR, PHOTOMETRIC.PALETTE)
_JPEG = (COMPRESSION.OJPEG, COMPRESSION.JPEG, COMPRESSION.ALT_JPEG, COMPRESSION.JPEG_LOSSY)


class ColourModelError(ValueError):
    """The file is sound, but in colours that are not converted here."""


@dataclass(frozen=True, slots=True, eq=False)
class TiffColour:
    """How the samples of one file become RGB.

    Integers are shown linearly over the full range of their bits (16 bits: 65535 is white), never stretched
    to what a picture happens to hold. Floats count to ``peak``.

    Attributes:
        photometric: the file's colour model.
        bits: bits a sample.
        alpha: what the sample after the colours is: transparency, or something to leave out.
        palette: uint8 (n, 3), or None.
        peak: the float that is shown as full intensity.
        profile: the file's ICC profile, where it is one of RGB; never applied here.
    """

    photometric: PHOTOMETRIC
    bits: int
    alpha: EXTRASAMPLE
    palette: NDArray[np.uint8] | None
    peak: float = 1.0
    profile: bytes | None = None

    @classmethod
    def of(cls, page: TiffPage) -> TiffColour:
        """Raises ColourModelError."""
        photometric = PHOTOMETRIC(page.photometric)
        is_decoded_by_jpeg = page.compression in _JPEG
        if photometric not in (*_GREY, *_BASE) or (
            photometric is PHOTOMETRIC.YCBCR and not is_decoded_by_jpeg
        ):
            raise ColourModelError(f"colour model {photometric.name}")
        alpha = EXTRASAMPLE(page.extrasamples[0]) if page.extrasamples else EXTRASAMPLE.UNSPECIFIED
        profile = _profile(page) if photometric in _RGB_IN_THE_END else None
        return cls(photometric, int(page.bitspersample), alpha, _palette(page), profile=profile)

    def to_rgb(self, samples: NDArray[np.generic]) -> NDArray[np.uint8]:
        """Samples ``(height, width, n)`` of the file's own type as uint8 RGB ``(height, width, 3)``, what is
        transparent over white."""
        if self.palette is not None:
            indexed: NDArray[np.uint8] = self.palette[samples[:, :, 0].astype(np.intp)]
            return indexed
        values = to_8_bit(self._spread(samples))
        base = self._colour_count(values.shape[2])
        colours = self._convert(values[:, :, :base])
        if values.shape[2] == base or self.alpha is EXTRASAMPLE.UNSPECIFIED:
            return colours
        return self._over_white(colours, values[:, :, base : base + 1].astype(np.uint16))

    def _spread(self, samples: NDArray[np.generic]) -> NDArray[np.generic]:
        if samples.dtype.kind == "f":
            parts: NDArray[np.float32] = np.nan_to_num(samples.astype(np.float32)) / np.float32(self.peak)
            return parts.clip(0, 1)
        if self.bits in (8, 16, 32, 64) or samples.dtype == np.bool_:
            return samples
        return np.divide(samples.astype(np.float32), np.float32(2.0**self.bits - 1))

    def _colour_count(self, samples: int) -> int:
        # Three planes of "grey" are how OME-TIFF stores red, green and blue apart.
        return _BASE.get(self.photometric, 3 if samples >= 3 else 1)

    def _convert(self, colours: NDArray[np.uint8]) -> NDArray[np.uint8]:
        if self.photometric is PHOTOMETRIC.SEPARATED:
            ink = 255 - colours.astype(np.uint16)
            return (ink[:, :, :3] * ink[:, :, 3:] // 255).astype(np.uint8)
        if self.photometric is PHOTOMETRIC.MINISWHITE:
            colours = 255 - colours
        return colours if colours.shape[2] == 3 else np.repeat(colours, 3, axis=2)

    def _over_white(self, colours: NDArray[np.uint8], alpha: NDArray[np.uint16]) -> NDArray[np.uint8]:
        glass = 255 - alpha
        if self.alpha is EXTRASAMPLE.ASSOCALPHA:
            return (colours + glass).clip(max=255).astype(np.uint8)
        mixed: NDArray[np.uint8] = ((colours * alpha + 255 * glass + 127) // 255).astype(np.uint8)
        return mixed


def sample_kind(path: Path) -> str | None:
    """What a TIFF's samples are, "32-bit float" for instance, unless they are integers of 8 or 16 bits."""
    with suppress(Exception), TiffFile(path) as file:
        samples = file.pages.first.dtype
        if samples.kind not in "iu" or samples.itemsize > 2:
            kind = {"f": "float", "c": "complex"}.get(samples.kind, "integer")
            return f"{8 * samples.itemsize}-bit {kind}"
    return None


def _profile(page: TiffPage) -> bytes | None:
    profile = page.tags.valueof("InterColorProfile")
    return bytes(profile) if profile else None


def _palette(page: TiffPage) -> NDArray[np.uint8] | None:
    if page.photometric != PHOTOMETRIC.PALETTE:
        return None
    # Colour maps hold 16 bits a channel.
    return (np.asarray(page.colormap).T >> 8).astype(np.uint8)
