"""Review > Agreement: what each reviewer decided, how it agrees with the model, and how long it took."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt, QTimer
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QDialog,
    QHeaderView,
    QLabel,
    QPushButton,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from histoviewer.gui.formatting import THIN_SPACE, count_text, threshold_text
from histoviewer.gui.session import Session
from histoviewer.gui.source_names import told_apart
from histoviewer.gui.theme import GRID
from histoviewer.results.reviewers import PairFigures, ReviewerFigures, pair_figures, reviewer_figures

REFRESH_MS = 100
"""Figures follow decisions and the threshold so soon: to count a quarter of a million takes its time."""

_SIZE = QSize(80 * GRID, 46 * GRID)


class AgreementWindow(QDialog):
    """A line a reviewer, of the source in front, as it is now. It blocks nothing; Esc closes it."""

    def __init__(self, session: Session, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(self.tr("Agreement"))
        self._session = session
        self._title = QLabel(self)
        self._title.setTextFormat(Qt.TextFormat.PlainText)
        self._nothing = QLabel(self.tr("Nothing of this source has been decided yet."), self)
        self._table = self._make_table(
            self.tr("Reviewers"),
            *(self.tr("Reviewer"), self.tr("Decided"), self.tr("Corrected")),
            *(self.tr("κ with the model"), self.tr("Time a patch")),
        )
        self._pairs = self._make_table(
            self.tr("Reviewers among themselves"),
            *(self.tr("Reviewers"), self.tr("Decided by both"), self.tr("Alike"), self.tr("κ")),
        )
        self._notes = QLabel(self)
        self._notes.setWordWrap(True)
        self._notes.setEnabled(False)
        self._soon = QTimer(self, singleShot=True, interval=REFRESH_MS)
        self._soon.timeout.connect(self.show_figures)
        self._arrange()
        self.resize(_SIZE)
        for signal in (
            *(session.current_changed, session.results_changed, session.threshold_changed),
            session.reviewing.changed,
        ):
            signal.connect(self._show_soon)

    def _make_table(self, name: str, *head: str) -> QTableWidget:
        table = QTableWidget(0, len(head), self)
        table.setHorizontalHeaderLabels(list(head))
        table.verticalHeader().hide()
        table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        table.setTabKeyNavigation(False)
        table.setAccessibleName(name)
        table.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        table.horizontalHeader().setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        return table

    def _arrange(self) -> None:
        close = QPushButton(self.tr("C&lose"), self)
        close.setAutoDefault(False)
        close.clicked.connect(self.close)
        column = QVBoxLayout(self)
        column.setContentsMargins(*(4 * [2 * GRID]))
        column.setSpacing(GRID)
        for widget in (self._title, self._nothing, self._notes):
            column.addWidget(widget)
        column.insertWidget(2, self._table, 1)
        column.insertWidget(3, self._pairs, 1)
        column.addWidget(close, 0, Qt.AlignmentFlag.AlignRight)

    def showEvent(self, event: QShowEvent) -> None:
        self.show_figures()
        super().showEvent(event)

    def _show_soon(self) -> None:
        if not self._soon.isActive():
            self._soon.start()

    def show_figures(self) -> None:
        """Count anew."""
        opened, threshold = self._session.current, self._session.threshold
        found = reviewer_figures(opened.store, threshold) if opened is not None else []
        self._title.setText(self._source_name() or self.tr("No source open"))
        self._nothing.setVisible(not found and opened is not None)
        self._table.setVisible(bool(found))
        self._notes.setVisible(bool(found))
        _fill(self._table, [self._texts(one) for one in found])
        pairs = pair_figures(opened.store) if opened is not None else []
        self._pairs.setVisible(bool(pairs))
        _fill(self._pairs, [_pair_texts(pair) for pair in pairs])
        self._notes.setText(self._notes_text(threshold))

    def _source_name(self) -> str:
        """Of the source in front; "" where there is none."""
        sources = self._session.sources
        names = zip(sources, told_apart([one.source.path for one in sources]), strict=True)
        return next((name for one, name in names if one is self._session.current), "")

    def _texts(self, one: ReviewerFigures) -> tuple[str, ...]:
        decided = count_text(one.decided)
        if one.unsure:
            decided = self.tr("{decided}, {unsure} of them unsure").format(
                decided=decided, unsure=count_text(one.unsure)
            )
        return (
            *(one.name, decided, count_text(one.corrected)),
            "–" if one.kappa is None else f"{one.kappa:.2f}",
            "–" if one.seconds is None else f"{one.seconds:.1f}{THIN_SPACE}" + self.tr("s", "seconds"),
        )

    def _notes_text(self, threshold: float) -> str:
        corrected = self.tr("Corrected: decided as the class that the model's answer at {threshold} is not.")
        return " ".join(
            (
                corrected.format(threshold=threshold_text(threshold)),
                self.tr("κ (Cohen): agreement beyond chance; none where both said one class only."),
                self.tr("Time: median between two decisions, without pauses over five minutes."),
                self.tr("Of each patch a reviewer's latest decision is counted."),
            )
        )


def _fill(table: QTableWidget, rows: Sequence[Sequence[str]]) -> None:
    table.setRowCount(len(rows))
    for row, texts in enumerate(rows):
        for column, text in enumerate(texts):
            item = QTableWidgetItem(text)
            if column:
                item.setTextAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
            table.setItem(row, column, item)


def _pair_texts(pair: PairFigures) -> tuple[str, ...]:
    kappa = "–" if pair.kappa is None else f"{pair.kappa:.2f}"
    return " – ".join(pair.names), count_text(pair.both), count_text(pair.same), kappa
