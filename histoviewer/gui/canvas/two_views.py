"""One view of a slide, or two side by side."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QApplication, QSplitter, QVBoxLayout, QWidget

from histoviewer.gui.canvas.canvas import Canvas
from histoviewer.gui.canvas.slide_view import SlideView
from histoviewer.gui.canvas.tile_cache import CAPACITY
from histoviewer.gui.canvas.view_bar import ViewBar
from histoviewer.gui.canvas.view_sync import ViewSync
from histoviewer.gui.open_source import OpenSource
from histoviewer.gui.session import Session


class TwoViews(QWidget):
    """The canvas, and on wish a second one beside it, which at first shows the same slide without its heat
    map. The view that was used last is the active one: the panels speak of its slide, keys move it.

    Attributes:
        first: there all the time. ``second``: made when it is wanted, and kept.
        active: one of them.
        is_double: both are shown.

    Signals:
        position_changed(str): what the read-out says of the place under the cursor.
        changed: there are other views or slides than before, or another one is active.
    """

    position_changed = Signal(str)
    changed = Signal()

    def __init__(self, session: Session, parent: QWidget) -> None:
        super().__init__(parent)
        self._session = session
        self._splitter = QSplitter(self)
        self._splitter.setChildrenCollapsible(False)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._splitter)
        self._panes: dict[Canvas, QWidget] = {}
        self._bars: dict[Canvas, ViewBar] = {}
        self._sync: ViewSync | None = None
        self._is_synchronised = True
        self._tile_memory = CAPACITY
        self.second: Canvas | None = None
        self.is_double = False
        self.first = self.active = self._add_view(self.tr("First view"))
        self._bars[self.first].hide()
        self.setFocusProxy(self.first)
        QApplication.instance().focusChanged.connect(self._on_focus)  # type: ignore[union-attr]

    def shown_views(self) -> list[SlideView]:
        """Those that show a slide, from left to right."""
        return [canvas.view for canvas in self._canvases() if canvas.view.slide is not None]

    def set_double(self, is_double: bool) -> None:
        """Show the second view beside the first, or the first alone."""
        if is_double == self.is_double:
            return
        self.is_double = is_double
        second = self.second or self._make_second()
        self._bars[self.first].set_heatmap(True)  # alone it has no bar to switch it
        self._share_memory()
        if is_double:
            second.shown.set_on(True)
        else:
            self._leave_second(second)
        self._panes[second].setVisible(is_double)
        self._bars[self.first].setVisible(is_double)
        half = self._splitter.width() // 2
        self._splitter.setSizes([half, half])
        self._show_state()

    def set_tile_memory(self, capacity: int) -> None:
        """Bytes of tiles that are kept, of both views together."""
        self._tile_memory = capacity
        self._share_memory()

    def _share_memory(self) -> None:
        for canvas in (self.first, self.second):
            if canvas is not None:
                canvas.view.set_tile_memory(self._tile_memory // (2 if self.is_double else 1))

    def set_synchronised(self, is_on: bool) -> None:
        """Both views move together."""
        self._is_synchronised = is_on
        if self._sync is not None:
            self._sync.set_on(is_on)

    def go_to_other(self) -> None:
        """The keys are the other view's."""
        for canvas in self._canvases():
            if canvas is not self.active:
                canvas.setFocus()
                self._activate(canvas)
                return

    def fly_to(self, row: int) -> None:
        """Bring a patch of the session's source into the middle of the view that shows its slides."""
        front = next((c for c in self._canvases() if not c.shown.is_pinned), self.first)
        front.fly_to(row)

    def shut_down(self) -> None:
        """Show nothing and end the threads. Called when the window closes, before sources are closed."""
        for canvas in (self.first, self.second):
            if canvas is not None:
                canvas.shut_down()

    def _canvases(self) -> list[Canvas]:
        return [self.first, self.second] if self.is_double and self.second is not None else [self.first]

    def _make_second(self) -> Canvas:
        self.second = second = self._add_view(self.tr("Second view"))
        second.set_has_heatmap(False)
        second.view.setAccessibleName(self.tr("Slide in the second view"))
        second.view.addActions(self.first.view.actions())
        self._sync = ViewSync(self.first.view, second.view, self._leader, self)
        self._sync.set_on(self._is_synchronised)
        return second

    def _add_view(self, title: str) -> Canvas:
        pane = QWidget(self._splitter)
        canvas = Canvas(self._session, pane)
        self._panes[canvas] = pane
        self._bars[canvas] = bar = ViewBar(self._session, canvas, title, pane)
        column = QVBoxLayout(pane)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(bar)
        column.addWidget(canvas, 1)
        self._splitter.addWidget(pane)
        bar.chosen.connect(self._on_chosen)
        canvas.position_changed.connect(self._tell_position)
        canvas.picked.connect(self._on_picked)
        canvas.shown.pinned_changed.connect(self._show_state)
        canvas.shown.changed.connect(self._show_state)
        return canvas

    def _leave_second(self, second: Canvas) -> None:
        if self.first.shown.is_pinned:
            self.first.shown.come_to_front()
        second.shown.set_on(False)
        if self.active is second:
            had_focus = second.view.hasFocus()
            self._activate(self.first)
            if had_focus:
                self.first.setFocus()

    def _leader(self) -> SlideView:
        return self.active.view

    # -- which one is active

    def _on_focus(self, _old: QWidget | None, new: QWidget | None) -> None:
        for canvas in self._canvases():
            if new is canvas.view:
                self._activate(canvas)

    def _on_picked(self) -> None:
        canvas = self.sender()
        assert isinstance(canvas, Canvas)
        self._activate(canvas)

    def _activate(self, canvas: Canvas) -> None:
        """What it shows comes to the front; the other one keeps what it shows."""
        if canvas is not self.active:
            self.active = canvas
            self.setFocusProxy(canvas)
            self._show_state()
        if canvas.shown.is_pinned:
            self._other(canvas).shown.hold()
            canvas.shown.come_to_front()

    def _other(self, canvas: Canvas) -> Canvas:
        return self.first if canvas is not self.first or self.second is None else self.second

    # -- what each shows

    def _on_chosen(self, opened: OpenSource | None, name: str) -> None:
        bar = self.sender()
        canvas = next(canvas for canvas, its_bar in self._bars.items() if its_bar is bar)
        other = self._other(canvas)
        if opened is None:
            self._show_the_same(canvas, other)
        elif canvas.shown.is_pinned or (canvas is self.second and not other.shown.is_pinned):
            canvas.shown.pin(opened, name)
        else:
            self._session.show_source(opened, slide=name)
        self._show_state()

    def _show_the_same(self, canvas: Canvas, other: Canvas) -> None:
        if other.shown.is_pinned:
            other.shown.come_to_front()
        else:
            canvas.shown.unpin()

    def _show_state(self) -> None:
        for canvas in self._canvases():
            follows = not canvas.shown.is_pinned and not self._other(canvas).shown.is_pinned
            is_same = follows and canvas is self.second
            self._bars[canvas].set_state(is_active=canvas is self.active, is_same=is_same)
        self.changed.emit()

    def _tell_position(self) -> None:
        """The view under the mouse speaks, else the active one."""
        speaker = next((canvas for canvas in self._canvases() if canvas.is_pointed_at), self.active)
        self.position_changed.emit(speaker.position)
