"""Wires a slide view to the session: slide, heat map, picking, what is visible."""

from __future__ import annotations

import math
from weakref import WeakKeyDictionary

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRectF, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from histoviewer.gui.canvas.area_layer import AreaLayer
from histoviewer.gui.canvas.area_mark import AreaMark
from histoviewer.gui.canvas.brush_layer import BrushLayer
from histoviewer.gui.canvas.contour_layer import ContourLayer
from histoviewer.gui.canvas.heatmap_layer import HeatmapLayer
from histoviewer.gui.canvas.navigator import Standing
from histoviewer.gui.canvas.review_layer import ReviewLayer
from histoviewer.gui.canvas.scale_ghost import ScaleGhost
from histoviewer.gui.canvas.shown_slide import ShownSlide
from histoviewer.gui.canvas.slide_view import SlideView
from histoviewer.gui.canvas.truth_view import TruthView
from histoviewer.gui.canvas.why_layer import WhyLayer
from histoviewer.gui.formatting import angle_text, probability_text, significant
from histoviewer.gui.look.look_mark import LookMark
from histoviewer.gui.open_source import OpenSource
from histoviewer.gui.reviewing.blind_mark import BlindMark
from histoviewer.gui.session import Session
from histoviewer.gui.theme import GRID
from histoviewer.results.colormaps import cell_colours, lookup_table
from histoviewer.slides.geometry import Box

NO_MAGNIFICATION = "–"


