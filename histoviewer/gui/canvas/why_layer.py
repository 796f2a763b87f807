"""What the selected patch's answer rests on, at its place on the slide."""

from __future__ import annotations

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QAction, QActionGroup, QImage, QKeySequence, QPainter, QPaintEvent
from PySide6.QtWidgets import QMenu, QWidget

from histoviewer.gui.canvas.device_lines import turn_with
from histoviewer.gui.canvas.shown_slide import ShownSlide
from histoviewer.gui.canvas.slide_view import SlideView
from histoviewer.gui.canvas.tile_painter import device_rect, paint_outline
from histoviewer.gui.session import Session
from histoviewer.gui.why_image import why_image
from histoviewer.inference.explain import Method
from histoviewer.patches.square import square_of_patch
from histoviewer.slides.geometry import Box


class WhyLayer(QWidget):
    """Lies over a slide view and never catches the mouse. It covers the heat map of the one patch: its
    colours mean something else. GUI thread."""

    def __init__(self, session: Session, shown: ShownSlide, view: SlideView) -> None:
        """``shown``: what the view shows."""
        super().__init__(view)
        self._session, self._shown, self._view = session, shown, view
        self.image: QImage | None = None
        self._box: Box | None = None
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        view.add_layer(self)
        view.moved.connect(self.update)
        for signal in (session.explaining.changed, session.overlay_changed, shown.changed, shown.leaving):
            signal.connect(self._show)
        self._show()

    def _show(self) -> None:
        explaining, opened = self._session.explaining, self._shown.opened
        answer, name = explaining.answer, self._shown.name
        is_shown = explaining.is_on and self._shown.slide is not None and not self._session.overlay.is_peeking
        self.image = self._box = None
        if is_shown and answer is not None and opened is not None and answer.source is opened.source:
            rows = opened.source.rows(name or "")
            if name is not None and answer.row in rows:
                card = self._session.card
                self._box = square_of_patch(opened.source, name, answer.row, block=0, model_mpp=card.mpp).box
                self.image = why_image(answer)
        self.setVisible(self.image is not None)
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        if self.image is None or self._box is None:
            return
        painter, ratio = QPainter(self), self.devicePixelRatioF()
        view = self._view.transform.on_device(ratio)
        turn_with(view, painter, ratio)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.drawImage(device_rect(view.upright, self._box), self.image)
        paint_outline(painter, view, self._box, width=2 * ratio)


class WhySwitch(QObject):
    """The action that shows what answers rest on, and the choice how that is found out. GUI thread.

    Attributes:
        action: shows it.
        methods: one of them is checked; ``data()`` is its ``Method``.
    """

    def __init__(self, session: Session, window: QWidget) -> None:
        """``window``: where its key works."""
        super().__init__(window)
        self._session, self._window = session, window
        self.action = QAction(self.tr("Show wh&y"), window, checkable=True)
        self.action.setShortcut(QKeySequence("Y"))
        self.action.setToolTip(self.tr("What the answer for the selected patch rests on (Y)"))
        window.addAction(self.action)
        self.action.toggled.connect(session.explaining.set_on)
        self.methods = QActionGroup(self)
        covering = self._method(self.tr("&Covering"), "covering")
        covering.setToolTip(self.tr("Cover place after place and see how the probability changes"))
        gradients = self._method(self.tr("&Gradients (Grad-CAM)"), "gradients")
        gradients.setToolTip(
            self.tr("What the network's own gradients point at; the first time takes seconds")
        )
        self.methods.triggered.connect(self._on_method)
        session.overlay_changed.connect(self._show_method)
        self._show_method()

    def add_to(self, menu: QMenu) -> None:
        """The action, and the choice below it."""
        menu.addAction(self.action)
        choice = menu.addMenu(self.tr("Show why &by"))
        choice.setToolTipsVisible(True)
        choice.addActions(self.methods.actions())

    def _method(self, text: str, method: Method) -> QAction:
        action = QAction(text, self._window, checkable=True)
        action.setData(method)
        return self.methods.addAction(action)

    def _on_method(self, action: QAction) -> None:
        self._session.set_overlay(why_by=action.data())

    def _show_method(self) -> None:
        for action in self.methods.actions():
            action.setChecked(action.data() == self._session.overlay.why_by)
