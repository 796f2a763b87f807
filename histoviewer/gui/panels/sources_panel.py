"""What is open: one line a source, and below a folder one line a patient."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPoint, QSignalBlocker, QSize, Qt
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import (
    QHeaderView,
    QMenu,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTreeWidget,
    QTreeWidgetItem,
    QTreeWidgetItemIterator,
    QWidget,
)

from histoviewer.gui.formatting import percent_text
from histoviewer.gui.open_source import OpenSource
from histoviewer.gui.panels.section import Section
from histoviewer.gui.panels.tally import Tally
from histoviewer.gui.session import Session
from histoviewer.gui.theme import GRID

SOURCE_ROLE = Qt.ItemDataRole.UserRole
SLIDE_ROLE = Qt.ItemDataRole.UserRole + 1


class _Lines(QStyledItemDelegate):
    """Gives each line room around its text."""

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        size = super().sizeHint(option, index)
        return QSize(size.width() + GRID, max(3 * GRID, size.height() + GRID))


class SourcesPanel(Section):
    """The open sources with their malignant share; a click brings one to the front."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(self.tr("Sources"), parent)
        self._session = session
        self._lines: list[tuple[OpenSource, Tally, list[QTreeWidgetItem]]] = []
        """Each source with its lines: its own, then those of its slides."""
        self._tree = QTreeWidget(self, columnCount=2)
        self._tree.setHeaderHidden(True)
        self._tree.setUniformRowHeights(True)
        self._tree.setItemDelegate(_Lines(self._tree))
        self._tree.setIndentation(12)
        self._tree.setFrameShape(QTreeWidget.Shape.NoFrame)
        self._tree.viewport().setBackgroundRole(QPalette.ColorRole.Window)
        self._tree.setAccessibleName(self.tr("Open sources"))
        self._tree.header().setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        self._tree.header().setSectionResizeMode(1, QHeaderView.ResizeMode.ResizeToContents)
        self._tree.header().setStretchLastSection(False)
        self.column.addWidget(self._tree, 1)

        self._tree.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self._tree.customContextMenuRequested.connect(self._show_menu)
        self._tree.currentItemChanged.connect(self._on_current)
        session.sources_changed.connect(self._fill)
        session.current_changed.connect(self._mark_current)
        session.slide_changed.connect(self._mark_current)
        session.results_changed.connect(self._show_shares)
        session.threshold_changed.connect(self._show_shares)
        session.run_changed.connect(self._show_shares)

    def _fill(self) -> None:
        blocker = QSignalBlocker(self._tree)
        self._tree.clear()
        self._lines = [self._add(opened) for opened in self._session.sources]
        blocker.unblock()
        self._show_shares()
        self._mark_current()

    def _add(self, opened: OpenSource) -> tuple[OpenSource, Tally, list[QTreeWidgetItem]]:
        top = self._item(opened, None, opened.source.name)
        self._tree.addTopLevelItem(top)
        slides = list(opened.source.slides())
        names = slides if len(slides) > 1 else []
        children = [self._item(opened, name, name) for name in names]
        top.addChildren(children)
        return opened, Tally(opened.source, opened.store.probability, names), [top, *children]

    def _item(self, opened: OpenSource, slide: str | None, text: str) -> QTreeWidgetItem:
        item = QTreeWidgetItem([text, ""])
        item.setData(0, SOURCE_ROLE, opened)
        item.setData(0, SLIDE_ROLE, slide)
        item.setToolTip(0, str(opened.source.path))
        item.setTextAlignment(1, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        return item

    def _on_current(self, item: QTreeWidgetItem | None) -> None:
        if item is None:
            return
        self._session.show_source(item.data(0, SOURCE_ROLE))
        slide = item.data(0, SLIDE_ROLE)
        if slide is not None:
            self._session.show_slide(slide)

    def _mark_current(self) -> None:
        of_current = [i for i in self._items() if i.data(0, SOURCE_ROLE) is self._session.current]
        on_canvas = [i for i in of_current if i.data(0, SLIDE_ROLE) == self._session.slide_name]
        with QSignalBlocker(self._tree):
            for item in (on_canvas or of_current)[:1]:
                self._tree.setCurrentItem(item)

    def _show_shares(self) -> None:
        for opened, tally, items in self._lines:
            for item, text in zip(items, self._share_texts(opened, tally), strict=True):
                if item.text(1) != text:
                    item.setText(1, text)

    def _share_texts(self, opened: OpenSource, tally: Tally) -> list[str]:
        patches, judged, malignant = tally.count(self._session.threshold)
        # What cannot be read is not waited for.
        failed = tally.count_of(list(opened.store.failures))
        lines = np.stack((judged, malignant, failed, patches - judged - failed))
        return [self._share_text(*of_line) for of_line in lines.T.tolist()]

    def _share_text(self, judged: int, malignant: int, failed: int, waiting: int) -> str:
        if judged:
            return percent_text(malignant / judged) + (" …" if waiting else "")
        return self.tr("failed") if failed and not waiting else "–"

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

    def _items(self) -> list[QTreeWidgetItem]:
        items = []
        walk = QTreeWidgetItemIterator(self._tree)
        while (item := walk.value()) is not None:
            items.append(item)
            walk += 1
        return items
