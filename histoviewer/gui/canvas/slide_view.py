"""The canvas: one slide, the heat map over it, and everything the hand does to them."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QRect, QRectF, Qt, QTimer, Signal
from PySide6.QtGui import QCloseEvent, QPainter, QPaintEvent, QRegion, QResizeEvent
from PySide6.QtWidgets import QWidget

from histoviewer.gui.canvas.arriving_tiles import ArrivingTiles
from histoviewer.gui.canvas.hand import HAND_EVENTS, Hand
from histoviewer.gui.canvas.heatmap_layer import HeatmapLayer
from histoviewer.gui.canvas.legend import Legend
from histoviewer.gui.canvas.navigator import Navigator, Standing
from histoviewer.gui.canvas.overview import Overview
from histoviewer.gui.canvas.panel_places import place_panels
from histoviewer.gui.canvas.pointing import Pointing
from histoviewer.gui.canvas.scale_bar import ScaleBar
from histoviewer.gui.canvas.slide_picture import SlidePicture
from histoviewer.gui.canvas.tile_cache import TileCache
from histoviewer.gui.canvas.tile_grid import TileKey
from histoviewer.gui.canvas.tile_painter import device_rect, paint_outline, seen_tiles, wanted_tiles
from histoviewer.gui.canvas.view_transform import ViewTransform
from histoviewer.gui.colours import neutrals
from histoviewer.gui.escape import takes_escape
from histoviewer.gui.look.rendering import Rendering
from histoviewer.slides.base import Slide
from histoviewer.slides.geometry import Box

_ANNOUNCE_MS = 80
_SETTLE_MS = 120

_FLOWN_TO = 96
"""View pixels: the side of a patch flown to, with room around it for what it lies in."""


class SlideView(QWidget):
    """Shows a slide and lets the user move over it. It knows no session: setters in, signals out.

    All methods belong to the GUI thread.

    Attributes:
        overview, scale_bar, legend: the small panels on the canvas. The view places all three, feeds
            the first two, and shows the legend while the overlay is shown.
        hand: what mouse and keys do.
        pictured: what a picture of the view shows over the slide while it is visible, lowest first.

    Signals:
        visible_changed(Box): the level-0 box on the screen: of a new slide at once, then at most a dozen
            times a second.
        hovered(x, y): level-0 point under the mouse, on the slide; hover_left: no longer.
        clicked(x, y): level-0 point pressed and released without dragging, on the slide.
        zoom_changed: the scale, or the slide, is another one.
        turned: the rotation is another one.
        moved: anything about ``transform``, or the slide, is another; once a frame.
        sharpened: ``is_sharp`` became true.
        tile_failed(str): one line on the first part of a slide that cannot be read.
    """

    visible_changed = Signal(Box)
    hovered = Signal(float, float)
    hover_left = Signal()
    clicked = Signal(float, float)
    zoom_changed = Signal()
    turned = Signal()
    moved = Signal()
    sharpened = Signal()
    tile_failed = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._slide: Slide | None = None
        self._selection: Box | None = None
        self._hover: Box | None = None
        self._is_zooming = False
        self._was_sharp = True
        self._layers: list[QWidget] = []
        self._scale = self._rotation = 0.0
        self._tiles = TileCache(self)
        self._arriving = ArrivingTiles(self._tiles, self)
        self._picture = SlidePicture(self._tiles)
        self._navigator = Navigator(self)
        self.hand = Hand(self._navigator, self)
        self._pointing = Pointing(self._navigator, self.hand, self)
        self._announce = QTimer(self, interval=_ANNOUNCE_MS, singleShot=True)
        self._settle = QTimer(self, interval=_SETTLE_MS, singleShot=True)
        self.overview = Overview(self._tiles, self)
        self.scale_bar = ScaleBar(self)
        self.legend = Legend(self)
        self.pictured: list[QWidget] = [self.scale_bar, self.legend]
        self.scale_bar.hide()
        self.legend.hide()
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setAccessibleName(self.tr("Slide"))
        self._connect()

    def _connect(self) -> None:
        self._tiles.tile_changed.connect(self._on_tile_changed)
        self._tiles.tile_failed.connect(self.tile_failed)
        self._navigator.moved.connect(self._on_moved)
        self._navigator.rested.connect(self._check_sharpness)
        self._pointing.hovered.connect(self.hovered)
        self._pointing.hover_left.connect(self.hover_left)
        self._pointing.clicked.connect(self.clicked)
        self._announce.timeout.connect(self._on_announce)
        self._settle.timeout.connect(self._on_settled)
        self._arriving.ready.connect(self._show_tiles)
        self.overview.navigated.connect(self.centre_on)

    # What is shown

    @property
    def transform(self) -> ViewTransform:
        """What is on the screen now, in the widget's own pixels."""
        return self._navigator.current

    @property
    def rotation(self) -> float:
        """Degrees clockwise, 0 to 360, at which the slide comes to rest."""
        return self._navigator.target.rotation

    @property
    def magnification(self) -> float | None:
        """As an objective would show it (40 at 0.25 µm per view pixel); None without a scale."""
        mpp = self._slide.mpp if self._slide else None
        return None if mpp is None else 10 * self.transform.scale / mpp

    @property
    def slide(self) -> Slide | None:
        return self._slide

    @property
    def standing(self) -> Standing:
        """Where the view is at rest on the slide, or comes to rest."""
        return self._navigator.standing

    def set_slide(self, slide: Slide | None, *, standing: Standing | None = None) -> None:
        """Show a slide as it stood before, or all of it, or none. It stays the caller's: see
        ``finish_reads``."""
        self._slide = slide
        self.hand.drop()
        self._pointing.set_bounds(slide.bounds if slide else None)
        self._selection = self._hover = None
        self._was_sharp = slide is None
        self._tiles.set_slide(slide)
        self._picture.invalidate()
        self.overview.refresh()
        self.scale_bar.setVisible(slide is not None)
        self._scale = 0.0
        self._navigator.set_bounds(slide.bounds if slide else None, standing)
        self._on_announce()  # at once: what is to be judged of it next may depend on it

    def set_rendering(self, rendering: Rendering | None) -> None:
        """Show this slide and all later ones in another look; None as they are stored."""
        self._tiles.set_rendering(rendering)
        if rendering is None:  # at once; else tile by tile
            self._picture.invalidate()
            self.overview.refresh()
            self.update()
        self._check_sharpness()

    def set_overlay(self, overlay: HeatmapLayer) -> None:
        """The heat map to paint over the slide and the overview; for good."""
        self._picture.overlay = overlay
        self.overview.set_overlay(overlay)
        overlay.changed.connect(self._on_overlay_changed)
        self._on_overlay_changed()

    def add_layer(self, layer: QWidget) -> None:
        """Lay a widget over the slide, below the small panels, as large as the view; for good."""
        self._layers.append(layer)
        layer.setParent(self)
        layer.stackUnder(self.overview)
        layer.resize(self.size())

    def set_selection(self, box: Box | None) -> None:
        """Outline the selected patch, level-0 pixels."""
        if box != self._selection:
            self._selection = box
            self.update()

    def set_hover(self, box: Box | None) -> None:
        """Outline the patch under the mouse, level-0 pixels."""
        if box != self._hover:
            self._hover = box
            self.update()

    def is_sharp(self) -> bool:
        """At rest, and the next paint shows every visible tile as fine as the screen is, the overview too.

        True without a slide.
        """
        is_still = self._navigator.is_resting and not self._settle.isActive()
        return self._slide is None or (is_still and self._tiles.is_settled(self._seen_tiles()))

    def _seen_tiles(self) -> list[TileKey]:
        grid = self._tiles.grid
        if grid is None:
            return []
        keys = seen_tiles(grid, self._on_device(self.transform))
        return keys + grid.keys(grid.bounds, grid.coarsest) if self.overview.isVisible() else keys

    def set_tile_memory(self, capacity: int) -> None:
        """Bytes of tiles that are kept."""
        self._tiles.set_capacity(capacity)

    def finish_reads(self) -> None:
        """Wait until nothing reads a slide that was shown before: call it before closing that slide."""
        self._tiles.finish_reads()

    def shut_down(self) -> None:
        """Show nothing and end the threads, waiting for them. Called when the window closes."""
        self.set_slide(None)
        self._tiles.close()

    # Where the view goes

    def follow(self, view: ViewTransform) -> None:
        """Be at once where another view leads, in this view's own size."""
        self._navigator.follow(view)

    def fit(self) -> None:
        """All of the slide; it stays fitted when the window changes its size."""
        self._navigator.fit()

    def centre_on(self, x: float, y: float) -> None:
        """Bring a level-0 point to the middle."""
        self._navigator.centre_on(x, y)

    def fly_to(self, box: Box) -> None:
        """Bring a level-0 box to the middle, large enough to be seen; what is larger keeps its size."""
        smallest = _FLOWN_TO / max(box.width, box.height)
        x, y = box.x + box.width / 2, box.y + box.height / 2
        self._navigator.centre_on(x, y, smallest_scale=smallest)

    def zoom_by(self, factor: float) -> None:
        """Enlarge about the middle."""
        self._navigator.zoom(factor)

    def turn_to(self, degrees: float) -> None:
        """Turn until the slide lies so many degrees clockwise from upright; 0 is upright."""
        self._navigator.turn_to(degrees)

    def turn_by(self, degrees: float) -> None:
        """Turn clockwise about the middle."""
        self._navigator.turn_to(self._navigator.target.rotation + degrees)

    def zoom_to_downsample(self, downsample: float) -> None:
        """So many level-0 pixels per view pixel, about the middle."""
        self._navigator.zoom(1 / (downsample * self._navigator.target.scale))

    def zoom_to_magnification(self, magnification: float) -> None:
        """As with that objective: 10 is 1 µm per view pixel. Nothing happens without a scale."""
        if self._slide is not None and self._slide.mpp is not None:
            self.zoom_to_downsample(10 / (magnification * self._slide.mpp))

    # What follows from a move

    def _on_moved(self) -> None:
        view = self.transform
        self.overview.set_view(view)
        is_zoomed = view.scale != self._scale
        if is_zoomed:
            self._is_zooming = self._scale > 0
            self._scale = view.scale
            self.scale_bar.set_scale(scale=view.scale, mpp=self._slide.mpp if self._slide else None)
            self.zoom_changed.emit()
        if view.rotation != self._rotation:
            self._rotation = view.rotation
            self.turned.emit()
        # Who pans after a zoom does not put off the fine picture.
        if (is_zoomed and self._is_zooming) or not view.is_straight:
            self._settle.start()
        self._place_panels()
        self._pointing.tell()
        self._ask_for_tiles()
        if not self._announce.isActive():
            self._announce.start()
        self.update()
        self.moved.emit()

    def _on_settled(self) -> None:
        """An enlarged or turned picture is painted finely once it lies still: while it moves nobody sees the
        difference."""
        self._is_zooming = False
        self.update()
        self._check_sharpness()

    def _on_announce(self) -> None:
        if self._slide is not None:
            self.visible_changed.emit(self.transform.visible)

    def _on_tile_changed(self, key: TileKey) -> None:
        grid = self._tiles.grid
        if grid is not None:
            self._picture.invalidate_box(grid.box(key))
            self._arriving.add(key, self._place(grid.box(key)))

    def _place(self, box: Box) -> QRect:
        """The part of the widget that may change with a level-0 box of the slide."""
        view, ratio = self._on_device(self.transform), self.devicePixelRatioF()
        if not view.is_upright or view.scale > 1:  # pixels of one tile reach into the next
            return self.rect()
        part = QRectF(device_rect(view, box))
        return QRectF(part.topLeft() / ratio, part.size() / ratio).toAlignedRect()

    def _show_tiles(self, places: QRegion) -> None:
        self.update(places)
        self._check_sharpness()

    def _on_overlay_changed(self) -> None:
        overlay = self._picture.overlay
        self.legend.setVisible(overlay is not None and overlay.is_shown)
        self._place_panels()
        self._picture.invalidate_overlay()
        self.update()

    def _check_sharpness(self) -> None:
        was_sharp, self._was_sharp = self._was_sharp, self.is_sharp()
        if self._was_sharp and not was_sharp:
            self.sharpened.emit()

    def _ask_for_tiles(self) -> None:
        """Tiles of where the view comes to rest first, then of where it is."""
        grid = self._tiles.grid
        if grid is None:
            return
        views = dict.fromkeys((self._navigator.target, self.transform))
        self._tiles.want(key for view in views for key in wanted_tiles(grid, self._on_device(view)))
        self._arriving.expect(self._seen_tiles())
        self._was_sharp = self._was_sharp and self.is_sharp()

    def _on_device(self, view: ViewTransform) -> ViewTransform:
        return view.on_device(self.devicePixelRatioF())

    def _place_panels(self) -> None:
        place_panels(self.size(), self.overview, self.legend, self.scale_bar)

    # Painting

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        self.paint_on(painter)
        painter.end()

    def paint_on(self, painter: QPainter, *, is_picture: bool = False) -> None:
        """Paint all but the panels; ``painter`` counts view pixels, ``is_picture``: for good, with nothing
        that follows the mouse."""
        colours = neutrals(self.palette())
        if self._slide is None:
            painter.fillRect(self.rect(), colours.surround)
            return
        ratio = self.devicePixelRatioF()
        view = self.transform.on_device(ratio)
        painter.save()
        painter.scale(1 / ratio, 1 / ratio)
        is_still = is_picture or not self._settle.isActive()
        is_hasty = self._is_zooming and not is_picture
        self._picture.paint(painter, view, colours, is_smooth=is_still, is_hasty=is_hasty)
        painter.translate(view.width / 2, view.height / 2)
        painter.rotate(view.rotation)
        painter.translate(-view.width / 2, -view.height / 2)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, not view.is_straight)
        hover = None if is_picture else self._hover
        for box, width in ((hover, 1.0), (self._selection, 2.0)):
            if box is not None:
                paint_outline(painter, view, box, width=width * ratio)
        painter.restore()

    def resizeEvent(self, _event: QResizeEvent) -> None:
        for layer in self._layers:
            layer.resize(self.size())
        self._navigator.resize(self.width(), self.height())

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.DevicePixelRatioChange:
            self._ask_for_tiles()
        if event.type() == QEvent.Type.PaletteChange:
            self._picture.invalidate()
            self.overview.refresh()
        if takes_escape(event, lambda: self.hand.is_busy):
            return True
        if event.type() in HAND_EVENTS and self.hand.handle(event):
            return True
        return super().event(event)

    def closeEvent(self, event: QCloseEvent) -> None:
        self.shut_down()
        super().closeEvent(event)
