"""How opening a source tells that it goes on, and is stopped."""

from __future__ import annotations

from collections.abc import Callable

Progress = Callable[[int], None]
"""Called in the thread that opens, with the number of files found so far; 0 where none are counted: a slide's
pieces are told of before each is read. What it raises stops the opening and reaches the caller: that is how
opening is cancelled. It should not raise OSError, which is taken for the folder's."""


def tell_nobody(_files: int) -> None:
    """The ``Progress`` of whoever did not ask for any."""
