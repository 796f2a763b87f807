"""Help > About: what this program is, which model it uses, who made that possible."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QDialog, QHBoxLayout, QLabel, QPushButton, QTextBrowser, QVBoxLayout, QWidget

from histoviewer import __version__
from histoviewer.gui.about.card_parts import Part, about_parts
from histoviewer.gui.about.rendering import as_html, as_text
from histoviewer.gui.theme import GRID
from histoviewer.inference.model_card import ModelCard

_SIZE = QSize(92 * GRID, 72 * GRID)


class AboutWindow(QDialog):
    """The model's card, to be scrolled through and copied. It blocks nothing; Esc closes it."""

    def __init__(self, card: ModelCard, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(self.tr("About HistoViewer"))
        self._card = card
        self._page = QTextBrowser(self)
        self._page.setAccessibleName(self.tr("About the program and its model"))
        self._page.setTabChangesFocus(True)
        self._page.document().setDocumentMargin(2 * GRID)
        self._patients = QPushButton(self.tr("Show &patients"), self)
        self._patients.setCheckable(True)
        self._patients.setAutoDefault(False)
        self._patients.setToolTip(self.tr("Name the patients that the model was trained on"))
        self._patients.toggled.connect(self._fill)
        self._arrange()
        self.resize(_fitting(_SIZE, parent))
        self._fill()
        self._page.setFocus()

    def _arrange(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(*(4 * [2 * GRID]))
        column.setSpacing(GRID)
        column.addWidget(self._make_title())
        column.addWidget(QLabel(self.tr("For research use only, not for diagnosis."), self))
        column.addWidget(self._page, 1)
        row = QHBoxLayout()
        row.setSpacing(GRID)
        row.addWidget(self._patients)
        row.addStretch()
        row.addWidget(self._button(self.tr("&Copy"), self._copy))
        row.addWidget(self._button(self.tr("C&lose"), self.close))
        column.addLayout(row)

    def _make_title(self) -> QLabel:
        title = QLabel(f"HistoViewer {__version__}", self)
        font = title.font()
        font.setPointSizeF(font.pointSizeF() * 1.5)
        font.setBold(True)
        title.setFont(font)
        return title

    def _button(self, text: str, slot: object) -> QPushButton:
        button = QPushButton(text, self)
        button.setAutoDefault(False)
        button.clicked.connect(slot)
        return button

    def _parts(self) -> list[Part]:
        return about_parts(self._card, with_patients=self._patients.isChecked())

    def _fill(self) -> None:
        bar = self._page.verticalScrollBar()
        place = bar.value()
        self._page.setHtml(as_html(self._parts()))
        bar.setValue(place)

    def _copy(self) -> None:
        notice = self.tr("For research use only, not for diagnosis.")
        QGuiApplication.clipboard().setText(
            f"HistoViewer {__version__}\n{notice}\n\n{as_text(self._parts())}"
        )


def _fitting(size: QSize, window: QWidget) -> QSize:
    """No larger than the window below: on a small screen there is no more room than that."""
    return size.boundedTo(window.window().size() - QSize(4 * GRID, 4 * GRID))
