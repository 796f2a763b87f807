"""``open_source``, and beneath it the only place that decides what a path is."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

from histoviewer.errors import PatchError, SourceError
from histoviewer.patches.folder import FolderSource
from histoviewer.patches.grid import SlideSource
from histoviewer.patches.names import RESULTS, is_image
from histoviewer.patches.patch_file import image_size
from histoviewer.patches.progress import Progress
from histoviewer.patches.slide_files import is_located, slides_among
from histoviewer.patches.walk import Walk
from histoviewer.slides.base import Slide
from histoviewer.slides.opening import open_slide
from histoviewer.translation import _

_SERIES = "dicom.SeriesInstanceUID"


def open_source(
    path: Path,
    *,
    input_size: int,
    model_mpp: float,
    mpp: float | None = None,
    stride: int | None = None,
    tissue_only: bool = True,
    progress: Progress | None = None,
) -> FolderSource | SlideSource:
    """The patches of a folder of them, of a slide or picture, or of one picture that is a patch.

    ``input_size``, ``model_mpp``: the model's, pixels and µm/px. ``mpp`` overrules what the source says of
    its scale. ``stride`` (model pixels) and ``tissue_only`` are for slides; patches of a folder are where
    they are. ``progress`` is told in the calling thread: of a folder how many patches have been found so far,
    at most about ten times a second; of a slide 0, before each piece in which tissue is looked for. To
    cancel, raise from it: the exception (any but OSError) comes out of here. The source's ``notes`` are worth
    telling, its ``problems`` are failures.

    Raises SourceError where there is nothing to judge, ScaleUnknownError where a slide does not tell its
    scale, ScaleError where it is too coarse.
    """
    opened = open_patches_or_slide(
        path, input_size=input_size, model_mpp=model_mpp, mpp=mpp, progress=progress
    )
    if isinstance(opened, FolderSource):
        return opened
    with ExitStack() as on_failure:
        slide = on_failure.enter_context(opened)
        source = SlideSource(
            slide,
            input_size=input_size,
            model_mpp=model_mpp,
            stride=stride,
            tissue_only=tissue_only,
            progress=progress,
        )
        on_failure.pop_all()
    return source


def open_patches_or_slide(
    path: Path,
    *,
    input_size: int,
    model_mpp: float,
    mpp: float | None = None,
    progress: Progress | None = None,
) -> FolderSource | Slide:
    """What a path is: a source over a folder of patches or a single one, or else a slide, whatever its scale.

    The arguments, and what is raised for files and folders: as ``open_source``.
    """
    if path.name.lower().endswith(RESULTS) and path.is_file():
        message = _(
            "{path} holds results, no patches. Open the folder or slide that they are of; reviews in it are "
            "taken by the window: Review > Take reviews from a result file…"
        )
        raise SourceError(message.format(path=path))
    if is_folder(path) or _is_patch(path, input_size):
        return FolderSource(path, input_size=input_size, model_mpp=model_mpp, mpp=mpp, progress=progress)
    return open_slide(path, mpp=mpp)


def expand_paths(path: Path, *, progress: Progress | None = None) -> list[Path]:
    """What a person means who gives a folder to a batch: each whole slide in it, else the folder itself.

    TIFFs beside whole slides are slides too, other pictures there are labels and overviews; of a folder's
    TIFFs alone the first by name tells by its size whether they are slides. A folder that
    holds both whole slides and patches of the data set's grammar is its slides, then itself. The files of
    one DICOM series are one slide. Subfolders and links beside slides that cannot be opened are inputs too:
    opening them says why. ``progress`` is told of the files looked at so far, after each folder, and may
    raise to cancel. Raises SourceError where the folder cannot be listed.
    """
    if not is_folder(path):
        return [path]
    files = 0
    slides: list[Path] = []
    has_patches = False
    walk = Walk(path.absolute())
    try:
        for listing in walk:
            folder = path / listing.folder
            slides += (folder / name for name in slides_among(folder, listing.names))
            has_patches = has_patches or any(map(is_located, listing.names))
            files += len(listing.files)
            if progress is not None:
                progress(files)
    except OSError as error:
        raise SourceError(_unlistable(path, error)) from error
    if not slides:
        return [path]
    # Opened as a folder of patches it names what it cannot read by itself.
    others = [path] if has_patches else [path / one.path for one in walk.unreadable]
    return [*_one_a_series(slides), *others]


def is_folder(path: Path) -> bool:
    """Whether the path is a folder. Raises SourceError for what is neither folder nor file."""
    try:
        if path.is_dir():
            return True
        is_device = path.exists() and not path.is_file()
    except OSError as error:
        raise SourceError(_unlistable(path, error)) from error
    if is_device:
        message = _("Cannot open {path}: it is neither a file nor a folder.")
        raise SourceError(message.format(path=path))
    return False


def _is_patch(path: Path, input_size: int) -> bool:
    """Whether a single picture is a patch: it is no larger than one, or cannot be read and is named so."""
    if not is_image(path.name):
        return False
    try:
        size = image_size(path)
    except PatchError:
        return path.is_file() and is_located(path.name)
    return max(size.width, size.height) <= input_size


def _one_a_series(paths: list[Path]) -> Iterator[Path]:
    """DICOM keeps each level of a slide in a file of its own; any of them opens the slide."""
    seen: set[str] = set()
    for path in paths:
        series = _series(path) if path.suffix.lower() == ".dcm" else ""
        if series not in seen:
            yield path
        if series:
            seen.add(series)


def _series(path: Path) -> str:
    try:
        with open_slide(path) as slide:
            return slide.properties.get(_SERIES, "")
    except SourceError:
        return ""  # kept: whoever opens it says why it cannot be


def _unlistable(path: Path, error: OSError) -> str:
    message = _("Cannot open {path}: {reason}. Check its permissions.")
    return message.format(path=path, reason=error.strerror)
