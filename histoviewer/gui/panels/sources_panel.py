"""What is open: one line a source, and below a folder one line a patient."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from PySide6.QtCore import QPoint, QSignalBlocker, Qt, QTimer
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QMenu, QTreeWidget, QTreeWidgetItem, QWidget

from histoviewer.gui.open_source import OpenSource
from histoviewer.gui.panels.section import Section
from histoviewer.gui.panels.source_lines import LINE_ROLE, SLIDE_ROLE, SOURCE_ROLE, SourceLines
from histoviewer.gui.panels.source_state import Counts, Line, slide_line, source_line
from histoviewer.gui.panels.source_thumbnails import SourceThumbnails
from histoviewer.gui.panels.tally import Tally
from histoviewer.gui.session import Session
from histoviewer.gui.source_names import told_apart
from histoviewer.gui.theme import GRID


@dataclass(eq=False)
class _Entry:
    """One source in the list.

    Attributes:
        name: what it is called among those that are open.
        names: its slides that have a line.
        items: its own line, then those of its slides.
        asked: how many of its patches the run in hand was asked for; 0 while none goes on.
    """

    opened: OpenSource
    name: str
    names: list[str]
    items: list[QTreeWidgetItem]
    tally: Tally
    asked: int = field(default=0)

    def lines(self, threshold: float, *, is_blind: bool) -> list[Line]:
        """What is to be written on its items now; without shares where answers are hidden."""
        waiting = int(np.count_nonzero(self.opened.is_waiting))
        self.asked = max(self.asked, waiting) if waiting else 0
        # What cannot be read is not waited for.
        failed = self.tally.count_of(self.opened.store.failed)
        counts = [Counts(*of_line) for of_line in np.vstack((self.tally.count(threshold), failed)).T.tolist()]
        slides = map(slide_line, self.names, counts[1:])
        lines = [source_line(self.name, self.opened, counts[0], self.asked), *slides]
        return [replace(line, share="") for line in lines] if is_blind else lines

    def item(self, slide: str | None) -> QTreeWidgetItem:
        """The line of one of its slides, else its own."""
        return self.items[1 + self.names.index(slide)] if slide in self.names else self.items[0]


class SourcesPanel(Section):
    """The open sources with their malignant share; a click brings one to the front."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(self.tr("Sources"), parent)
        self._session = session
        self._entries: list[_Entry] = []
        self._thumbnails = SourceThumbnails(self)
        self._tree = QTreeWidget(self, columnCount=1)
        self._tree.setHeaderHidden(True)
        self._tree.setItemDelegate(SourceLines(self._thumbnails.pixmap, self._tree))
        self._tree.setIndentation(12)
        self._tree.setFrameShape(QTreeWidget.Shape.NoFrame)
        self._tree.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._tree.viewport().setBackgroundRole(QPalette.ColorRole.Window)
        self._tree.setAccessibleName(self.tr("Open sources"))
        # Its lines bring margins of their own: names need the room.
        self.column.setContentsMargins(2 * GRID, GRID, GRID, 0)
        self.column.addWidget(self._tree, 1)
        self._tree.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        # Classifying fifty sources at once begins or extends a run fifty times.
        self._soon = QTimer(self, singleShot=True, interval=0)
        self._connect()

    def _connect(self) -> None:
        session = self._session
        self._tree.customContextMenuRequested.connect(self._show_menu)
        self._tree.currentItemChanged.connect(self._on_current)
        self._soon.timeout.connect(self._write_all)
        self._thumbnails.made.connect(self._show_thumbnail)
        session.source_closing.connect(self._thumbnails.let_go)
        session.sources_changed.connect(self._follow_sources)
        session.current_changed.connect(self._mark_current)
        session.slide_changed.connect(self._mark_current)
        session.results_changed.connect(self._write_what_stirs)
        session.threshold_changed.connect(self._write_all)
        session.blind.switched.connect(self._write_all)
        session.run_changed.connect(self._soon.start)

    def _follow_sources(self) -> None:
        """Lines of what stays open stay as they are, unfolded or not."""
        sources = self._session.sources
        still_open = set(sources)
        self._thumbnails.set_sources(sources)
        known = {entry.opened: entry for entry in self._entries}
        names = told_apart([opened.source.path for opened in sources])
        with QSignalBlocker(self._tree):
            for entry in self._entries:
                if entry.opened not in still_open:
                    self._tree.takeTopLevelItem(self._tree.indexOfTopLevelItem(entry.items[0]))
            self._entries = [
                known.get(opened) or self._add(opened, name, place)
                for place, (opened, name) in enumerate(zip(sources, names, strict=True))
            ]
            self._rename(names)
            self._tree.setRootIsDecorated(any(entry.names for entry in self._entries))
        self._mark_current()

    def _rename(self, names: Sequence[str]) -> None:
        for entry, name in zip(self._entries, names, strict=True):
            if entry.name != name:
                entry.name = name
                entry.items[0].setText(0, name)
                self._write(entry)

    def _add(self, opened: OpenSource, name: str, place: int) -> _Entry:
        slides = list(opened.source.slides())
        names = slides if len(slides) > 1 else []
        items = [self._item(opened, None, name)]
        items += [self._item(opened, slide, slide) for slide in names]
        items[0].addChildren(items[1:])
        entry = _Entry(opened, name, names, items, Tally(opened.source, opened.store.probability, names))
        self._write(entry)
        self._tree.insertTopLevelItem(place, items[0])
        return entry

    def _item(self, opened: OpenSource, slide: str | None, text: str) -> QTreeWidgetItem:
        item = QTreeWidgetItem([text])
        item.setData(0, SOURCE_ROLE, opened)
        item.setData(0, SLIDE_ROLE, slide)
        return item

    def _on_current(self, item: QTreeWidgetItem | None) -> None:
        if item is None:
            return
        self._session.show_source(item.data(0, SOURCE_ROLE))
        slide = item.data(0, SLIDE_ROLE)
        if slide is not None:
            self._session.show_slide(slide)

    def _mark_current(self) -> None:
        entry = next((one for one in self._entries if one.opened is self._session.current), None)
        if entry is not None:
            with QSignalBlocker(self._tree):
                self._tree.setCurrentItem(entry.item(self._session.slide_name))

    def _show_thumbnail(self, opened: OpenSource) -> None:
        entry = next(one for one in self._entries if one.opened is opened)
        self._tree.viewport().update(self._tree.visualItemRect(entry.items[0]))

    def _write_what_stirs(self) -> None:
        """Ten times a second: only what can have changed is counted anew."""
        for entry in self._entries:
            if entry.asked or entry.opened is self._session.current:
                self._write(entry)

    def _write_all(self) -> None:
        for entry in self._entries:
            self._write(entry)

    def _write(self, entry: _Entry) -> None:
        session = self._session
        lines = entry.lines(session.threshold, is_blind=session.blind.is_on)
        for item, line in zip(entry.items, lines, strict=True):
            if item.data(0, LINE_ROLE) != line:
                item.setData(0, LINE_ROLE, line)
                item.setData(0, Qt.ItemDataRole.AccessibleTextRole, line.spoken)
                item.setToolTip(0, f"{line.spoken}\n{entry.opened.source.path}")

    def _show_menu(self, point: QPoint) -> None:
        """What can be done with the source under the cursor, which comes to the front."""
        item = self._tree.itemAt(point)
        if item is None:
            return
        self._tree.setCurrentItem(item)
        menu = self.context_menu()
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(self._tree.viewport().mapToGlobal(point))

    def context_menu(self) -> QMenu:
        """The menu of the source in front."""
        menu = QMenu(self)
        menu.addAction(self.tr("Change &scale…"), self._session.ask_scale)
        menu.addAction(self.tr("&Close source"), self._close_current)
        return menu

    def _close_current(self) -> None:
        if self._session.current is not None:
            self._session.close_source(self._session.current)
