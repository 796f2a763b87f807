"""What to do about it on the command line. The core says what is the matter; the window has other words."""

from __future__ import annotations

from collections.abc import Iterator

from histoviewer.errors import HistoViewerError, ResultError, ScaleUnknownError
from histoviewer.patches.patch import PatchSource
from histoviewer.results.sqlite_file import is_damage
from histoviewer.translation import _


def advised(error: HistoViewerError) -> str:
    """One line: the error, and the option that mends it."""
    if isinstance(error, ScaleUnknownError):
        return _("{problem} Give --mpp.").format(problem=error)
    if isinstance(error, ResultError) and is_damage(error):
        return _("{problem} Or give --restart with its input: it is set aside then.").format(problem=error)
    return str(error)


def advised_notes(source: PatchSource) -> Iterator[str]:
    """A source's notes, and the options that change what they tell of."""
    yield from source.notes
    if source.scale is not None and source.scale.origin == "patch size":
        yield _("If the patches have another scale, give --mpp.")
    if source.kind == "slide" and not len(source.columns):
        yield _("Use --no-tissue-mask to judge every patch.")
