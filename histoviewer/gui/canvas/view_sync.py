"""Two views that move together."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from PySide6.QtCore import QObject

from histoviewer.gui.canvas.slide_view import SlideView
from histoviewer.gui.canvas.view_transform import ViewTransform, turn_between
from histoviewer.slides.base import Slide

_SAME = 1e-3
"""View pixels; less is an error of rounding."""


@dataclass(frozen=True, slots=True)
class Pairing:
    """Two views that belong together: from there on both move by as much. No Qt.

    Attributes:
        one, other: where both were.
        ratio: level-0 pixels of the other slide to one of the first: as many as are as long on the glass.
    """

    one: ViewTransform
    other: ViewTransform
    ratio: float

    @property
    def reverse(self) -> Pairing:
        return Pairing(self.other, self.one, 1 / self.ratio)

    def other_for(self, one: ViewTransform) -> ViewTransform:
        """Where the other view is, once the first is at ``one``: moved as far on the glass and in the same
        direction on the screen, zoomed by the same factor, turned by the same angle."""
        # What is one direction on the screen differs on two slides that are turned differently.
        offset = turn_between(self.other.rotation, self.one.rotation)
        frame = ViewTransform(0.0, 0.0, 1.0, 0.0, 0.0, rotation=offset)
        dx, dy = frame.to_view((one.x - self.one.x) * self.ratio, (one.y - self.one.y) * self.ratio)
        return replace(
            self.other,
            x=self.other.x + dx,
            y=self.other.y + dy,
            scale=self.other.scale * one.scale / self.one.scale,
            rotation=(self.other.rotation + one.rotation - self.one.rotation) % 360.0,
        )


def length_ratio(one: Slide, other: Slide) -> float:
    """Level-0 pixels of ``other`` that are as long as one of ``one``: in µm where both scales are known, else
    as shares of the longer sides."""
    if one.mpp is not None and other.mpp is not None:
        return one.mpp / other.mpp
    sides = [max(slide.bounds.width, slide.bounds.height) for slide in (one, other)]
    return sides[1] / sides[0]


def beside(view: ViewTransform, one: Slide, other: Slide) -> ViewTransform:
    """The view of another slide that shows as much of it, as far from the middle of its scanned part."""
    ratio = length_ratio(one, other)
    (x, y), (other_x, other_y) = (_middle(slide) for slide in (one, other))
    return replace(
        view,
        x=other_x + (view.x - x) * ratio,
        y=other_y + (view.y - y) * ratio,
        scale=view.scale / ratio,
    )


def _middle(slide: Slide) -> tuple[float, float]:
    box = slide.bounds
    return box.x + box.width / 2, box.y + box.height / 2


class ViewSync(QObject):
    """Makes each of two views follow the other. Two views of one slide show the same place of it; of two
    slides each keeps the place that a person has given it beside the other. GUI thread.

    Attributes:
        is_on: they follow.
    """

    def __init__(
        self, one: SlideView, other: SlideView, leader: Callable[[], SlideView], parent: QObject
    ) -> None:
        """``leader``: the view that the other one is put beside, asked when either shows another slide."""
        super().__init__(parent)
        self._one, self._other, self._leader = one, other, leader
        self._pairing: Pairing | None = None
        self._slides: tuple[Slide | None, Slide | None] = (None, None)
        self._is_following = False
        self.is_on = True
        one.moved.connect(self._on_one_moved)
        other.moved.connect(self._on_other_moved)

    def set_on(self, is_on: bool) -> None:
        """Two slides that a person has laid beside each other stay so."""
        self.is_on = is_on
        self._slides = (self._one.slide, self._other.slide)
        self._pair(is_new=False)

    def _on_one_moved(self) -> None:
        self._lead(self._one, self._other)

    def _on_other_moved(self) -> None:
        self._lead(self._other, self._one)

    def _lead(self, leader: SlideView, follower: SlideView) -> None:
        if self._is_following or not self.is_on:
            return
        slides = (self._one.slide, self._other.slide)
        if slides != self._slides:
            self._slides = slides
            self._pair(is_new=leader is not self._leader())
        elif self._pairing is not None:
            pairing = self._pairing if leader is self._one else self._pairing.reverse
            view = pairing.other_for(leader.transform)
            # A view that only has another size leads nowhere, and what is fitted stays fitted.
            if view.distance(follower.transform) > _SAME:
                self._move(follower, view)

    def _pair(self, *, is_new: bool) -> None:
        """``is_new``: the view that does not lead shows another slide, and may be put where it suits."""
        one, other = self._slides
        self._pairing = None
        if one is None or other is None or not self.is_on:
            return
        if is_new or one is other:
            self._put_beside()
        self._pairing = Pairing(self._one.transform, self._other.transform, length_ratio(one, other))

    def _put_beside(self) -> None:
        leader = self._leader()
        follower = self._other if leader is self._one else self._one
        if leader.slide is not None and follower.slide is not None:
            self._move(follower, beside(leader.transform, leader.slide, follower.slide))

    def _move(self, follower: SlideView, view: ViewTransform) -> None:
        self._is_following = True
        try:
            follower.follow(view)
        finally:
            self._is_following = False
