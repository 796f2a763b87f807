"""Where level-0 pixels lie on the screen: one transform for painting, overlay and picking."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from histoviewer.slides.geometry import Box


@dataclass(frozen=True, slots=True)
class ViewTransform:
    """Maps level-0 pixels to view pixels and back. No Qt; immutable.

    View pixels are the widget's own (device-independent) unless ``on_device`` made them the screen's;
    both count from the top left corner, y downward.

    Attributes:
        x, y: the level-0 point in the middle of the view.
        scale: view pixels per level-0 pixel; above 0.
        width, height: of the view, in view pixels.
        rotation: degrees by which the slide is turned clockwise about the middle.
    """

    x: float
    y: float
    scale: float
    width: float
    height: float
    rotation: float = 0.0

    @property
    def downsample(self) -> float:
        """Level-0 pixels per view pixel."""
        return 1.0 / self.scale

    @property
    def upright(self) -> ViewTransform:
        """The same without its rotation, which the painter is then turned by."""
        return replace(self, rotation=0.0)

    @property
    def is_upright(self) -> bool:
        return bool(self.rotation == 0)

    @property
    def is_straight(self) -> bool:
        """Turned by whole quarters: pixels stay pixels."""
        return bool(self.rotation % 90 == 0)

    @property
    def corners(self) -> list[tuple[float, float]]:
        """The level-0 points in the corners of the view, clockwise from the top left one."""
        width, height = self.width, self.height
        return [
            self.to_level0(*corner) for corner in ((0.0, 0.0), (width, 0.0), (width, height), (0.0, height))
        ]

    def shows_all_of(self, box: Box) -> bool:
        """All of a level-0 box lies within the view."""
        corners = [self.to_view(box.x + x, box.y + y) for x in (0.0, box.width) for y in (0.0, box.height)]
        # A hair of tolerance: what fits exactly is shown.
        return all(-1e-6 <= x <= self.width + 1e-6 and -1e-6 <= y <= self.height + 1e-6 for x, y in corners)

    @property
    def visible(self) -> Box:
        """The level-0 box around all that the view shows."""
        return self.box_under(0.0, 0.0, self.width, self.height)

    def box_under(self, left: float, top: float, width: float, height: float) -> Box:
        """The smallest level-0 box around what a rectangle of view pixels shows."""
        corners = [self.to_level0(left + x, top + y) for x in (0.0, width) for y in (0.0, height)]
        x, y = min(x for x, _ in corners), min(y for _, y in corners)
        return Box(x, y, max(x for x, _ in corners) - x, max(y for _, y in corners) - y)

    def to_view(self, x: float, y: float) -> tuple[float, float]:
        """View pixels of a level-0 point."""
        dx, dy = _turned((x - self.x) * self.scale, (y - self.y) * self.scale, self.rotation)
        return self.width / 2 + dx, self.height / 2 + dy

    def all_to_view(
        self, x: NDArray[np.float64], y: NDArray[np.float64]
    ) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """The same of many points, float64 (n,)."""
        cos, sin = _cos_sin(self.rotation)
        dx, dy = (x - self.x) * self.scale, (y - self.y) * self.scale
        return self.width / 2 + dx * cos - dy * sin, self.height / 2 + dx * sin + dy * cos

    def to_level0(self, view_x: float, view_y: float) -> tuple[float, float]:
        """The level-0 point under a view pixel."""
        dx, dy = _turned(view_x - self.width / 2, view_y - self.height / 2, -self.rotation)
        return self.x + dx / self.scale, self.y + dy / self.scale

    def zoomed_at(self, view_x: float, view_y: float, factor: float) -> ViewTransform:
        """Enlarged by ``factor``; the level-0 point under the cursor stays under it."""
        x, y = self.to_level0(view_x, view_y)
        return replace(
            self,
            x=x + (self.x - x) / factor,
            y=y + (self.y - y) / factor,
            scale=self.scale * factor,
        )

    def panned(self, dx: float, dy: float) -> ViewTransform:
        """The slide moved by view pixels, as under a dragging hand."""
        dx, dy = _turned(dx, dy, -self.rotation)
        return self.centred_on(self.x - dx / self.scale, self.y - dy / self.scale)

    def centred_on(self, x: float, y: float) -> ViewTransform:
        return replace(self, x=x, y=y)

    def turned_to(self, degrees: float) -> ViewTransform:
        """Turned about the middle until the slide lies ``degrees`` clockwise from upright."""
        return replace(self, rotation=degrees % 360.0)

    def resized(self, width: float, height: float) -> ViewTransform:
        """The same middle and scale in a view of another size."""
        return replace(self, width=width, height=height)

    def fitted(self, box: Box, fill: float = 1.0) -> ViewTransform:
        """All of a level-0 box in the middle, taking up ``fill`` of the tighter direction."""
        cos, sin = _cos_sin(self.rotation)
        width = abs(box.width * cos) + abs(box.height * sin)
        height = abs(box.width * sin) + abs(box.height * cos)
        scale = fill * min(self.width / width, self.height / height)
        return replace(self, x=box.x + box.width / 2, y=box.y + box.height / 2, scale=scale)

    def kept_on(self, box: Box) -> ViewTransform:
        """Moved as little as needed for the middle of the view to lie on the box."""
        x = min(max(self.x, box.x), box.x + box.width)
        y = min(max(self.y, box.y), box.y + box.height)
        return self.centred_on(x, y)

    def on_device(self, ratio: float) -> ViewTransform:
        """In the screen's own pixels, ``ratio`` to a view pixel, level-0 (0, 0) on a whole one.

        So the picture moves rigidly by whole screen pixels while it is panned: nothing shimmers.
        """
        scaled = replace(self, scale=self.scale * ratio, width=self.width * ratio, height=self.height * ratio)
        left, top = scaled.upright.to_view(0.0, 0.0)
        return scaled.centred_on(
            (scaled.width / 2 - round(left)) / scaled.scale, (scaled.height / 2 - round(top)) / scaled.scale
        )

    def towards(self, end: ViewTransform, fraction: float) -> ViewTransform:
        """A view on the way to ``end``: 0 is here, 1 is there.

        The scale changes geometrically, and the one point that lies still between both views lies still
        in every view on the way: a zoom at the cursor never wobbles. It turns the shorter way round.
        """
        ratio = end.scale / self.scale
        scale = self.scale * ratio**fraction
        if abs(ratio - 1) > 1e-9:
            fraction = (1 - self.scale / scale) / (1 - 1 / ratio)
        return replace(
            end,
            x=self.x + (end.x - self.x) * fraction,
            y=self.y + (end.y - self.y) * fraction,
            scale=scale,
            rotation=(self.rotation + turn_between(self.rotation, end.rotation) * fraction) % 360.0,
        )

    def distance(self, other: ViewTransform) -> float:
        """About how many view pixels a corner of the view moves between both."""
        x, y = self.upright.to_view(other.x, other.y)
        shift = math.hypot(x - self.width / 2, y - self.height / 2)
        growth = abs(math.log(other.scale / self.scale))
        turn = math.radians(abs(turn_between(self.rotation, other.rotation)))
        return shift + (growth + turn) * math.hypot(self.width, self.height) / 2


def turn_between(start: float, end: float) -> float:
    """Degrees to turn from one rotation to another, the shorter way round: above -180, at most 180."""
    return 180.0 - (180.0 - (end - start)) % 360.0


def _cos_sin(degrees: float) -> tuple[float, float]:
    angle = math.radians(degrees)
    return math.cos(angle), math.sin(angle)


def _turned(x: float, y: float, degrees: float) -> tuple[float, float]:
    if degrees == 0:
        return x, y
    cos, sin = _cos_sin(degrees)
    return x * cos - y * sin, x * sin + y * cos
