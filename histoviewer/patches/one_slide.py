"""What the sources over one opened slide share: the slide."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from histoviewer.patches.patch import PatchColumns
from histoviewer.slides.base import Slide


class OneSlide:
    """The part of a ``PatchSource`` that gives access to the one slide it lies on, and owns.

    Subclasses set ``columns``: all of their patches lie on the slide.
    """

    kind: Literal["folder", "slide"] = "slide"
    problems: tuple[str, ...] = ()
    columns: PatchColumns

    def __init__(self, slide: Slide, *, input_size: int) -> None:
        self._slide = slide
        self.path = slide.path
        self.scale = slide.scale
        self.input_size = input_size

    def slides(self) -> Iterator[str]:
        yield self._slide.name

    def slide(self, name: str) -> Slide:
        if name != self._slide.name:
            raise KeyError(name)
        return self._slide

    def rows(self, name: str) -> NDArray[np.intp]:
        self.slide(name)
        return np.arange(len(self.columns), dtype=np.intp)

    def close(self) -> None:
        self._slide.close()
