"""Standard output and standard error, also where they are full, closed, or nobody reads them any more."""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from pathlib import Path
from typing import TextIO

from histoviewer.errors import ResultError
from histoviewer.translation import _


def open_missing() -> None:
    """Put the null device where standard input, output or error is closed.

    Else the next file that is opened would take its number, and with it what libraries write there.
    ``sys.stdout`` stays None: what was asked for cannot get there.
    """
    for number in range(3):
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, os.O_RDWR)
    if sys.stderr is None:
        sys.stderr = Path(os.devnull).open("w", encoding="utf-8")  # noqa: SIM115 - until the end


def tell(line: str) -> None:
    """A line on standard error. That nobody can be told is no failure.

    Names of files may hold line breaks, or what a terminal would obey: such characters are shown escaped.
    """
    shown = "".join(c if c.isprintable() else ascii(c)[1:-1] for c in line)
    try:
        sys.stderr.write(f"{shown}\n")
        sys.stderr.flush()
    except OSError:
        give_up(sys.stderr)


def write_out(text: str) -> None:
    """Text on standard output, at once. Raises ResultError where it does not get there.

    A reader that has left, as ``head`` does, has seen enough: that is no failure.
    """
    if sys.stdout is None:
        raise ResultError(_("Cannot write to standard output: it is closed."))
    try:
        sys.stdout.write(text)
        sys.stdout.flush()
    except OSError as error:
        give_up(sys.stdout)
        if not isinstance(error, BrokenPipeError):
            message = _("Cannot write to standard output: {reason}. Send it to another place.")
            raise ResultError(message.format(reason=error.strerror or error)) from error


def give_up(stream: TextIO) -> None:
    """Let what is still in the stream go to the null device: Python would fail over it at its end."""
    with suppress(OSError, ValueError), Path(os.devnull).open("wb") as nowhere:
        os.dup2(nowhere.fileno(), stream.fileno())
