"""What to do with a source of which there is no result yet."""

from __future__ import annotations

from histoviewer.gui.open_source import OpenSource
from histoviewer.translation import _


def next_step(opened: OpenSource) -> str:
    """A sentence; "" where there is a result, or one is on its way."""
    if opened.scale_problem:
        return _("Give it in the line above the slide.")
    if opened.only_to_look:
        return _("It can be looked at. If its scale is wrong: Classify > Change scale…")
    if not len(opened.source.columns):
        return _("No stained tissue was found. If the scale is wrong: Classify > Change scale…")
    if opened.has_answers or opened.store.failed.any():
        return ""
    return _("Press Classify (F5).")
