"""A source over a folder of patches, whatever its nesting."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from histoviewer.errors import PatchError, SourceError
from histoviewer.patches.blocks import blocks_by_place
from histoviewer.patches.mosaic import MosaicSlide, canvas_size
from histoviewer.patches.names import GRAMMAR_PITCH, GRAMMAR_SCALE
from histoviewer.patches.patch import NO_LOCATION, Block, BlockPixels, PatchColumns
from histoviewer.patches.patch_file import image_size, read_patch, read_true_size
from histoviewer.patches.progress import Progress
from histoviewer.patches.scale import usable_scale
from histoviewer.patches.scan import Scan, scan_file, scan_folder
from histoviewer.patches.walk import Unreadable, readable_name
from histoviewer.slides.base import Slide, readable
from histoviewer.slides.geometry import Scale, Size
from histoviewer.translation import _, plural

_MOST_NAMED = 5
"""Of what could not be opened, in one line; ``unreadable`` has all."""

_REMEMBERED = 1024
"""Decoded patches kept for the mosaics, all of them together: 7.5 kB each."""


class FolderSource:
    """A ``PatchSource`` over the images below a folder, or over one image that is a patch.

    Names of the data set's grammar tell patient, place and truth, and their patients are slides too. Any
    other image is a loose patch: its patient is the nearest folder that is not a class, its truth the class
    that its own folder names (0/1, class0/class1, benign/malignant), if any.

    Attributes:
        scale: the data set's where a name is of its grammar. Loose patches already are the square that the
            model judges, hence the model's µm/px ("patch size"). With ``mpp`` neither is taken for granted,
            and each patch is resampled from it.
        duplicates_skipped: files left out as second copies.
        unreadable: folders and links that could not be entered or followed.
        notes: what a person should be told about the opening, a sentence each.
        problems: what was left out because it cannot be read, a sentence for each kind.
        not_shown: row -> one line why, of the patches that are gaps in what has been read of the mosaics.
    """

    kind: Literal["folder", "slide"] = "folder"

    def __init__(
        self,
        path: Path,
        *,
        input_size: int,
        model_mpp: float,
        mpp: float | None = None,
        progress: Progress | None = None,
    ) -> None:
        """Raises SourceError when the folder cannot be listed or holds no patch, ScaleError for its scale,
        and what ``progress`` raises."""
        self.path = path
        self.input_size = input_size
        self._root, self.name, scan = _scan(path, progress)
        has_places = bool((scan.x != NO_LOCATION).any())
        said = _scale_said(mpp, has_places=has_places, model_mpp=model_mpp)
        self.scale: Scale | None = usable_scale(said, model_mpp=model_mpp, path=path)
        self._factor = said.mpp / model_mpp
        nominal = round(input_size / self._factor)
        self.stride = float(GRAMMAR_PITCH if has_places else nominal)
        self.columns = _columns(scan, nominal)
        self.duplicates_skipped = scan.duplicates
        self.unreadable = scan.unreadable
        self.notes = tuple(_notes(scan, said))
        self.problems = tuple(_problems(scan.unreadable))
        self._blocks = blocks_by_place(self.columns, GRAMMAR_PITCH)
        self._rows = _located_rows(self.columns)
        self._slides: dict[str, MosaicSlide] = {}
        self.not_shown: dict[int, str] = {}
        self._opening = threading.Lock()
        self._decoded = lru_cache(maxsize=_REMEMBERED)(self._decode)

    def blocks(self) -> Sequence[Block]:
        return self._blocks

    def read(self, block: Block) -> BlockPixels:
        side, count = self.input_size, len(block.patches)
        pixels = np.empty((count, side, side, 3), np.uint8)
        sizes = np.empty((count, 2), np.int32)
        kept: list[int] = []
        failures: dict[int, str] = {}
        truncated: set[int] = set()
        for row in block.patches.tolist():
            try:
                square, size, is_filled = read_patch(
                    self.file_path(row), input_size=side, factor=self._factor
                )
            except PatchError as error:
                failures[row] = str(error)
                continue
            pixels[len(kept)], sizes[len(kept)] = square, (size.width, size.height)
            kept.append(row)
            if is_filled:
                truncated.add(row)
        n = len(kept)
        return BlockPixels(np.array(kept, np.intp), pixels[:n], sizes[:n], failures, frozenset(truncated))

    def slides(self) -> Iterator[str]:
        return (name for name, rows in self._rows.items() if len(rows))

    def slide(self, name: str) -> Slide:
        with self._opening:
            if name not in self._slides:
                self._slides[name] = self._mosaic(name)
            return self._slides[name]

    def rows(self, name: str) -> NDArray[np.intp]:
        return self._rows[name]

    def file_path(self, row: int) -> Path:
        """The file of a patch."""
        return self._root / self.columns.file(row)

    def true_size(self, row: int) -> Size | None:
        """Width and height of a patch from its file's header, or None where it cannot be read."""
        try:
            return image_size(self.file_path(row))
        except PatchError:
            return None

    def close(self) -> None:
        with self._opening:
            self._slides.clear()
            self._decoded.cache_clear()

    def _mosaic(self, name: str) -> MosaicSlide:
        rows = self.rows(name)
        if not len(rows) or self.scale is None:
            raise KeyError(name)
        x, y = self.columns.x[rows], self.columns.y[rows]
        return MosaicSlide(
            self._root,
            name,
            x=x,
            y=y,
            patch_size=GRAMMAR_PITCH,
            size=canvas_size(x, y, patch_size=GRAMMAR_PITCH, size_of=lambda i: self.true_size(int(rows[i]))),
            scale=self.scale,
            read_patch=lambda i: self._decoded(int(rows[i])),
        )

    def _decode(self, row: int) -> NDArray[np.uint8] | None:
        try:
            return read_true_size(self.file_path(row), largest=GRAMMAR_PITCH)
        except PatchError as error:
            self.not_shown[row] = str(error)
            return None


