"""The file dialogs that open something."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QFileDialog, QWidget

PATTERNS = (
    "*.svs *.tif *.tiff *.ndpi *.mrxs *.scn *.bif *.dcm *.svslide *.vms *.vmu *.czi *.png *.jpg *.jpeg *.bmp"
)


def choose_files(parent: QWidget) -> list[Path]:
    """Slides and pictures; empty when the user changes their mind."""
    title = QCoreApplication.translate("source_chooser", "Open slides and pictures")
    known = QCoreApplication.translate("source_chooser", "Slides and pictures ({patterns})")
    everything = QCoreApplication.translate("source_chooser", "All files (*)")
    filters = f"{known.format(patterns=PATTERNS)};;{everything}"
    names, _ = QFileDialog.getOpenFileNames(parent, title, "", filters)
    return [Path(name) for name in names]


def choose_folder(parent: QWidget) -> list[Path]:
    """One folder of patches or of slides; empty when the user changes their mind."""
    title = QCoreApplication.translate("source_chooser", "Open a folder of patches or slides")
    name = QFileDialog.getExistingDirectory(parent, title)
    return [Path(name)] if name else []
