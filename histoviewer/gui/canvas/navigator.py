"""Where a view may go: fitting, zooming and panning within the limits of a slide."""

from __future__ import annotations

from dataclasses import dataclass, replace

from PySide6.QtCore import QObject, Signal

from histoviewer.gui.canvas.view_motion import ViewMotion
from histoviewer.gui.canvas.view_transform import ViewTransform
from histoviewer.slides.geometry import Box

LARGEST_SCALE = 16.0
"""View pixels per level-0 pixel; a patch of a 4 µm/px mosaic is 800 of them wide then."""

SMALLEST_OF_FIT = 0.5
"""The slide can be made half as large as it fits the view, no smaller."""

FIT = 0.96
"""How much of the view a fitted slide takes up."""

_FLING_SECONDS = 0.25
_FLING_FROM = 150.0
"""View pixels per second: a slower hand means to stop."""


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a view stood, for going back there.

    Attributes:
        bounds: of the slide.
        view: where it stood, or was gliding to.
        is_fitted: it follows the size of the window.
    """

    bounds: Box | None
    view: ViewTransform
    is_fitted: bool


class Navigator(QObject):
    """Moves a view over a slide. The middle of the view always lies on the slide: it cannot get lost.

    GUI thread. Positions named x, y are level-0 pixels, the others view pixels.

    Attributes:
        current: the view on the screen now.
        target: the view it glides to.

    Signals:
        moved: ``current`` changed.
        rested: it has arrived.
    """

    moved = Signal()
    rested = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._bounds: Box | None = None
        self._is_fitted = True
        self._motion = ViewMotion(ViewTransform(0.0, 0.0, 1.0, 1.0, 1.0), self)
        self._motion.moved.connect(self.moved)
        self._motion.rested.connect(self.rested)

    @property
    def current(self) -> ViewTransform:
        return self._motion.current

    @property
    def target(self) -> ViewTransform:
        return self._motion.target

    @property
    def is_resting(self) -> bool:
        return self._motion.is_resting

    @property
    def standing(self) -> Standing:
        """Where the view is at rest, or comes to rest."""
        return Standing(self._bounds, self.target, self._is_fitted)

    def return_to(self, standing: Standing) -> None:
        """Be there again at once, unless another slide is shown by now."""
        if standing.bounds is self._bounds:
            self._motion.jump_to(standing.view.resized(self.current.width, self.current.height))
            self._is_fitted = standing.is_fitted

    def set_bounds(self, bounds: Box | None, standing: Standing | None = None) -> None:
        """Another slide: be at once where one stood before it, or show all of it, upright. None: no slide,
        and nothing moves."""
        self._bounds = bounds
        self._is_fitted = standing is None or standing.is_fitted
        if standing is not None and not standing.is_fitted:
            self._motion.jump_to(standing.view.resized(self.target.width, self.target.height))
        else:
            rotation = 0.0 if standing is None else standing.view.rotation
            self._motion.jump_to(self._fitted(self.target.turned_to(rotation)))

    def resize(self, width: float, height: float) -> None:
        """The view has another size. A fitted slide stays fitted, otherwise the middle stays."""
        resized = self.target.resized(max(1.0, width), max(1.0, height))
        self._motion.jump_to(resized)
        if self._is_fitted:
            self._motion.jump_to(self._fitted(self.target))

    def fit(self) -> None:
        """Glide to all of the slide."""
        self._go(self._fitted(self.target))
        self._is_fitted = True

    def turn_to(self, degrees: float) -> None:
        """Glide until the slide lies ``degrees`` clockwise from upright. What is fitted stays fitted."""
        turned = self.target.turned_to(degrees)
        if self._is_fitted:
            self._go(self._fitted(turned))
            self._is_fitted = True
        else:
            self._go(turned)

    def turn_by_hand(self, degrees: float) -> None:
        """Be turned so at once; the size stays, or the slide would swell and shrink under the hand."""
        self._go(self.current.turned_to(degrees), at_once=True)

    def centre_on(self, x: float, y: float, *, smallest_scale: float = 0.0) -> None:
        """Glide until a level-0 point is in the middle, at a scale (view pixels per level-0 pixel) of at
        least ``smallest_scale`` as far as the limits let it."""
        scale = max(self.target.scale, min(smallest_scale, LARGEST_SCALE))
        self._go(replace(self.target.centred_on(x, y), scale=scale))

    def zoom_at(self, view_x: float, view_y: float, factor: float, *, at_once: bool = False) -> None:
        """Enlarge by ``factor`` as far as the limits let it; what is under the cursor stays there."""
        low, high = self._fitted(self.target).scale * SMALLEST_OF_FIT, LARGEST_SCALE
        scale = min(max(self.target.scale * factor, low), high)
        self._go(self.target.zoomed_at(view_x, view_y, scale / self.target.scale), at_once=at_once)

    def zoom(self, factor: float) -> None:
        """Enlarge about the middle."""
        self.zoom_at(self.target.width / 2, self.target.height / 2, factor)

    def follow(self, view: ViewTransform) -> None:
        """Be at once where another view leads, also beside the slide: the size of this view stays."""
        if self._bounds is not None:
            self._is_fitted = False
            self._motion.jump_to(view.resized(self.current.width, self.current.height))

    def hold(self) -> None:
        """A hand laid on the slide: what glides stops where it is."""
        if not self.is_resting:
            self._go(self.current, at_once=True)

    def drag(self, dx: float, dy: float) -> None:
        """Move the slide with the hand, at once."""
        self._go(self.current.panned(dx, dy), at_once=True)

    def pan(self, dx: float, dy: float) -> None:
        """Glide by view pixels."""
        self._go(self.target.panned(dx, dy))

    def fling(self, speed_x: float, speed_y: float) -> None:
        """Let go of a slide that moves at view pixels per second: it runs out as by friction."""
        if max(abs(speed_x), abs(speed_y)) > _FLING_FROM:
            end = self.current.panned(speed_x * _FLING_SECONDS, speed_y * _FLING_SECONDS)
            self._go(end, seconds=_FLING_SECONDS)

    def _go(self, view: ViewTransform, *, at_once: bool = False, seconds: float | None = None) -> None:
        if self._bounds is None:
            return
        self._is_fitted = False
        view = view.kept_on(self._bounds)
        if at_once:
            self._motion.jump_to(view)
        elif seconds is None:
            self._motion.glide_to(view)
        else:
            self._motion.glide_to(view, seconds)

    def _fitted(self, view: ViewTransform) -> ViewTransform:
        if self._bounds is None:
            return view
        fitted = view.fitted(self._bounds, FIT)
        return replace(fitted, scale=min(fitted.scale, LARGEST_SCALE))
