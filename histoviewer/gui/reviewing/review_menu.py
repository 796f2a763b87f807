"""The Review menu: deciding by keys, and going from patch to patch."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMenuBar, QWidget

from histoviewer.gui.actions import window_action
from histoviewer.gui.open_source import OpenSource
from histoviewer.gui.pages import Pages
from histoviewer.gui.reviewing.agreement_window import AgreementWindow
from histoviewer.gui.reviewing.brush_actions import BrushActions
from histoviewer.gui.reviewing.queues import Queue, next_row
from histoviewer.gui.reviewing.review_taker import ReviewTaker
from histoviewer.gui.session import Session
from histoviewer.patches.patch import BENIGN, MALIGNANT, UNKNOWN
from histoviewer.results.reviews import NO_REVIEW, UNSURE


class ReviewMenu(QObject):
    """Decisions on the selected patches, and the way to the next one. GUI thread.

    Who came to a patch by a queue and decides it is taken to the next one, unless ``goes_on`` is off.

    Attributes:
        decisions: the four actions that decide.
        goes_on: the action that switches this off.
        blind: the action that hides answers.
        reading_line: which file reviews are read from, for the bottom of the window.
    """

    def __init__(self, session: Session, window: QWidget, pages: Pages) -> None:
        """``window``: where the keys work."""
        super().__init__(window)
        self._session, self._window, self._pages = session, window, pages
        self._queue = Queue.UNCERTAIN
        self._came_to: int | None = None
        self.decisions = (
            self._decision(self.tr("&Malignant"), self.tr("Malignant", "a button"), MALIGNANT, "M"),
            self._decision(self.tr("&Benign"), self.tr("Benign", "a button"), BENIGN, "B"),
            self._decision(self.tr("&Unsure"), self.tr("Unsure", "a button"), UNSURE, "U"),
            self._decision(self.tr("&Clear decision"), self.tr("Clear"), NO_REVIEW, "Backspace", "Del"),
        )
        self._uncertain = window_action(window, self.tr("&Next uncertain"), self._go_uncertain, "N")
        self._disputed = window_action(window, self.tr("Next &disagreement"), self._go_disputed, "Shift+N")
        self._disputed.setToolTip(self.tr("The undecided patch whose truth is not the answer (Shift+N)"))
        self.goes_on = QAction(self.tr("&Go on after deciding"), window, checkable=True, checked=True)
        self.goes_on.setToolTip(self.tr("From a patch that “Next” led to, to the next one"))
        self.blind = window_action(window, self.tr("Bl&ind"), self._switch_blind, "Shift+B")
        self.blind.setCheckable(True)
        self.blind.setToolTip(self.tr("Hide the model's answer for a patch until it is decided (Shift+B)"))
        self._agreement = window_action(window, self.tr("&Agreement…"), self._show_agreement)
        self._brush = BrushActions(session, window)
        self._taker = ReviewTaker(session, window)
        self.reading_line = self._taker.line
        history = session.reviewing.history
        self._undo = history.createUndoAction(window, self.tr("Und&o"))
        self._redo = history.createRedoAction(window, self.tr("&Redo"))
        self._undo.setShortcut(QKeySequence("Ctrl+Z"))
        self._redo.setShortcuts([QKeySequence("Ctrl+Shift+Z"), QKeySequence("Ctrl+Y")])
        window.addActions([self._undo, self._redo, self.goes_on])
        session.selection_changed.connect(self._show)
        session.current_changed.connect(self._show)
        session.results_changed.connect(self._show)
        session.blind.switched.connect(self._show)
        session.reviewing.restored.connect(self._come_back)
        pages.chosen_changed.connect(self._show)
        self._show()

    def add_to(self, bar: QMenuBar) -> None:
        menu = bar.addMenu(self.tr("&Review"))
        menu.addActions(self.decisions)
        menu.addSeparator()
        menu.addActions(self._brush.actions)
        menu.addSeparator()
        menu.addActions([self._uncertain, self._disputed, self.goes_on, self.blind])
        menu.addSeparator()
        menu.addActions([self._undo, self._redo])
        menu.addSeparator()
        menu.addActions([self._taker.action, self._agreement])

    def _decision(self, text: str, on_button: str, review: int, *keys: str) -> QAction:
        action = window_action(self._window, text, lambda: self._decide(review), *keys)
        action.setIconText(on_button)
        action.setToolTip(f"{text.replace('&', '')} ({keys[0]})")
        return action

    def _decide(self, review: int) -> None:
        opened, rows = self._session.current, self._pages.chosen_rows()
        if opened is None or not self._session.reviewing.decide(opened, rows, review):
            return
        is_led = len(rows) == 1 and rows[0] == self._came_to and review != NO_REVIEW
        if is_led and self.goes_on.isChecked():
            self._go(self._queue)

    def _go_uncertain(self) -> None:
        self._go(Queue.PLACE if self._session.blind.is_on else Queue.UNCERTAIN)

    def _go_disputed(self) -> None:
        self._go(Queue.DISPUTED)

    def _go(self, queue: Queue) -> None:
        opened, selected = self._session.current, self._session.selected
        if opened is None:
            return
        # Who has chosen another patch meanwhile begins anew.
        after = selected if selected == self._came_to and queue is self._queue else None
        is_undecided = self._session.blind.reviews(opened) == NO_REVIEW
        threshold = self._session.threshold
        row = next_row(queue, opened.store, threshold, is_undecided=is_undecided, after=after)
        self._queue, self._came_to = queue, row
        if row is None:
            self._session.noted.emit(self._nothing_left(queue))
        else:
            self._pages.show_row(row)

    def _come_back(self, opened: OpenSource, rows: NDArray[np.intp]) -> None:
        """To the one patch of an undone decision: the next key is meant for it, and leads on from there."""
        if opened is self._session.current and len(rows) == 1:
            self._came_to = int(rows[0])
            self._pages.show_row(self._came_to)

    def _nothing_left(self, queue: Queue) -> str:
        opened = self._session.current
        if queue is Queue.DISPUTED and opened is not None and (opened.source.columns.truth == UNKNOWN).all():
            return self.tr("No truth is known here that the model could be held against.")
        if queue is Queue.DISPUTED:
            return self.tr("No undecided patch is judged against its truth.")
        return self.tr("No patch that was judged is left undecided.")

    def shut_down(self) -> None:
        """End what it does in the background."""
        self._taker.shut_down()

    def _show_agreement(self) -> None:
        shown = self._window.findChild(AgreementWindow)
        shown = shown or AgreementWindow(self._session, self._window)
        shown.show()
        shown.raise_()
        shown.activateWindow()

    def _show(self) -> None:
        opened = self._session.current
        has_chosen = opened is not None and len(self._pages.chosen_rows()) > 0
        for action in self.decisions:
            action.setEnabled(has_chosen)
        is_judged = opened is not None and not bool(np.isnan(opened.store.probability).all())
        self._uncertain.setEnabled(is_judged)
        # What is against the truth, or uncertain, would give the answer away.
        is_blind = self._session.blind.is_on
        self._disputed.setEnabled(is_judged and not is_blind)
        self.blind.setChecked(is_blind)
        self._uncertain.setText(self.tr("&Next undecided") if is_blind else self.tr("&Next uncertain"))
        self._uncertain.setToolTip(self._next_tip(is_blind=is_blind))

    def _next_tip(self, *, is_blind: bool) -> str:
        if is_blind:
            return self.tr("The next undecided patch, in the order of the source (N)")
        return self.tr("The undecided patch nearest the threshold (N)")

    def _switch_blind(self) -> None:
        self._session.blind.set_on(not self._session.blind.is_on)
