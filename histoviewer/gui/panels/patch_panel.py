"""The selected patch, enlarged, with its probability."""

from __future__ import annotations

import html
import math
from collections.abc import Sequence

import numpy as np
from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QAction, QImage, QPainter, QPaintEvent
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

from histoviewer.gui.colours import BENIGN, MALIGNANT, neutrals
from histoviewer.gui.formatting import count_text, probability_text
from histoviewer.gui.gallery.gallery_texts import patch_facts
from histoviewer.gui.gallery.thumbnail_cache import ThumbnailCache
from histoviewer.gui.open_source import OpenSource
from histoviewer.gui.panels.fact_rows import Fact, FactRows
from histoviewer.gui.panels.section import Section
from histoviewer.gui.reviewing.review_row import ReviewRow
from histoviewer.gui.reviewing.review_texts import review_text
from histoviewer.gui.session import Session
from histoviewer.gui.theme import GRID
from histoviewer.gui.why_image import is_seen, why_image
from histoviewer.inference.engine import Explained
from histoviewer.results.reviews import NO_REVIEW
from histoviewer.results.store import is_positive
from histoviewer.results.summary import role_text
from histoviewer.translation import plural

SIDE = 200
"""px; the least along the side of the picture, and what it has until it is laid out."""


class PatchPicture(QWidget):
    """The very pixels the model judges, enlarged: a square as wide as the panel."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._cache = ThumbnailCache(self, max_bytes=2**22)
        self._cache.loaded.connect(self._on_loaded)
        self._row: int | None = None
        self._is_area = False
        self._why: QImage | None = None
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self.setAccessibleName(self.tr("Selected patch"))
        self.setToolTip(self.tr("What the model is given: the file's own pixels, in no other colours"))

    def sizeHint(self) -> QSize:
        return QSize(SIDE, SIDE)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def heightForWidth(self, width: int) -> int:
        return width

    def show_patch(self, session: Session) -> None:
        """Show the session's selected patch, or an empty square."""
        self._row, self._is_area = session.selected, bool(len(session.area.rows))
        if self._row is not None:
            self._cache.request([self._row])
        self.update()

    def show_source(self, session: Session) -> None:
        """The session's current source is another one."""
        self._cache.set_source(session.current.source if session.current else None)
        self.show_patch(session)

    def set_why(self, image: QImage | None) -> None:
        """What the answer rests on, in the patch's stead; None: the patch."""
        self._why = image
        self.update()

    def stop(self) -> None:
        """End reading and wait for it."""
        self._cache.close()

    def _on_loaded(self, rows: object) -> None:
        del rows
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        del event
        painter = QPainter(self)
        colours = neutrals(self.palette())
        if self._why is not None:
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
            painter.drawImage(self.rect(), self._why)
            return
        pixmap = None
        if self._row is not None:
            pixmap = self._cache.pixmap(self._row, round(self.width() * self.devicePixelRatioF()))
        if pixmap is not None:
            painter.drawPixmap(self.rect(), pixmap)
            return
        painter.fillRect(self.rect(), colours.failed)
        painter.setPen(colours.faint_text)
        painter.drawText(
            self.rect().adjusted(GRID, GRID, -GRID, -GRID),
            Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap,
            self._placeholder(),
        )

    def _placeholder(self) -> str:
        if self._row is None and self._is_area:
            return self.tr("Patches are marked on the slide: what you decide is decided for all of them")
        if self._row is None:
            return self.tr("Click a patch on the slide or in Patches")
        return self._cache.failure(self._row) or ""


