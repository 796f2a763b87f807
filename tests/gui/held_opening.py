"""An opening that takes as long as a test wants."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path

from histoviewer.gui import open_source


class HeldOpening:
    """Waits, as in a huge folder, while ``progress`` is told of more and more files.

    Attributes:
        may_go_on: set, sources open as they always do.
    """

    def __init__(self) -> None:
        self.may_go_on = threading.Event()
        self.open = open_source.open_source

    def __call__(self, path: Path, *, progress: Callable[[int], None], **options: object) -> object:
        files = 12_400
        while not self.may_go_on.wait(0.01):
            progress(files)
            files += 1
        return self.open(path, **options)
