"""How the heat map lies over the slide."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCheckBox, QComboBox, QGridLayout, QHBoxLayout, QLabel, QSlider, QWidget

from histoviewer.gui.panels.section import Section
from histoviewer.gui.session import Session
from histoviewer.gui.theme import GRID
from histoviewer.results.colormaps import COLORMAPS


class OverlayPanel(Section):
    """Show or hide, colours, opacity, smooth or blocky. View settings only."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(self.tr("Overlay"), parent)
        self._session = session
        self._controls = QWidget(self)
        self._show = QCheckBox(self.tr("Heat m&ap"), self)
        self._show.setToolTip(self.tr("Show the heat map over the slide (C)"))
        self._smooth = QCheckBox(self.tr("S&mooth"), self)
        self._smooth.setToolTip(self.tr("Blend neighbouring patches; off, each patch is one square"))
        self._hide = QCheckBox(self.tr("Only mali&gnant"), self)
        self._hide.setToolTip(self.tr("Leave patches below the threshold clear"))
        self._contours = QCheckBox(self.tr("Cont&ours"), self)
        self._contours.setToolTip(self.tr("Outline what reaches the threshold (O)"))
        self._opacity = QSlider(Qt.Orientation.Horizontal, self)
        self._opacity.setRange(0, 100)
        self._opacity.setAccessibleName(self.tr("Opacity of the heat map"))
        self._colormap = QComboBox(self)
        # The longest of its words may be cut rather than make the panel wider.
        self._colormap.setMinimumWidth(12 * GRID)
        words = self._colour_words()
        for name in COLORMAPS:
            self._colormap.addItem(words[name], name)
        self._colormap.setAccessibleName(self.tr("Colours of the heat map"))
        self._arrange()

        self._show.toggled.connect(self._on_show)
        self._contours.toggled.connect(self._on_contours)
        self._smooth.toggled.connect(self._on_smooth)
        self._hide.toggled.connect(self._on_hide)
        self._opacity.valueChanged.connect(self._on_opacity)
        self._colormap.currentIndexChanged.connect(self._on_colormap)
        session.overlay_changed.connect(self._show_settings)
        session.slide_changed.connect(self._show_slide)
        self._show_settings()
        self._show_slide()

    def _colour_words(self) -> dict[str, str]:
        """What each colour map runs through, from benign to malignant."""
        return {
            "viridis": self.tr("Purple to yellow"),
            "RdYlBu_r": self.tr("Blue to red"),
            "PuOr_r": self.tr("Purple to orange"),
            "cividis": self.tr("Blue to yellow"),
            "winter": self.tr("Blue to green"),
        }

    def _arrange(self) -> None:
        grid = QGridLayout(self._controls)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(GRID)
        grid.setVerticalSpacing(GRID // 2)
        grid.setColumnStretch(1, 1)
        switches = QHBoxLayout()
        switches.setSpacing(GRID // 2)
        switches.addWidget(self._smooth)
        switches.addWidget(self._hide)
        switches.addStretch()
        first = QHBoxLayout()
        first.setSpacing(GRID // 2)
        first.addWidget(self._show)
        first.addWidget(self._contours)
        first.addStretch()
        grid.addLayout(first, 0, 0, 1, 2)
        grid.addLayout(switches, 1, 0, 1, 2)
        colours = QHBoxLayout()
        colours.setSpacing(GRID)
        colours.addWidget(QLabel(self.tr("Colours"), self))
        colours.addWidget(self._colormap, 1)
        grid.addLayout(colours, 2, 0, 1, 2)
        grid.addWidget(QLabel(self.tr("Opacity"), self), 3, 0)
        grid.addWidget(self._opacity, 3, 1)
        self.column.addWidget(self._controls)

    def _on_show(self, is_on: bool) -> None:
        self._session.set_overlay(is_visible=is_on)

    def _on_contours(self, is_on: bool) -> None:
        self._session.set_overlay(has_contours=is_on)

    def _on_smooth(self, is_on: bool) -> None:
        self._session.set_overlay(is_smooth=is_on)

    def _on_hide(self, is_on: bool) -> None:
        self._session.set_overlay(below="hide" if is_on else "dim")

    def _on_opacity(self, percent: int) -> None:
        self._session.set_overlay(opacity=percent / 100)

    def _on_colormap(self) -> None:
        self._session.set_overlay(colormap=self._colormap.currentData())

    def _show_slide(self) -> None:
        """Loose patches lie on no slide: nothing to lay a heat map over."""
        self._controls.setEnabled(self._session.slide is not None)

    def _show_settings(self) -> None:
        overlay = self._session.overlay
        self._show.setChecked(overlay.is_visible)
        self._contours.setChecked(overlay.has_contours)
        self._smooth.setChecked(overlay.is_smooth)
        self._hide.setChecked(overlay.below == "hide")
        self._opacity.setValue(round(overlay.opacity * 100))
        self._colormap.setCurrentIndex(self._colormap.findData(overlay.colormap))
