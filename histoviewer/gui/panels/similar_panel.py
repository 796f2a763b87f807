"""Which patches of the training the selected one is most like, and what they are."""

from __future__ import annotations

import html
from pathlib import Path

from PySide6.QtCore import QSettings, Qt
from PySide6.QtGui import QPixmap
from PySide6.QtWidgets import QFileDialog, QGridLayout, QLabel, QPushButton, QWidget

from histoviewer.gui.canvas.tile_image import image_of
from histoviewer.gui.class_marks import COLOURS
from histoviewer.gui.formatting import count_text
from histoviewer.gui.gallery.gallery_texts import class_text
from histoviewer.gui.panels.section import Section
from histoviewer.gui.session import Session
from histoviewer.gui.theme import GRID
from histoviewer.gui.training_patches import Pictures, TrainingPatches
from histoviewer.inference.patch_index import NEAREST, SimilarPatch
from histoviewer.patches.patch import NO_LOCATION
from histoviewer.translation import _

SIDE = 5 * GRID
"""px along a picture."""

_FOLDER = "similar/folder"


class SimilarPanel(Section):
    """Truth, patient and similarity of the nearest patches, with their pictures where a folder that is open,
    or one that a person has named, holds them."""

    def __init__(self, session: Session, settings: QSettings | None, parent: QWidget | None = None) -> None:
        """``settings``: where the folder is kept; None keeps nothing."""
        super().__init__(self.tr("Most alike in training"), parent)
        self._session, self._settings = session, settings
        kept = str(settings.value(_FOLDER) or "") if settings is not None else ""
        self.folder: Path | None = Path(kept) if kept else None
        self._patches = TrainingPatches(session.card.input_size, self)
        self._rows = [_Row(self) for _place in range(NEAREST)]
        self._note = QLabel(self, wordWrap=True, textFormat=Qt.TextFormat.PlainText)
        self._note.setEnabled(False)
        self._where = QPushButton(self.tr("Where are the training patches?…"), self)
        self._where.setToolTip(self.tr("Show pictures: choose the folder that holds the patients' folders"))
        self._arrange()
        self._patches.found.connect(self._show_pictures)
        self._where.clicked.connect(self._choose_folder)
        self._is_new = False
        """It has just been asked for, and is to be seen wherever it lies in its column."""
        session.similarity.changed.connect(self._show)
        session.sources_changed.connect(self._look)
        session.source_closing.connect(self._patches.finish)
        self._show()

    def _arrange(self) -> None:
        grid = QGridLayout()
        grid.setHorizontalSpacing(GRID)
        grid.setVerticalSpacing(GRID // 2)
        grid.setColumnStretch(1, 1)
        for number, row in enumerate(self._rows):
            for column, label in enumerate(row.labels):
                grid.addWidget(label, number, column)
        self.column.addLayout(grid)
        self.column.addWidget(self._note)
        self.column.addWidget(self._where)

    @property
    def _found(self) -> tuple[SimilarPatch, ...]:
        answer = self._session.similarity.answer
        return answer.similar if answer is not None else ()

    def _show(self) -> None:
        has_patch = self._session.selected is not None and self._session.current is not None
        is_wanted = self._session.similarity.is_on and has_patch
        self._is_new = is_wanted and (self._is_new or self.isHidden())
        self.setVisible(is_wanted)
        found = self._found
        for place, row in enumerate(self._rows):
            row.show_patch(found[place] if place < len(found) else None)
        self._note.setText(self._note_text())
        self._where.hide()
        self._look()
        if self._is_new:
            self.reveal()

    def _note_text(self) -> str:
        session, answer = self._session, self._session.similarity.answer
        opened, row, listed = session.current, session.selected, session.card.patch_index
        if opened is None or row is None or listed is None:
            return ""
        if session.blind.hides(opened, row):
            return self.tr("hidden until decided")
        if answer is None:
            return self.tr("Looking for patches like it…")
        if answer.problem:
            return self.tr("They cannot be found: {reason}").format(reason=answer.problem)
        text = self.tr("Of {count} patches the model was trained on, none of patient {patient}.")
        patient = opened.source.columns.patch(row).patient
        return text.format(count=count_text(listed.patches), patient=patient)

    def _look(self) -> None:
        """For pictures: in what is open, and where a person has said."""
        if not self._found:
            return
        folders = [opened.source.path for opened in self._session.sources if opened.source.kind == "folder"]
        self._patches.want(self._found, [*folders, *([self.folder] if self.folder is not None else [])])

    def _show_pictures(self, pictures: Pictures) -> None:
        for row in self._rows:
            row.show_picture(pictures)
        self._where.setVisible(bool(self._found) and not pictures)
        if self._found and self.folder is not None and not pictures:
            none = self.tr("None of them is in {folder}.").format(folder=self.folder.name)
            self._note.setText(f"{self._note_text()} {none}")
        if self._is_new:
            # Now it has its height; whoever scrolls from here on is left alone.
            self.reveal()
            self._is_new = False

    def _choose_folder(self) -> None:
        name = QFileDialog.getExistingDirectory(self, self.tr("The folder the model was trained on"))
        if not name:
            return
        self.folder = Path(name)
        if self._settings is not None:
            self._settings.setValue(_FOLDER, name)
        self._look()


class _Row:
    """One patch: its picture, what it is and whose, and how alike.

    Attributes:
        labels: of the row, from left to right.
    """

    def __init__(self, parent: QWidget) -> None:
        self._patch: SimilarPatch | None = None
        self._picture, self._what, self._similarity = self.labels = [QLabel(parent) for _column in range(3)]
        self._what.setTextFormat(Qt.TextFormat.RichText)
        self._what.setWordWrap(True)  # in some languages class and patient are wider than the column
        self._similarity.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self._picture.setFixedSize(SIDE, SIDE)

    def show_patch(self, patch: SimilarPatch | None) -> None:
        self._patch = patch
        for label in self.labels:
            label.setVisible(patch is not None)
        self._picture.hide()
        if patch is None:
            return
        self._show_text(patch, break_=" &nbsp;")
        self._similarity.setText(f"{patch.similarity:.3f}")
        self._similarity.setToolTip(_("How alike the network finds the two; 1: the same"))
        place = "" if patch.x == NO_LOCATION else f"\nx {patch.x} px, y {patch.y} px"
        self._what.setToolTip(patch.file + place)
        self._picture.setToolTip(self._what.toolTip())

    def show_picture(self, pictures: Pictures) -> None:
        """Of this patch, if it is among them."""
        pixels = pictures.get(self._patch.digest) if self._patch is not None else None
        self._picture.setVisible(pixels is not None)
        if self._patch is not None and pixels is not None:
            self._show_text(self._patch, break_="<br>")
            ratio = self._picture.devicePixelRatioF()
            image = image_of(pixels).scaled(
                round(SIDE * ratio),
                round(SIDE * ratio),
                Qt.AspectRatioMode.KeepAspectRatio,
                Qt.TransformationMode.SmoothTransformation,
            )
            image.setDevicePixelRatio(ratio)
            self._picture.setPixmap(QPixmap.fromImage(image))

    def _show_text(self, patch: SimilarPatch, *, break_: str) -> None:
        """``break_``: between class and patient; beside a picture there is room for two lines."""
        mark = f'<span style="color:{COLOURS[patch.truth].name()}">■</span>'
        patient = _("patient {name}").format(name=html.escape(patch.patient))
        self._what.setText(f"{mark} {class_text(patch.truth)}{break_}{patient}")
