"""What is to be trained: the page before a training begins."""

from __future__ import annotations

from datetime import datetime

from PySide6.QtCore import QSettings, Qt, QTimer, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QFileDialog,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QSizePolicy,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from histoviewer.gui.session import Session
from histoviewer.gui.theme import GRID
from histoviewer.gui.training.command_row import CommandRow
from histoviewer.gui.training.data_list import DataList
from histoviewer.gui.training.data_survey import DataSurveyor
from histoviewer.gui.training.lists_row import ListsRow
from histoviewer.gui.training.open_reviews import OpenReviews, open_reviews
from histoviewer.gui.training.path_row import PathRow
from histoviewer.gui.training.plan import DEPTHS, HEAD_ALONE, FineTuning, TrainingPlan, shell_text
from histoviewer.gui.training.plan_check import PlanCheck
from histoviewer.gui.training.run_record import training_folder

_WEIGHTS = "training/weights"
"""In the settings: the file of ImageNet weights that was used last."""


class PlanForm(QWidget):
    """Asks for data, split, recipe and folder, and shows the command.

    Attributes:
        foot: its button, and why it could not begin; always in sight, the window puts it there.

    Signals:
        started(object): a ``TrainingPlan`` that is to begin.
    """

    started = Signal(object)

    def __init__(self, session: Session, settings: QSettings | None, parent: QWidget) -> None:
        super().__init__(parent)
        self._session, self._settings = session, settings
        self.data = DataList(self)
        self.surveyor = DataSurveyor(session.card, self)
        self._check = PlanCheck(self)
        self.reviews = QCheckBox(self)
        self.known = QLabel(self)
        self.known.setEnabled(False)
        self._is_reviews_chosen = False
        """Somebody has said whether reviews are data."""
        self._make_sides()
        self._make_recipe()
        self.output = PathRow(
            self.tr("Cho&ose…"), self._choose_output, self.tr("a folder that is empty or new"), self
        )
        self.command = CommandRow(self, lines=8)
        self.problem = QLabel(self)
        self.problem.setWordWrap(True)
        self.problem.setTextFormat(Qt.TextFormat.PlainText)
        self.start = QPushButton(self.tr("&Start"), self)
        self.start.setDefault(True)
        self._arrange()
        self._connect()
        self.renew()

    def _make_sides(self) -> None:
        self.split = QComboBox(self)
        self.split.addItem(self.tr("By patient, at random: 60 % training, 20 % validation, 20 % test"), False)
        self.split.addItem(self.tr("By patient, as published lists say"), True)
        self.lists = ListsRow(
            self.tr("C&hoose…"), lambda: self._choose_file(self.tr("Lists of patients")), self
        )
        self.hold_out = QLineEdit(self)
        self.hold_out.setPlaceholderText(self.tr("names of patients, with spaces between"))

    def _make_recipe(self) -> None:
        self.how = QComboBox(self)
        self.how.addItem(self.tr("The head alone, base frozen: minutes"))
        self.how.addItem(self.tr("Head, then the last block with it: longer"))
        self.how.addItem(self.tr("Head, then everything: hours, perhaps, without a GPU"))
        self.head_epochs, self.tune_epochs = self._epochs(10), self._epochs(6)
        self.minutes = QSpinBox(self)
        self.minutes.setRange(0, 10_000)
        self.minutes.setSingleStep(10)
        self.minutes.setSpecialValueText(self.tr("no limit"))
        self.minutes.setSuffix(self.tr(" min"))
        end = self.tr("When it is over, the best epoch so far becomes the model; the first one is finished.")
        self.minutes.setToolTip(end)
        self.weights = PathRow(
            self.tr("Choos&e…"),
            lambda: self._choose_file(self.tr("ImageNet weights of VGG16")),
            self.tr("downloaded once by Keras, 59 MB"),
            self,
        )
        if self._settings is not None:
            self.weights.line.setText(str(self._settings.value(_WEIGHTS) or ""))
        self.recipe = PathRow(
            self.tr("&Choose…"),
            lambda: self._choose_file(self.tr("Recipe of a training")),
            self.tr("a file in place of the settings above; none is needed"),
            self,
        )

    def _epochs(self, count: int) -> QSpinBox:
        box = QSpinBox(self)
        box.setRange(1, 500)
        box.setValue(count)
        return box

    def _arrange(self) -> None:
        epochs = QHBoxLayout()
        epochs.setSpacing(GRID)
        for text, box in (
            (self.tr("head"), self.head_epochs),
            (self.tr("blocks"), self.tune_epochs),
            (self.tr("time"), self.minutes),
        ):
            epochs.addWidget(QLabel(text, self))
            epochs.addWidget(box)
            epochs.addSpacing(GRID)
        epochs.addStretch()
        form = QFormLayout()
        form.setHorizontalSpacing(2 * GRID)
        form.setVerticalSpacing(GRID)
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.ExpandingFieldsGrow)
        form.addRow(self.tr("Data"), self.data)
        form.addRow("", self.reviews)
        form.addRow("", self.known)
        form.addRow(self.tr("S&plit"), self.split)
        form.addRow(self.tr("&Lists"), self.lists)
        form.addRow(self.tr("Test on these, &too"), self.hold_out)
        form.addRow(self.tr("Tr&ain"), self.how)
        anew = QLabel(
            self.tr(
                "From ImageNet weights, on this data alone. The model in use is compared, not trained on."
            ),
            self,
        )
        anew.setWordWrap(True)
        anew.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        anew.setEnabled(False)
        form.addRow("", anew)
        form.addRow(self.tr("Epochs and time, at most"), epochs)
        form.addRow(self.tr("ImageNet &weights"), self.weights)
        form.addRow(self.tr("&Recipe"), self.recipe)
        form.addRow(self.tr("New mo&del's folder"), self.output)
        form.addRow(self.tr("Command"), self.command)
        self._form = form
        self.foot = QWidget(self)
        row = QHBoxLayout(self.foot)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(GRID)
        row.addWidget(self.problem, 1)
        row.addWidget(self.start, alignment=Qt.AlignmentFlag.AlignBottom)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2 * GRID)
        column.addLayout(form)
        column.addStretch()

    def _connect(self) -> None:
        # Many things may change at once; the command is made of them once.
        self._later = QTimer(self, singleShot=True, interval=0)
        self._later.timeout.connect(self._show)
        for signal in (
            self.data.changed,
            self.reviews.toggled,
            self.split.currentIndexChanged,
            self.lists.changed,
            self.hold_out.textChanged,
            self.how.currentIndexChanged,
            self.head_epochs.valueChanged,
            self.tune_epochs.valueChanged,
            self.minutes.valueChanged,
            self.weights.changed,
            self.recipe.changed,
            self.output.changed,
        ):
            signal.connect(self._later.start)
        self.data.changed.connect(lambda: self.surveyor.look(self.data.paths()))
        self.surveyor.changed.connect(self._on_survey)
        self.reviews.clicked.connect(self._on_reviews_chosen)
        self.start.clicked.connect(self._on_start)
        self._session.reviewing.changed.connect(self._later.start)
        self._session.sources_changed.connect(self._later.start)

    def renew(self) -> None:
        """For another training: a new folder and version."""
        self._begun = datetime.now()
        self.output.set_path(training_folder() / f"{self._begun:%Y-%m-%d %H-%M-%S}")
        self.show_problem("")
        self._show()

    def show_problem(self, text: str) -> None:
        """Why it could not begin."""
        self.problem.setText(f"⚠  {text}" if text else "")

    def shut_down(self) -> None:
        """End what it does in the background, waiting for it."""
        self.surveyor.shut_down()

    def _on_survey(self) -> None:
        self.lists.set_survey(self.surveyor.survey)
        self._later.start()

    def _on_reviews_chosen(self) -> None:
        self._is_reviews_chosen = True

    def missing(self) -> str:
        """Why no training can begin, for a person; "" where one can."""
        survey, reviewed = self.surveyor.survey, self._reviewed()
        patients = {*(survey.patients if survey is not None else ()), *reviewed.patients}
        hold_out = self._held_out()
        return (
            self._check.of_data((*self.data.paths(), *reviewed.data), survey, patients)
            or self._check.of_hold_out(hold_out, patients)
            or self._missing_of_split(patients.difference(hold_out), reviewed)
            or self._check.of_files(self.weights.path(), self.recipe.path(), self.output.path())
        )

    def _known_text(self) -> str:
        survey = self.surveyor.survey
        if survey is None:
            return self.tr("Looking at the data…")
        patients = {*survey.patients, *self._reviewed().patients}
        return self.tr("Patients whose patches have a class or a review: {0}").format(len(patients))

    def _missing_of_split(self, patients: set[str], reviewed: OpenReviews) -> str:
        """``patients``: who may be trained on. Reviewed ones are, whatever lists say."""
        if reviewed.patients and patients <= set(reviewed.patients) and not self._held_out():
            return self._check.of_nobody_else()
        if not self.split.currentData():
            return self._check.of_random_split(patients)
        is_reviewed = not patients.isdisjoint(reviewed.patients)
        return self._check.of_lists(self.lists.path(), patients, has_others=is_reviewed)

    def _reviewed(self) -> OpenReviews:
        return open_reviews(self._session) if self.reviews.isChecked() else OpenReviews((), 0, ())

    def _held_out(self) -> tuple[str, ...]:
        return tuple(self.hold_out.text().replace(",", " ").split())

    def plan(self) -> TrainingPlan | None:
        """What is asked for; None while something is missing."""
        found = self._reviewed()
        data = self.data.paths()
        data = (*data, *(path for path in found.data if path not in data))
        output = self.output.path()
        lists = self.lists.path() if self.split.currentData() else None
        if output is None or self.missing():
            return None
        hold_out = self._held_out()
        return TrainingPlan(
            data=data,
            output=output,
            against=self._session.card.folder.absolute(),
            version=f"{self._begun:%Y-%m-%d %H:%M}",
            fine_tune=self._depth(),
            head_epochs=self.head_epochs.value(),
            fine_tune_epochs=self.tune_epochs.value(),
            minutes=self.minutes.value() or None,
            split_list=lists,
            hold_out=hold_out,
            train_on=tuple(patient for patient in found.patients if patient not in hold_out),
            weights=self.weights.path(),
            recipe=self.recipe.path(),
        )

    def _depth(self) -> FineTuning:
        return DEPTHS[self.how.currentIndex()]

    def _show(self) -> None:
        count = open_reviews(self._session).decisions
        text = self.tr("Re&views of what is open (decisions: {count})")
        self.reviews.setText(
            text.format(count=count) if count else self.tr("Re&views of what is open (none)")
        )
        self.reviews.setEnabled(count > 0)
        if not (count and self._is_reviews_chosen):
            self.reviews.setChecked(count > 0)
        self._form.setRowVisible(self.lists, bool(self.split.currentData()))
        is_free = self.recipe.path() is None
        self.how.setEnabled(is_free)
        self.head_epochs.setEnabled(is_free)
        self.tune_epochs.setEnabled(is_free and self._depth() != HEAD_ALONE)
        plan = self.plan()
        self.command.set_text("" if plan is None else shell_text(plan.command()))
        self.known.setText(self._known_text())
        self.problem.setText(self.missing())
        self.start.setEnabled(plan is not None)

    def _on_start(self) -> None:
        plan = self.plan()
        if plan is None:
            return
        self.show_problem("")
        if self._settings is not None:
            self._settings.setValue(_WEIGHTS, str(plan.weights or ""))
        self.started.emit(plan)

    def _choose_output(self) -> str:
        return QFileDialog.getExistingDirectory(self, self.tr("An empty folder for the training"))

    def _choose_file(self, title: str) -> str:
        name, _ = QFileDialog.getOpenFileName(self, title)
        return name
