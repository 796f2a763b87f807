"""The data set's file-name grammar: ``10253_idx5_x1351_y1101_class0.png``.

Patient 10253, location x=1351, y=1101, class 0. x is the column and y the row of the top left corner, both
1-based pixels of the scan reduced to about 4 µm/px; class 0 is benign, 1 malignant.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import compress

from histoviewer.patches.patch import BENIGN, MALIGNANT, UNKNOWN
from histoviewer.slides.geometry import Scale

IMAGE_SUFFIXES = (".png", ".jpg", ".jpeg", ".tif", ".tiff", ".bmp")
"""Files that are patches, by the end of their name in lower case."""

RESULTS = ".histo"
"""Files that hold results, by the end of their name in lower case: no patches themselves."""

HEATMAP = ".heatmap.png"
"""Files that are heat maps made of patches, by the end of their name in lower case: no patches themselves."""

_SLIDE_SUFFIXES = (
    ".svs",
    ".ndpi",
    ".mrxs",
    ".scn",
    ".bif",
    ".dcm",
    ".svslide",
    ".vms",
    ".vmu",
    ".czi",
    ".avs",
)
_OME_SUFFIXES = (".ome.tif", ".ome.tiff")

GRAMMAR_PITCH = 50
"""Pixels from one patch of the data set to the next, which is also its width and height."""

GRAMMAR_SCALE = Scale(4.0, "data set")
"""The data set was cut from 40x scans (0.25 µm/px) reduced 16:1."""

# Five digits are 400 mm at 4 µm/px: more than any glass slide, and little enough for a canvas.
_FORM = r"(?P<patient>.+?)_idx\d+_x(?P<x>\d{1,5})_y(?P<y>\d{1,5})(?:_class(?P<truth>[01]))?"
_GRAMMAR = re.compile(_FORM, re.ASCII | re.IGNORECASE)
_LINES = re.compile(
    rf"^(?P<name>(?!\.){_FORM}(?:{'|'.join(map(re.escape, IMAGE_SUFFIXES))}))$",
    re.ASCII | re.IGNORECASE | re.MULTILINE,
)
_CLASS_IN_NAME = re.compile(r"_class[01](?=\.)", re.ASCII | re.IGNORECASE)
_TRUTHS = {None: UNKNOWN, "": UNKNOWN, "0": BENIGN, "1": MALIGNANT}
_CLASS_FOLDERS = {
    "0": BENIGN,
    "1": MALIGNANT,
    "class0": BENIGN,
    "class1": MALIGNANT,
    "benign": BENIGN,
    "malignant": MALIGNANT,
}


@dataclass(frozen=True, slots=True)
class PatchName:
    """What a file name of the grammar says. ``x`` and ``y`` are 0-based level-0 pixels of its mosaic."""

    patient: str
    x: int
    y: int
    truth: int


def is_image(name: str) -> bool:
    """Whether a file of this name is taken for a patch. Hidden files are not, no heat maps and no slides."""
    is_picture = name.lower().endswith(IMAGE_SUFFIXES) and not name.startswith(".")
    return is_picture and not is_whole_slide(name) and not name.lower().endswith(HEATMAP)


def is_whole_slide(name: str) -> bool:
    """Whether a file of this name is a whole-slide image, which nobody takes for a patch."""
    return not name.startswith(".") and name.lower().endswith(_SLIDE_SUFFIXES + _OME_SUFFIXES)


def parse_name(stem: str) -> PatchName | None:
    """What a file name without its suffix says, or None for names of any other form.

    Upper case is allowed, and the class may be missing: such a patch has a place but no truth.
    """
    match = _GRAMMAR.fullmatch(stem)
    if match is None:
        return None
    x, y = int(match["x"]), int(match["y"])
    if x < 1 or y < 1:
        return None
    return PatchName(match["patient"], x - 1, y - 1, _TRUTHS[match["truth"]])


@dataclass(frozen=True, slots=True)
class PatchNames:
    """What many file names of the grammar say, a list each: as ``PatchName``, whose words they are.

    Attributes:
        names: the file names, with their suffix.
    """

    names: list[str]
    patients: list[str]
    x: list[int]
    y: list[int]
    truths: list[int]

    def picked(self, is_wanted: Sequence[bool]) -> PatchNames:
        """Those that are wanted."""
        return PatchNames(
            list(compress(self.names, is_wanted)),
            list(compress(self.patients, is_wanted)),
            list(compress(self.x, is_wanted)),
            list(compress(self.y, is_wanted)),
            list(compress(self.truths, is_wanted)),
        )


def parse_many(names: Sequence[str]) -> PatchNames:
    """Of file names those that ``is_image`` and that ``parse_name`` understands, in their order. A search
    over all of them at once, many times as fast as one after the other."""
    lines = "\n".join(names)
    if lines.count("\n") >= max(1, len(names)):  # no name of the data set holds the end of a line
        return parse_many([name for name in names if "\n" not in name])
    found = _LINES.findall(lines)
    columns = zip(*found, strict=True) if found else 5 * [()]
    known, patients, x, y, truths = columns
    places = [int(one) - 1 for one in x], [int(one) - 1 for one in y]
    if found and min(map(min, places)) < 0:
        return parse_many([said[0] for said in found if int(said[2]) > 0 and int(said[3]) > 0])
    return PatchNames(list(known), list(patients), *places, [_TRUTHS[truth] for truth in truths])


def class_of_folder(folder: str, siblings: frozenset[str] = frozenset()) -> int:
    """Truth that a folder's name gives the patches in it: BENIGN, MALIGNANT or UNKNOWN.

    ``0`` and ``1`` are classes only where no other number stands beside them: in 0, 1, 2, 3 … they count.
    """
    truth = _CLASS_FOLDERS.get(folder.lower(), UNKNOWN)
    counts = folder.isdecimal() and any(name.isdecimal() for name in siblings - {"0", "1"})
    return UNKNOWN if counts else truth


def without_truth(file: str) -> str:
    """A relative path without what it says of the truth: the class in the name, and folders of classes."""
    *folders, name = file.split("/")
    kept = ["…" if folder.lower() in _CLASS_FOLDERS else folder for folder in folders]
    return "/".join([*kept, _CLASS_IN_NAME.sub("", name)])


def natural_key(name: str) -> tuple[list[str | int], str]:
    """Sorts patch2 before patch10, the same on every system."""
    parts = re.split(r"([0-9]+)", name)
    return [int(part) if i % 2 else part.casefold() for i, part in enumerate(parts)], name
