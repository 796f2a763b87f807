"""File > Settings."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDialog,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QSpacerItem,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from histoviewer.gui.reviewing.reviewing import user_name
from histoviewer.gui.settings.preferences import TILE_MIB, KeptPreferences, Preferences
from histoviewer.gui.theme import GRID


class SettingsWindow(QDialog):
    """Every change is there and kept at once; Esc closes the window. It blocks nothing."""

    def __init__(self, preferences: KeptPreferences, at_start: Preferences, parent: QWidget) -> None:
        """``at_start``: the choices that this start was made with."""
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(self.tr("Settings"))
        self._preferences = preferences
        self._at_start = at_start
        self._appearance = self._choice(
            (self.tr("As the system"), "system"), (self.tr("Light"), "light"), (self.tr("Dark"), "dark")
        )
        # Each language in its own words, so that who reads no other finds it.
        self._language = self._choice(
            (self.tr("As the system"), "system"), ("English", "en"), ("Русский", "ru")
        )
        self._engine = self._choice(
            (self.tr("The fastest here"), "auto"), ("OpenVINO", "openvino"), ("Keras", "keras")
        )
        self._engine.setToolTip(self.tr("What runs the model; a graphics card needs Keras"))
        self._eight_views = QCheckBox(self.tr("&Judge each patch turned and mirrored, too"), self)
        self._eight_views.setToolTip(
            self.tr("The mean of eight views: takes some seven times as long, and is a little more accurate")
        )
        self._later = QLabel(self.tr("Another of these comes with the next start."), self)
        self._tiles = self._make_tiles()
        self._dropped = QCheckBox(self.tr("&Classify what is dropped onto the window at once"), self)
        self._reviewer = QLineEdit(self)
        self._reviewer.setPlaceholderText(user_name())
        self._reviewer.setToolTip(self.tr("Kept with every decision on a patch"))
        self._defaults = QPushButton(self.tr("&Restore defaults"), self)
        self._close = QPushButton(self.tr("C&lose"), self)
        self._arrange()
        self._show_chosen()
        self._connect()

    def _choice(self, *choices: tuple[str, str]) -> QComboBox:
        box = QComboBox(self)
        for text, value in choices:
            box.addItem(text, value)
        return box

    def _make_tiles(self) -> QSpinBox:
        tiles = QSpinBox(self)
        tiles.setRange(*TILE_MIB)
        tiles.setSingleStep(64)
        tiles.setSuffix(" MiB")
        tiles.setKeyboardTracking(False)  # half a number would throw tiles away
        tiles.setToolTip(self.tr("More of it keeps more of a slide sharp that was looked at before"))
        return tiles

    def _arrange(self) -> None:
        form = QFormLayout()
        form.setHorizontalSpacing(2 * GRID)
        form.setVerticalSpacing(GRID)
        form.addRow(self.tr("&Appearance"), self._appearance)
        form.addRow(self.tr("&Memory for tiles"), self._tiles)
        form.addRow(self.tr("Re&viewer"), self._reviewer)
        form.addRow("", self._dropped)
        form.addItem(QSpacerItem(0, GRID))
        form.addRow(self.tr("Lan&guage"), self._language)
        form.addRow(self.tr("&Engine"), self._engine)
        form.addRow("", self._eight_views)
        form.addRow("", self._later)
        row = QHBoxLayout()
        row.setSpacing(GRID)
        row.addWidget(self._defaults)
        row.addStretch()
        row.addWidget(self._close)
        column = QVBoxLayout(self)
        column.setContentsMargins(*(4 * [2 * GRID]))
        column.setSpacing(2 * GRID)
        column.addLayout(form)
        column.addStretch()
        column.addLayout(row)
        for button in (self._defaults, self._close):
            button.setAutoDefault(False)

    def _connect(self) -> None:
        self._appearance.currentIndexChanged.connect(self._on_chosen)
        self._language.currentIndexChanged.connect(self._on_chosen)
        self._tiles.valueChanged.connect(self._on_chosen)
        self._dropped.toggled.connect(self._on_chosen)
        self._reviewer.editingFinished.connect(self._on_chosen)
        self._engine.currentIndexChanged.connect(self._on_chosen)
        self._eight_views.toggled.connect(self._on_chosen)
        self._defaults.clicked.connect(self._restore_defaults)
        self._close.clicked.connect(self.close)
        self._preferences.changed.connect(self._show_chosen)

    def _on_chosen(self) -> None:
        self._preferences.choose(
            appearance=self._appearance.currentData(),
            language=self._language.currentData(),
            tile_mib=self._tiles.value(),
            classifies_dropped=self._dropped.isChecked(),
            reviewer=self._reviewer.text().strip(),
            engine=self._engine.currentData(),
            has_eight_views=self._eight_views.isChecked(),
        )

    def _restore_defaults(self) -> None:
        self._preferences.replace_all(self._default())

    def _default(self) -> Preferences:
        """Which model is used is chosen elsewhere, and stays."""
        return Preferences(model=self._preferences.chosen.model)

    def _show_chosen(self) -> None:
        chosen = self._preferences.chosen
        controls = (
            *(self._appearance, self._tiles, self._dropped, self._reviewer),
            *(self._language, self._engine, self._eight_views),
        )
        for control in controls:  # shown one after the other, they must not be read in between
            control.blockSignals(True)
        self._appearance.setCurrentIndex(self._appearance.findData(chosen.appearance))
        self._language.setCurrentIndex(self._language.findData(chosen.language))
        self._tiles.setValue(chosen.tile_mib)
        self._dropped.setChecked(chosen.classifies_dropped)
        self._reviewer.setText(chosen.reviewer)
        self._engine.setCurrentIndex(self._engine.findData(chosen.engine))
        self._eight_views.setChecked(chosen.has_eight_views)
        for control in controls:
            control.blockSignals(False)
        # Greyed rather than hidden: nothing jumps.
        now = self._at_start
        self._later.setEnabled((chosen.language, chosen.judging) != (now.language, now.judging))
        self._defaults.setEnabled(chosen != self._default())
