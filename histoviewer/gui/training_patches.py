"""Pictures of the patches a model was trained on, where a folder has them: the bundle has none."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, QRunnable, QThreadPool, Signal

from histoviewer.errors import PatchError
from histoviewer.inference.patch_index import SimilarPatch, digest_of
from histoviewer.patches.patch_file import read_patch

Pictures = dict[int, NDArray[np.uint8]]
"""Digest of a patch -> uint8 RGB (s, s, 3)."""

Wanted = tuple[tuple[SimilarPatch, ...], tuple[Path, ...]]


class TrainingPatches(QObject):
    """Looks for patches in folders, in a thread of its own; the latest request wins. All methods belong to
    the GUI thread.

    Signals: found(object): ``Pictures`` of those wanted last, as far as there are any.
    """

    found = Signal(object)

    def __init__(self, input_size: int, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._input_size = input_size
        self._pool = QThreadPool(self)
        self._pool.setMaxThreadCount(1)
        self._wanted: Wanted | None = None
        self._reading: Wanted | None = None
        self._answers = _Answers(self)
        self._answers.read.connect(self._on_read)

    def want(self, patches: Sequence[SimilarPatch], folders: Sequence[Path]) -> None:
        """Look for these next, in these folders, and for none that were wanted before."""
        self._wanted = (tuple(patches), tuple(folders))
        if self._reading is None:
            self._start(self._wanted)

    def finish(self) -> None:
        """Want nothing, and wait until nothing is being read."""
        self._wanted = None
        self._pool.waitForDone()

    def _start(self, wanted: Wanted) -> None:
        self._reading = wanted
        self._pool.start(_Reading(wanted, self._input_size, self._answers))

    def _on_read(self, wanted: Wanted, pictures: Pictures) -> None:
        self._reading = None
        if wanted is self._wanted:
            self.found.emit(pictures)
        elif self._wanted is not None:
            self._start(self._wanted)


def picture_of(patch: SimilarPatch, folder: Path, *, input_size: int) -> NDArray[np.uint8] | None:
    """Its pixels, uint8 RGB (s, s, 3), where the folder is that of the training or one of a patient or class
    in it. None where it has no such file, or one with another picture: names may be alike."""
    parts = patch.file.split("/")
    for start in range(len(parts)):
        path = folder.joinpath(*parts[start:])
        try:
            pixels, _size, _is_filled_up = read_patch(path, input_size=input_size, factor=1)
        except PatchError:
            continue
        if digest_of(pixels) == patch.digest:
            return pixels
    return None


class _Answers(QObject):
    """Carries answers from the pool's thread to the GUI thread."""

    read = Signal(object, object)


class _Reading(QRunnable):
    def __init__(self, wanted: Wanted, input_size: int, answers: _Answers) -> None:
        super().__init__()
        self._wanted = wanted
        self._input_size = input_size
        self._answers = answers

    def run(self) -> None:
        """In the pool's thread."""
        pictures: Pictures = {}
        patches, folders = self._wanted
        try:
            for patch in patches:
                for folder in folders:
                    pixels = picture_of(patch, folder, input_size=self._input_size)
                    if pixels is not None:
                        pictures[patch.digest] = pixels
                        break
        finally:
            self._answers.read.emit(self._wanted, pictures)
