"""Counts, areas and the threshold."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QSignalBlocker, Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSlider, QWidget

from histoviewer.gui.decimal_box import DecimalBox
from histoviewer.gui.formatting import (
    NO_BREAK_SPACE,
    count_text,
    percent_text,
    significant,
    threshold_text,
)
from histoviewer.gui.open_source import OpenSource
from histoviewer.gui.panels.histogram import Histogram
from histoviewer.gui.panels.next_step import next_step
from histoviewer.gui.panels.section import Section
from histoviewer.gui.panels.truth_table import TruthTable
from histoviewer.gui.session import Session
from histoviewer.gui.theme import GRID
from histoviewer.inference.model_card import ModelCard, OperatingPoint
from histoviewer.patches.patch import UNKNOWN, PatchColumns
from histoviewer.results.reviews import NO_REVIEW
from histoviewer.results.summary import Counts, RowCounter
from histoviewer.translation import _, plural

STEPS = 1000


class ResultPanel(Section):
    """What the current source amounts to at the threshold; the slider re-derives everything at once."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(self.tr("Result"), parent)
        self._session = session
        self._headline = QLabel(self, wordWrap=True)
        font = self._headline.font()
        font.setPointSizeF(font.pointSizeF() * 1.5)
        font.setBold(True)
        self._headline.setFont(font)
        self._share = QLabel(self)
        self._share.setWordWrap(True)
        self._slide_line = QLabel(self, wordWrap=True)
        self._kept_line = QLabel(self.tr("⚠ Results of this source are not kept"), self)
        self._kept_line.setWordWrap(True)
        self._histogram = Histogram(self)
        self._card_line = QLabel(self)
        self._card_line.setWordWrap(True)
        self._card_line.setEnabled(False)
        self._truth = TruthTable(self)
        self._of_source: RowCounter | None = None
        self._of_slide: RowCounter | None = None
        """Of the slide on the canvas, where it is one of several."""
        for widget in (self._headline, self._share, self._slide_line, self._kept_line, self._histogram):
            self.column.addWidget(widget)
        self.column.addLayout(self._threshold_row())
        self.column.addWidget(self._card_line)
        self.column.addWidget(self._truth)

        session.results_changed.connect(self._show_results)
        session.current_changed.connect(self._show_results)
        session.slide_changed.connect(self._count)
        session.run_changed.connect(self._count)
        session.threshold_changed.connect(self._show_threshold)
        session.overlay_changed.connect(self._show_truth)
        self._show_results()
        self._show_threshold()

    def _threshold_row(self) -> QHBoxLayout:
        label = QLabel(self.tr("&Threshold"), self)
        self._slider = QSlider(Qt.Orientation.Horizontal, self)
        self._slider.setRange(0, STEPS)
        self._slider.setAccessibleName(self.tr("Threshold"))
        self._slider.setToolTip(self.tr("A patch at or above this probability counts as malignant"))
        self._spin = DecimalBox(self, most=1.0, decimals=3, step=0.01)
        self._spin.setAccessibleName(self.tr("Threshold"))
        self._spin.setToolTip(self._slider.toolTip())
        label.setBuddy(self._spin)
        self._slider.valueChanged.connect(self._on_slider)
        self._spin.valueChanged.connect(self._session.set_threshold)
        row = QHBoxLayout()
        row.setSpacing(GRID)
        for widget in (label, self._slider, self._spin):
            row.addWidget(widget)
        return row

    def _on_slider(self, value: int) -> None:
        self._session.set_threshold(value / STEPS)

    def _show_threshold(self) -> None:
        threshold = self._session.threshold
        with QSignalBlocker(self._slider), QSignalBlocker(self._spin):
            self._slider.setValue(round(threshold * STEPS))
            self._spin.setValue(threshold)
        self._histogram.set_threshold(threshold)
        self._card_line.setText(self._card_text())
        self._card_line.setToolTip(self._card_tip())
        self._show_counts()

    def _show_results(self) -> None:
        opened = self._session.current
        if opened is not None:
            self._histogram.set_probabilities(self._session.blind.seen(opened))
        is_judged = opened is not None and not np.isnan(self._session.blind.seen(opened)).all()
        self._histogram.setVisible(is_judged)
        self._count()

    def _count(self) -> None:
        """What the threshold changes is counted from here on while the answers stay as they are."""
        opened, name = self._session.current, self._session.slide_name
        self._of_source = RowCounter(opened.store) if opened is not None else None
        is_one_of_many = opened is not None and name is not None and len(opened.source.columns.patients) > 1
        self._of_slide = (
            RowCounter(opened.store, opened.source.rows(name))
            if opened is not None and name is not None and is_one_of_many
            else None
        )
        self._count_seen()
        self._show_counts()

    def _count_seen(self) -> None:
        """Patients whose truth the model knows."""
        opened = self._session.current
        patients = [] if opened is None else _patients_with_truth(opened.source.columns)
        roles = [self._session.card.role_of(patient) for patient in patients]
        self._truth.set_seen(sum(role in ("train", "validation") for role in roles), len(patients))

    def _show_counts(self) -> None:
        opened, counter, threshold = self._session.current, self._of_source, self._session.threshold
        self._slide_line.setVisible(self._of_slide is not None)
        if opened is None or counter is None:
            self._headline.setText(self.tr("No source open"))
            self._share.clear()
            self._kept_line.hide()
            self._show_truth()
            return
        self._kept_line.setVisible(bool(opened.not_kept))
        self._kept_line.setToolTip(opened.not_kept)
        counts = counter.at(threshold)
        self._headline.setText(self._headline_text(counts, opened))
        self._share.setText(self._share_text(counts) or next_step(opened))
        self._show_truth()
        self._show_slide_counts()

    def _show_truth(self) -> None:
        """Where the truth is laid over the slide, for there is little room."""
        session, counter = self._session, self._of_source
        is_told = counter is not None and session.overlay.is_truth_visible and not session.blind.is_on
        self._truth.set_confusion(counter.confusion_at(session.threshold) if counter and is_told else None)

    def _headline_text(self, counts: Counts, opened: OpenSource) -> str:
        if opened.scale_problem:
            return self.tr("Scale needed")
        if not len(opened.source.columns):
            return self.tr("Nothing to judge")
        if not counts.judged and not _is_all_failed(counts):
            return self.tr("Not classified")
        if not counts.judged:
            return self.tr("0 of {patches} judged").format(patches=count_text(counts.patches))
        if self._session.blind.is_on:
            return self._decided_text(self._session.blind.reviews(opened), counts)
        return self.tr("{malignant} of {judged}").format(
            malignant=count_text(counts.malignant), judged=count_text(counts.judged)
        )

    def _is_hiding(self) -> bool:
        """Some answers are there that may not be seen yet."""
        opened, blind = self._session.current, self._session.blind
        if opened is None or not blind.is_on:
            return False
        hidden = ~np.isnan(opened.store.probability) & (blind.reviews(opened) == NO_REVIEW)
        return bool(hidden.any())

    def _decided_text(self, reviews: NDArray[np.int8], counts: Counts) -> str:
        decided = int(np.count_nonzero(reviews != NO_REVIEW))
        return self.tr("{decided} of {judged} decided").format(
            decided=count_text(decided), judged=count_text(counts.judged)
        )

    def _share_text(self, counts: Counts) -> str:
        parts = []
        if counts.judged and self._is_hiding():
            parts.append(self.tr("answers are hidden (Review > Blind)"))
        elif counts.judged:
            share = percent_text(counts.malignant / counts.judged)
            parts.append(self.tr("malignant: {share}").format(share=share))
            parts.append(f"{significant(counts.malignant_mm2)}{NO_BREAK_SPACE}mm²")
        waiting = counts.patches - counts.judged - counts.failed
        if counts.judged and waiting and not self._session.is_running:
            text = self.tr("⚠ {waiting} not judged: F5 goes on").format(waiting=count_text(waiting))
            parts.append(text.replace(" ", NO_BREAK_SPACE))
        if counts.failed:
            text = self.tr("{failed} unreadable").format(failed=count_text(counts.failed))
            parts.append(text.replace(" ", NO_BREAK_SPACE))
        return " · ".join(parts)

    def _show_slide_counts(self) -> None:
        """A folder of several patients: how much of it the one on the canvas is."""
        opened, name = self._session.current, self._session.slide_name
        if opened is None or name is None or self._of_slide is None:
            return
        counts = self._of_slide.at(self._session.threshold)
        if counts.judged and self._session.blind.is_on:
            decided = self._decided_text(
                self._session.blind.reviews(opened)[opened.source.rows(name)], counts
            )
            self._slide_line.setText(self.tr("patient {name}: {decided}").format(name=name, decided=decided))
            return
        text = self.tr("patient {name}: {malignant} of {judged}")
        if _is_all_failed(counts):
            text = self.tr("patient {name}: 0 of {patches} judged")
        elif not counts.judged:
            text = self.tr("patient {name}: not classified")
        malignant, judged, patches = map(count_text, (counts.malignant, counts.judged, counts.patches))
        self._slide_line.setText(text.format(name=name, malignant=malignant, judged=judged, patches=patches))

    def _card_text(self) -> str:
        card = self._session.card
        point = operating_point(card, self._session.threshold)
        if point is None:
            return ""
        is_measured = math.isclose(point.threshold, self._session.threshold, abs_tol=0.5 / STEPS)
        where = (
            self.tr("at {threshold:.2f}:") if is_measured else self.tr("nearest measured: {threshold:.2f},")
        )
        sensitivity, specificity = _with_intervals(card, point)
        return _measured_text(card).format(
            where=where.format(threshold=point.threshold),
            sensitivity=sensitivity,
            specificity=specificity,
            count=len(card.measured_on),
        )

    def _card_tip(self) -> str:
        card, point = self._session.card, operating_point(self._session.card, self._session.threshold)
        if point is None:
            return ""
        if card.intervals_at(point) is not None:
            return self.tr("In brackets 95 % intervals: what other patients like these may give")
        own = card.intervals_at(replace(point, threshold=card.threshold))
        if own is None:
            return self.tr("The model's card has no intervals")
        text = self.tr("The model's card has intervals at its own threshold only, {threshold}")
        return text.format(threshold=threshold_text(card.threshold))


