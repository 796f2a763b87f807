"""A picture of the window, once it has nothing more to do."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QBuffer, QCoreApplication, QEvent, QObject, QTimer, Signal

from histoviewer.errors import ResultError
from histoviewer.gui.main_window import MainWindow
from histoviewer.staging import staged
from histoviewer.translation import _


class Snapshot(QObject):
    """Waits until everything is open, classified and drawn sharply, then saves the window's picture.

    Attributes:
        problems: what went wrong on the way, a line each; the picture is taken all the same.
        is_saved: the picture has been written.

    Signals: taken().
    """

    taken = Signal()

    def __init__(self, window: MainWindow, path: Path) -> None:
        super().__init__(window)
        self._window = window
        self._path = path
        self.problems: list[str] = []
        self.is_saved = False
        self._is_taken = False
        # Asked for once the events in hand have been dealt with, however many signals say the same.
        self._check = QTimer(self, singleShot=True, interval=0)
        self._check.timeout.connect(self._take_if_ready)
        session, view = window.session, window.canvas.view
        session.failed.connect(self._on_failed)
        session.scale_needed.connect(self._on_scale_needed)
        settled = window.gallery_page.gallery.settled
        for signal in (session.opener.finished, session.run_changed, view.sharpened, settled):
            signal.connect(self._check.start)

    def wait(self) -> None:
        """Begin to wait."""
        self._check.start()

    def _on_failed(self, problem: str) -> None:
        # A damaged model is met when the window opens, and again by each run.
        if problem not in self.problems:
            self.problems.append(problem)

    def _on_scale_needed(self, opened: object, reason: str) -> None:
        del opened
        self.problems.append(_("{problem} Give --mpp.").format(problem=reason))

    def _is_painted(self) -> bool:
        page = self._window.gallery_page
        if page.isVisible():
            return page.gallery.is_settled()
        return self._window.canvas.view.is_sharp()

    def _take_if_ready(self) -> None:
        session = self._window.session
        # A message of this very moment has changed what else there is room for.
        QCoreApplication.sendPostedEvents(None, QEvent.Type.LayoutRequest.value)
        if self._is_taken or session.opener.is_busy or session.is_running or not self._is_painted():
            return
        self._is_taken = True
        try:
            with staged(self._path) as file:
                file.write(self._picture())
            self.is_saved = True
        except ResultError as error:
            self.problems.append(str(error))
        self.taken.emit()

    def _picture(self) -> bytes:
        """Of the window, in the format that the file's ending names."""
        buffer = QBuffer()
        buffer.open(QBuffer.OpenModeFlag.WriteOnly)
        ending = self._path.suffix.removeprefix(".").upper()
        self._window.grab().save(buffer, ending)
        return bytes(buffer.data().data())
