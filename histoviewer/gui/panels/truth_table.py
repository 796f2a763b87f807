"""How the answers stand against the truth, where the data set says it."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QLabel, QWidget

from histoviewer.gui.formatting import count_text
from histoviewer.gui.theme import GRID
from histoviewer.results.agreement import Confusion


class TruthTable(QWidget):
    """The judged patches by truth and answer: how many of which are right. Hidden without a truth."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(GRID)
        grid.setVerticalSpacing(GRID // 4)
        grid.setColumnStretch(1, 1)
        self._hits, self._rejections = QLabel(self), QLabel(self)
        rows = (
            (self.tr("Sensitivity here"), self._hits, self.tr("Of what is malignant in truth, judged so")),
            (self.tr("Specificity here"), self._rejections, self.tr("Of what is benign in truth, judged so")),
        )
        for row, (text, counts, tip) in enumerate(rows):
            name = QLabel(text, self)
            name.setEnabled(False)
            counts.setAlignment(Qt.AlignmentFlag.AlignRight)
            for column, label in enumerate((name, counts)):
                label.setToolTip(tip)
                grid.addWidget(label, row, column)
        self._caveat = QLabel(self, wordWrap=True)
        grid.addWidget(self._caveat, len(rows), 0, 1, 2)
        self.hide()

    def set_seen(self, seen: int, patients: int) -> None:
        """So many of the patients were trained or validated on: their figures are no evidence."""
        text = self.tr("Too good: the model was made with {seen} of these {patients} patients.")
        if patients == 1:
            text = self.tr("Too good: the model was made with this patient, too.")
        told = text.format(seen=count_text(seen), patients=count_text(patients))
        self._caveat.setText(told if seen else "")
        self._caveat.setVisible(seen > 0)

    def set_confusion(self, found: Confusion | None) -> None:
        """None where it is not to be told."""
        self.setVisible(found is not None and found.total > 0)
        if found is not None:
            self._hits.setText(self._text(found.hits, found.misses, found.sensitivity))
            self._rejections.setText(self._text(found.rejections, found.alarms, found.specificity))

    def _text(self, right: int, wrong: int, share: float | None) -> str:
        text = self.tr("{right} of {all}: {share}")
        return text.format(
            right=count_text(right),
            all=count_text(right + wrong),
            share="–" if share is None else f"{share:.2f}",
        )
