"""A hallway: docks, menus, actions. Nothing lives in it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import (
    QAction,
    QCloseEvent,
    QDragEnterEvent,
    QDropEvent,
    QKeySequence,
)
from PySide6.QtWidgets import (
    QApplication,
    QDockWidget,
    QHBoxLayout,
    QLabel,
    QMainWindow,
    QPushButton,
    QScrollArea,
    QStackedWidget,
    QTabBar,
    QVBoxLayout,
    QWidget,
)

from histoviewer.gui.canvas.canvas import Canvas
from histoviewer.gui.canvas.zoom_bar import ZoomBar
from histoviewer.gui.exporting import Exporter
from histoviewer.gui.gallery.gallery_page import GalleryPage
from histoviewer.gui.panels.about import show_about
from histoviewer.gui.panels.empty_state import EmptyState
from histoviewer.gui.panels.message_bar import MessageBar
from histoviewer.gui.panels.overlay_panel import OverlayPanel
from histoviewer.gui.panels.patch_panel import PatchPanel
from histoviewer.gui.panels.result_panel import ResultPanel
from histoviewer.gui.panels.run_bar import RunBar
from histoviewer.gui.panels.scale_banner import ScaleBanner
from histoviewer.gui.panels.sources_panel import SourcesPanel
from histoviewer.gui.session import Session
from histoviewer.gui.source_chooser import choose_files, choose_folder
from histoviewer.gui.theme import GRID
from histoviewer.resources import demo_slide

SLIDE_TAB, PATCHES_TAB = 0, 1
PANEL_WIDTH = 264


class MainWindow(QMainWindow):
    """The application's window over one session, which it closes when it is closed."""

    def __init__(self, session: Session) -> None:
        super().__init__()
        self.session = session
        self.canvas = Canvas(session, self)
        self.gallery_page = GalleryPage(session, self)
        self.patch_panel = PatchPanel(session, self)
        self.run_bar = RunBar(session, self)
        self.messages = MessageBar(self)
        self.tabs = QTabBar(self)
        self._empty = EmptyState(self)
        self._pages = QStackedWidget(self)
        self._exporter = Exporter(session, self)
        self._scale_banner = ScaleBanner(session, self)
        self.setAcceptDrops(True)
        self.setCentralWidget(self._centre())
        self._has_surroundings = True
        self._docks = [self._left_dock(), self._right_dock()]
        self.setStatusBar(self.run_bar)
        self._make_menus()
        self._connect()
        self._show_source()
        self.resize(1440, 900)

    # -- what is where

    def _centre(self) -> QWidget:
        self.tabs.addTab(self.tr("Slide"))
        self.tabs.addTab(self.tr("Patches"))
        self.tabs.setDrawBase(False)
        self.classify_button = QPushButton(self.tr("&Classify"), self)
        self.classify_button.setToolTip(self.tr("Judge every patch that has not been judged (F5)"))
        self._zoom_bar = ZoomBar(self.session, self.canvas.view, self)
        top = QHBoxLayout()
        top.setContentsMargins(GRID, GRID // 2, GRID, GRID // 2)
        top.setSpacing(GRID)
        top.addWidget(self.tabs)
        top.addWidget(self.classify_button)
        top.addStretch()
        top.addWidget(self._zoom_bar)
        for page in (self._empty, self.canvas, self.gallery_page):
            self._pages.addWidget(page)

        centre = QWidget(self)
        column = QVBoxLayout(centre)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(top)
        column.addWidget(self.messages)
        column.addWidget(self._scale_banner)
        column.addWidget(self._pages, 1)
        return centre

    def _left_dock(self) -> QDockWidget:
        return self._dock(
            self.tr("Sources"), Qt.DockWidgetArea.LeftDockWidgetArea, SourcesPanel(self.session)
        )

    def _right_dock(self) -> QDockWidget:
        panel = QWidget(self)
        column = QVBoxLayout(panel)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GRID)
        for section in (ResultPanel(self.session), OverlayPanel(self.session), self.patch_panel):
            column.addWidget(section)
        column.addStretch()
        area = QScrollArea(self)
        area.setWidgetResizable(True)
        area.setFrameShape(QScrollArea.Shape.NoFrame)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setWidget(panel)
        return self._dock(self.tr("Results"), Qt.DockWidgetArea.RightDockWidgetArea, area)

    def _dock(self, title: str, area: Qt.DockWidgetArea, widget: QWidget) -> QDockWidget:
        dock = QDockWidget(title, self)
        dock.setObjectName(title)
        dock.setTitleBarWidget(QWidget(dock))
        dock.setWidget(widget)
        widget.setMinimumWidth(200)
        self.addDockWidget(area, dock)
        self.resizeDocks([dock], [PANEL_WIDTH], Qt.Orientation.Horizontal)
        return dock

    # -- what can be done

    def _make_menus(self) -> None:
        bar = self.menuBar()
        bar.setNativeMenuBar(True)
        view = self.canvas.view
        file = bar.addMenu(self.tr("&File"))
        file.addAction(self._action(self.tr("&Open file…"), self._choose_files, "Ctrl+O"))
        file.addAction(self._action(self.tr("Open &folder…"), self._choose_folder, "Ctrl+Shift+O"))
        file.addSeparator()
        self._export_csv = self._action(self.tr("&Export CSV…"), self._exporter.export_csv, "Ctrl+E")
        self._export_png = self._action(self.tr("Export heat &map…"), self._exporter.export_heatmap)
        file.addActions([self._export_csv, self._export_png])
        file.addSeparator()
        self._close_source = self._action(self.tr("&Close source"), self._close_current, "Ctrl+W")
        file.addActions([self._close_source, self._action(self.tr("&Quit"), self._quit, "Ctrl+Q")])

        show = bar.addMenu(self.tr("&View"))
        show.addAction(self._action(self.tr("&Slide"), self.show_slide_tab, "Ctrl+1"))
        show.addAction(self._action(self.tr("&Patches"), self.show_patches_tab, "Ctrl+2"))
        show.addSeparator()
        show.addAction(self._action(self.tr("&Fit"), view.fit, "Ctrl+0"))
        show.addAction(self._action(self.tr("&Heat map"), self._toggle_heatmap, "C"))
        show.addAction(self._action(self.tr("Only the slide"), self._toggle_docks, "Tab"))

        classify = bar.addMenu(self.tr("&Classify"))
        self._classify = self._action(self.tr("&Classify"), self._start, "F5")
        self._cancel = self._action(self.tr("&Cancel"), self.session.cancel, "Esc")
        classify.addActions([self._classify, self._cancel])

        help_ = bar.addMenu(self.tr("&Help"))
        help_.addAction(self._action(self.tr("Try the &demo"), self.open_demo))
        help_.addAction(self._action(self.tr("&About HistoViewer"), self._about))
        notice = QLabel(self.tr("research use only, not for diagnosis"), self)
        notice.setContentsMargins(0, GRID // 2, 2 * GRID, GRID // 2)
        notice.setEnabled(False)
        bar.setCornerWidget(notice)

    def _action(self, text: str, slot: Callable[[], object], keys: str | None = None) -> QAction:
        action = QAction(text, self)
        if keys is not None:
            action.setShortcut(QKeySequence(keys))
        action.triggered.connect(slot)
        self.addAction(action)
        return action

    def _connect(self) -> None:
        session = self.session
        self.canvas.position_changed.connect(self.run_bar.set_position)
        self.tabs.currentChanged.connect(self._show_page)
        self.classify_button.clicked.connect(self._start)
        self.gallery_page.activated.connect(self._fly_to)
        self.gallery_page.open_requested.connect(self._choose_folder)
        self._scale_banner.scale_given.connect(session.give_scale)
        self._empty.open_pressed.connect(self._choose_files)
        self._empty.open_folder_pressed.connect(self._choose_folder)
        self._empty.demo_pressed.connect(self.open_demo)
        self._exporter.failed.connect(self.messages.show_message)
        self._exporter.written.connect(self.run_bar.show_note)
        session.failed.connect(self.messages.show_message)
        session.noted.connect(self.messages.show_message)
        session.current_changed.connect(self._show_source)
        session.run_changed.connect(self._show_actions)

    # -- what follows

    def _show_source(self) -> None:
        current = self.session.current
        name = current.source.name if current else ""
        self.setWindowTitle(f"{name} – HistoViewer" if name else "HistoViewer")
        if current is not None and self.session.slide is None:
            self.tabs.setCurrentIndex(PATCHES_TAB)
        elif current is not None and not self.tabs.isTabEnabled(SLIDE_TAB):
            self.tabs.setCurrentIndex(SLIDE_TAB)
        self.tabs.setTabEnabled(SLIDE_TAB, current is None or self.session.slide is not None)
        self._show_surroundings(has_source=current is not None)
        self._show_page()
        self._show_actions()

    def _show_surroundings(self, *, has_source: bool) -> None:
        """Panels and controls have nothing to say while nothing is open."""
        if has_source is not self._has_surroundings:
            self._has_surroundings = has_source
            for widget in (*self._docks, self.tabs, self.classify_button):
                widget.setVisible(has_source)

    def _show_page(self) -> None:
        if self.session.current is None:
            self._pages.setCurrentWidget(self._empty)
        elif self.tabs.currentIndex() == PATCHES_TAB:
            self._pages.setCurrentWidget(self.gallery_page)
        else:
            self._pages.setCurrentWidget(self.canvas)
        self._zoom_bar.setVisible(self._pages.currentWidget() is self.canvas)

    def _show_actions(self) -> None:
        session = self.session
        has_source = session.current is not None
        has_patches = session.current is not None and len(session.current.source.columns) > 0
        can_start = session.can_classify
        self._classify.setEnabled(can_start)
        self.classify_button.setEnabled(can_start)
        self._cancel.setEnabled(session.is_running)
        self._close_source.setEnabled(has_source)
        self._export_csv.setEnabled(has_patches)
        self._export_png.setEnabled(has_patches and session.slide is not None)

    def show_slide_tab(self) -> None:
        self.tabs.setCurrentIndex(SLIDE_TAB)

    def show_patches_tab(self) -> None:
        self.tabs.setCurrentIndex(PATCHES_TAB)

    def open_demo(self) -> None:
        """Open the bundled slide, say what it is, and classify it."""
        self.messages.show_message(
            self.tr("This demo slide is synthetic: generated by the program, of no patient.")
        )
        self.session.open([demo_slide()], classify=True)

    def _choose_files(self) -> None:
        self.session.open(choose_files(self))

    def _choose_folder(self) -> None:
        self.session.open(choose_folder(self))

    def _start(self) -> None:
        self.session.classify()

    def _close_current(self) -> None:
        if self.session.current is not None:
            self.session.close_source(self.session.current)

    def _quit(self) -> None:
        QApplication.closeAllWindows()

    def _fly_to(self, row: int) -> None:
        if self.session.slide is not None:
            self.show_slide_tab()
            self.canvas.fly_to(row)

    def _toggle_heatmap(self) -> None:
        self.session.set_overlay(is_visible=not self.session.overlay.is_visible)

    def _toggle_docks(self) -> None:
        is_shown = any(dock.isVisible() for dock in self._docks)
        for dock in self._docks:
            dock.setVisible(not is_shown)

    def _about(self) -> None:
        show_about(self, self.session.card)

    # -- events

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if any(url.isLocalFile() for url in event.mimeData().urls()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Files and folders, several at once; dropping classifies."""
        paths = [Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile()]
        event.acceptProposedAction()
        self.session.open(paths, classify=True)

    def closeEvent(self, event: QCloseEvent) -> None:
        """Closing waits for what is being read; nothing is asked, all is saved."""
        self._exporter.stop()
        self.session.close()
        self.canvas.view.shut_down()
        super().closeEvent(event)
