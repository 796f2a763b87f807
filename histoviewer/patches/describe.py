"""What ``histoviewer info`` tells of a path."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from histoviewer.errors import ScaleError
from histoviewer.patches.folder import FolderSource
from histoviewer.patches.grid import SlideSource
from histoviewer.patches.opening import expand_paths, is_folder, open_patches_or_slide
from histoviewer.patches.patch import BENIGN, MALIGNANT
from histoviewer.slides.base import Slide, readable
from histoviewer.slides.geometry import Scale, Size


def describe(path: Path, *, input_size: int, model_mpp: float, mpp: float | None = None) -> dict[str, Any]:
    """Facts about a source, of the types that JSON knows. Reads no pixels but a slide's tissue.

    ``kind`` is "folder", "patch" (a single one), "slide", or "slides": a folder of them, not opened, so
    that what only they know is None. ``patches`` is None where a slide cannot be judged at its scale, and
    ``problem`` says why. A slide counts as a patient. Raises SourceError, as ``open_source``.
    """
    found = expand_paths(path)
    if found != [path]:
        return _of_slides(path, found)
    opened = open_patches_or_slide(path, input_size=input_size, model_mpp=model_mpp, mpp=mpp)
    if isinstance(opened, FolderSource):
        return _of_folder(opened)
    with opened as slide:
        return {
            "kind": "slide",
            "name": slide.name,
            **_pixels(slide),
            **_scale(slide.scale),
            "objective_power": slide.objective_power,
            "vendor": slide.properties.get("openslide.vendor"),
            "patients": 1,
            **_grid(slide, input_size, model_mpp),
        }


def _of_slides(path: Path, found: list[Path]) -> dict[str, Any]:
    return {
        "kind": "slides",
        "name": path.absolute().name,
        "dimensions": None,
        "levels": [],
        **_scale(None),
        "patches": None,
        "patients": len(found),
        "truncated": None,
        "sources": [str(part) for part in found],
    }


def _of_folder(source: FolderSource) -> dict[str, Any]:
    columns = source.columns
    sizes = [source.true_size(row) for row in range(len(columns))]
    slides = [source.slide(name) for name in source.slides()]
    return {
        "kind": "folder" if is_folder(source.path) else "patch",
        "name": source.name,
        **(_pixels(slides[0]) if len(slides) == 1 else {"dimensions": None, "levels": []}),
        **_scale(source.scale),
        "objective_power": None,
        "patches": len(columns),
        "patients": len(columns.patients),
        "benign": int(np.count_nonzero(columns.truth == BENIGN)),
        "malignant": int(np.count_nonzero(columns.truth == MALIGNANT)),
        "truncated": sum(
            size is not None and _is_smaller(size, source, row) for row, size in enumerate(sizes)
        ),
        "unreadable": sum(size is None for size in sizes),
        "duplicates_skipped": source.duplicates_skipped,
        "unreadable_folders": [readable(one.path) for one in source.unreadable],
        "slides": [{"name": slide.name, **_pixels(slide)} for slide in slides],
        "notes": list(source.notes),
        "problems": list(source.problems),
    }


def _is_smaller(size: Size, source: FolderSource, row: int) -> bool:
    return bool(size.width < source.columns.width[row] or size.height < source.columns.height[row])


def _pixels(slide: Slide) -> dict[str, Any]:
    levels = zip(slide.level_dimensions, slide.level_downsamples, strict=True)
    return {
        "dimensions": [slide.dimensions.width, slide.dimensions.height],
        "levels": [{"dimensions": [s.width, s.height], "downsample": float(d)} for s, d in levels],
    }


def _scale(scale: Scale | None) -> dict[str, Any]:
    return {
        "mpp": scale.mpp if scale else None,
        "mpp_origin": scale.origin if scale else None,
        "mpp_plausible": scale.is_plausible if scale else None,
    }


def _grid(slide: Slide, input_size: int, model_mpp: float) -> dict[str, Any]:
    try:
        source = SlideSource(slide, input_size=input_size, model_mpp=model_mpp)
    except ScaleError as error:
        return {"patches": None, "cells": None, "truncated": None, "notes": [], "problem": str(error)}
    return {
        "patches": len(source.columns),
        "cells": source.cells,
        "truncated": int(np.count_nonzero(source.is_truncated)),
        "notes": list(source.notes),
        "problem": None,
    }
