"""What the eye has chosen, and what follows from it for the slide on the canvas."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from weakref import WeakKeyDictionary

from PySide6.QtCore import QObject, Signal

from histoviewer.errors import SourceError
from histoviewer.gui.look.colour_profile import ColourProfile
from histoviewer.gui.look.look import Look
from histoviewer.gui.look.rendering import Rendering, rendering_of
from histoviewer.slides.base import Slide


@dataclass(frozen=True, slots=True)
class _Found:
    """A slide's colour profile, or why it cannot be used, or neither: it has none."""

    profile: ColourProfile | None = None
    problem: str = ""


class Eye(QObject):
    """The look of all slides, and the colour profile of the one in front. Lives in the GUI thread.

    Nothing that a model is given, nor any result, passes through here.

    Attributes:
        look: see ``Look``.
        profile: of the slide in front; None where it has none that can be used.
        profile_problem: why it cannot be used; "" where it can, or there is none.

    Signals:
        changed(): any of them.
        failed(str): one line on a profile that cannot be used, once for each file.
    """

    changed = Signal()
    failed = Signal(str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.look = Look()
        self.profile: ColourProfile | None = None
        self.profile_problem = ""
        self._slide: Slide | None = None
        self._told: set[Path] = set()
        self._profiles: WeakKeyDictionary[Slide, _Found] = WeakKeyDictionary()
        self._renderings: WeakKeyDictionary[Slide, Rendering | None] = WeakKeyDictionary()

    def rendering_of(self, slide: Slide) -> Rendering | None:
        """What makes shown pixels of a slide's stored ones, the same object until something changes; None:
        they are shown as they are stored."""
        if slide not in self._renderings:
            self._renderings[slide] = rendering_of(self.look, self._profile_of(slide).profile)
        return self._renderings[slide]

    def set_look(self, **changes: object) -> None:
        """Change fields of ``look``."""
        self._take(replace(self.look, **changes))  # type: ignore[arg-type]  # named by the caller

    def reset_tones(self) -> None:
        """Brightness, contrast and gamma as they were."""
        self._take(self.look.with_plain_tones())

    def step_back(self) -> None:
        """To the slide's own colours; from there to its own brightness, contrast and gamma too."""
        self._take(self.look.stepped_back())

    def set_slide(self, slide: Slide | None) -> None:
        """Another slide is about to be shown: its colour profile is the one that counts."""
        if slide is self._slide:
            return
        self._slide = slide
        found = _Found() if slide is None else self._profile_of(slide)
        self.profile, self.profile_problem = found.profile, found.problem
        self.changed.emit()

    def _profile_of(self, slide: Slide) -> _Found:
        if slide not in self._profiles:
            data = slide.colour_profile
            self._profiles[slide] = _Found() if data is None else self._read_profile(slide, data)
        return self._profiles[slide]

    def _read_profile(self, slide: Slide, data: bytes) -> _Found:
        try:
            return _Found(ColourProfile(data))
        except SourceError as error:
            if slide.path not in self._told:
                self._told.add(slide.path)
                message = self.tr("{name}: its colour profile cannot be used ({reason}); shown without it.")
                self.failed.emit(message.format(name=slide.name, reason=error))
            return _Found(problem=str(error))

    def _take(self, look: Look) -> None:
        if look != self.look:
            self.look = look
            self._renderings.clear()
            self.changed.emit()
