"""What has come of a training: the old model beside the new one, or why there is none."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from histoviewer.gui.background import Background
from histoviewer.gui.formatting import count_text, threshold_text
from histoviewer.gui.panels.message_details import MessageDetails
from histoviewer.gui.panels.plain_lines import plain_line
from histoviewer.gui.theme import GRID
from histoviewer.gui.training.comparison import ComparisonFacts, Interval, read_comparison, read_maps
from histoviewer.gui.training.difference_view import DifferenceView
from histoviewer.gui.training.named_patients import named_patients
from histoviewer.gui.training.run_watch import RunWatch

FEW_PATIENTS = 5
"""Below, draws of whole patients are hardly draws: of one, all are the same."""


class OutcomePage(QWidget):
    """Shown until a person has done with it.

    Attributes:
        use, go_on, close_run: its buttons; what they do is the window's.
        foot: they and what came of them; always in sight, the window puts it there.
    """

    def __init__(self, watch: RunWatch, parent: QWidget) -> None:
        super().__init__(parent)
        self._watch = watch
        self.headline = self._line()
        font = self.headline.font()
        font.setBold(True)
        self.headline.setFont(font)
        self.basis, self.verdict, self.note = self._line(), self._line(), self._line()
        self._table = QGridLayout()
        self._table.setHorizontalSpacing(3 * GRID)
        self._table.setVerticalSpacing(GRID // 2)
        self.maps = DifferenceView(self)
        self._reading = Background(self)
        self._reading.done.connect(self.maps.set_maps)
        self._reading.failed.connect(self._on_maps_failed)
        self.details = MessageDetails(self)
        self.unfold = QPushButton(self.tr("Deta&ils"), self)
        self.unfold.setCheckable(True)
        self.unfold.toggled.connect(self.details.setVisible)
        self.report = QPushButton(self.tr("Show &report"), self)
        self.report.clicked.connect(self._show_report)
        self.use = QPushButton(self.tr("&Use this model"), self)
        self.go_on = QPushButton(self.tr("&Go on with it"), self)
        self.close_run = QPushButton(self.tr("&Another training"), self)
        for button in (self.unfold, self.report, self.use, self.go_on, self.close_run):
            button.setAutoDefault(False)
        self._arrange()

    def _line(self) -> QLabel:
        label = QLabel(self)
        label.setTextFormat(Qt.TextFormat.PlainText)
        label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        label.setWordWrap(True)
        return label

    def _arrange(self) -> None:
        self.foot = QWidget(self)
        row = QHBoxLayout()
        row.setSpacing(GRID)
        row.addWidget(self.unfold)
        row.addWidget(self.report)
        row.addStretch()
        for button in (self.close_run, self.go_on, self.use):
            row.addWidget(button)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2 * GRID)
        column.addWidget(self.headline)
        column.addWidget(self.basis)
        column.addLayout(self._table)
        column.addWidget(self.verdict)
        column.addWidget(self.maps, 1)
        column.addWidget(self.details)
        column.addStretch()
        foot = QVBoxLayout(self.foot)
        foot.setContentsMargins(0, 0, 0, 0)
        foot.setSpacing(GRID)
        foot.addWidget(self.note)
        foot.addLayout(row)

    def show_run(self) -> None:
        """What the watch knows now."""
        is_done = self._watch.status == "done"
        self._clear_table()
        self._reading.cancel()
        self.maps.set_maps(())
        for line in (self.basis, self.verdict, self.note):
            line.clear()
        self.use.setVisible(is_done)
        self.use.setEnabled(True)
        # What was refused would be refused again.
        self.go_on.setVisible(self._watch.status == "lost" or (not is_done and bool(self._watch.told.epochs)))
        again, back = self.tr("&Another training"), self.tr("&Back to the settings")
        self.close_run.setText(again if is_done else back)
        self.unfold.setVisible(not is_done)
        self.unfold.setChecked(False)
        record = self._watch.record
        self.report.setVisible(is_done and record is not None and (record.folder / "report.html").exists())
        if is_done:
            self._show_done()
        else:
            self._show_failure()
        for line in (self.basis, self.verdict, self.note):
            line.setVisible(bool(line.text()))

    def show_note(self, text: str, *, is_installed: bool) -> None:
        """What came of a button."""
        self.note.setText(text)
        self.note.setVisible(True)
        if is_installed:
            self.use.setEnabled(False)

    def _show_done(self) -> None:
        self.headline.setText(self.tr("The new model is ready."))
        record = self._watch.record
        facts = None if record is None else read_comparison(record.folder)
        if record is None or facts is None:
            self.basis.setText(self.tr("What it was compared with cannot be read."))
        elif facts.problem:
            self.basis.setText(self.tr("It could not be compared: {reason}").format(reason=facts.problem))
            self._fill({self.tr("new"): facts.new})
        else:
            self._show_comparison(facts)
            folder = record.folder
            defect = self.tr("The maps cannot be read; the log says why.")
            self._reading.start(lambda _check: read_maps(folder, facts), defect=defect)

    def _on_maps_failed(self, problem: str) -> None:
        self.show_note(f"⚠  {problem}", is_installed=False)

    def shut_down(self) -> None:
        """End what it does in the background, waiting for it."""
        self._reading.shut_down()

    def _show_comparison(self, facts: ComparisonFacts) -> None:
        self.headline.setText(self._verdict_text(facts))
        self.maps.set_thresholds(*facts.thresholds)
        whom = (
            self.tr("Patients that neither model has seen.")
            if facts.is_unseen
            else self.tr(
                "Patients new to the new model; the old one has seen them: its figures are too good."
            )
        )
        counts = self.tr(
            "Patches: {patches}, malignant: {malignant}, patients: {count} ({patients})."
        ).format(
            patches=count_text(facts.patches),
            malignant=count_text(facts.malignant),
            count=count_text(len(facts.patients)),
            patients=named_patients(facts.patients),
        )
        self.basis.setText(f"{whom} {counts}")
        old, new = (
            text.format(title=title, threshold=threshold_text(threshold))
            for text, title, threshold in zip(
                (
                    self.tr("old: {title}, threshold {threshold}"),
                    self.tr("new: {title}, threshold {threshold}"),
                ),
                facts.titles,
                facts.thresholds,
                strict=True,
            )
        )
        self._fill(
            {
                old: facts.old,
                new: facts.new,
                self.tr("new minus old"): facts.difference,
            }
        )
        text = self.tr(
            "At its own threshold each, the old model alone is right about {old} patches and the new one "
            "alone about {new} (McNemar's exact test: p = {p}; patches of one patient are alike, so that p "
            "is rather too small). In brackets: 95 % intervals over patients."
        )
        if len(facts.patients) < FEW_PATIENTS:
            text += " " + self.tr("Of so few patients the intervals say little: they are too narrow.")
        self.verdict.setText(
            text.format(old=count_text(facts.only_old), new=count_text(facts.only_new), p=f"{facts.p:.2g}")
        )

    def _verdict_text(self, facts: ComparisonFacts) -> str:
        """By the interval of the difference of ROC AUC, which no threshold has a part in."""
        _, low, high = facts.difference["roc_auc"]
        if high < 0:
            return "⚠  " + self.tr("The new model is ready. It is worse than the old one on these patients.")
        if low > 0:
            return self.tr("The new model is ready. It is better than the old one on these patients.")
        return self.tr(
            "The new model is ready. These patients do not tell whether it is better than the old one."
        )

    def _show_failure(self) -> None:
        told = self._watch.told
        if told.failure:
            self.headline.setText(self.tr("The training has ended with an error."))
            self.basis.setText(plain_line(told.failure))
        else:
            self.headline.setText(self.tr("The training has ended without saying why."))
            self.basis.setText(
                self.tr("It was killed, the computer was switched off, or there was not enough memory.")
            )
        kept = len(told.epochs)
        if kept:
            text = self.tr("Epochs that are kept: {count}. “Go on with it” begins behind the last of them.")
            self.verdict.setText(text.format(count=kept))
        self.details.set_lines(self._watch.log_lines())

    def _fill(self, columns: Mapping[str, Mapping[str, Interval]]) -> None:
        rows = (
            (self.tr("ROC AUC"), "roc_auc"),
            (self.tr("Balanced accuracy"), "balanced_accuracy"),
            (self.tr("Sensitivity"), "recall"),
            (self.tr("Specificity"), "specificity"),
            (self.tr("F1"), "f1"),
            (self.tr("Brier score (lower is better)"), "brier"),
        )
        for column, title in enumerate(columns, 1):
            head = QLabel(title, self)
            head.setTextFormat(Qt.TextFormat.PlainText)
            head.setWordWrap(True)
            self._table.addWidget(head, 0, column, Qt.AlignmentFlag.AlignBottom)
        last = len(columns)
        for row, (title, name) in enumerate(rows, 1):
            self._table.addWidget(QLabel(title, self), row, 0)
            for column, figures in enumerate(columns.values(), 1):
                is_signed = column == last and last == 3
                self._table.addWidget(
                    QLabel(_text(figures.get(name), is_signed=is_signed), self), row, column
                )
        self._table.setColumnStretch(last + 1, 1)

    def _clear_table(self) -> None:
        while (item := self._table.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.deleteLater()

    def _show_report(self) -> None:
        if self._watch.record is not None:
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(self._watch.record.folder / "report.html")))


def _text(figure: Interval | None, *, is_signed: bool) -> str:
    if figure is None:
        return "–"
    value, low, high = (_number(one, is_signed=is_signed) for one in figure)
    return f"{value} ({low} … {high})" if is_signed else f"{value} ({low}–{high})"


def _number(value: float, *, is_signed: bool) -> str:
    return (f"{value:+.3f}" if is_signed else f"{value:.3f}").replace("-", "−")
