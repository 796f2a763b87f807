"""Which files of a folder are slides, beside what may be patches."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from histoviewer.errors import PatchError
from histoviewer.patches.names import IMAGE_SUFFIXES, is_whole_slide, natural_key, parse_name
from histoviewer.patches.patch_file import image_size

_TIFF = (".tif", ".tiff")
_LARGEST_PATCH = 1024
"""Pixels: a TIFF with a longer side is a slide, whatever lies beside it."""


def slides_among(folder: Path, names: Sequence[str]) -> list[str]:
    """Those names of a folder's files that are slides, in natural order: whole-slide images by their name;
    beside them, or where the first of them is larger than a patch could be, every plain TIFF, too."""
    tiffs = sorted(filter(_is_plain_tiff, names), key=natural_key)
    whole_slides = [name for name in names if is_whole_slide(name)]
    # One header is read: a folder may hold 100,000 patches that are TIFFs.
    if not whole_slides and not (tiffs and _is_large(folder / tiffs[0])):
        return []
    return sorted([*whole_slides, *tiffs], key=natural_key)


def is_located(name: str) -> bool:
    """Whether a file of this name is a patch of the data set's grammar."""
    return name.lower().endswith(IMAGE_SUFFIXES) and parse_name(name.rpartition(".")[0]) is not None


def _is_plain_tiff(name: str) -> bool:
    return name.lower().endswith(_TIFF) and not is_whole_slide(name) and not is_located(name)


def _is_large(path: Path) -> bool:
    try:
        size = image_size(path)
    except PatchError:
        return False
    return max(size.width, size.height) > _LARGEST_PATCH
