"""What is said of patches in words: facts, tooltips and empty states."""

from __future__ import annotations

import html
import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from histoviewer.gui.formatting import count_text, probability_text, threshold_text
from histoviewer.gui.gallery.gallery_cell import Caption
from histoviewer.gui.gallery.gallery_contents import GalleryContents
from histoviewer.gui.gallery.gallery_order import Show
from histoviewer.patches.names import without_truth
from histoviewer.patches.patch import BENIGN, MALIGNANT, NO_LOCATION, UNKNOWN, Patch
from histoviewer.translation import _


@dataclass(frozen=True, slots=True)
class EmptyText:
    """An empty gallery's words: what is so, what to do, and the button that does it ('' for none)."""

    title: str
    hint: str
    action: str = ""


def class_text(verdict: int) -> str:
    """The word for MALIGNANT, BENIGN or UNKNOWN."""
    return {MALIGNANT: _("malignant"), BENIGN: _("benign"), UNKNOWN: _("not judged")}[verdict]


def captions(contents: GalleryContents, rows: NDArray[np.intp], *, has_text: bool) -> list[Caption]:
    """The lines below the thumbnails of these rows; ``has_text``: there is room for words."""
    probabilities = contents.probabilities[rows].tolist()
    pairs = zip(rows.tolist(), probabilities, strict=True)
    texts = [_caption_text(contents, row, probability) if has_text else "" for row, probability in pairs]
    verdicts, disputed = contents.verdicts(rows).tolist(), contents.disputed(rows).tolist()
    return list(map(Caption, verdicts, texts, disputed, contents.reviews[rows].tolist()))


def _caption_text(contents: GalleryContents, row: int, probability: float) -> str:
    if not math.isnan(probability):
        return probability_text(probability, contents.threshold)
    return _("failed") if row in contents.failures else ""


def patch_names(contents: GalleryContents, rows: list[int]) -> list[str]:
    """A line a patch: its file's relative path, and where one file holds them all its place in it too."""
    columns = contents.columns
    if columns is None:
        return []
    if len(columns.files) > 1 or len(columns) == 1:
        names = ((row, columns.file(row)) for row in rows)
        return [without_truth(name) if contents.hides(row) else name for row, name in names]
    return [f"{columns.files[0]}\t{columns.x[row]}\t{columns.y[row]}" for row in rows]


def patch_facts(patch: Patch, note: str = "", *, has_truth: bool = True) -> list[tuple[str, str]]:
    """Names and values of what is known about a patch beside its probability; unknown ones are left out.

    ``note``: what there is to say of its reading, as why it failed. ``has_truth``: what it is in truth may be
    told, also by its file's name.
    """
    known = [(_("File"), patch.file if has_truth else without_truth(patch.file))]
    if patch.patient != patch.file:  # a slide whose patient nobody has named
        known.insert(0, (_("Patient"), patch.patient))
    if patch.x != NO_LOCATION:
        known.append((_("Position"), f"x {count_text(patch.x)} px, y {count_text(patch.y)} px"))
    if has_truth and patch.truth != UNKNOWN:
        known.append((_("Truth"), class_text(patch.truth)))
    return [*known, (_("Note"), note)] if note else known


def facts(contents: GalleryContents, row: int, reason: str | None) -> list[tuple[str, str]]:
    """The probability and ``patch_facts``; ``reason``: why the patch could not be read, if so."""
    assert contents.columns is not None
    probability = (_("Probability"), _verdict_text(contents, row))
    patch = contents.columns.patch(row)
    return [probability, *patch_facts(patch, reason or "", has_truth=not contents.hides(row))]


def _verdict_text(contents: GalleryContents, row: int) -> str:
    probability = float(contents.probabilities[row])
    verdict = class_text(int(contents.verdicts(np.array([row]))[0]))
    if math.isnan(probability):
        return _("hidden") if contents.is_blind else verdict
    return f"{probability_text(probability, contents.threshold)} {verdict}"


def tooltip(known: list[tuple[str, str]]) -> str:
    """Facts as a small table; names of files are shown as they are, whatever they contain."""
    lines = (
        f"<tr><td style='padding-right: 8px'>{html.escape(name)}</td><td>{html.escape(value)}</td></tr>"
        for name, value in known
    )
    return f"<table>{''.join(lines)}</table>"


def empty_text(contents: GalleryContents, *, has_scale: bool) -> EmptyText:
    """What to say when no patch is shown. ``has_scale``: that of the source is known."""
    if contents.columns is None:
        return EmptyText(
            _("No patches yet"),
            _("Drop a slide, an image or a folder of patches onto the window."),
            _("Open…"),
        )
    if not contents.total:
        if not has_scale:
            return EmptyText(_("Scale needed"), _("Give it in the line above; then there are patches."))
        hint = _("No tissue was found to cut into patches. If the scale is wrong: Classify > Change scale…")
        return EmptyText(_("Nothing to judge here"), hint)
    return _filtered_text(contents)


def _filtered_text(contents: GalleryContents) -> EmptyText:
    order, action = contents.order, _("Show all patches")
    if order.follows_probabilities and order.show is not Show.FAILED and not contents.is_judged:
        hint = _("Classes and probabilities are known once the patches have been classified (F5).")
        return EmptyText(_("No patch is judged yet"), hint, action)
    hint = _("Asked for: {filters}.").format(filters=", ".join(_filters(contents)))
    return EmptyText(_("No patch fits"), hint, action)


def _filters(contents: GalleryContents) -> list[str]:
    order, said = contents.order, []
    if order.patient:
        said.append(_("patient {patient}").format(patient=order.patient))
    if order.show.follows_truth or order.show.follows_reviews:
        said.append(_show_text(order.show))
    elif order.show in (Show.MALIGNANT, Show.BENIGN):
        word = class_text(MALIGNANT if order.show is Show.MALIGNANT else BENIGN)
        threshold = threshold_text(contents.threshold)
        said.append(_("{word} at threshold {threshold}").format(word=word, threshold=threshold))
    elif order.show is not Show.ALL:
        said.append(_("failed") if order.show is Show.FAILED else _("not judged"))
    if order.has_range:
        said.append(_("probability {low:.2f} to {high:.2f}").format(low=order.low, high=order.high))
    if order.text.strip():
        said.append(_("“{text}” in the file's or patient's name").format(text=order.text.strip()))
    return said


def _show_text(show: Show) -> str:
    return {
        Show.TRULY_MALIGNANT: _("malignant by the truth"),
        Show.TRULY_BENIGN: _("benign by the truth"),
        Show.DISPUTED: _("judged against the truth"),
        Show.DECIDED: _("decided"),
        Show.UNDECIDED: _("not decided"),
        Show.UNSURE: _("decided as unsure"),
        Show.CORRECTED: _("decided against the model"),
    }[show]
