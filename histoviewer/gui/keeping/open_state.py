"""What is open in a window, as it is written down for the case that the program dies."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

VERSION = 1


@dataclass(frozen=True, slots=True)
class KeptSource:
    """Something that can be opened again.

    Attributes:
        path: file or folder.
        mpp: µm per level-0 pixel that a person gave it, if any.
    """

    path: Path
    mpp: float | None = None


@dataclass(frozen=True, slots=True)
class KeptView:
    """Where a slide was looked at: level-0 point in the middle, view pixels per level-0 pixel, and how many
    degrees clockwise it was turned."""

    x: float
    y: float
    scale: float
    rotation: float = 0.0


@dataclass(frozen=True, slots=True)
class OpenState:
    """What a window shows.

    Attributes:
        sources: all that is open, in order.
        current: place among them of the one in front.
        slide: which of its slides (patients) is on the canvas.
        view: None where all of the slide is.
        threshold, tab: as in the window.
    """

    sources: tuple[KeptSource, ...]
    current: int = 0
    slide: str | None = None
    view: KeptView | None = None
    threshold: float = 0.5
    tab: int = 0

    def to_json(self) -> bytes:
        """ASCII: also names that are no valid text come back as they were."""
        content = {"version": VERSION, **asdict(self)}
        return json.dumps(content, default=str, indent=1).encode("ascii")


def read_state(content: bytes) -> OpenState | None:
    """None for what is damaged, of another version, or empty."""
    try:
        state = _state(json.loads(content))
    except (ValueError, TypeError, KeyError, AttributeError):
        return None
    return state if state.sources and 0 <= state.current < len(state.sources) else None


def merged(states: Iterable[OpenState]) -> OpenState:
    """All that was open in several windows, each source once; seen as in the first."""
    first, *others = states
    sources = {source.path: source for source in first.sources}
    for source in (source for other in others for source in other.sources):
        sources.setdefault(source.path, source)
    return replace(first, sources=tuple(sources.values()))


def _state(content: dict[str, Any]) -> OpenState:
    if content["version"] != VERSION:
        raise ValueError(content["version"])
    view, slide = content["view"], content["slide"]
    return OpenState(
        sources=tuple(KeptSource(Path(one["path"]), _number(one["mpp"])) for one in content["sources"]),
        current=int(content["current"]),
        slide=None if slide is None else str(slide),
        view=view and KeptView(**{name: float(value) for name, value in view.items()}),
        threshold=float(content["threshold"]),
        tab=int(content["tab"]),
    )


def _number(value: object) -> float | None:
    return None if value is None else float(str(value))
