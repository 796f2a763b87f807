"""The words of a call -> options. Nothing is looked at that they name."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

from histoviewer import __version__
from histoviewer.exit_codes import WRONG_CALL
from histoviewer.reports import FORMATS, USUAL_FORMATS
from histoviewer.resources import default_bundle
from histoviewer.slides.geometry import PLAUSIBLE_MPP
from histoviewer.streams import tell, write_out
from histoviewer.translation import _

if TYPE_CHECKING:
    from _typeshed import SupportsWrite

_HIGHEST_COUNT = 10**9
"""More than any slide has patches or pixels along a side, and little enough for an int32."""

COMMANDS = ("classify", "info", "convert")


def parse(words: Sequence[str]) -> argparse.Namespace:
    """The options of a call; ``command`` is one of ``COMMANDS``, or "window".

    Ends the process where the words are wrong (exit code 2, one line) or ask for help. Raises ResultError
    where the help does not reach standard output.
    """
    is_command = bool(words) and words[0] in COMMANDS
    if words and not is_command:
        _refuse_misspelt(words[0])
    return (_command_parser() if is_command else _window_parser()).parse_args(words)


def _refuse_misspelt(word: str) -> None:
    """Else it would be taken for a file to be opened in the window."""
    likely = get_close_matches(word, COMMANDS, n=1, cutoff=0.8)
    if likely and not Path(word).exists():
        message = _("histoviewer: there is no command and no file {word}; is {likely} meant?")
        tell(message.format(word=word, likely=likely[0]))
        sys.exit(WRONG_CALL)


class _Parser(argparse.ArgumentParser):
    """Says what is wrong in one line, without its usage before it."""

    def error(self, message: str) -> NoReturn:
        text = _("{program}: {message}. See {program} --help.")
        self.exit(WRONG_CALL, text.format(program=self.prog, message=message) + "\n")

    def _print_message(self, message: str, file: SupportsWrite[str] | None = None) -> None:
        if file is sys.stderr:
            tell(message.rstrip("\n"))
        else:
            write_out(message)  # argparse itself passes over a full disk


def _common() -> _Parser:
    common = _Parser(add_help=False)
    common.add_argument("--debug", action="store_true", help=_("show tracebacks and the log"))
    common.add_argument(
        "--model", type=_path, default=default_bundle(), metavar="BUNDLE", help=_("model bundle to use")
    )
    return common


def _window_parser() -> argparse.ArgumentParser:
    parser = _Parser(
        prog="histoviewer",
        parents=[_common()],
        description=_("Look at breast histology with a second pair of eyes. For research use only."),
        epilog=_("Without a window: histoviewer classify | info | convert --help"),
    )
    parser.add_argument(
        "paths", nargs="*", type=_path, metavar="PATH", help=_("slides, pictures, patch folders")
    )
    parser.add_argument("--demo", action="store_true", help=_("open the bundled demo slide and classify it"))
    parser.add_argument(
        "--screenshot", type=_path, metavar="OUT.png", help=_("save the window's picture and quit")
    )
    parser.add_argument("--mpp", type=_scale, metavar="UM", help=_("µm per pixel of PATH"))
    parser.add_argument("--version", action="version", version=f"histoviewer {__version__}")
    parser.set_defaults(command="window")
    return parser


def _command_parser() -> argparse.ArgumentParser:
    parser = _Parser(prog="histoviewer")
    commands = parser.add_subparsers(required=True, metavar="COMMAND", dest="command")
    common = _common()
    _add_classify(commands.add_parser("classify", parents=[common], help=_("judge inputs and write reports")))

    info = commands.add_parser("info", parents=[common], help=_("what a path is, as JSON"))
    info.add_argument("path", type=_path, metavar="PATH", help=_("slide, picture, or folder of them"))
    info.add_argument("--mpp", type=_scale, metavar="UM", help=_("µm per pixel of PATH"))

    convert = commands.add_parser("convert", parents=[common], help=_("patch folder to pyramidal OME-TIFF"))
    convert.add_argument(
        "folder", type=_path, metavar="FOLDER", help=_("patches with coordinates in their names")
    )
    convert.add_argument(
        "output",
        type=_path,
        metavar="OUT.ome.tiff",
        help=_("slide to write; of several patients each gets OUT.PATIENT.ome.tiff"),
    )
    return parser


def _add_classify(classify: argparse.ArgumentParser) -> None:
    classify.add_argument(
        "paths", nargs="+", type=_path, metavar="PATH", help=_("slides, pictures, patch folders")
    )
    classify.add_argument(
        "--output",
        required=True,
        type=_path,
        metavar="DIR",
        help=_("folder for the reports, made if need be; a stopped run goes on in the same one"),
    )
    classify.add_argument(
        "--formats",
        type=_formats,
        default=USUAL_FORMATS,
        metavar="LIST",
        help=_("of csv,geojson,html,png; default: csv,png"),
    )
    classify.add_argument(
        "--engine",
        choices=("auto", "openvino", "keras"),
        default="auto",
        help=_("what runs the network; auto: the fastest on this machine"),
    )
    classify.add_argument("--threshold", type=_share, metavar="T", help=_("0 to 1; default: the model's"))
    classify.add_argument("--mpp", type=_scale, metavar="UM", help=_("µm per pixel of the inputs"))
    classify.add_argument("--stride", type=_count, metavar="PX", help=_("step in the model's pixels"))
    classify.add_argument(
        "--eight-views",
        action="store_true",
        help=_("judge each patch turned and mirrored, too, and take the mean: some seven times as long"),
    )
    classify.add_argument("--limit", type=_count, metavar="N", help=_("judge at most N patches an input"))
    classify.add_argument("--no-tissue-mask", action="store_true", help=_("judge glass, too"))
    classify.add_argument("--restart", action="store_true", help=_("judge anew what was judged before"))
    classify.add_argument("--quiet", action="store_true", help=_("say nothing but errors"))


def _path(text: str) -> Path:
    if not text:
        raise argparse.ArgumentTypeError(_("expected a path, got an empty one"))
    return Path(text)


def _formats(text: str) -> tuple[str, ...]:
    wanted = tuple(word.strip().lower() for word in text.split(",") if word.strip())
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


def _scale(text: str) -> float:
    number, (low, high) = _number(text), PLAUSIBLE_MPP
    if not low <= number <= high:
        message = _("expected a number from {low:g} to {high:g}, got {text}")
        raise argparse.ArgumentTypeError(message.format(low=low, high=high, text=text))
    return number


def _share(text: str) -> float:
    number = _number(text)
    if not 0 <= number <= 1:
        raise argparse.ArgumentTypeError(_("expected a number from 0 to 1, got {text}").format(text=text))
    return number


def _count(text: str) -> int:
    number = _number(text)
    if not 1 <= number <= _HIGHEST_COUNT or number != int(number):
        message = _("expected a whole number from 1 to {highest}, got {text}")
        raise argparse.ArgumentTypeError(message.format(highest=_HIGHEST_COUNT, text=text))
    return int(number)
