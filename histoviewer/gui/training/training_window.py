"""Train > Retrain…"""

from __future__ import annotations

from PySide6.QtCore import QSettings, QSize, Qt
from PySide6.QtWidgets import QDialog, QFrame, QScrollArea, QStackedWidget, QVBoxLayout, QWidget

from histoviewer.errors import HistoViewerError
from histoviewer.gui.dropping import DropTarget
from histoviewer.gui.session import Session
from histoviewer.gui.settings.preferences import KeptPreferences
from histoviewer.gui.theme import GRID
from histoviewer.gui.training.models import install_model
from histoviewer.gui.training.outcome_page import OutcomePage
from histoviewer.gui.training.plan import TrainingPlan
from histoviewer.gui.training.plan_form import PlanForm
from histoviewer.gui.training.progress_page import ProgressPage
from histoviewer.gui.training.run_watch import RunWatch

_SIZE = QSize(100 * GRID, 82 * GRID)


class TrainingWindow(QDialog):
    """The form, the training, and what came of it, one at a time. It blocks nothing; Esc closes it."""

    def __init__(
        self,
        session: Session,
        watch: RunWatch,
        preferences: KeptPreferences,
        settings: QSettings | None,
        parent: QWidget,
    ) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(self.tr("Retrain"))
        self._watch, self._preferences = watch, preferences
        self.form = PlanForm(session, settings, self)
        self.progress = ProgressPage(watch, self)
        self.outcome = OutcomePage(watch, self)
        self._shown = ""
        self._pages = QStackedWidget(self)
        for page in (self.form, self.progress, self.outcome):
            self._pages.addWidget(_with_foot(page, page.foot))
        column = QVBoxLayout(self)
        column.setContentsMargins(*(4 * [2 * GRID]))
        column.addWidget(self._pages)
        self.resize(_SIZE.boundedTo(parent.window().size() - QSize(4 * GRID, 4 * GRID)))
        self._drops = DropTarget(self)
        self._connect()
        self.show_run()

    def _connect(self) -> None:
        self._drops.dropped.connect(self.form.data.add)
        self.form.started.connect(self._start)
        self.progress.stop.clicked.connect(self._stop)
        self.progress.cancel.clicked.connect(self._watch.cancel)
        self.outcome.use.clicked.connect(self._use)
        self.outcome.go_on.clicked.connect(self._go_on)
        self.outcome.close_run.clicked.connect(self._dismiss)
        self._watch.changed.connect(self.show_run)
        self.finished.connect(self._shut_down)

    def _shut_down(self) -> None:
        self.form.shut_down()
        self.outcome.shut_down()

    def show_run(self) -> None:
        """The page that suits what the watch knows."""
        status = self._watch.status
        if status == "none":
            if self._shown not in ("", "none"):
                self.form.renew()
            self._pages.setCurrentIndex(0)
        elif status in ("running", "stopping", "cancelling"):
            self.progress.show_run()
            self._pages.setCurrentIndex(1)
        else:
            if self._shown != status:
                self.outcome.show_run()
            self._pages.setCurrentIndex(2)
        self._shown = status

    def _start(self, plan: TrainingPlan) -> None:
        try:
            self._watch.start(plan)
        except HistoViewerError as error:
            self.form.show_problem(str(error))

    def _stop(self) -> None:
        try:
            self._watch.stop_early()
        except HistoViewerError as error:
            self.progress.note.setText(str(error))

    def _go_on(self) -> None:
        try:
            self._watch.go_on()
        except HistoViewerError as error:
            self.outcome.show_note(str(error), is_installed=False)

    def _dismiss(self) -> None:
        self._watch.dismiss()

    def _use(self) -> None:
        record = self._watch.record
        if record is None:
            return
        try:
            card = install_model(record.folder / "bundle")
        except HistoViewerError as error:
            self.outcome.show_note(f"⚠  {error}", is_installed=False)
            return
        self._preferences.choose(model=str(card.folder))
        text = self.tr(
            "{model} is installed, and used from the next start on. The old model stays: Train > Model."
        )
        self.outcome.show_note(text.format(model=card.title), is_installed=True)


def _with_foot(page: QWidget, foot: QWidget) -> QWidget:
    """On a small screen a page is longer than the window; what can be done stays in sight below it."""
    whole = QWidget()
    column = QVBoxLayout(whole)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(GRID)
    area = QScrollArea(whole)
    area.setWidgetResizable(True)
    area.setFrameShape(QFrame.Shape.NoFrame)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    area.setWidget(page)
    column.addWidget(area, 1)
    column.addWidget(foot)
    return whole
