"""What was opened lately."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QObject, QSettings

from histoviewer.gui.open_source import OpenSource
from histoviewer.gui.session import Session
from histoviewer.gui.source_opener import OpenRequest
from histoviewer.resources import demo_slide

MOST_KEPT = 12

_KEY = "recent/paths"


class RecentPaths(QObject):
    """The paths that a person opened last, latest first: a folder of slides is one of them. GUI thread."""

    def __init__(self, session: Session, settings: QSettings | None, parent: QObject | None = None) -> None:
        """``settings``: where they are kept; None keeps nothing."""
        super().__init__(parent)
        self._settings = settings
        session.opener.opened.connect(self._on_opened)

    def paths(self) -> list[Path]:
        """Also those that another window has added meanwhile."""
        if self._settings is None:
            return []
        self._settings.sync()
        kept = self._settings.value(_KEY)
        # A settings file gives a list of one as its only text.
        texts = [kept] if isinstance(kept, str) else kept if isinstance(kept, list) else []
        return [Path(text) for text in texts if isinstance(text, str) and text][:MOST_KEPT]

    def add(self, path: Path) -> None:
        """It is now the latest."""
        whole = path.absolute()
        self._keep([whole, *(one for one in self.paths() if one != whole)])

    def clear(self) -> None:
        self._keep([])

    def _keep(self, paths: list[Path]) -> None:
        if self._settings is not None:
            # A name that is no valid text would come back as another one.
            texts = [str(path) for path in paths if _is_text(str(path))]
            self._settings.setValue(_KEY, texts[:MOST_KEPT])

    def _on_opened(self, opened: OpenSource, request: OpenRequest) -> None:
        del opened
        if request.replaces is None and not request.is_again and request.path != demo_slide():
            self.add(request.path)


def _is_text(name: str) -> bool:
    try:
        name.encode()
    except UnicodeEncodeError:
        return False
    return True
