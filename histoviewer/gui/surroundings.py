"""What lies around the slide: two docks that a person may collapse, and bars; and when they are shown."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QByteArray, QEvent, QObject, QSettings, Qt, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QDockWidget, QMainWindow, QWidget


@dataclass(frozen=True, slots=True)
class Place:
    """Where a dock is, and how wide.

    Attributes:
        key: its name in the settings.
        area: left or right.
        width: pixels, until a person chooses another.
        share: of the window's width, at most. Together they leave the canvas 60 %.
    """

    key: str
    area: Qt.DockWidgetArea
    width: int
    share: float


LEFT = Place("sources", Qt.DockWidgetArea.LeftDockWidgetArea, width=208, share=0.165)
RIGHT = Place("results", Qt.DockWidgetArea.RightDockWidgetArea, width=264, share=0.225)


class Dock(QDockWidget):
    """One side of the window, with the action that collapses it and brings it back."""

    def __init__(self, title: str, place: Place, panel: QWidget, window: QMainWindow) -> None:
        super().__init__(title.replace("&", ""), window)
        self._window = window
        self.place = place
        self.wanted = QAction(title, window, checkable=True, checked=True)
        self.setObjectName(place.key)
        self.setTitleBarWidget(QWidget(self))
        self.setWidget(panel)

    def keep_narrow(self) -> None:
        """Leave most of the window to the canvas, as far as nothing is cut off."""
        most = int(self.place.share * self._window.width())
        self.setMaximumWidth(max(self.minimumSizeHint().width(), most))

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.LayoutRequest:
            self.keep_narrow()
        return super().event(event)


class Surroundings(QObject):
    """Shows and hides the docks and bars of a window.

    A dock is there while something is open, the person wants it, and the slide is not to be alone; a bar
    while the slide is not to be alone.

    Attributes:
        docks: left and right.
        only_slide: checked while docks and bars are hidden.

    Signals:
        alone_changed(bool): ``only_slide`` was switched on or off.
    """

    alone_changed = Signal(bool)

    def __init__(self, window: QMainWindow, docks: Sequence[Dock], settings: QSettings | None) -> None:
        """``settings``: where sizes are kept from one start to the next; None keeps nothing."""
        super().__init__(window)
        self._window = window
        self._settings = settings
        self._bars: list[QWidget] = []
        self._has_source = True
        self.docks = tuple(docks)
        self.only_slide = QAction(self.tr("On&ly the slide"), window, checkable=True)
        self.only_slide.toggled.connect(self._on_alone)
        for dock in self.docks:
            window.addDockWidget(dock.place.area, dock)
            dock.wanted.toggled.connect(self._show_docks)
        # Qt's own menu of docks would hide one behind the back of its action.
        window.setContextMenuPolicy(Qt.ContextMenuPolicy.NoContextMenu)
        self._restore()

    def add_bars(self, *bars: QWidget) -> None:
        """Widgets to be hidden while the slide is alone."""
        self._bars += bars

    def set_has_source(self, has_source: bool) -> None:
        """Docks have nothing to say while nothing is open."""
        self._has_source = has_source
        if not has_source:
            self.only_slide.setChecked(False)
        self._show_docks()

    def save(self) -> None:
        """Keep sizes and visibility for the next start."""
        if self._settings is None:
            return
        self._settings.setValue("window/geometry", self._window.saveGeometry())
        for dock in self.docks:
            self._settings.setValue(f"{dock.place.key}/shown", dock.wanted.isChecked())
            if dock.isVisible():
                self._settings.setValue(f"{dock.place.key}/width", dock.width())

    def fit(self) -> None:
        """The window has another size."""
        for dock in self.docks:
            dock.keep_narrow()

    def _restore(self) -> None:
        widths = [dock.place.width for dock in self.docks]
        if self._settings is not None:
            geometry = self._settings.value("window/geometry")
            if isinstance(geometry, QByteArray):
                self._window.restoreGeometry(geometry)
            for i, dock in enumerate(self.docks):
                key = dock.place.key
                dock.wanted.setChecked(bool(self._settings.value(f"{key}/shown", True, bool)))
                widths[i] = _number(self._settings.value(f"{key}/width"), widths[i])
        self._window.resizeDocks(list(self.docks), widths, Qt.Orientation.Horizontal)

    def _show_docks(self) -> None:
        is_alone = self.only_slide.isChecked()
        for dock in self.docks:
            dock.setVisible(self._has_source and dock.wanted.isChecked() and not is_alone)

    def _on_alone(self, is_alone: bool) -> None:
        self._show_docks()
        for bar in self._bars:
            bar.setVisible(not is_alone)
        self.alone_changed.emit(is_alone)


def _number(value: object, default: int) -> int:
    """What a settings file says; a person may have edited it."""
    try:
        return int(str(value))
    except ValueError:
        return default
