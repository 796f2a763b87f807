"""File > Open recent."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QWidget

from histoviewer.gui.keeping.recent_paths import RecentPaths
from histoviewer.gui.session import Session

_LETTERS = "1234567890ab"
"""One for each of them."""

FOLDER_WIDTH = 360
"""px; longer names of folders are cut in the middle."""


class RecentMenu(QMenu):
    """What was opened lately, latest first; filled whenever it is about to be shown.

    Whether a path is still there is asked in a thread: a share that has gone may not answer for a minute.

    Signals:
        checked(object): those of the listed paths that are not there; their lines say so.
    """

    checked = Signal(object)

    def __init__(self, session: Session, recent: RecentPaths, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._recent = recent
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="recent paths")
        self.setTitle(self.tr("Open &recent"))
        self.setToolTipsVisible(True)
        self.aboutToShow.connect(self._fill)
        self.checked.connect(self._show_missing, Qt.ConnectionType.QueuedConnection)

    def _fill(self) -> None:
        self.clear()
        paths = self._recent.paths()
        for letter, path in zip(_LETTERS, paths, strict=False):
            self._add(letter, path)
        if not paths:
            self.addAction(self.tr("Nothing has been opened yet")).setEnabled(False)
            return
        self.addSeparator()
        self.addAction(self.tr("&Clear list"), self._recent.clear)
        self._thread.submit(_check, paths, self.checked)

    def _add(self, letter: str, path: Path) -> None:
        elide = self.fontMetrics().elidedText
        folder = elide(str(path.parent), Qt.TextElideMode.ElideMiddle, FOLDER_WIDTH)
        name = elide(path.name or str(path), Qt.TextElideMode.ElideMiddle, FOLDER_WIDTH)
        action = self.addAction(f"&{letter}   {_plain(name)}   –   {_plain(folder)}", self._open)
        action.setData(str(path))
        action.setToolTip(str(path))

    def _open(self) -> None:
        action = self.sender()
        if isinstance(action, QAction):
            self._session.open([Path(action.data())])

    def _show_missing(self, missing: Sequence[Path]) -> None:
        for action in self.actions():
            if action.isEnabled() and action.data() and Path(action.data()) in missing:
                action.setText(self.tr("{path}   (not found)").format(path=action.text()))
                action.setEnabled(False)


def _check(paths: Sequence[Path], checked: object) -> None:
    checked.emit([path for path in paths if not path.exists()])  # type: ignore[attr-defined]


def _plain(name: str) -> str:
    """Not to be taken for a letter to press."""
    return name.replace("&", "&&")
