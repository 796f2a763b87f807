"""Asks what nobody else knows: the scale of a slide that does not say it, or says it wrongly."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QLabel, QLayout, QWidget

from histoviewer.gui.folder_scales import FolderScales
from histoviewer.gui.open_source import OpenSource
from histoviewer.gui.panels import scale_questions
from histoviewer.gui.panels.measure_row import MeasureRow
from histoviewer.gui.panels.scale_answers import USUAL, ScaleAnswers
from histoviewer.gui.session import Session
from histoviewer.gui.theme import GRID
from histoviewer.patches.scale import exceeds_glass, likely_mpp
from histoviewer.slides.geometry import PLAUSIBLE_MPP

QUESTION_WIDTH = 24 * GRID
"""px; the least in which the question can be read beside its answers."""


class ScaleBanner(QWidget):
    """A line above the canvas, there while the slide in front cannot be judged for want of its scale.

    It asks once and stays out of the way: the slide can be looked at meanwhile. It comes back when a person
    wants to change the scale, and stays until the scale is one that the model can use. Whoever knows a
    length on the slide measures it: a line is drawn there, and its length typed here.

    Signals:
        scale_given(object, float): an ``OpenSource`` and its µm/px.
        folder_scale_given(object, float): the same, for its folder.
        measuring_changed(bool): a line is wanted of the slide, or no longer.
    """

    scale_given = Signal(object, float)
    folder_scale_given = Signal(object, float)
    measuring_changed = Signal(bool)

    def __init__(self, session: Session, scales: FolderScales, parent: QWidget | None = None) -> None:
        """``scales``: what is offered first."""
        super().__init__(parent)
        self._session = session
        self._scales = scales
        self._is_measuring = False
        self._line = 0.0
        self._doubted: float | None = None
        self._doubted_of: OpenSource | None = None
        """A µm/px at which it would not fit on its glass: given once more, it is taken."""
        self._asked: OpenSource | None = None
        """Its scale is about to be changed."""
        self._is_of_folder = False
        """And with it that of its folder."""
        self._question = QLabel(self)
        self._question.setWordWrap(True)
        self._answers = ScaleAnswers(self)
        self._answers.given.connect(self._use)
        self._answers.kept.connect(self._dismiss)
        self._answers.measure_pressed.connect(self._begin_measuring)
        self._measure_row = MeasureRow(self)
        self._measure_row.measured.connect(self._use_measured)
        self._measure_row.given_up.connect(self.end_measuring)
        self._measure_row.hide()
        self._question.setMinimumWidth(QUESTION_WIDTH)
        self._row = QBoxLayout(QBoxLayout.Direction.LeftToRight, self)
        self._row.setContentsMargins(2 * GRID, GRID, 2 * GRID, GRID)
        self._row.setSpacing(GRID)
        # The question may stand above the answers: the row itself must not ask for both widths.
        self._row.setSizeConstraint(QLayout.SizeConstraint.SetNoConstraint)
        self._row.addWidget(self._question, 1)
        for answers in (self._answers, self._measure_row):
            self._row.addWidget(answers, alignment=Qt.AlignmentFlag.AlignRight)

        session.scale_needed.connect(self._on_scale_needed)
        session.scale_asked.connect(self._on_scale_asked)
        scales.asked.connect(self._on_folder_asked)
        session.current_changed.connect(self._ask)
        session.slide_changed.connect(self.end_measuring)
        self.hide()

    def minimumSizeHint(self) -> QSize:
        """As wide as the answers alone."""
        answers = self._measure_row if self._is_measuring else self._answers
        return QSize(answers.minimumSizeHint().width() + 4 * GRID, super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.LayoutRequest:
            self._arrange()
        return super().event(event)

    def _arrange(self) -> None:
        """The question beside the answers, or above them where that leaves it too little room."""
        answers = self._measure_row if self._is_measuring else self._answers
        is_wide = self.width() >= answers.sizeHint().width() + 5 * GRID + QUESTION_WIDTH
        direction = QBoxLayout.Direction.LeftToRight if is_wide else QBoxLayout.Direction.TopToBottom
        if self._row.direction() != direction:
            self._row.setDirection(direction)

    def _on_scale_needed(self, opened: OpenSource) -> None:
        if opened is not self._session.current:
            return  # what is being typed for another stays
        self._ask()
        if opened.refused_mpp is not None:
            self._answers.await_typing()

    def _on_scale_asked(self, opened: OpenSource) -> None:
        self._begin(opened, is_of_folder=False)

    def _on_folder_asked(self, opened: OpenSource) -> None:
        self._begin(opened, is_of_folder=True)

    def _begin(self, opened: OpenSource, *, is_of_folder: bool) -> None:
        self._asked, self._is_of_folder = opened, is_of_folder
        self._ask()
        self._answers.await_typing()

    def _ask(self) -> None:
        opened = self._session.current
        if opened is not self._asked:
            self._asked = None
        if opened is not self._doubted_of:
            self._doubted = self._doubted_of = None
        is_asking = opened is not None and bool(opened.scale_problem or self._asked) and not opened.is_leaving
        self.setVisible(is_asking)
        if opened is None or not is_asking:
            return
        self._question.setText(self._question_text(opened))
        self._question.setToolTip(opened.source.name)
        self._answers.offer(self._offer(opened), may_keep=self._asked is not None)

    def _offer(self, opened: OpenSource) -> float:
        """µm/px that Enter takes: what was probably meant, what it has, or what its folder has."""
        if opened.refused_mpp is not None:
            return likely_mpp(opened.refused_mpp) or opened.refused_mpp
        if self._doubted is not None:
            return likely_mpp(self._doubted) or self._doubted
        if opened.mpp is not None and not opened.scale_problem:
            return opened.mpp
        return self._scales.mpp_for(opened.source.path) or USUAL

    def _question_text(self, opened: OpenSource) -> str:
        # A long name has nothing to break at.
        name = self._question.fontMetrics().elidedText(
            opened.source.name, Qt.TextElideMode.ElideMiddle, QUESTION_WIDTH
        )
        mpp = opened.mpp
        if self._is_measuring:
            return scale_questions.measuring(self._line)
        if opened.refused_mpp is not None:
            return scale_questions.refusal(opened.refused_mpp, name, model_mpp=self._session.card.mpp)
        if self._doubted is not None:
            length_mm = self._beyond_glass(self._doubted) or 0.0
            return scale_questions.doubt(self._doubted, name, length_mm=length_mm)
        if self._asked is not None and mpp is not None and not opened.scale_problem:
            return scale_questions.change(mpp, name, is_of_folder=self._is_of_folder)
        if mpp is None:
            return self.tr("{name} does not say its scale. Which is it?").format(name=name)
        return self.tr("{name} claims {mpp:g} µm/px, which cannot be. Which is its scale?").format(
            name=name, mpp=mpp
        )

    def set_line(self, pixels: float) -> None:
        """A line of so many level-0 pixels was drawn on the slide."""
        self._line = pixels
        self._measure_row.set_line(pixels)
        self._ask()

    def end_measuring(self) -> None:
        """No line is wanted any more: back to the question."""
        self._set_measuring(False)

    def _begin_measuring(self) -> None:
        self._set_measuring(True)

    def _set_measuring(self, is_measuring: bool) -> None:
        if is_measuring == self._is_measuring:
            return
        self._is_measuring = is_measuring
        self._answers.setVisible(not is_measuring)
        self._measure_row.setVisible(is_measuring)
        self.set_line(0.0)
        self.measuring_changed.emit(is_measuring)

    def _use_measured(self, mpp: float) -> None:
        self.end_measuring()
        self._use(mpp)

    def _use(self, mpp: float) -> None:
        opened = self._session.current
        if opened is None:
            return
        if mpp != self._doubted and self._beyond_glass(mpp) is not None and self._is_usable(mpp):
            self._doubted, self._doubted_of, opened.refused_mpp = mpp, opened, None
            self._ask()
            self._answers.await_typing()
            return
        self._doubted = self._doubted_of = None
        is_of_folder = self._asked is not None and self._is_of_folder
        (self.folder_scale_given if is_of_folder else self.scale_given).emit(opened, mpp)
        if opened.refused_mpp is None:
            self._dismiss()

    def _is_usable(self, mpp: float) -> bool:
        """What is not is refused by the session, which says why."""
        return PLAUSIBLE_MPP[0] <= mpp <= self._session.card.mpp

    def _beyond_glass(self, mpp: float) -> float | None:
        slide = self._session.slide
        return exceeds_glass(slide.dimensions, mpp) if slide is not None else None

    def _dismiss(self) -> None:
        """What has been refused is forgotten with the wish to change it."""
        if self._asked is not None:
            self._asked.refused_mpp = None
        self._asked = self._doubted = self._doubted_of = None
        self._ask()
