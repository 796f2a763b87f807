"""µm per pixel as TIFF files state it: OME-XML, ImageJ, resolution tags."""

from __future__ import annotations

import math
from collections.abc import Iterable
from xml.etree import ElementTree

from tifffile import TiffFile, TiffPage

from histoviewer.slides.geometry import Scale

_MICROMETRES = {
    "pm": 1e-6,
    "Å": 1e-4,
    "nm": 1e-3,
    "µm": 1.0,  # U+00B5, as OME writes it
    "μm": 1.0,  # U+03BC
    "um": 1.0,
    "micron": 1.0,
    "microns": 1.0,
    r"\u00B5m": 1.0,  # ImageJ escapes it
    "mm": 1e3,
    "cm": 1e4,
    "m": 1e6,
}
_INCH, _CENTIMETRE = 2, 3
_UNIT_OF_TAG = {_INCH: 25400.0, _CENTIMETRE: 10000.0}
_PRINTING_DPI = (72, 96, 100, 120, 144, 150, 180, 200, 220, 240, 300, 350, 360, 400, 600, 720, 1200, 2400)


def tiff_scale(file: TiffFile, page: TiffPage) -> Scale | None:
    """What the file says of a page, by the most explicit voice it has; None where it says nothing.

    OME-XML may describe several images, a slide and its label for instance: the one with the page counts.

    Resolution tags count only with a unit, and only where they are no printer's setting and plausible.
    """
    mpp = _ome_mpp(file.ome_metadata, page) or _imagej_mpp(file, page) or _tagged_mpp(page)
    return Scale(mpp, "file tag") if mpp else None


def is_printing_default(mpp: float) -> bool:
    """Whether µm/px is a printer's or a screen's dots per inch (72, 96, 300 ...), which programs write into
    files without meaning the object's size."""
    return any(math.isclose(25400.0 / mpp, dpi, rel_tol=2e-3) for dpi in _PRINTING_DPI)


def _ome_mpp(xml: str | None, page: TiffPage) -> float | None:
    if not xml:
        return None
    try:
        root = ElementTree.fromstring(xml)
    except ElementTree.ParseError:
        return None
    pixels = _ome_pixels(root, page)
    return None if pixels is None else _mean(_ome_size(pixels, axis) for axis in "XY")


def _ome_pixels(root: ElementTree.Element, page: TiffPage) -> ElementTree.Element | None:
    """The image that holds the page; the only one is taken to hold it, whatever it says of its planes."""
    images = root.findall("{*}Image/{*}Pixels")
    if len(images) == 1:
        return images[0]
    return next((image for image in images if _holds(image, page, str(root.get("UUID")))), None)


def _holds(image: ElementTree.Element, page: TiffPage, uuid: str) -> bool:
    size = (image.get("SizeX"), image.get("SizeY"))
    is_as_large = size == (str(page.imagewidth), str(page.imagelength))
    return is_as_large and any(_lists(planes, page, uuid) for planes in image.iterfind("{*}TiffData"))


def _lists(planes: ElementTree.Element, page: TiffPage, uuid: str) -> bool:
    """Whether the page is among a TiffData's: ``PlaneCount`` pages from ``IFD`` on, of this file (``uuid``)
    unless it names another. Without a count it is one page, or all where no ``IFD`` is told either."""
    named = planes.find("{*}UUID")
    if named is not None and named.text != uuid and named.get("FileName") != page.parent.filename:
        return False
    index, first = int(page.index), planes.get("IFD")
    count = planes.get("PlaneCount") or ("1" if first else str(index + 1))
    try:
        return 0 <= index - int(first or 0) < int(count)
    except ValueError:
        return False


def _ome_size(pixels: ElementTree.Element, axis: str) -> float:
    unit = _MICROMETRES.get(pixels.get(f"PhysicalSize{axis}Unit", "µm"), 0.0)
    try:
        return float(pixels.get(f"PhysicalSize{axis}", "")) * unit
    except ValueError:
        return 0.0


def _imagej_mpp(file: TiffFile, page: TiffPage) -> float | None:
    unit = _MICROMETRES.get(str((file.imagej_metadata or {}).get("unit")))
    return _plausible(_mean(_lengths(page, unit))) if unit else None


def _tagged_mpp(page: TiffPage) -> float | None:
    unit = _UNIT_OF_TAG.get(page.tags.valueof("ResolutionUnit"))
    return _plausible(_mean(_lengths(page, unit))) if unit else None


def _lengths(page: TiffPage, unit: float) -> Iterable[float]:
    """µm per pixel in x and y; 0 where the tag is missing or empty. The tags hold pixels per unit."""
    for name in ("XResolution", "YResolution"):
        pixels, units = page.tags.valueof(name, default=(0, 0))
        yield unit * units / pixels if pixels else 0.0


def _plausible(mpp: float | None) -> float | None:
    if mpp is None or not Scale(mpp, "file tag").is_plausible or is_printing_default(mpp):
        return None
    return mpp


def _mean(lengths: Iterable[float]) -> float | None:
    stated = [length for length in lengths if math.isfinite(length) and length > 0]
    return sum(stated) / len(stated) if stated else None
