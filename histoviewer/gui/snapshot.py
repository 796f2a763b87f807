"""A picture of the window, once it has nothing more to do."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QObject, QTimer, Signal

from histoviewer.gui.main_window import MainWindow
from histoviewer.translation import _


class Snapshot(QObject):
    """Waits until everything is open, classified and drawn sharply, then saves the window's picture.

    Attributes:
        problems: what went wrong on the way, a line each; the picture is taken all the same.

    Signals: taken().
    """

    taken = Signal()

    def __init__(self, window: MainWindow, path: Path) -> None:
        super().__init__(window)
        self._window = window
        self._path = path
        self.problems: list[str] = []
        self._is_taken = False
        # Asked for once the events in hand have been dealt with, however many signals say the same.
        self._check = QTimer(self, singleShot=True, interval=0)
        self._check.timeout.connect(self._take_if_ready)
        session, view = window.session, window.canvas.view
        session.failed.connect(self.problems.append)
        session.scale_needed.connect(self._on_scale_needed)
        settled = window.gallery_page.gallery.settled
        for signal in (session.opener.finished, session.run_changed, view.sharpened, settled):
            signal.connect(self._check.start)

    def wait(self) -> None:
        """Begin to wait."""
        self._check.start()

    def _on_scale_needed(self, opened: object, reason: str) -> None:
        del opened
        self.problems.append(reason)

    def _is_painted(self) -> bool:
        page = self._window.gallery_page
        if page.isVisible():
            return page.gallery.is_settled()
        return self._window.canvas.view.is_sharp()

    def _take_if_ready(self) -> None:
        session = self._window.session
        if self._is_taken or session.opener.is_busy or session.is_running or not self._is_painted():
            return
        self._is_taken = True
        if not self._window.grab().save(str(self._path)):
            message = _("Cannot write the picture {path}: expected a folder that can be written to.")
            self.problems.append(message.format(path=self._path))
        self.taken.emit()
