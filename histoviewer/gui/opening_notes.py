"""What a person is told of a source that has been opened."""

from __future__ import annotations

from histoviewer.gui.open_source import OpenSource
from histoviewer.inference.model_card import ModelCard
from histoviewer.run import seen_note
from histoviewer.translation import _


def good_to_know(opened: OpenSource, card: ModelCard) -> list[str]:
    """Lines that are no failures."""
    source, lines = opened.source, []
    seen = seen_note(source, card)
    notes = [*source.notes, *([seen] if seen else [])]
    if source.scale is not None and source.scale.origin == "patch size":
        notes.append(_("If it is another: Classify > Change scale…"))
    if notes:
        lines.append(f"{source.name}: {' '.join(notes)}")
    return lines


def failures(opened: OpenSource) -> list[str]:
    """Lines on what of it could not be opened, or cannot be done with it."""
    lines = [f"{opened.source.name}: {problem}" for problem in opened.source.problems]
    not_kept = opened.not_kept_text if opened.not_kept else ""
    return [*lines, *filter(None, (opened.only_to_look, opened.damage, not_kept))]
