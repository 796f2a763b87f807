"""Copying and saving what the canvas shows."""

from __future__ import annotations

from PySide6.QtCore import QObject
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QMenu, QWidget

from histoviewer.gui.actions import window_action
from histoviewer.gui.canvas.view_picture import picture_of
from histoviewer.gui.exporting import Exporter
from histoviewer.gui.pages import Pages
from histoviewer.gui.session import Session


class ViewPictures(QObject):
    """Adds both to a menu; they are there while a slide is in front."""

    def __init__(
        self, menu: QMenu, window: QWidget, session: Session, pages: Pages, exporter: Exporter
    ) -> None:
        super().__init__(window)
        self._pages = pages
        self._exporter = exporter
        self._copy = window_action(window, self.tr("Cop&y view"), self._copy_view, "Ctrl+C")
        self._save = window_action(window, self.tr("Sa&ve view…"), self._save_view, "Ctrl+Shift+S")
        menu.addActions([self._copy, self._save])
        session.slide_changed.connect(self._show_enabled)
        pages.currentChanged.connect(self._show_enabled)
        self._show_enabled()

    def _show_enabled(self) -> None:
        pages = self._pages
        has_picture = pages.currentWidget() is pages.views and bool(pages.views.shown_views())
        self._copy.setEnabled(has_picture)
        self._save.setEnabled(has_picture)

    def _copy_view(self) -> None:
        self._exporter.copy_picture(self._picture())

    def _save_view(self) -> None:
        self._exporter.export_picture(self._picture)

    def _picture(self) -> QImage:
        return picture_of(self._pages.views.shown_views())
