"""Review > Take reviews: those of another person's result file."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QFileDialog, QWidget

from histoviewer.errors import ResultError
from histoviewer.gui.actions import window_action
from histoviewer.gui.formatting import count_text
from histoviewer.gui.open_source import OpenSource
from histoviewer.gui.reviewing.reading_line import ReadingLine
from histoviewer.gui.reviewing.review_reader import ReviewReader
from histoviewer.gui.session import Session
from histoviewer.results.merging import Merged, Others, merged, unmatched_text
from histoviewer.results.outputs import SUFFIX
from histoviewer.translation import plural


class ReviewTaker(QObject):
    """Brings decisions from a file into the source in front, and says in one line what came of it.

    Attributes:
        action: for a menu. It rests while reviewing is blind: decisions of others would tell.
        line: what is being read, for the bottom of the window.
    """

    def __init__(self, session: Session, window: QWidget) -> None:
        super().__init__(window)
        self._session, self._window = session, window
        self.action = window_action(window, self.tr("&Take reviews from a result file…"), self._ask)
        self.action.setToolTip(self.tr("Decisions of another person on the same patches, kept beside yours"))
        self._reader = ReviewReader(self)
        self._reader.failed.connect(session.failed)
        self._reader.found.connect(self._on_found)
        self.line = ReadingLine(self._reader, window)
        session.current_changed.connect(self._show)
        session.blind.switched.connect(self._show)
        # What is read is compared with the source in front, and would be told of another.
        for signal in (session.current_changed, session.source_closing, session.blind.switched):
            signal.connect(self._reader.cancel)
        self._show()

    def take(self, path: Path) -> None:
        """Decisions of this file that are not here yet; undone as one."""
        if self._session.current is not None:
            self._reader.read(path, self._session.current)

    def shut_down(self) -> None:
        """End what it does in the background."""
        self._reader.shut_down()

    def _on_found(self, opened: OpenSource, path: Path, others: Others) -> None:
        session = self._session
        try:
            found = merged(opened.store, others)
        except ResultError as error:
            session.failed.emit(str(error))
            return
        if not found.taken or session.reviewing.merge(opened, found):
            session.noted.emit(_line(path, found))

    def _ask(self) -> None:
        title = self.tr("Take reviews from a result file")
        kind = self.tr("Result files ({pattern})").format(pattern=f"*{SUFFIX}")
        name, _filter = QFileDialog.getOpenFileName(self._window, title, "", kind)
        if name:
            self.take(Path(name))

    def _show(self) -> None:
        opened = self._session.current
        has_patches = opened is not None and len(opened.source.columns) > 0
        self.action.setEnabled(has_patches and not self._session.blind.is_on)


def _line(path: Path, found: Merged) -> str:
    taken = plural("{count} review taken", "{count} reviews taken", found.taken)
    parts = [f"{path.name}: {taken.format(count=count_text(found.taken))}"]
    if found.reviewers:
        parts[0] += f" ({', '.join(found.reviewers)})"
    if found.known:
        text = plural("{count} is here already", "{count} are here already", found.known)
        parts.append(text.format(count=count_text(found.known)))
    if found.both:
        parts.append(_both_text(found))
    if found.unmatched:
        text = plural("{count} is not taken", "{count} are not taken", left := sum(found.unmatched.values()))
        parts.append(f"{text.format(count=count_text(left))}: {unmatched_text(found.unmatched)}")
    if found.outdated:
        text = plural(
            "{count} is of a patch that has changed since",
            "{count} are of patches that have changed since",
            found.outdated,
        )
        parts.append(text.format(count=count_text(found.outdated)))
    return "; ".join(parts) + "."


def _both_text(found: Merged) -> str:
    both = plural(
        "{count} patch is decided in both and counts as decided last, agreeing on {same}",
        "{count} patches are decided in both and count as decided last, agreeing on {same}",
        found.both,
    ).format(count=count_text(found.both), same=count_text(found.same))
    return both if found.kappa is None else f"{both} (κ {found.kappa:.2f})"
