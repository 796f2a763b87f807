"""Judges everything that is open."""

from __future__ import annotations

from PySide6.QtCore import QObject

from histoviewer.gui.open_source import OpenSource
from histoviewer.gui.session import Session
from histoviewer.translation import plural


class ClassifyAll(QObject):
    """Classify > Classify all. GUI thread."""

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session

    @property
    def can_classify(self) -> bool:
        """Some source has patches that were neither judged nor asked for."""
        return any(len(opened.rows_to_submit()) for opened in self._session.sources)

    def classify(self) -> None:
        """Each source in the order of the list, what is looked at first; those that cannot be judged are
        named. Cancelling stops all of them."""
        for opened in list(self._session.sources):
            self._session.classify(opened)
        self._name([one for one in self._session.sources if one.scale_problem])

    def _name(self, skipped: list[OpenSource]) -> None:
        if not skipped:
            return
        message = plural(
            "{count} slide is not classified before its scale is given: {names}",
            "{count} slides are not classified before their scales are given: {names}",
            len(skipped),
        )
        names = ", ".join(opened.source.name for opened in skipped)
        self._session.noted.emit(message.format(count=len(skipped), names=names))
