"""How what is known of a slide is laid over it."""

from __future__ import annotations

from dataclasses import dataclass

from histoviewer.inference.explain import Method
from histoviewer.results.colormaps import DEFAULT_COLORMAP, Below


@dataclass(frozen=True, slots=True)
class Overlay:
    """How heat map and truth are laid over the slide. View settings: they never touch a result.

    ``is_peeking``: all of it is away for as long as a key is held. ``why_by``: how it is found out what the
    selected patch's answer rests on; ``has_similar``: which patches of the training it is like is shown, too.
    """

    is_visible: bool = True
    opacity: float = 0.6
    colormap: str = DEFAULT_COLORMAP
    is_smooth: bool = False
    below: Below = "dim"
    is_truth_visible: bool = False
    has_contours: bool = False
    has_ghost: bool = False
    is_peeking: bool = False
    why_by: Method = "covering"
    has_similar: bool = False
