"""What a card says of the data: made from the data, so that no bundle claims another's."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import PurePosixPath

from histoviewer.patches.names import parse_name
from histoviewer.patches.patch import UNKNOWN
from model_training.patches import SQUARE_MARK, PatchFacts

PUBLIC = "Breast Histopathology Images"
"""The data set whose file names say what it is: ``10253_idx5_x1351_y1101_class0.png``."""

_MOST_NAMED = 10
"""Sources in one sentence."""

_WEIGHTS = (
    "Derived from the VGG16 ImageNet weights of the Visual Geometry Group, University of Oxford "
    "(K. Simonyan, A. Zisserman: Very Deep Convolutional Networks for Large-Scale Image Recognition, 2014), "
    "Creative Commons Attribution."
)
_AUTHORS = f"Trained on {PUBLIC} (A. Cruz-Roa et al. 2014; A. Janowczyk, A. Madabhushi 2016)."
_NOT_VALIDATED = (
    "not validated on other laboratories' stains and scanners, on other carcinomas, on in situ lesions or on "
    "fluorescence."
)
_CASES = "Whether two case numbers of the data set can be one person is not documented."


@dataclass(frozen=True, slots=True)
class Origin:
    """What the patches in memory do not tell of where they come from.

    Attributes:
        sources: names of DATA, without their folders: those may name people.
        reviewed: ``files`` of the patches whose truth is a review.
        description: what only a person knows, or "".
    """

    sources: tuple[str, ...] = ()
    reviewed: frozenset[str] = frozenset()
    description: str = ""


NOTHING_SAID = Origin()


def sentences(patches: PatchFacts, origin: Origin, *, input_size: int, mpp: float) -> dict[str, str]:
    """The card's ``data``, ``intended_use``, ``limits`` and ``attribution``.

    ``input_size``, ``mpp``: pixels along the side of a patch, and the µm/px that the model judges at.
    """
    public = sum(map(_is_public, patches.files))
    is_public = public == len(patches)
    is_said = PUBLIC.casefold() in origin.description.casefold()
    named = _named(origin, public, len(patches))
    what = "invasive ductal carcinoma" if is_public or is_said else "what was labelled malignant there"
    tissue = "H&E-stained breast tissue" if is_public or is_said else "tissue like that it was trained on"
    return {
        "data": f"{named}: {_facts(patches, origin, input_size=input_size, mpp=mpp)}",
        "intended_use": f"Research on {tissue}: marks {input_size * mpp:g} µm squares that look like {what}. "
        "Not for diagnosis.",
        "limits": " ".join((_limits(patches, named), *([_CASES] if public or is_said else []))),
        "attribution": " ".join((_WEIGHTS, *([_AUTHORS] if public or is_said else []))),
    }


def _is_public(file: str) -> bool:
    """Whether a patch is named as the public data set names its own."""
    name = None if SQUARE_MARK in file else parse_name(PurePosixPath(file).stem)
    return name is not None and name.truth != UNKNOWN


def _named(origin: Origin, public: int, patches: int) -> str:
    if origin.description:
        return origin.description.rstrip(". ")
    if public == patches:
        return PUBLIC
    return f"own data and {PUBLIC} ({public:,} patches)" if public else "own data"


def _facts(patches: PatchFacts, origin: Origin, *, input_size: int, mpp: float) -> str:
    reviewed = sum(file in origin.reviewed for file in patches.files)
    labelled = len(patches) - reviewed
    truths = [
        *([f"from names and folders ({labelled:,})"] if labelled else []),
        *([f"from reviews ({reviewed:,})"] if reviewed else []),
    ]
    more = len(origin.sources) - _MOST_NAMED
    named = ", ".join(origin.sources[:_MOST_NAMED]) + (f" and {more} more" if more > 0 else "")
    sources = f" Read from: {named}." if named else ""
    return (
        f"{_count(patches)}, {int(patches.truth.sum()):,} of them malignant, {input_size} x {input_size} px "
        f"at about {mpp:g} µm/px. Truth {' and '.join(truths)}.{sources}"
    )


def _limits(patches: PatchFacts, named: str) -> str:
    return f"Made from {_count(patches)} ({named}); {_NOT_VALIDATED}"


def _count(patches: PatchFacts) -> str:
    patients, count = len(set(patches.patients.tolist())), len(patches)
    return f"{_plural(patients, 'patient', 'patients')}, {_plural(count, 'patch', 'patches')}"


def _plural(count: int, one: str, many: str) -> str:
    return f"{count:,} {one if count == 1 else many}"
