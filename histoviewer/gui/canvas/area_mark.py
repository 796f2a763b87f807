"""The mark on the canvas that says how many patches of an area keys are about, and how to mark them."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from histoviewer.gui.canvas.shown_slide import ShownSlide
from histoviewer.gui.corner_mark import CornerMark
from histoviewer.gui.formatting import count_text
from histoviewer.gui.session import Session
from histoviewer.translation import plural


class AreaMark(CornerMark):
    """There while an area is marked on the slide that is shown, or the brush is in the hand."""

    def __init__(self, session: Session, shown: ShownSlide, parent: QWidget) -> None:
        super().__init__(parent)
        self._session, self._shown = session, shown
        session.area.changed.connect(self._show_count)
        session.brush.changed.connect(self._show_count)
        shown.changed.connect(self._show_count)
        self._show_count()

    def _show_count(self) -> None:
        is_here = self._shown.is_current and self._shown.name == self._session.slide_name
        count = len(self._session.area.rows) if is_here else 0
        lines = []
        if count:
            text = plural("{count} patch: M, B, U decide", "{count} patches: M, B, U decide", count)
            lines.append(text.format(count=count_text(count)))
        if is_here and self._session.brush.is_on:
            lines.append(self.tr("brush: drag marks, Ctrl+drag takes away, [ ] size"))
        self.say(lines, self.tr("Esc: leave"))