class PatchPanel(Section):
    """What is known about the selected patch."""

    def __init__(self, session: Session, decisions: Sequence[QAction], parent: QWidget | None = None) -> None:
        """``decisions``: what a person can decide of the patch."""
        super().__init__(self.tr("Patch"), parent)
        self._session = session
        self._picture = PatchPicture(self)
        self._why = QLabel(self, wordWrap=True)
        self._why.hide()
        self._verdict = QLabel(self, wordWrap=True)
        font = self._verdict.font()
        font.setPointSizeF(font.pointSizeF() * 1.5)
        font.setBold(True)
        self._verdict.setFont(font)
        self._facts = FactRows()
        self.column.addWidget(self._picture)
        self.column.addWidget(self._why)
        self.column.addWidget(self._verdict)
        self.column.addWidget(ReviewRow(decisions, self))
        self.column.addLayout(self._facts)
        session.source_closing.connect(self._picture.stop)
        session.current_changed.connect(self._show_source)
        session.selection_changed.connect(self._show_patch)
        session.area.changed.connect(self._show_patch)
        session.results_changed.connect(self._show_facts)
        session.threshold_changed.connect(self._show_facts)
        session.reviewing.changed.connect(self._show_facts)
        session.explaining.changed.connect(self._show_why)

    def _show_source(self) -> None:
        self._picture.show_source(self._session)

    def _show_patch(self) -> None:
        self._picture.show_patch(self._session)
        self._show_facts()

    def _show_why(self) -> None:
        explaining = self._session.explaining
        answer = explaining.answer if explaining.is_on else None
        self._picture.set_why(why_image(answer) if answer is not None else None)
        self._why.setText(self._why_text(answer))
        self._why.setVisible(explaining.is_on and self._session.selected is not None)

    def _why_text(self, answer: Explained | None) -> str:
        if self._is_hidden():
            return self.tr("What it rests on is hidden, too")
        if answer is None and self._session.explaining.is_preparing:
            return self.tr("Preparing the network's gradients: the first time takes some seconds…")
        if answer is None:
            return self.tr("Finding out what the answer rests on…")
        if answer.explanation is None:
            return self.tr("It cannot be said why: {reason}").format(reason=html.escape(answer.problem))
        marks = [f'<span style="color:{colour.name()}">■</span>' for colour in (MALIGNANT, BENIGN)]
        colours = self.tr("{pro} speaks for malignancy, {contra} against.")
        size = self.tr("Covering it changes the answer for the patch alone by up to {most}.")
        if answer.method == "gradients":
            size = self.tr("By gradients (Grad-CAM): coarse, and its strength has no unit.")
        most = f"{answer.explanation.largest:.2f}"
        told = f"{colours.format(pro=marks[0], contra=marks[1])} {size.format(most=most)}"
        return told if is_seen(answer) else self.tr("No place in it stands out.") + f" {told}"

    def _show_facts(self) -> None:
        row, opened = self._session.selected, self._session.current
        if row is None or opened is None:
            self._verdict.setText(self._area_text())
            self._facts.show_facts([] if opened is None else self._facts_of_area(opened))
            return
        self._verdict.setText(self._verdict_text(row))
        self._facts.show_facts(self._facts_of(opened, row))

    def _area_text(self) -> str:
        """ "" where no area is marked."""
        count = len(self._session.area.rows)
        text = plural("{count} patch marked", "{count} patches marked", count)
        return text.format(count=count_text(count)) if count else ""

    def _facts_of_area(self, opened: OpenSource) -> list[Fact]:
        rows = self._session.area.rows
        if not len(rows):
            return []
        of_all = self.tr("{count} of {all}")
        decided = int(np.count_nonzero(self._session.blind.reviews(opened)[rows] != NO_REVIEW))
        facts = [
            Fact(self.tr("Decided"), of_all.format(count=count_text(decided), all=count_text(len(rows))))
        ]
        seen = self._session.blind.seen(opened)[rows]
        judged = int(np.count_nonzero(~np.isnan(seen)))
        if judged:
            malignant = int(np.count_nonzero(is_positive(seen, self._session.threshold)))
            text = of_all.format(count=count_text(malignant), all=count_text(judged))
            facts.insert(0, Fact(self.tr("Malignant"), text, self.tr("Of those that the model has judged")))
        return facts

    def _facts_of(self, opened: OpenSource, row: int) -> list[Fact]:
        patch = opened.source.columns.patch(row)
        alone = [] if self._is_hidden() else self._answer_alone(opened, row)
        facts = [*alone, self._role(patch.patient)]
        decision = self._session.blind.decision(opened, row)
        if decision is not None:
            facts.append(Fact(self.tr("Review"), review_text(decision)))
        known = patch_facts(patch, opened.store.note(row), has_truth=not self._is_hidden())
        return facts + [Fact(name, value) for name, value in known]

    def _verdict_text(self, row: int) -> str:
        assert self._session.current is not None
        probability = float(self._session.current.store.probability[row])
        if math.isnan(probability):
            return self.tr("not judged")
        if self._is_hidden():
            return self.tr("hidden until decided")
        positive = bool(is_positive(self._session.current.store.probability[row], self._session.threshold))
        colour, word = (MALIGNANT, self.tr("malignant")) if positive else (BENIGN, self.tr("benign"))
        text = probability_text(probability, self._session.threshold)
        return f'{text} <span style="color:{colour.name()}">■</span> {word}'

    def _is_hidden(self) -> bool:
        opened, row = self._session.current, self._session.selected
        return opened is not None and row is not None and self._session.blind.hides(opened, row)

    def _answer_alone(self, opened: OpenSource, row: int) -> list[Fact]:
        """What the patch was by itself, where its neighbours have made another probability of it."""
        texts = [
            probability_text(float(probabilities[row]), self._session.threshold)
            for probabilities in (opened.store.probability, opened.store.patch_probability)
        ]
        if texts[0] == texts[1]:
            return []
        tip = self.tr("The network's answer for this patch by itself, before its neighbours are looked at")
        return [Fact(self.tr("Alone"), texts[1], tip)]

    def _role(self, patient: str) -> Fact:
        tip = self.tr("What this patient was to the model. Trained on: its answer here is no evidence")
        return Fact(self.tr("To the model"), role_text(self._session.card.role_of(patient)), tip)
