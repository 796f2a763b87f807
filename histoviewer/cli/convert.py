"""``histoviewer convert``: a patch folder with coordinates becomes a pyramidal OME-TIFF."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from histoviewer.cli.output_folder import make_folder
from histoviewer.errors import CallError, HistoViewerError, SourceError
from histoviewer.exit_codes import SOME_FAILED
from histoviewer.inference.model_card import read_card
from histoviewer.patches.folder import FolderSource
from histoviewer.patches.opening import open_source
from histoviewer.reports import MOST_FAILURES_TOLD
from histoviewer.slides.pyramid_writer import write_pyramid
from histoviewer.streams import tell
from histoviewer.translation import _, plural

_EXAMPLE = "10253_idx5_x1351_y1101_class0.png"
_ENDINGS = (".ome.tiff", ".ome.tif", ".tiff", ".tif")


def convert(options: argparse.Namespace) -> int:
    """Run the command; returns the exit code: 1 where patches or slides had to be left out."""
    _check(options.output)
    if options.folder.is_file():
        message = _(
            "{path} is a file: expected a folder of patches with coordinates in their names, like {example}."
        )
        raise SourceError(message.format(path=options.folder, example=_EXAMPLE))
    card = read_card(options.model)
    with closing(open_source(options.folder, input_size=card.input_size, model_mpp=card.mpp)) as source:
        slides = list(source.slides())
        if not isinstance(source, FolderSource) or not slides:
            message = _("{folder} has no coordinates in its file names: expected names like {example}.")
            raise SourceError(message.format(folder=options.folder, example=_EXAMPLE))
        # A list: each slide is tried, whatever became of the one before.
        written = [
            _write(source, name, _target(options.output, name, is_only=len(slides) == 1)) for name in slides
        ]
        problems = [*source.problems, *_gaps(source)]
        for problem in problems:
            tell(f"histoviewer: {problem}")
    return 0 if all(written) and not problems else SOME_FAILED


def _check(output: Path) -> None:
    if output.is_dir() or not output.name:
        message = _("Cannot write to {path}: it is a folder. Give a file name such as OUT.ome.tiff.")
        raise CallError(message.format(path=output))
    if not output.name.lower().endswith(_ENDINGS):
        message = _("Cannot write to {path}: it would be a TIFF. Give a file name such as OUT.ome.tiff.")
        raise CallError(message.format(path=output))
    make_folder(output.absolute().parent)


def _write(source: FolderSource, name: str, target: Path) -> bool:
    """Write one slide, staged; says so, or why not."""
    try:
        write_pyramid(source.slide(name), target)
    except HistoViewerError as error:
        tell(f"histoviewer: {error}")
        return False
    tell(_("wrote {path}").format(path=target))
    return True


def _gaps(source: FolderSource) -> Iterator[str]:
    """What to tell of patches that could not be read: they are gaps in what was written."""
    told = list(source.not_shown.items())[:MOST_FAILURES_TOLD]
    yield from (f"{source.name}: {source.columns.file(row)}: {reason}" for row, reason in told)
    more = len(source.not_shown) - len(told)
    if more:
        message = plural(
            "{name}: and {count} more patch that cannot be read",
            "{name}: and {count} more patches that cannot be read",
            more,
        )
        yield message.format(name=source.name, count=more)


def _target(output: Path, name: str, *, is_only: bool) -> Path:
    """OUT.ome.tiff, or for each of several patients OUT.PATIENT.ome.tiff."""
    if is_only:
        return output
    lower = output.name.lower()
    ending = next(e for e in _ENDINGS if lower.endswith(e))
    stem = output.name[: -len(ending)]
    return output.with_name(f"{stem}.{name}{ending}")
