"""What this program is, which model it uses, who made that possible."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QMessageBox, QWidget

from histoviewer import __version__
from histoviewer.inference.model_card import ModelCard


def show_about(parent: QWidget, card: ModelCard) -> None:
    """The About box."""
    box = QMessageBox(parent)
    box.setWindowTitle(_tr("About HistoViewer"))
    box.setText(about_text(card))
    box.setInformativeText(card.attribution)
    box.setDetailedText(_card_text(card))
    box.open()


def about_text(card: ModelCard) -> str:
    """A few lines: version, notice, model."""
    return "\n".join(
        (
            f"HistoViewer {__version__}",
            _tr("For research use only, not for diagnosis."),
            "",
            _tr("Model: {title}").format(title=card.title),
            card.intended_use,
            card.limits,
        )
    )


def _card_text(card: ModelCard) -> str:
    figures = [f"{name}: {m.value:.3f} ({m.low:.3f}–{m.high:.3f})" for name, m in card.metrics.items()]
    measured = _tr("Measured on {count} patients not trained on, 95 % intervals over patients")
    if card.leaks:
        measured = _tr(
            "Measured on other patches of {count} patients that were trained on as well: the figures leak, "
            "and are better than on patients the model has not seen"
        )
    elif not card.split.get("test"):
        measured = _tr(
            "Measured by cross-validation: {count} patients, each judged by a network of the same recipe "
            "that was not trained on them; 95 % intervals over patients"
        )
    patients = measured.format(count=len(card.measured_on))
    return "\n".join((patients, *figures, "", f"sha256 {card.sha256}"))


def _tr(text: str) -> str:
    return QCoreApplication.translate("about", text)
