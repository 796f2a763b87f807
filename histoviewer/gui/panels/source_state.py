"""What the list of sources says of one line: how far it is, in a word or two."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from histoviewer.gui.formatting import THIN_SPACE, count_text, percent_text
from histoviewer.gui.open_source import OpenSource
from histoviewer.patches.patch import FAILED
from histoviewer.translation import _, plural


@dataclass(frozen=True, slots=True)
class Counts:
    """Patches of a source, or of one of its slides: all, judged, malignant and unreadable ones."""

    patches: int
    judged: int
    malignant: int
    failed: int

    @property
    def waiting(self) -> int:
        """Neither judged nor known to be unreadable."""
        return self.patches - self.judged - self.failed


@dataclass(frozen=True, slots=True)
class Line:
    """What is written on a line.

    Attributes:
        name: of a source, or of one of its slides.
        share: malignant share of what has been judged.
        state: how far a source is; "" of its slides.
        brief: the same in a word, for where there is little room.
        progress: 0 to 1 while it is being judged, else None.
        patches: how many it has.
    """

    name: str
    share: str
    state: str
    brief: str
    progress: float | None
    patches: int

    @property
    def spoken(self) -> str:
        """All of it in one sentence, for who listens to the window or rests the mouse on a line."""
        patches = plural("{count} patch", "{count} patches", self.patches)
        share = _("{share} malignant").format(share=self.share) if "%" in self.share else ""
        parts = (self.name, self.state, share, patches.format(count=count_text(self.patches)))
        return ", ".join(part for part in parts if part)


def slide_line(name: str, counts: Counts) -> Line:
    """The line of one slide (a patient) of a source."""
    return Line(name, share_text(counts), "", "", None, counts.patches)


def source_line(name: str, opened: OpenSource, counts: Counts, asked: int) -> Line:
    """The line of a source of this ``name``, of whose patches a run has been ``asked`` for so many."""
    waiting = int(np.count_nonzero(opened.is_waiting))
    settled = counts.judged + counts.failed
    progress = settled / counts.patches if 0 < waiting < asked else None
    state, brief = _running(progress) if waiting else _resting(opened, counts)
    # The state says why there is none, or that there is more to come.
    share = percent_text(counts.malignant / counts.judged) if counts.judged else ""
    return Line(name, share, state, brief, progress, counts.patches)


def share_text(counts: Counts) -> str:
    """``9.87 %``, with an ellipsis while more is to come; a dash where nothing has been judged."""
    if counts.judged:
        return percent_text(counts.malignant / counts.judged) + (" …" if counts.waiting > 0 else "")
    return _("failed") if counts.failed and not counts.waiting else "–"


def _running(progress: float | None) -> tuple[str, str]:
    if progress is None:
        return _("waiting"), _("waiting")
    text = _("{percent} classified").format(percent=_whole_percent(progress))
    return text, text


def _resting(opened: OpenSource, counts: Counts) -> tuple[str, str]:
    if counts.judged and counts.waiting:
        share = (counts.judged + counts.failed) / counts.patches
        return _("stopped at {percent}").format(percent=_whole_percent(share)), _("stopped")
    if counts.judged:
        return _done_text(counts.failed), _("done")
    text = _untouched_text(opened, counts)
    return text, text


def _untouched_text(opened: OpenSource, counts: Counts) -> str:
    """Why nothing of it has been judged."""
    if opened.scale_problem:
        return _("needs its scale")
    if opened.only_to_look:
        return _("only to look at")
    if not counts.patches:
        return _("no patches")
    return _("not classified") if counts.waiting else _failed_text(opened)


def _failed_text(opened: OpenSource) -> str:
    reason = opened.store.note(int(np.argmax(opened.store.failed))).removeprefix(FAILED)
    return _("failed: {reason}").format(reason=reason)


def _done_text(failed: int) -> str:
    if not failed:
        return _("done")
    return plural("done, {count} unreadable", "done, {count} unreadable", failed).format(
        count=count_text(failed)
    )


def _whole_percent(share: float) -> str:
    """Never 0 nor 100: something has been judged, and something is left."""
    return f"{min(99, max(1, int(100 * share)))}{THIN_SPACE}%"
