"""A training that goes on."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QProgressBar, QPushButton, QVBoxLayout, QWidget

from histoviewer.gui.formatting import count_text, duration_text
from histoviewer.gui.theme import GRID
from histoviewer.gui.training.chart import EpochChart
from histoviewer.gui.training.command_row import CommandRow
from histoviewer.gui.training.named_patients import named_patients
from histoviewer.gui.training.plan import shell_text
from histoviewer.gui.training.run_watch import RunWatch
from histoviewer.gui.training.told import EpochFigures, Told


class ProgressPage(QWidget):
    """How far it is, how well it does, and two ways to end it.

    Attributes:
        foot: the buttons; always in sight, the window puts them there.
    """

    def __init__(self, watch: RunWatch, parent: QWidget) -> None:
        super().__init__(parent)
        self._watch = watch
        self.headline = QLabel(self)
        font = self.headline.font()
        font.setBold(True)
        self.headline.setFont(font)
        self.bar = QProgressBar(self)
        self.bar.setTextVisible(False)
        self.sides = self._line()
        self.chart = EpochChart(self)
        self.figures = self._line()
        self.note = self._line()
        self.note.setEnabled(False)
        self.command = CommandRow(self, lines=3)
        self.stop = QPushButton(self.tr("Stop &early: keep the best"), self)
        self.stop.setToolTip(self.tr("Trains no further, and makes a model of the best epoch so far"))
        self.cancel = QPushButton(self.tr("&Cancel: keep nothing"), self)
        self.cancel.setToolTip(self.tr("Ends it at once, and removes its folder"))
        for button in (self.stop, self.cancel):
            button.setAutoDefault(False)
        self._arrange()

    def _line(self) -> QLabel:
        label = QLabel(self)
        label.setTextFormat(Qt.TextFormat.PlainText)
        label.setWordWrap(True)
        return label

    def _arrange(self) -> None:
        self.foot = QWidget(self)
        row = QHBoxLayout(self.foot)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(GRID)
        row.addWidget(self.note, 1)
        row.addWidget(self.stop)
        row.addWidget(self.cancel)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GRID)
        for widget in (self.headline, self.bar, self.sides):
            column.addWidget(widget)
        column.addWidget(self.chart, 1)
        column.addWidget(self.figures)
        column.addWidget(self.command)

    def show_run(self) -> None:
        """What the watch knows now."""
        told, status = self._watch.told, self._watch.status
        self.headline.setText(self._headline(told, status))
        is_counted = told.total > 0 and status != "cancelling"
        self.bar.setRange(0, told.total if is_counted else 0)
        self.bar.setValue(told.done if is_counted else -1)
        self.sides.setText(self._sides_text(told))
        self.chart.set_told(told)
        self.figures.setText(self._figures_text(told))
        record = self._watch.record
        self.command.set_text("" if record is None else shell_text(record.command))
        if status == "cancelling":
            self.note.clear()
        elif not self.note.text():  # else it says what went wrong
            self.note.setText(self.tr("It goes on when this window or the program is closed."))
        is_behind = told.stage in ("bundle", "compare")
        self.stop.setEnabled(status == "running" and not is_behind)
        self.cancel.setEnabled(status in ("running", "stopping"))

    def _headline(self, told: Told, status: str) -> str:
        if status == "cancelling":
            return self.tr("Ending, nothing is kept…")
        text = self._stage_text(told)
        if status == "stopping" and told.stage not in ("bundle", "compare"):
            waits = self.tr("Stopping: the first epoch is finished, so that there is one to keep.")
            return waits if not told.epochs else self.tr("Stopping: the best epoch is kept.")
        return text

    def _stage_text(self, told: Told) -> str:
        if told.stage == "reading":
            return self._counted(self.tr("Reading patches: {done} of {total}"), told)
        if told.stage == "features":
            return self._counted(self.tr("What the frozen base says of each patch: {done} of {total}"), told)
        if told.stage == "bundle":
            return self.tr("Calibrating, and making the model…")
        if told.stage == "compare":
            return self.tr("Comparing with the model in use…")
        if told.stage == "training" and told.total:
            return self._training_text(told)
        return self.tr("Starting…")

    def _counted(self, text: str, told: Told) -> str:
        return text.format(done=count_text(told.done), total=count_text(told.total))

    def _training_text(self, told: Told) -> str:
        names = list(told.phases)
        place = names.index(told.phase) + 1 if told.phase in names else 1
        finished = sum(epoch.phase == told.phase for epoch in told.epochs)
        epochs = told.phases.get(told.phase, finished)
        text = self.tr("Part {place} of {parts}, epoch {epoch} of at most {epochs}").format(
            place=place, parts=max(1, len(names)), epoch=min(finished + 1, epochs), epochs=epochs
        )
        left = told.seconds_left()
        if left is None:
            return text
        about = self.tr("about {time} left") if told.is_last_phase() else self.tr("about {time} left of it")
        return f"{text}; {about.format(time=duration_text(left))}"

    def _sides_text(self, told: Told) -> str:
        words = {"train": self.tr("training"), "validation": self.tr("validation"), "test": self.tr("test")}
        one = self.tr("{side} – patients: {patients}, patches: {patches}, malignant: {malignant}")
        lines = [
            one.format(side=words[side], **{name: count_text(count) for name, count in counts.items()})
            for side, counts in told.counts.items()
            if side in words
        ]
        if told.left_out:
            text = self.tr("on none of the lists, left out – patients: {count} ({patients})")
            names = named_patients(told.left_out)
            lines.append(text.format(count=count_text(len(told.left_out)), patients=names))
        return "\n".join(lines)

    def _figures_text(self, told: Told) -> str:
        if not told.epochs:
            return self.tr("Figures come with the first epoch.")
        last, best = told.epochs[-1], told.best()
        lines = [self.tr("Last epoch: {figures}").format(figures=self._of_epoch(last))]
        if best is not None:
            number = self.tr("Best so far, epoch {epoch}: {figures}")
            lines.append(number.format(epoch=best.epoch, figures=self._of_epoch(best)))
        return "\n".join(lines)

    def _of_epoch(self, epoch: EpochFigures) -> str:
        figures = (
            (self.tr("loss on validation"), epoch.val_loss),
            (self.tr("ROC AUC"), epoch.val_auc),
            (self.tr("balanced accuracy at 0.5"), epoch.val_balanced_accuracy),
        )
        return ", ".join(f"{name} {value:.3f}" for name, value in figures if value is not None)