def _scan(path: Path, progress: Progress | None) -> tuple[Path, str, Scan]:
    """Folder that the files' names count from, the source's name, and the patches."""
    try:
        path.stat()  # a link to itself is an OSError here, and anything else further on
        if path.is_file():
            file = path.absolute()
            name = readable_name(file.with_suffix(""))
            return file.parent, name, scan_file(file, name)
        folder = path.resolve()
        scan = scan_folder(folder, progress)
    except OSError as error:
        message = _("Cannot open {path}: {reason}. Check the name and its permissions.")
        raise SourceError(message.format(path=path, reason=error.strerror)) from error
    has_places = bool((scan.x != NO_LOCATION).any())
    if not scan.files or (scan.whole_slides and not has_places):
        raise SourceError(_nothing_in(scan, path))
    return folder, readable_name(folder), scan


def _nothing_in(scan: Scan, path: Path) -> str:
    if scan.whole_slides:
        # Pictures beside slides are their labels and overviews, unless their names say that they are patches.
        message = _("{path} is no folder of patches: it holds {slides} whole slides. Open those one by one.")
    elif scan.other_files:
        message = plural(
            "No patch in {path}: expected PNG, JPEG, TIFF or BMP images, found {count} other file.",
            "No patch in {path}: expected PNG, JPEG, TIFF or BMP images, found {count} other files.",
            scan.other_files,
        )
    elif scan.unreadable:
        message = _("No patch in {path}: {first} in it cannot be opened. Check its permissions.")
    else:
        message = _("The folder {path} is empty: expected PNG, JPEG, TIFF or BMP images.")
    first = readable(scan.unreadable[0].path) if scan.unreadable else ""
    return message.format(path=path, slides=scan.whole_slides, count=scan.other_files, first=first)


def _columns(scan: Scan, nominal: int) -> PatchColumns:
    side = np.where(scan.x == NO_LOCATION, np.int32(nominal), np.int32(GRAMMAR_PITCH))
    return PatchColumns(
        files=scan.files,
        patients=scan.patients,
        patient=scan.patient,
        x=scan.x,
        y=scan.y,
        width=side,
        height=side,
        truth=scan.truth,
        stamp=scan.stamp,
        file_size=scan.file_size,
    )


def _located_rows(columns: PatchColumns) -> dict[str, NDArray[np.intp]]:
    """Of each patient the rows that have a place, ascending: views of one array, not to be written to."""
    rows = np.flatnonzero(columns.x != NO_LOCATION)
    patient = columns.patient[rows]
    rows = rows[np.argsort(patient, kind="stable")]
    rows.flags.writeable = False
    ends = np.cumsum(np.bincount(patient, minlength=len(columns.patients)))
    return dict(zip(columns.patients, np.split(rows, ends[:-1]), strict=True))


def _scale_said(mpp: float | None, *, has_places: bool, model_mpp: float) -> Scale:
    if mpp is not None:
        return Scale(mpp, "user")
    return GRAMMAR_SCALE if has_places else Scale(model_mpp, "patch size")


def _notes(scan: Scan, scale: Scale) -> Iterator[str]:
    if scale.origin == "patch size":
        message = _("The patches do not say their scale: taken to be the model's {mpp:g} µm/px.")
        yield message.format(mpp=scale.mpp)
    if scan.duplicates:
        yield _("Second copies of the same patches, left out: {count}.").format(count=scan.duplicates)


def _problems(unreadable: Sequence[Unreadable]) -> Iterator[str]:
    messages = {
        "folder": _(
            "Folders that cannot be opened, their patches left out: {names}. Check their permissions."
        ),
        "link": _("Links that lead nowhere, left out: {names}. Mend or remove them."),
        "entry": _("Files or folders that cannot be opened, left out: {names}. Check their permissions."),
    }
    for kind, message in messages.items():
        found = [f"{readable(one.path)} ({one.reason})" for one in unreadable if one.kind == kind]
        names = ", ".join(found[:_MOST_NAMED])
        if len(found) > _MOST_NAMED:
            names = _("{names} and {count} more").format(names=names, count=len(found) - _MOST_NAMED)
        if found:
            yield message.format(names=names)
