"""Patches made by code, with a picture in which every mistake of place or colour shows."""

from __future__ import annotations

import errno
import os
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image


def painted(width: int = 50, height: int = 50, *, shade: int = 0) -> NDArray[np.uint8]:
    """Asymmetric boxes: red top left, green along the right, blue along the bottom. uint8 RGB.

    ``shade`` (0-255) tells patches apart: it is the grey of the middle.
    """
    pixels = np.full((height, width, 3), shade, np.uint8)
    pixels[: height // 3, : width // 2] = (220, 30, 60)
    pixels[:, width - width // 5 :] = (20, 160, 40)
    pixels[height - height // 4 :, : width // 2] = (30, 60, 200)
    return pixels


def idc_name(patient: str = "10253", *, x: int = 0, y: int = 0, truth: int = 0, suffix: str = ".png") -> str:
    """A name of the data set's grammar; ``x`` and ``y`` are 0-based, as everywhere but in the name."""
    return f"{patient}_idx5_x{x + 1}_y{y + 1}_class{truth}{suffix}"


def write_patch(folder: Path, name: str, pixels: NDArray[np.uint8] | None = None) -> Path:
    """Save pixels (``painted()`` unless given) in the format of the name's ending; makes the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / name
    Image.fromarray(painted() if pixels is None else pixels).save(path)
    return path


def write_empty(folder: Path, *names: str) -> None:
    """Files without content, for whoever looks at names only."""
    folder.mkdir(parents=True, exist_ok=True)
    for name in names:
        (folder / name).touch()


def refuse_to_list(monkeypatch: pytest.MonkeyPatch, *folders: str) -> None:
    """Folders of these names cannot be listed, whoever asks: no permission stops an administrator."""
    for function in (os.scandir, os.open):
        _refuse(monkeypatch, function, folders)


def _refuse(monkeypatch: pytest.MonkeyPatch, function: Callable[..., object], folders: Sequence[str]) -> None:
    def refusing(path: os.PathLike[str] | int, *arguments: object, **options: object) -> object:
        if not isinstance(path, int) and Path(path).name in folders:
            raise PermissionError(errno.EACCES, "Permission denied", os.fspath(path))
        return function(path, *arguments, **options)

    monkeypatch.setattr(os, function.__name__, refusing)
