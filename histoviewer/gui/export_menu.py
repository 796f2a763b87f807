"""The exports in the File menu."""

from __future__ import annotations

from PySide6.QtCore import QObject
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMainWindow, QMenu

from histoviewer.gui.actions import window_action
from histoviewer.gui.exporting import Exporter
from histoviewer.gui.session import Session


class ExportMenu(QObject):
    """Offers what the source in front can be written as. GUI thread.

    Attributes:
        csv, report, pdf, results: of the whole source; heatmap, geojson: of the slide on the canvas.
    """

    def __init__(self, session: Session, exporter: Exporter, window: QMainWindow) -> None:
        super().__init__(window)
        self._session = session
        self.csv = window_action(window, self.tr("&Export CSV…"), exporter.export_csv, "Ctrl+E")
        self.report = window_action(window, self.tr("E&xport report…"), exporter.export_report)
        self.pdf = window_action(window, self.tr("Export report as P&DF…"), exporter.export_pdf)
        self.heatmap = window_action(window, self.tr("Export heat &map…"), exporter.export_heatmap)
        self.geojson = window_action(window, self.tr("Export &GeoJSON…"), exporter.export_geojson)
        self.results = window_action(window, self.tr("Save a copy of the res&ults…"), exporter.export_results)
        self.results.setToolTip(
            self.tr("Answers and reviews in one file, for somebody else: Review > Take reviews…")
        )
        for signal in (session.current_changed, session.slide_changed, session.sources_changed):
            signal.connect(self._enable)
        self._enable()

    def add_to(self, menu: QMenu) -> None:
        menu.addActions(self._actions())

    def _actions(self) -> list[QAction]:
        return [self.csv, self.report, self.pdf, self.heatmap, self.geojson, self.results]

    def _enable(self) -> None:
        opened = self._session.current
        has_patches = opened is not None and len(opened.source.columns) > 0
        for action in self._actions():
            needs_slide = action in (self.heatmap, self.geojson)
            action.setEnabled(has_patches and not (needs_slide and self._session.slide is None))
