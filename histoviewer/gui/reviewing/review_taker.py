"""Review > Take reviews: those of another person's result file."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QFileDialog, QWidget

from histoviewer.errors import ResultError
from histoviewer.gui.actions import window_action
from histoviewer.gui.formatting import count_text
from histoviewer.gui.session import Session
from histoviewer.results.merging import Merged, merged_with
from histoviewer.results.outputs import SUFFIX
from histoviewer.translation import plural


class ReviewTaker(QObject):
    """Brings decisions from a file into the source in front, and says in one line what came of it.

    Attributes:
        action: for a menu. It rests while reviewing is blind: decisions of others would tell.
    """

    def __init__(self, session: Session, window: QWidget) -> None:
        super().__init__(window)
        self._session, self._window = session, window
        self.action = window_action(window, self.tr("&Take reviews from a result file…"), self._ask)
        self.action.setToolTip(self.tr("Decisions of another person on the same patches, kept beside yours"))
        session.current_changed.connect(self._show)
        session.blind.switched.connect(self._show)
        self._show()

    def take(self, path: Path) -> None:
        """Decisions of this file that are not here yet; undone as one."""
        session, opened = self._session, self._session.current
        if opened is None:
            return
        try:
            merged = merged_with(opened.store, path)
        except ResultError as error:
            session.failed.emit(str(error))
            return
        if not merged.taken or session.reviewing.merge(opened, merged):
            session.noted.emit(_line(path, merged))

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


def _line(path: Path, merged: Merged) -> str:
    taken = plural("{count} review taken", "{count} reviews taken", merged.taken)
    parts = [f"{path.name}: {taken.format(count=count_text(merged.taken))}"]
    if merged.reviewers:
        parts[0] += f" ({', '.join(merged.reviewers)})"
    if merged.both:
        parts.append(_both_text(merged))
    if merged.elsewhere:
        text = plural(
            "{count} is of a patch that is not here",
            "{count} are of patches that are not here",
            merged.elsewhere,
        )
        parts.append(text.format(count=count_text(merged.elsewhere)))
    return "; ".join(parts) + "."


def _both_text(merged: Merged) -> str:
    both = plural(
        "{count} patch is decided in both and counts as decided last, agreeing on {same}",
        "{count} patches are decided in both and count as decided last, agreeing on {same}",
        merged.both,
    ).format(count=count_text(merged.both), same=count_text(merged.same))
    return both if merged.kappa is None else f"{both} (κ {merged.kappa:.2f})"
