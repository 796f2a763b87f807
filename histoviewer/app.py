"""Composition root: arguments -> window or headless command. Wiring only."""

from __future__ import annotations

import gc
import io
import os
import signal
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

from histoviewer.errors import CallError, HistoViewerError, ModelError, ResultError
from histoviewer.exit_codes import INTERRUPTED, SOME_FAILED, WRONG_CALL
from histoviewer.streams import open_missing, tell
from histoviewer.translation import _

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterator, Sequence
    from types import ModuleType


def main(arguments: Sequence[str] | None = None) -> int:
    """Run HistoViewer; returns the process's exit code: 0 done, 1 some inputs failed, 2 the call is wrong,
    130 stopped by Ctrl+C or SIGTERM."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    try:
        open_missing()
        _escape_what_cannot_be_said()
        return _run(words)
    except KeyboardInterrupt:
        goes_on = words[:1] == ["classify"]
        tell(
            _("histoviewer: stopped; give the same command to go on")
            if goes_on
            else _("histoviewer: stopped")
        )
        return INTERRUPTED


def _escape_what_cannot_be_said() -> None:
    """A standard output that knows no µ, or no Cyrillic, gets escapes for them, as standard error does."""
    if isinstance(sys.stdout, io.TextIOWrapper) and sys.stdout.errors == "strict":
        sys.stdout.reconfigure(errors="backslashreplace")


# Everything heavy is imported below here, inside main's reach: Ctrl+C is one line also while NumPy loads.
# The commands and the window are imported only when they are asked for: the window needs no progress bar,
# a batch on a server needs no Qt.


def _run(words: list[str]) -> int:
    import logging

    from histoviewer.cli.arguments import parse

    is_debug = "--debug" in words
    terminal = logging.StreamHandler()
    # The window's log takes more than the terminal is shown.
    terminal.setLevel(logging.DEBUG if is_debug else logging.WARNING)
    logging.basicConfig(level=terminal.level, format="%(name)s: %(message)s", handlers=[terminal])
    try:
        options = parse(words)
        return _COMMANDS[options.command](options)
    except HistoViewerError as error:
        if is_debug:
            raise
        tell(f"histoviewer: {error}")
        return WRONG_CALL if isinstance(error, CallError | ModelError) else SOME_FAILED


def _run_classify(options: argparse.Namespace) -> int:
    with _all_stays():
        from histoviewer.cli.classify import classify

    with _ended_as_by_hand():
        return classify(options)


def _run_info(options: argparse.Namespace) -> int:
    from histoviewer.cli.info import info

    return info(options)


def _run_convert(options: argparse.Namespace) -> int:
    from histoviewer.cli.convert import convert

    return convert(options)


def _run_window(options: argparse.Namespace) -> int:
    _go_offscreen_without_a_screen(options)
    try:
        application = window_application()
    except ImportError as error:
        message = _(
            "The window cannot start: {error}. On Debian or Ubuntu install libegl1 libgl1 libxkbcommon-x11-0 "
            "libfontconfig1 libdbus-1-3 libxcb-cursor0 libxcb-icccm4 libxcb-keysyms1; "
            "classify works without them."
        )
        tell("histoviewer: " + message.format(error=error))
        return SOME_FAILED
    try:
        code: int = application.run_window(options)
        return code
    except ResultError as error:  # the picture's place, looked at before anything is opened
        raise CallError(str(error)) from error


def window_application() -> ModuleType:
    """``histoviewer.gui.application``, imported. Raises ImportError where Qt's libraries are missing."""
    with _all_stays():
        from histoviewer.gui import application
    return application


@contextmanager
def _ended_as_by_hand() -> Iterator[None]:
    """SIGTERM, by which a scheduler ends what has used up its time, is as Ctrl+C meanwhile: what has been
    judged gets its reports."""
    before = signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


@contextmanager
def _all_stays() -> Iterator[None]:
    """Of the hundreds of thousands of objects that modules are made of none can be thrown away: looking for
    such ones while they are imported, again and again, took a quarter of the time in which the window
    appears."""
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        gc.enable()


def _go_offscreen_without_a_screen(options: argparse.Namespace) -> None:
    """On Linux without a display Qt would abort; the demo and screenshots do without one."""
    has_screen = not sys.platform.startswith("linux") or bool(
        os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")
    )
    platform = os.environ.get("QT_QPA_PLATFORM", "")
    options.has_screen = platform not in ("offscreen", "minimal") and (has_screen or bool(platform))
    if not options.has_screen or options.screenshot is not None:
        os.environ["QT_QPA_PLATFORM"] = platform or "offscreen"  # an empty one is none, to Qt as well


_COMMANDS = {"classify": _run_classify, "info": _run_info, "convert": _run_convert, "window": _run_window}


if __name__ == "__main__":
    sys.exit(main())
