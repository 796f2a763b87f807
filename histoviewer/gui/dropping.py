"""Files and folders may be dropped anywhere on a window."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QEvent, QMimeData, QObject, Qt, Signal
from PySide6.QtGui import QDropEvent
from PySide6.QtWidgets import QWidget


class DropTarget(QObject):
    """Takes what is dropped before any widget does: a text field would write the path down.

    Signals:
        dropped(object): a list of paths.
    """

    dropped = Signal(object)

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        window.setAcceptDrops(True)  # the system asks the window alone
        window.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Show and isinstance(watched, QWidget):
            # Drags come to the system's window, which exists from now on.
            handle = watched.windowHandle()
            if handle is not None:
                handle.installEventFilter(self)
        elif isinstance(event, QDropEvent) and not isinstance(watched, QWidget):
            return self._take(event)
        return False

    def _take(self, event: QDropEvent) -> bool:
        """Also the ancestors of a drop: entering, and moving on. Text goes on to who wants it."""
        paths = local_paths(event.mimeData())
        if not paths:
            return False
        # Whatever was proposed: after a move the file manager would delete what was dropped.
        event.setDropAction(Qt.DropAction.CopyAction)
        event.accept()
        if event.type() == QEvent.Type.Drop:
            self.dropped.emit(paths)
        return True


def local_paths(data: QMimeData) -> list[Path]:
    """The files and folders among what is dragged."""
    return [Path(url.toLocalFile()) for url in data.urls() if url.isLocalFile()]
