"""What the help menu shows of the program itself: its log, and About."""

from __future__ import annotations

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QDialog, QMainWindow, QMenu

from histoviewer.gui.about.about_window import AboutWindow
from histoviewer.gui.actions import window_action
from histoviewer.gui.logs.log_window import LogWindow
from histoviewer.gui.logs.program_log import ProgramLog
from histoviewer.gui.session import Session


class HelpMenu(QObject):
    """Adds both to a menu; of each window there is one at a time."""

    def __init__(
        self, menu: QMenu, window: QMainWindow, session: Session, program_log: ProgramLog | None
    ) -> None:
        """``program_log``: of this start; None where none is kept."""
        super().__init__(window)
        self._window = window
        self._session = session
        self._log = program_log or ProgramLog()
        menu.addAction(window_action(window, self.tr("Show &log"), self._show_log))
        menu.addAction(window_action(window, self.tr("&About HistoViewer"), self._show_about))

    def _show_log(self) -> None:
        self._show(self._window.findChild(LogWindow) or LogWindow(self._log, self._window))

    def _show_about(self) -> None:
        shown = self._window.findChild(AboutWindow)
        self._show(shown or AboutWindow(self._session.card, self._window))

    def _show(self, shown: QDialog) -> None:
        shown.show()
        shown.raise_()
        shown.activateWindow()
