"""Composition root: arguments -> window or headless command. Wiring only."""

from __future__ import annotations

import argparse
import logging
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from histoviewer import __version__
from histoviewer.errors import HistoViewerError, ModelError, ResultError
from histoviewer.reports import FORMATS, LATER_FORMATS
from histoviewer.resources import default_bundle
from histoviewer.translation import _

COMMANDS = ("classify", "info", "convert")
DONE, SOME_FAILED, WRONG_CALL, INTERRUPTED = 0, 1, 2, 130


def main(arguments: Sequence[str] | None = None) -> int:
    """Run HistoViewer; returns the process's exit code: 0 done, 1 some inputs failed, 2 the call is wrong."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    options = _command_parser().parse_args(words) if words[:1] and words[0] in COMMANDS else None
    if options is None:
        options = _window_parser().parse_args(words)
    logging.basicConfig(
        level=logging.DEBUG if options.debug else logging.WARNING, format="%(name)s: %(message)s"
    )
    try:
        return int(options.run(options))
    except HistoViewerError as error:
        if options.debug:
            raise
        sys.stderr.write(f"histoviewer: {error}\n")
        return WRONG_CALL if isinstance(error, ModelError | ResultError) else SOME_FAILED
    except KeyboardInterrupt:
        sys.stderr.write(_("histoviewer: stopped; give the same command to go on") + "\n")
        return INTERRUPTED


def _common() -> argparse.ArgumentParser:
    common = argparse.ArgumentParser(add_help=False)
    common.add_argument("--debug", action="store_true", help=_("show tracebacks and the log"))
    common.add_argument(
        "--model", type=Path, default=default_bundle(), metavar="BUNDLE", help=_("model bundle to use")
    )
    return common


def _window_parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="histoviewer",
        parents=[_common()],
        description=_("Look at breast histology with a second pair of eyes. For research use only."),
        epilog=_("Without a window: histoviewer classify | info | convert --help"),
    )
    parser.add_argument(
        "paths", nargs="*", type=Path, metavar="PATH", help=_("slides, pictures, patch folders")
    )
    parser.add_argument("--demo", action="store_true", help=_("open the bundled demo slide and classify it"))
    parser.add_argument(
        "--screenshot", type=Path, metavar="OUT.png", help=_("save the window's picture and quit")
    )
    parser.add_argument("--mpp", type=_positive_number, metavar="UM", help=_("µm per pixel of PATH"))
    parser.add_argument("--version", action="version", version=f"histoviewer {__version__}")
    parser.set_defaults(run=_run_window)
    return parser


def _command_parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="histoviewer")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    common = _common()

    classify = commands.add_parser("classify", parents=[common], help=_("judge inputs and write reports"))
    classify.add_argument("paths", nargs="+", type=Path, metavar="PATH")
    classify.add_argument("--output", required=True, type=Path, metavar="DIR")
    classify.add_argument(
        "--formats", type=_formats, default=FORMATS, metavar="LIST", help=_("of csv,png; default: both")
    )
    classify.add_argument("--engine", choices=("auto", "openvino", "keras"), default="auto")
    classify.add_argument("--threshold", type=_share, metavar="T", help=_("0 to 1; default: the model's"))
    classify.add_argument("--mpp", type=_positive_number, metavar="UM", help=_("µm per pixel of the inputs"))
    classify.add_argument("--stride", type=_count, metavar="PX", help=_("step in the model's pixels"))
    classify.add_argument("--limit", type=_count, metavar="N", help=_("judge at most N patches an input"))
    classify.add_argument("--no-tissue-mask", action="store_true", help=_("judge glass, too"))
    classify.add_argument("--restart", action="store_true", help=_("judge anew what was judged before"))
    classify.add_argument("--quiet", action="store_true", help=_("say nothing but errors"))
    classify.set_defaults(run=_run_classify)

    info = commands.add_parser("info", parents=[common], help=_("what a path is, as JSON"))
    info.add_argument("path", type=Path, metavar="PATH")
    info.add_argument("--mpp", type=_positive_number, metavar="UM", help=_("µm per pixel of PATH"))
    info.set_defaults(run=_run_info)

    convert = commands.add_parser("convert", parents=[common], help=_("patch folder to pyramidal OME-TIFF"))
    convert.add_argument("folder", type=Path, metavar="FOLDER")
    convert.add_argument("output", type=Path, metavar="OUT.ome.tiff")
    convert.set_defaults(run=_run_convert)
    return parser


def _formats(text: str) -> tuple[str, ...]:
    wanted = tuple(word.strip().lower() for word in text.split(",") if word.strip())
    later = [word for word in wanted if word in LATER_FORMATS]
    if later:
        raise argparse.ArgumentTypeError(
            _("{formats} not yet; there is {known}").format(
                formats=", ".join(later), known=", ".join(FORMATS)
            )
        )
    unknown = [word for word in wanted if word not in FORMATS]
    if unknown or not wanted:
        raise argparse.ArgumentTypeError(
            _("unknown format {formats!r}; expected some of {known}").format(
                formats=", ".join(unknown), known=", ".join(FORMATS)
            )
        )
    return wanted


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        raise argparse.ArgumentTypeError(_("expected a number, got {text!r}").format(text=text)) from None


def _positive_number(text: str) -> float:
    number = _number(text)
    if not 0 < number < float("inf"):
        raise argparse.ArgumentTypeError(_("expected a number above 0, got {text}").format(text=text))
    return number


def _share(text: str) -> float:
    number = _number(text)
    if not 0 <= number <= 1:
        raise argparse.ArgumentTypeError(_("expected a number from 0 to 1, got {text}").format(text=text))
    return number


def _count(text: str) -> int:
    number = _number(text)
    if not 1 <= number < float("inf") or number != int(number):
        raise argparse.ArgumentTypeError(_("expected a whole number above 0, got {text}").format(text=text))
    return int(number)


# The commands and the window are imported only when they are asked for: the window needs no progress bar,
# a batch on a server needs no Qt.


def _run_classify(options: argparse.Namespace) -> int:
    from histoviewer.cli.classify import classify

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
        from histoviewer.gui.application import run_window
    except ImportError as error:
        message = _(
            "The window cannot start: {error}. On Debian or Ubuntu install libegl1 libgl1 libxkbcommon-x11-0 "
            "libfontconfig1 libdbus-1-3 libxcb-cursor0 libxcb-icccm4 libxcb-keysyms1; "
            "classify works without them."
        )
        sys.stderr.write("histoviewer: " + message.format(error=error) + "\n")
        return SOME_FAILED
    return run_window(options)


def _go_offscreen_without_a_screen(options: argparse.Namespace) -> None:
    """On Linux without a display Qt would abort; the demo and screenshots do without one."""
    has_screen = not sys.platform.startswith("linux") or bool(
        os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")
    )
    platform = os.environ.get("QT_QPA_PLATFORM", "")
    options.has_screen = platform not in ("offscreen", "minimal") and (has_screen or bool(platform))
    if not options.has_screen or options.screenshot is not None:
        os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")


if __name__ == "__main__":
    sys.exit(main())
