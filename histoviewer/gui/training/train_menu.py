"""The Train menu, and the training that goes on behind it."""

from __future__ import annotations

from PySide6.QtCore import QObject, QSettings
from PySide6.QtWidgets import QMainWindow, QMenuBar

from histoviewer.gui.actions import window_action
from histoviewer.gui.session import Session
from histoviewer.gui.settings.preferences import KeptPreferences
from histoviewer.gui.training.model_menu import ModelMenu
from histoviewer.gui.training.run_watch import RunWatch
from histoviewer.gui.training.training_window import TrainingWindow


class TrainMenu(QObject):
    """Follows a training, whether its window is open or not.

    Attributes:
        watch: of the training.
    """

    def __init__(
        self,
        window: QMainWindow,
        session: Session,
        preferences: KeptPreferences,
        settings: QSettings | None,
    ) -> None:
        """``settings``: where choices are kept; None keeps nothing."""
        super().__init__(window)
        self._window, self._session = window, session
        self._preferences, self._settings = preferences, settings
        self.watch = RunWatch(self)
        self.watch.ended.connect(self._tell)

    def add_to(self, bar: QMenuBar) -> None:
        menu = bar.addMenu(self.tr("Trai&n"))
        menu.addAction(window_action(self._window, self.tr("&Retrain…"), self.show_window))
        self.models = ModelMenu(menu, self._window, self._session, self._preferences)

    def find(self) -> None:
        """Say what an earlier window began."""
        self.watch.find()
        if self.watch.status in ("running", "stopping"):
            self._session.noted.emit(self.tr("A training goes on: Train > Retrain…"))

    def show_window(self) -> TrainingWindow:
        """The one window, in front."""
        self.watch.find_unless_known()
        shown = self._window.findChild(TrainingWindow) or TrainingWindow(
            self._session, self.watch, self._preferences, self._settings, self._window
        )
        shown.show()
        shown.raise_()
        shown.activateWindow()
        return shown

    def shut_down(self) -> None:
        """The program ends: nothing is looked at any more. A training goes on."""
        shown = self._window.findChild(TrainingWindow)
        if shown is not None:
            shown.close()

    def _tell(self) -> None:
        """Where nobody looks at it."""
        if self._window.findChild(TrainingWindow) is not None:
            return
        if self.watch.status == "done":
            self._session.noted.emit(self.tr("A training has ended, a new model is ready: Train > Retrain…"))
        else:
            self._session.failed.emit(self.tr("A training has ended with an error: Train > Retrain…"))
