"""Wires the slide view to the session: slide, heat map, picking, what is visible."""

from __future__ import annotations

import math

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from histoviewer.gui.canvas.heatmap_layer import HeatmapLayer
from histoviewer.gui.canvas.slide_view import SlideView
from histoviewer.gui.formatting import probability_text, significant
from histoviewer.gui.look.look_mark import LookMark
from histoviewer.gui.session import Session
from histoviewer.results.colormaps import colorize, lookup_table
from histoviewer.slides.geometry import Box

NO_MAGNIFICATION = "–"


class Canvas(QWidget):
    """The session's slide under its heat map.

    Signals:
        position_changed(str): place, scale, magnification and probability under the cursor.
    """

    position_changed = Signal(str)

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self.view = SlideView(self)
        self._layer = HeatmapLayer(self)
        self.view.set_overlay(self._layer)
        self._mark = LookMark(session.eye, self.view)
        self.setFocusProxy(self.view)
        self._cursor: tuple[float, float] | None = None
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.view)

        session.source_closing.connect(self._let_go)
        session.slide_changed.connect(self._show_slide)
        session.selection_changed.connect(self._show_selection)
        for signal in (session.results_changed, session.threshold_changed, session.overlay_changed):
            signal.connect(self._show_heatmap)
        session.eye.changed.connect(self._show_look)
        self.view.visible_changed.connect(session.set_visible)
        self.view.clicked.connect(self._pick)
        self.view.hovered.connect(self._on_hovered)
        self.view.hover_left.connect(self._on_hover_left)
        self.view.zoom_changed.connect(self._tell_position)
        self.view.tile_failed.connect(session.failed)
        self._show_look()
        self._show_slide()

    def _let_go(self) -> None:
        """The slide is about to be closed: nothing may read it any more."""
        self.view.set_slide(None)
        self.view.finish_reads()

    def _show_slide(self) -> None:
        self.view.set_slide(self._session.slide)
        self._show_heatmap()
        self._tell_position()

    def _show_look(self) -> None:
        self.view.set_rendering(self._session.eye.rendering)

    def _show_heatmap(self) -> None:
        heatmap, overlay = self._session.heatmap, self._session.overlay
        opened = self._session.current
        self._layer.set_opacity(overlay.opacity)
        self._layer.set_visible(overlay.is_visible)
        self._layer.set_smooth(overlay.is_smooth)
        if heatmap is None or not heatmap.has_answers:
            self._layer.clear()
            return
        self.view.legend.set_lookup_table(lookup_table(overlay.colormap))
        self.view.legend.set_threshold(self._session.threshold)
        rgba = colorize(
            heatmap.values,
            threshold=self._session.threshold,
            colormap=overlay.colormap,
            below=overlay.below,
        )
        # Patches of a grid are truncated at the slide's border only, beyond which nothing is painted.
        bare = heatmap.bare() if opened is not None and opened.source.kind == "folder" else ()
        self._layer.set_raster(rgba, x=heatmap.x, y=heatmap.y, cell=heatmap.cell, bare=bare)

    def _show_selection(self) -> None:
        row = self._session.selected
        self.view.set_selection(self._box(row) if row is not None else None)

    def _box(self, row: int) -> Box | None:
        opened = self._session.current
        if opened is None or self._session.slide_name is None:
            return None
        store, columns = opened.store, opened.source.columns
        if row not in opened.source.rows(self._session.slide_name):
            return None
        return Box(columns.x[row], columns.y[row], store.width[row], store.height[row])

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
        self._session.select(self._row_at(x, y))

    def _row_at(self, x: float, y: float) -> int | None:
        opened, name = self._session.current, self._session.slide_name
        return opened.row_at(name, x, y) if opened is not None and name is not None else None

    def _on_hovered(self, x: float, y: float) -> None:
        self._cursor = (x, y)
        row = self._row_at(x, y)
        self.view.set_hover(self._box(row) if row is not None else None)
        self._tell_position()

    def _on_hover_left(self) -> None:
        self._cursor = None
        self.view.set_hover(None)
        self._tell_position()

    def _tell_position(self) -> None:
        slide = self._session.slide
        if slide is None:
            self.position_changed.emit("")
            return
        parts = [self._place_text(), self._scale_text()]
        if self._cursor is not None:
            parts.append(self._probability_text(*self._cursor))
        self.position_changed.emit("   ".join(part for part in parts if part))

    def _place_text(self) -> str:
        slide = self._session.slide
        if self._cursor is None or slide is None:
            return ""
        x, y = self._cursor
        pixels = f"{x:.0f}, {y:.0f} px"
        if slide.mpp is None:
            return pixels
        return f"{x * slide.mpp / 1000:.2f}, {y * slide.mpp / 1000:.2f} mm   {pixels}"

    def _scale_text(self) -> str:
        slide = self._session.slide
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

    def _probability_text(self, x: float, y: float) -> str:
        row = self._row_at(x, y)
        if row is None or self._session.current is None:
            return ""
        probability = float(self._session.current.store.probability[row])
        if math.isnan(probability):
            return ""
        return self.tr("probability {p}").format(p=probability_text(probability, self._session.threshold))
