"""A hallway: docks, menus, actions. Nothing lives in it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QEvent, QSettings, Qt
from PySide6.QtGui import (
    QAction,
    QCloseEvent,
    QKeyEvent,
    QKeySequence,
    QResizeEvent,
)
from PySide6.QtWidgets import (
    QApplication,
    QLabel,
    QMainWindow,
    QMenuBar,
    QMessageBox,
    QVBoxLayout,
    QWidget,
)

from histoviewer.gui.actions import window_action
from histoviewer.gui.canvas.peek import Peek
from histoviewer.gui.canvas.scale_ghost import GhostSwitch
from histoviewer.gui.canvas.truth_view import TruthSwitch
from histoviewer.gui.command_list import CommandMenu
from histoviewer.gui.dropping import DropTarget
from histoviewer.gui.escape import takes_escape
from histoviewer.gui.export_menu import ExportMenu
from histoviewer.gui.exporting import Exporter
from histoviewer.gui.folder_scales import FolderScales
from histoviewer.gui.full_screen import FullScreen
from histoviewer.gui.help_menu import HelpMenu
from histoviewer.gui.keeping.session_keeping import SessionKeeping
from histoviewer.gui.keeping.source_actions import SourceActions
from histoviewer.gui.keyboard_layout import trigger_by_place
from histoviewer.gui.logs.program_log import ProgramLog
from histoviewer.gui.look.look_menu import LookMenu
from histoviewer.gui.measuring import Measuring
from histoviewer.gui.pages import PATCHES_TAB, SLIDE_TAB, Pages
from histoviewer.gui.panels.folder_scale_line import FolderScaleLine
from histoviewer.gui.panels.message_bar import MessageBar
from histoviewer.gui.panels.overlay_panel import OverlayPanel
from histoviewer.gui.panels.panel_column import PanelColumn
from histoviewer.gui.panels.patch_panel import PatchPanel
from histoviewer.gui.panels.result_panel import ResultPanel
from histoviewer.gui.panels.run_bar import RunBar
from histoviewer.gui.panels.scale_banner import ScaleBanner
from histoviewer.gui.panels.similar_panel import SimilarPanel
from histoviewer.gui.panels.sources_panel import SourcesPanel
from histoviewer.gui.reviewing.review_menu import ReviewMenu
from histoviewer.gui.rotation import RotationMenu
from histoviewer.gui.session import Session
from histoviewer.gui.settings.kept_view import KeptView
from histoviewer.gui.settings.settings_menu import SettingsMenu
from histoviewer.gui.source_chooser import choose_files, choose_folder
from histoviewer.gui.surroundings import LEFT, RIGHT, Dock, Surroundings
from histoviewer.gui.theme import GRID
from histoviewer.gui.top_row import TopRow
from histoviewer.gui.training.train_menu import TrainMenu
from histoviewer.gui.two_views_menu import TwoViewsMenu
from histoviewer.gui.understanding_menu import add_understanding
from histoviewer.gui.view_pictures import ViewPictures
from histoviewer.gui.way_out import WayOut
from histoviewer.resources import demo_slide
from histoviewer.streams import tell

SOURCES_WIDTH = 160
"""px; the least in which names and shares can be read."""


class MainWindow(QMainWindow):
    """The application's window over one session, which it closes when it is closed."""

    def __init__(
        self,
        session: Session,
        settings: QSettings | None = None,
        *,
        program_log: ProgramLog | None = None,
    ) -> None:
        """``settings``: where sizes of window and docks are kept; None keeps nothing. ``program_log``: what
        the log window shows; None shows nothing."""
        super().__init__()
        self.session = session
        self._program_log = program_log
        self._has_person = settings is not None
        self._pages = Pages(session, self)
        self.canvas, self.gallery_page = self._pages.canvas, self._pages.gallery_page
        self._review = ReviewMenu(session, self, self._pages)
        self.patch_panel = PatchPanel(session, self._review.decisions, self)
        self.run_bar = RunBar(session, self)
        self.run_bar.addPermanentWidget(self._review.reading_line)
        self.messages = MessageBar(self)
        self._exporter = Exporter(session, self)
        self._folder_scales = FolderScales(session, settings, self)
        self._scale_banner = ScaleBanner(session, self._folder_scales, self)
        self.measuring = Measuring(self._pages.views, self._scale_banner)
        self.ghost_switch = GhostSwitch(session, self)
        self._drops = DropTarget(self)
        self._settings = SettingsMenu(self, settings, self._pages.views, session)
        self.training = TrainMenu(self, session, self._settings.preferences, settings)
        KeptView(session, self.gallery_page, settings)
        self._source_actions = SourceActions(session, settings, self)
        self.resize(1440, 900)
        self.setStatusBar(self.run_bar)
        self.surroundings = self._make_surroundings(settings)
        left, right = (dock.wanted for dock in self.surroundings.docks)
        self._top = TopRow(session, self._pages.views, (left, right), self)
        self.tabs, self.classify_button = self._top.tabs, self._top.classify_button
        self._keeping = SessionKeeping(
            session, self.canvas.view, self.tabs, self, is_kept=settings is not None
        )
        self._centre = self._make_centre()
        self.setCentralWidget(self._centre)
        self.surroundings.add_bars(self.menuBar(), self._top, self.run_bar, self.gallery_page.bar)
        self._make_menus()
        self._way_out = WayOut(session, self._pages, self.surroundings.only_slide, self._full_screen)
        self._connect()
        self._show_source()
        if settings is not None:
            self.training.find()

    # -- what is where

    def _make_surroundings(self, settings: QSettings | None) -> Surroundings:
        similar = SimilarPanel(self.session, settings)
        sections = (ResultPanel(self.session), OverlayPanel(self.session), self.patch_panel, similar)
        left = Dock(self.tr("S&ources"), LEFT, SourcesPanel(self.session), self)
        right = Dock(self.tr("&Results"), RIGHT, PanelColumn(sections), self)
        left.widget().setMinimumWidth(SOURCES_WIDTH)
        return Surroundings(self, (left, right), settings)

    def _make_centre(self) -> QWidget:
        centre = QWidget(self)
        column = QVBoxLayout(centre)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._top)
        column.addWidget(self._keeping.offer)
        column.addWidget(self.messages)
        column.addWidget(FolderScaleLine(self._folder_scales, self))
        column.addWidget(self._scale_banner)
        column.addWidget(self._pages, 1)
        return centre

    # -- what can be done

    def _make_menus(self) -> None:
        bar = self.menuBar()
        bar.setNativeMenuBar(True)
        self._make_file_menu(bar)
        self._make_view_menu(bar)
        self._make_classify_menu(bar)
        self._review.add_to(bar)
        self.training.add_to(bar)
        self._make_help_menu(bar)

    def _make_file_menu(self, bar: QMenuBar) -> None:
        file = bar.addMenu(self.tr("&File"))
        file.addAction(self._action(self.tr("&Open file…"), self._choose_files, "Ctrl+O"))
        file.addAction(self._action(self.tr("Open &folder…"), self._choose_folder, "Ctrl+Shift+O"))
        self._source_actions.add_opening(file)
        file.addSeparator()
        self.exports = ExportMenu(self.session, self._exporter, self)
        self.exports.add_to(file)
        ViewPictures(file, self, self.session, self._pages, self._exporter)
        file.addSeparator()
        self._close_source = self._action(self.tr("&Close source"), self._close_current, "Ctrl+W")
        file.addAction(self._close_source)
        self._source_actions.add_closing(file)
        file.addSeparator()
        self._settings.add_to(file)
        file.addAction(self._action(self.tr("&Quit"), self._quit, "Ctrl+Q"))

    def _make_view_menu(self, bar: QMenuBar) -> None:
        show = bar.addMenu(self.tr("&View"))
        show.addAction(self._action(self.tr("&Slide"), self.show_slide_tab, "Ctrl+1"))
        show.addAction(self._action(self.tr("&Patches"), self.show_patches_tab, "Ctrl+2"))
        show.addSeparator()
        show.addAction(self._action(self.tr("Zoom &in"), self._zoom_in, "+", "="))
        show.addAction(self._action(self.tr("&Zoom out"), self._zoom_out, "-"))
        show.addAction(self._action(self.tr("&Fit"), self._fit, "Ctrl+0"))
        show.addAction(self._action(self.tr("&Heat map"), self._toggle_heatmap, "C"))
        show.addAction(self._action(self.tr("Conto&urs"), self._toggle_contours, "O"))
        show.addAction(Peek(self.session, self).action)
        show.addAction(TruthSwitch(self.session, self).action)
        add_understanding(show, self.session, self)
        show.addAction(self.ghost_switch.action)
        LookMenu(self.session, self).add_to(show)
        RotationMenu(show, self, self._pages)
        show.addSeparator()
        TwoViewsMenu(show, self, self._pages.views, self.show_slide_tab)
        show.addSeparator()
        show.addActions([dock.wanted for dock in self.surroundings.docks])
        show.addAction(self._only_slide_action())
        self._full_screen = FullScreen(show, self, self._pages.hint)

    def _make_classify_menu(self, bar: QMenuBar) -> None:
        classify = bar.addMenu(self.tr("&Classify", "the menu"))
        self._classify = self._action(self.tr("&Classify"), self._start, "F5")
        self._cancel = self._action(self.tr("Ca&ncel"), self.run_bar.cancel, "Esc")
        self._change_scale = self._action(self.tr("Change &scale…"), self.session.ask_scale)
        classify.addAction(self._classify)
        self._source_actions.add_classifying(classify)
        classify.addActions([self._cancel, self._change_scale])

    def _make_help_menu(self, bar: QMenuBar) -> None:
        help_ = bar.addMenu(self.tr("&Help"))
        help_.addAction(self._action(self.tr("Try the &demo"), self.open_demo))
        CommandMenu(help_, self)
        HelpMenu(help_, self, self.session, self._program_log)
        notice = QLabel(self.tr("research use only, not for diagnosis"), self)
        notice.setContentsMargins(0, 2, 2 * GRID, 2)
        notice.setEnabled(False)
        bar.setCornerWidget(notice)

    def _action(self, text: str, slot: Callable[[], object], *keys: str) -> QAction:
        return window_action(self, text, slot, *keys)

    def _only_slide_action(self) -> QAction:
        """Tab only where there is nothing to type: everywhere else it moves the focus, as it always does."""
        action = self.surroundings.only_slide
        action.setShortcut(QKeySequence("Tab"))
        action.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
        for widget in (self.canvas.view, self.gallery_page.gallery):
            widget.addAction(action)
        return action

    def _connect(self) -> None:
        session = self.session
        self._drops.dropped.connect(self._open_dropped)
        self._pages.views.position_changed.connect(self.run_bar.set_position)
        self.tabs.currentChanged.connect(self._show_page)
        self.classify_button.clicked.connect(self._start)
        self.gallery_page.activated.connect(self._fly_to)
        self.gallery_page.open_requested.connect(self._choose_folder)
        self._scale_banner.scale_given.connect(self._folder_scales.give)
        self._scale_banner.folder_scale_given.connect(self._folder_scales.give_folder)
        empty = self._pages.empty
        empty.open_pressed.connect(self._choose_files)
        empty.open_folder_pressed.connect(self._choose_folder)
        empty.demo_pressed.connect(self.open_demo)
        self._exporter.failed.connect(self.messages.show_failure)
        self._exporter.written.connect(self.run_bar.show_note)
        session.failed.connect(self.messages.show_failure)
        session.run_troubled.connect(self.messages.show_failure)
        session.noted.connect(self.messages.show_note)
        session.current_changed.connect(self._show_source)
        session.run_changed.connect(self._show_actions)
        session.opener.progressed.connect(self._show_cancel)
        session.opener.finished.connect(self._show_cancel)
        self.surroundings.alone_changed.connect(self._on_alone)

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
        self._top.set_has_source(current is not None)
        self.surroundings.set_has_source(current is not None)
        self._show_page()
        self._show_actions()

    def _show_page(self) -> None:
        focus = self.focusWidget()
        # Who walks through the list of sources by keys goes on doing so.
        takes_focus = focus is None or self._centre.isAncestorOf(focus)
        self._pages.show_tab(self.tabs.currentIndex(), takes_focus=takes_focus)
        self._top.zoom_bar.setVisible(self._pages.currentWidget() is self._pages.views)

    def _show_actions(self) -> None:
        session = self.session
        has_source = session.current is not None
        can_start = session.can_classify
        self._classify.setEnabled(can_start)
        self.classify_button.setEnabled(can_start)
        self._show_cancel()
        self._close_source.setEnabled(has_source)
        self._change_scale.setEnabled(has_source)

    def _show_cancel(self) -> None:
        self._cancel.setEnabled(self.session.is_running or self.session.opener.is_busy)

    def show_slide_tab(self) -> None:
        """The slide, ready for its keys."""
        self._show_tab(SLIDE_TAB)

    def show_patches_tab(self) -> None:
        """The gallery, ready for its keys."""
        self._show_tab(PATCHES_TAB)

    def _show_tab(self, tab: int) -> None:
        self.tabs.setCurrentIndex(tab)
        self._pages.setFocus()

    def open_demo(self) -> None:
        """Open the bundled slide, say what it is, and classify it."""
        self.messages.show_note(
            self.tr("This demo slide is synthetic: generated by the program, of no patient.")
        )
        self.session.open([demo_slide()], classify=True)

    def _choose_files(self) -> None:
        self.session.open(choose_files(self))

    def _choose_folder(self) -> None:
        self.session.open(choose_folder(self))

    def _open_dropped(self, paths: list[Path]) -> None:
        """Dropping classifies, unless a person has chosen otherwise."""
        self.session.open(paths, classify=self._settings.preferences.chosen.classifies_dropped)

    def _start(self) -> None:
        self.session.classify()

    def _close_current(self) -> None:
        if self.session.current is not None:
            self.session.close_source(self.session.current)

    def _quit(self) -> None:
        QApplication.closeAllWindows()

    def _fly_to(self, row: int) -> None:
        """A loose patch lies on no slide: nothing to fly to."""
        if self.session.current is not None and self.session.current.slide_of(row) is not None:
            self.show_slide_tab()
            self._pages.views.fly_to(row)

    def _fit(self) -> None:
        self._pages.views.active.view.fit()

    def _zoom_in(self) -> None:
        self._pages.zoom(1)

    def _zoom_out(self) -> None:
        self._pages.zoom(-1)

    def _toggle_heatmap(self) -> None:
        self.session.set_overlay(is_visible=not self.session.overlay.is_visible)

    def _toggle_contours(self) -> None:
        self.session.set_overlay(has_contours=not self.session.overlay.has_contours)

    def _on_alone(self, is_alone: bool) -> None:
        self._pages.setFocus()
        if is_alone:
            self._pages.hint.show_text(self.tr("Tab or Esc brings the panels back"))
        else:
            self._pages.hint.dismiss()

    def _tell_lost(self, lines: list[str]) -> None:
        """The message bar goes with the window: what is lost in closing it is said in a box."""
        for line in lines:
            tell(f"histoviewer: {line}")
        if lines and self._has_person:
            QMessageBox.warning(self, self.tr("Not everything was kept"), "\n".join(lines))

    # -- events

    def event(self, event: QEvent) -> bool:
        return takes_escape(event, lambda: self._way_out.is_there()) or super().event(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        self.surroundings.fit()
        super().resizeEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """A letter on another layout, or Esc, which cancels only where there is nothing to leave."""
        if not trigger_by_place(event, self) and not self._way_out.leave(event):
            super().keyPressEvent(event)

    def closeEvent(self, event: QCloseEvent) -> None:
        """Closing waits for what is being read; nothing is asked, all is saved."""
        self._full_screen.leave()
        self.surroundings.save()
        self._exporter.stop()
        self._pages.views.shut_down()
        self._keeping.settler.shut_down()
        self._review.shut_down()
        self.training.shut_down()
        self._tell_lost(self.session.close())
        self._keeping.finish()
        super().closeEvent(event)
