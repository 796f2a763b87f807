"""The brush on the slide: its circle under the mouse, and the patches that its strokes mark."""

from __future__ import annotations

from PySide6.QtCore import QPointF, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from histoviewer.gui.canvas.canvas_label import paint_label
from histoviewer.gui.canvas.shown_slide import ShownSlide
from histoviewer.gui.canvas.slide_view import SlideView
from histoviewer.gui.formatting import NO_BREAK_SPACE, significant
from histoviewer.gui.reviewing.brush import Stroke
from histoviewer.gui.session import Session
from histoviewer.gui.theme import GRID

_CASING = QColor(0, 0, 0, 200)
_LINE = QColor(255, 255, 255)


class BrushLayer(QWidget):
    """Lies over a slide view and never catches the mouse. GUI thread.

    Signals:
        begun: a person sets the brush down, just before anything is marked.
    """

    begun = Signal()

    def __init__(self, session: Session, shown: ShownSlide, view: SlideView) -> None:
        """``shown``: what the view shows."""
        super().__init__(view)
        self._session, self._shown, self._view = session, shown, view
        self._stroke: Stroke | None = None
        self._selected: int | None = None
        """What was selected before the stroke."""
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        view.add_layer(self)
        view.moved.connect(self.update)
        view.hand.pointed.connect(self._show)
        view.hand.stroke_begun.connect(self._begin)
        view.hand.stroked.connect(self._paint_to)
        view.hand.stroke_given_up.connect(self._give_up)
        session.brush.changed.connect(self._show)
        shown.changed.connect(self._show)
        self._show()

    @property
    def diameter_text(self) -> str:
        """Of the brush on the slide: µm or mm, level-0 pixels where the scale is unknown."""
        slide, diameter = self._shown.slide, 2 * self._radius_l0
        if slide is None or slide.mpp is None:
            return f"⌀{NO_BREAK_SPACE}{significant(diameter)}{NO_BREAK_SPACE}px"
        long = diameter * slide.mpp
        amount, unit = (long / 1000, "mm") if long >= 1000 else (long, "µm")
        return f"⌀{NO_BREAK_SPACE}{significant(amount)}{NO_BREAK_SPACE}{unit}"

    @property
    def _radius_l0(self) -> float:
        return self._session.brush.radius / self._view.transform.scale

    def _show(self) -> None:
        is_on = self._session.brush.is_on and self._shown.slide is not None
        if is_on != self._view.hand.has_brush:
            self._view.hand.set_brush(is_on)
        self.setVisible(is_on and self._view.hand.position is not None)
        self.update()

    def _begin(self, takes_away: bool) -> None:
        session = self._session
        self.begun.emit()
        self._selected, self._stroke = session.selected, None
        opened, name = self._shown.opened, self._shown.name
        if opened is not None and name is not None and self._shown.is_current:
            session.select(None)
            self._stroke = Stroke(opened, name, session.area.rows, takes_away=takes_away)

    def _paint_to(self, at: QPointF) -> None:
        if self._stroke is None:
            return
        point = self._view.transform.to_level0(at.x(), at.y())
        if self._stroke.move_to(*point, self._radius_l0):
            self._session.area.set_rows(self._stroke.rows)

    def _give_up(self) -> None:
        if self._stroke is not None:
            self._session.area.set_rows(self._stroke.before)
            if self._selected is not None:
                self._session.select(self._selected)
            self._stroke = None

    def paintEvent(self, _event: QPaintEvent) -> None:
        at = self._view.hand.position
        if at is None:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        radius = self._session.brush.radius
        for colour, width in ((_CASING, 3.5), (_LINE, 1.5)):
            painter.setPen(QPen(colour, width))
            painter.drawEllipse(at, radius, radius)
        self._paint_label(painter, at, radius)

    def _paint_label(self, painter: QPainter, at: QPointF, radius: float) -> None:
        """Below the circle on the right."""
        beside = 0.75 * radius + GRID
        paint_label(painter, self, self.diameter_text, at + QPointF(beside, beside))