class Canvas(QWidget):
    """A slide under its heat map: the session's, unless ``shown`` is pinned to another.

    Attributes:
        view: where it is shown.
        shown: what.
        truth: what the data set says of it.
        contours: the outline of what reaches the threshold.
        reviews: what people decided of its patches.
        area: what is marked to be decided together; brush: what marks it.
        ghost: which square the model judges under the cursor.
        why: what the selected patch's answer rests on.

    Signals:
        picked: a person has clicked on the slide; just before the patch there is selected.
        position_changed(str): place, scale, magnification and probability under the cursor.
    """

    picked = Signal()
    position_changed = Signal(str)

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self.shown = ShownSlide(session, self)
        self.view = SlideView(self)
        self._layer = HeatmapLayer(self)
        self.view.set_overlay(self._layer)
        self.truth = TruthView(session, self.shown, self.view)
        self._mark = LookMark(session.eye, self.view)
        self._blind_mark = BlindMark(session.blind, self.view)
        self._area_mark = AreaMark(session, self.shown, self.view)
        self.contours = ContourLayer(session, self.shown, self.view)
        self.why = WhyLayer(session, self.shown, self.view)
        self.area = AreaLayer(session, self.shown, self.view)
        self.reviews = ReviewLayer(session, self.shown, self.view)
        self.ghost = ScaleGhost(session, self.shown, self.view)
        self.brush = BrushLayer(session, self.shown, self.view)
        layers = [self.contours, self.truth.layer, self.why, self.area, self.reviews]
        self.view.pictured = [*layers, *self.view.pictured, self._mark, self._blind_mark, self._area_mark]
        self.setFocusProxy(self.view)
        self._has_heatmap = True
        self._cursor: tuple[float, float] | None = None
        self._pointed_at: int | None = None
        """Row of the patch under the cursor."""
        self._standings: WeakKeyDictionary[OpenSource, dict[str, Standing]] = WeakKeyDictionary()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.view)

        self.shown.leaving.connect(self._let_go)
        self.shown.changed.connect(self._show_slide)
        self.shown.heatmap_changed.connect(self._show_heatmap)
        session.selection_changed.connect(self._show_selection)
        for signal in (session.threshold_changed, session.overlay_changed):
            signal.connect(self._show_heatmap)
        session.eye.changed.connect(self._show_look)
        session.results_changed.connect(self._tell_position)
        self.view.visible_changed.connect(self._on_visible)
        self.view.clicked.connect(self._pick)
        self.view.hand.banded.connect(self._pick_area)
        self.brush.begun.connect(self.picked)
        for signal in (
            *(session.eye.changed, session.blind.switched),
            *(session.area.changed, session.brush.changed),
        ):
            signal.connect(self._place_marks)
        self.view.hovered.connect(self._on_hovered)
        self.view.hover_left.connect(self._on_hover_left)
        self.view.zoom_changed.connect(self._tell_position)
        self.view.turned.connect(self._tell_position)
        self.view.moved.connect(self._keep_standing)
        self.view.tile_failed.connect(session.failed)
        self._show_slide()

    @property
    def is_pointed_at(self) -> bool:
        """The mouse is on its slide."""
        return self._cursor is not None

    def set_has_heatmap(self, has_heatmap: bool) -> None:
        """Lay the heat map over this view, as far as the session shows it at all."""
        self._has_heatmap = has_heatmap
        self._show_heatmap()

    def shut_down(self) -> None:
        """Show nothing and end the threads, waiting for them. Called when the window closes."""
        self.view.shut_down()
        self.ghost.let_go()

    def _on_visible(self, box: Box) -> None:
        if not self.shown.is_pinned:
            self._session.set_visible(box)

    def _let_go(self) -> None:
        """The slide is about to be closed: nothing may read it any more."""
        self.view.set_slide(None)
        self.view.finish_reads()

    def _show_slide(self) -> None:
        opened, name = self.shown.opened, self.shown.name
        standings = self._standings.get(opened, {}) if opened is not None else {}
        self._show_look()
        self._pointed_at = None
        self.view.set_slide(self.shown.slide, standing=standings.get(name or ""))
        self._show_heatmap()
        self._show_selection()
        self._tell_position()

    def _keep_standing(self) -> None:
        """Each slide is found again as it was left, as long as it is open."""
        opened, name = self.shown.opened, self.shown.name
        is_shown = self.view.slide is not None and self.view.slide is self.shown.slide
        if is_shown and opened is not None and name is not None:
            self._standings.setdefault(opened, {})[name] = self.view.standing

    def _show_look(self) -> None:
        slide = self.shown.slide
        self.view.set_rendering(None if slide is None else self._session.eye.rendering_of(slide))

    def _show_heatmap(self) -> None:
        heatmap, overlay = self.shown.heatmap, self._session.overlay
        self._layer.set_opacity(overlay.opacity)
        self._layer.set_visible(overlay.is_visible and self._has_heatmap and not overlay.is_peeking)
        self._layer.set_smooth(overlay.is_smooth)
        if heatmap is None or not heatmap.has_answers:
            self._layer.clear()
            return
        self.view.legend.set_lookup_table(lookup_table(overlay.colormap))
        self.view.legend.set_threshold(self._session.threshold)
        self.view.legend.set_counts(heatmap.bins)
        colours = cell_colours(
            heatmap.levels,
            heatmap.values,
            threshold=self._session.threshold,
            colormap=overlay.colormap,
            below=overlay.below,
        )
        opened = self.shown.opened
        # Patches of a grid are truncated at the slide's border only, beyond which nothing is painted.
        bare = heatmap.bare() if opened is not None and opened.source.kind == "folder" else ()
        self._layer.set_cells(colours, x=heatmap.x, y=heatmap.y, cell=heatmap.cell, bare=bare)

    def _show_selection(self) -> None:
        row = self._session.selected if self.shown.is_current else None
        self.view.set_selection(self._box(row) if row is not None else None)

    def _box(self, row: int) -> Box | None:
        opened, name = self.shown.opened, self.shown.name
        if opened is None or name is None or not _is_among(row, opened.source.rows(name)):
            return None
        store, columns = opened.store, opened.source.columns
        # Plain numbers: Qt refuses what is computed from those of numpy.
        x, y = float(columns.x[row]), float(columns.y[row])
        return Box(x, y, float(store.width[row]), float(store.height[row]))

    def fly_to(self, row: int) -> None:
        """Bring a patch of the session's source into the middle, changing the slide if it lies on another."""
        opened = self._session.current
        if opened is None:
            return
        name = opened.slide_of(row)
        if name is None:
            return
        self._session.show_slide(name)
        box = self._box(row)
        if box is not None:
            self.view.fly_to(box)

    def _pick(self, x: float, y: float) -> None:
        self.picked.emit()
        self._session.area.clear()
        self._session.select(self._row_at(x, y))

    def _pick_area(self, band: QRectF) -> None:
        """Any click or other patch leaves the area again, as Esc does."""
        self.picked.emit()
        rows = self.area.rows_within(band)
        self._session.select(None)
        self._session.area.set_rows(rows)

    def _place_marks(self) -> None:
        marks = [self._mark, self._blind_mark, self._area_mark]
        top = 2 * GRID
        for mark in marks:
            mark.move(2 * GRID, top)
            top += 0 if mark.isHidden() else mark.height() + GRID

    def _row_at(self, x: float, y: float) -> int | None:
        opened, name = self.shown.opened, self.shown.name
        return opened.row_at(name, x, y) if opened is not None and name is not None else None

    def _on_hovered(self, x: float, y: float) -> None:
        self._cursor = (x, y)
        self._pointed_at = row = self._row_at(x, y)
        self.view.set_hover(self._box(row) if row is not None else None)
        self._tell_position()

    def _on_hover_left(self) -> None:
        self._cursor = self._pointed_at = None
        self.view.set_hover(None)
        self._tell_position()

    @property
    def position(self) -> str:
        """What the read-out says now."""
        if self.shown.slide is None:
            return ""
        parts = [self._place_text(), self._scale_text(), self._rotation_text()]
        if self._cursor is not None:
            parts.append(self._probability_text())
        return "   ".join(part for part in parts if part)

    def _tell_position(self) -> None:
        self.position_changed.emit(self.position)

    def _place_text(self) -> str:
        slide = self.shown.slide
        if self._cursor is None or slide is None:
            return ""
        x, y = self._cursor
        pixels = f"{math.floor(x)}, {math.floor(y)} px"  # of the pixel that is pointed at
        if slide.mpp is None:
            return pixels
        return f"{x * slide.mpp / 1000:.2f}, {y * slide.mpp / 1000:.2f} mm   {pixels}"

    def _scale_text(self) -> str:
        slide = self.shown.slide
        if slide is None or slide.scale is None or slide.mpp is None:
            return self.tr("scale unknown")
        magnification = self.view.magnification
        zoom = NO_MAGNIFICATION if magnification is None else f"{significant(magnification, 2)}×"
        return f"{significant(slide.mpp)} µm/px ({self._origin_text(slide.scale.origin)})   {zoom}"

    def _origin_text(self, origin: str) -> str:
        return {
            "file tag": self.tr("file tag"),
            "objective power": self.tr("objective power"),
            "user": self.tr("given by you"),
            "data set": self.tr("data set"),
            "patch size": self.tr("assumed for patches"),
        }[origin]

    def _rotation_text(self) -> str:
        angle = angle_text(self.view.rotation)
        return "" if angle == "0°" else self.tr("turned {angle}").format(angle=angle)

    def _probability_text(self) -> str:
        row = self._pointed_at
        if row is None or self.shown.opened is None:
            return ""
        probability = float(self.shown.opened.store.probability[row])
        if math.isnan(probability):
            return ""
        if self._session.blind.hides(self.shown.opened, row):
            return self.tr("probability hidden")
        return self.tr("probability {p}").format(p=probability_text(probability, self._session.threshold))


def _is_among(row: int, rows: NDArray[np.intp]) -> bool:
    """``rows``: ascending."""
    place = int(np.searchsorted(rows, row))
    return place < len(rows) and int(rows[place]) == row
