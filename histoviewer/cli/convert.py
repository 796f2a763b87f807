"""``histoviewer convert``: a patch folder with coordinates becomes a pyramidal OME-TIFF."""

from __future__ import annotations

import argparse
from pathlib import Path

from histoviewer.errors import ResultError, SourceError
from histoviewer.inference.model_card import read_card
from histoviewer.patches.opening import open_source
from histoviewer.slides.pyramid_writer import write_pyramid
from histoviewer.streams import tell
from histoviewer.translation import _

_ENDINGS = (".ome.tiff", ".ome.tif", ".tiff", ".tif")


def convert(options: argparse.Namespace) -> int:
    """Run the command; returns the exit code: 1 where patches were left out that cannot be reached."""
    if options.output.is_dir() or not options.output.name:
        message = _("Cannot write to {path}: it is a folder. Give a file name such as OUT.ome.tiff.")
        raise ResultError(message.format(path=options.output))
    if not options.output.name.lower().endswith(_ENDINGS):
        message = _("Cannot write to {path}: it would be a TIFF. Give a file name such as OUT.ome.tiff.")
        raise ResultError(message.format(path=options.output))
    card = read_card(options.model)
    source = open_source(options.folder, input_size=card.input_size, model_mpp=card.mpp)
    slides = list(source.slides())
    if source.kind != "folder" or not slides:
        message = _("{folder} has no coordinates in its file names: expected names like {example}.")
        raise SourceError(message.format(folder=options.folder, example="10253_idx5_x1351_y1101_class0.png"))
    for problem in source.problems:
        tell(f"histoviewer: {problem}")
    for name in slides:
        target = _target(options.output, name, is_only=len(slides) == 1)
        write_pyramid(source.slide(name), target)
        tell(_("wrote {path}").format(path=target))
    source.close()
    return 1 if source.problems else 0


def _target(output: Path, name: str, *, is_only: bool) -> Path:
    """OUT.ome.tiff, or for each of several patients OUT.PATIENT.ome.tiff."""
    if is_only:
        return output
    lower = output.name.lower()
    ending = next(e for e in _ENDINGS if lower.endswith(e))
    stem = output.name[: -len(ending)]
    return output.with_name(f"{stem}.{name}{ending}")
