"""Asks what nobody else knows: the scale of a slide that does not say it, or says it wrongly."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QLabel, QLayout, QPushButton, QWidget

from histoviewer.gui.decimal_box import DecimalBox
from histoviewer.gui.folder_scales import FolderScales
from histoviewer.gui.formatting import THIN_SPACE, count_text
from histoviewer.gui.open_source import OpenSource
from histoviewer.gui.panels.measure_row import MeasureRow
from histoviewer.gui.session import Session
from histoviewer.gui.theme import GRID
from histoviewer.patches.scale import USUAL_MPP, likely_mpp

OBJECTIVES = (40, 20, 10, 4)
"""Objective powers that scanners have; 10 / power is their usual µm/px."""

USUAL = 0.25
"""µm/px that most slides have: what is offered first."""

_MOST = 1e5
"""What is typed is questioned, not cut: 250 must not become 25."""

QUESTION_WIDTH = 24 * GRID
"""px; the least in which the question can be read beside its answers."""


class ScaleBanner(QWidget):
    """A line above the canvas, there while the slide in front cannot be judged for want of its scale.

    It asks once and stays out of the way: the slide can be looked at meanwhile. It comes back when a person
    wants to change the scale, and stays until the scale is one that the model can use. Whoever knows a
    length on the slide measures it: a line is drawn there, and its length typed here.

    Signals:
        scale_given(object, float): an ``OpenSource`` and its µm/px.
        measuring_changed(bool): a line is wanted of the slide, or no longer.
    """

    scale_given = Signal(object, float)
    measuring_changed = Signal(bool)

    def __init__(self, session: Session, scales: FolderScales, parent: QWidget | None = None) -> None:
        """``scales``: what is offered first."""
        super().__init__(parent)
        self._session = session
        self._scales = scales
        self._is_measuring = False
        self._line = 0.0
        self._asked: OpenSource | None = None
        """Its scale is about to be changed."""
        self._question = QLabel(self)
        self._question.setWordWrap(True)
        self._mpp = DecimalBox(self, most=_MOST, decimals=4, step=0.01)
        self._mpp.setValue(USUAL)
        self._mpp.setFixedWidth(13 * GRID)
        self._mpp.setSuffix(" µm/px")
        self._mpp.setAccessibleName(self.tr("µm per pixel"))
        self._mpp.lineEdit().returnPressed.connect(self._use)
        use = QPushButton(self.tr("&Use"), self)
        use.setToolTip(self.tr("Use this scale (Enter)"))
        use.clicked.connect(self._use)
        self._keep = QPushButton(self.tr("&Keep"), self)
        self._keep.setToolTip(self.tr("Leave the scale as it is"))
        self._keep.clicked.connect(self._dismiss)
        measure = QPushButton(self.tr("&Measure…"), self)
        measure.setToolTip(self.tr("Draw a line along something on the slide whose length you know"))
        measure.clicked.connect(self._begin_measuring)

        self._answers = QWidget(self)
        row = QHBoxLayout(self._answers)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(GRID)
        for power in OBJECTIVES:
            button = QPushButton(f"{power}×", self)
            button.setToolTip(
                self.tr("Scanned at {power}×: {mpp:g} µm/px").format(power=power, mpp=10 / power)
            )
            button.setProperty("mpp", 10 / power)
            button.setFixedWidth(5 * GRID)
            button.clicked.connect(self._take_objective)
            row.addWidget(button)
        row.addWidget(measure)
        row.addWidget(self._mpp)
        row.addWidget(use)
        row.addWidget(self._keep)
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
        is_wide = self.width() >= self.minimumSizeHint().width() + GRID + QUESTION_WIDTH
        direction = QBoxLayout.Direction.LeftToRight if is_wide else QBoxLayout.Direction.TopToBottom
        if self._row.direction() != direction:
            self._row.setDirection(direction)

    def _on_scale_needed(self, opened: OpenSource) -> None:
        self._ask()
        if opened is self._session.current and opened.refused_mpp is not None:
            self._await_typing()

    def _on_scale_asked(self, opened: OpenSource) -> None:
        self._asked = opened
        self._ask()
        self._await_typing()

    def _await_typing(self) -> None:
        self._mpp.setFocus()
        self._mpp.selectAll()

    def _ask(self) -> None:
        opened = self._session.current
        if opened is not self._asked:
            self._asked = None
        is_asking = opened is not None and bool(opened.scale_problem or self._asked) and not opened.is_leaving
        self.setVisible(is_asking)
        self._keep.setVisible(self._asked is not None)
        if opened is None or not is_asking:
            return
        self._question.setText(self._question_text(opened))
        self._question.setToolTip(opened.source.name)
        self._mpp.setValue(self._offer(opened))

    def _offer(self, opened: OpenSource) -> float:
        """µm/px that Enter takes: what was probably meant, what it has, or what its folder has."""
        if opened.refused_mpp is not None:
            return likely_mpp(opened.refused_mpp) or opened.refused_mpp
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
            return self._measuring_text()
        if opened.refused_mpp is not None:
            return self._refusal_text(opened.refused_mpp, name)
        if self._asked is not None and mpp is not None and not opened.scale_problem:
            return self.tr("{name} is taken to have {mpp:g} µm/px. Which is its scale?").format(
                name=name, mpp=mpp
            )
        if mpp is None:
            return self.tr("{name} does not say its scale. Which is it?").format(name=name)
        return self.tr("{name} claims {mpp:g} µm/px, which cannot be. Which is its scale?").format(
            name=name, mpp=mpp
        )

    def _refusal_text(self, mpp: float, name: str) -> str:
        model_mpp = self._session.card.mpp
        if mpp <= model_mpp:
            text = self.tr("{mpp:g} µm/px is no scale that a microscope gives. {hint} Scale of {name}:")
        else:
            text = self.tr(
                "{mpp:g} µm/px is coarser than the model's {model:g}: the detail it judges by would be "
                "missing. {hint} Scale of {name}:"
            )
        return text.format(mpp=mpp, model=model_mpp, name=name, hint=self._hint(mpp))

    def _hint(self, mpp: float) -> str:
        meant = likely_mpp(mpp)
        if meant is not None:
            return self.tr("Did you mean {mpp:g}?").format(mpp=meant)
        low, high = USUAL_MPP
        return self.tr("Scanners give {low:g} to {high:g}.").format(low=low, high=high)

    def _measuring_text(self) -> str:
        if not self._line:
            return self.tr("Draw a line along a length that you know: two clicks, or a drag. Esc ends it.")
        pixels = f"{count_text(round(self._line))}{THIN_SPACE}px"
        return self.tr("The line is {pixels} long. How long is it on the glass?").format(pixels=pixels)

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
        self._mpp.setValue(mpp)
        self._use()

    def _take_objective(self) -> None:
        self._mpp.setValue(float(self.sender().property("mpp")))

    def _use(self) -> None:
        opened = self._session.current
        if opened is None:
            return
        self._mpp.interpretText()  # what is typed may not count yet: a mnemonic leaves the focus where it is
        self.scale_given.emit(opened, self._mpp.value())
        if opened.refused_mpp is None:
            self._dismiss()

    def _dismiss(self) -> None:
        """What has been refused is forgotten with the wish to change it."""
        if self._asked is not None:
            self._asked.refused_mpp = None
        self._asked = None
        self._ask()