def _with_intervals(card: ModelCard, point: OperatingPoint) -> tuple[str, str]:
    """Sensitivity and specificity, each with its interval where the card has it."""
    figures = f"{point.sensitivity:.2f}", f"{point.specificity:.2f}"
    intervals = card.intervals_at(point)
    if intervals is None:
        return figures
    first, second = (
        f"{figure} ({interval.low:.2f}–{interval.high:.2f})"
        for figure, interval in zip(figures, intervals, strict=True)
    )
    return first, second


def _measured_text(card: ModelCard) -> str:
    """For ``where``, ``sensitivity``, ``specificity`` and ``count``, of patients."""
    text = _text_of_patients(card)
    return text if card.context is None or card.leaks else _("{text}, each patch alone").format(text=text)


def _text_of_patients(card: ModelCard) -> str:
    count = len(card.measured_on)
    if card.leaks:
        return plural(
            "{where} sensitivity {sensitivity}, specificity {specificity} "
            "on {count} patient trained on as well: these figures leak",
            "{where} sensitivity {sensitivity}, specificity {specificity} "
            "on {count} patients trained on as well: these figures leak",
            count,
        )
    if card.split.get("test"):
        return plural(
            "{where} sensitivity {sensitivity}, specificity {specificity} on {count} patient not trained on",
            "{where} sensitivity {sensitivity}, specificity {specificity} on {count} patients not trained on",
            count,
        )
    return plural(
        "{where} sensitivity {sensitivity}, specificity {specificity} in cross-validation of {count} patient",
        "{where} sensitivity {sensitivity}, specificity {specificity} "
        "in cross-validation of {count} patients",
        count,
    )


def _patients_with_truth(columns: PatchColumns) -> list[str]:
    known = np.unique(columns.patient[columns.truth != UNKNOWN])
    return [columns.patients[number] for number in known.tolist()]


def _is_all_failed(counts: Counts) -> bool:
    return 0 < counts.patches == counts.failed


def operating_point(card: ModelCard, threshold: float) -> OperatingPoint | None:
    """The card's measured point closest to a threshold."""
    return min(card.operating_points, key=lambda p: abs(p.threshold - threshold), default=None)
