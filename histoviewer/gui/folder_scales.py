"""A scale is asked for once: what a person says of one slide holds for the others of its folder."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

from PySide6.QtCore import QObject, QSettings, Signal

from histoviewer.gui.open_source import OpenSource, true_path
from histoviewer.gui.session import Session
from histoviewer.slides.geometry import Scale
from histoviewer.translation import plural


class FolderScales(QObject):
    """Remembers the µm/px that a person gave slides without one, by folder, and gives it to the next ones.

    A slide that says its scale itself, rightly or wrongly, is left alone, and so is one whose opening at the
    remembered scale was stopped: it is asked about. To be made before whoever asks for a scale, so that
    nobody is asked what is known. GUI thread.

    Signals:
        changed(): ``current_mpp`` may be another.
        asked(object): a person wants to give the folder of an ``OpenSource`` another scale.
    """

    changed = Signal()
    asked = Signal(object)

    def __init__(self, session: Session, settings: QSettings | None, parent: QObject | None = None) -> None:
        """``settings``: where scales are kept from one start to the next; None keeps them for this one."""
        super().__init__(parent)
        self._session = session
        self._settings = settings
        self._by_folder: dict[Path, float] = {}
        self._without_scale: set[Path] = set()
        self._given: dict[Path, float] = {}
        """What a person has given and what is being opened with it."""
        self._tried: set[Path] = set()
        """Being opened at their folder's scale, or stopped on the way."""
        session.scale_needed.connect(self._on_scale_needed)
        session.sources_changed.connect(self._on_sources_changed)
        session.current_changed.connect(self.changed)

    @property
    def current_mpp(self) -> float | None:
        """µm/px that the source in front has from its folder; None where it has its scale otherwise."""
        opened = self._session.current
        if opened is None or opened.true_path not in self._without_scale:
            return None
        mpp = self.mpp_for(opened.source.path)
        return mpp if mpp is not None and opened.given_mpp == mpp else None

    def mpp_for(self, path: Path) -> float | None:
        """µm/px that was given for the folder a slide lies in."""
        folder = true_path(path).parent
        if folder not in self._by_folder and self._settings is not None:
            kept = _plausible(self._settings.value(_key(folder)))
            if kept is not None:
                self._by_folder[folder] = kept
        return self._by_folder.get(folder)

    def give(self, opened: OpenSource, mpp: float) -> None:
        """A person gives a source its scale, µm/px; it is remembered once the source is open with it."""
        path = opened.true_path
        self._given[path] = mpp
        self._session.give_scale(opened, mpp)
        if not opened.is_leaving:  # refused, or what it had already
            self._given.pop(path)

    def ask(self) -> None:
        """A person wants to give the folder of the current source another scale."""
        if self._session.current is not None and not self._session.current.is_leaving:
            self.asked.emit(self._session.current)

    def give_folder(self, opened: OpenSource, mpp: float) -> None:
        """A person gives a source and its folder their scale, µm/px: as ``give``, and all open slides that
        have the same one from the folder are opened again at it, too."""
        before, others = opened.given_mpp, self._sharing(opened)
        changed = [opened, *others]
        judged = sum(one.has_answers for one in changed)
        self.give(opened, mpp)
        if before is None or not opened.is_leaving:  # refused, or what it had already
            return
        for other in others:
            self._session.give_scale(other, mpp)
        if others:
            self._session.noted.emit(_told(len(others), mpp, judged=judged, before=before))

    def _sharing(self, opened: OpenSource) -> list[OpenSource]:
        """The other open slides that have the scale of a source from the folder of both."""
        folder, mpp = opened.true_path.parent, opened.given_mpp
        return [
            other
            for other in self._session.sources
            if other is not opened
            and not other.is_leaving
            and other.given_mpp == mpp == self.mpp_for(other.source.path)
            and other.true_path.parent == folder
            and other.true_path in self._without_scale
        ]

    def _on_scale_needed(self, opened: OpenSource) -> None:
        if opened.source.scale is not None or opened.refused_mpp is not None:
            return
        path = opened.true_path
        self._without_scale.add(path)
        mpp = self.mpp_for(path)
        if mpp is not None and path not in self._tried:
            self._tried.add(path)
            self._session.give_scale(opened, mpp)

    def _on_sources_changed(self) -> None:
        is_open = {opened.true_path: opened for opened in self._session.sources}
        self._tried &= is_open.keys()
        for path, opened in is_open.items():
            if opened.scale_problem or opened.is_leaving:
                continue
            self._tried.discard(path)
            mpp = self._given.pop(path, None)
            if mpp is not None and mpp == opened.given_mpp and path in self._without_scale:
                self._remember(path.parent, mpp)
        self.changed.emit()

    def _remember(self, folder: Path, mpp: float) -> None:
        """Keep it, and give it to those of the folder that are still asked about."""
        self._by_folder[folder] = mpp
        if self._settings is not None:
            self._settings.setValue(_key(folder), mpp)
        for opened in self._session.sources:
            if opened.scale_problem and opened.true_path.parent == folder:
                self._on_scale_needed(opened)


def _told(others: int, mpp: float, *, judged: int, before: float) -> str:
    """What became of the other slides of a folder, and of results at the scale ``before``."""
    text = plural(
        "{count} other open slide of this folder has {mpp:g} µm/px now, too.",
        "{count} other open slides of this folder have {mpp:g} µm/px now, too.",
        others,
    ).format(count=others, mpp=mpp)
    if not judged:
        return text
    again = plural(
        "{count} slide is judged again; what was found at {mpp:g} µm/px stays in its result file.",
        "{count} slides are judged again; what was found at {mpp:g} µm/px stays in their result files.",
        judged,
    ).format(count=judged, mpp=before)
    return f"{text} {again}"


def _key(folder: Path) -> str:
    """A slash in a key of the settings would begin a group; and who reads them need not learn the folders."""
    return f"scales/{hashlib.sha256(os.fsencode(folder)).hexdigest()[:16]}"


def _plausible(value: object) -> float | None:
    """What a settings file says; a person may have edited it."""
    try:
        mpp = float(str(value))
    except ValueError:
        return None
    return mpp if Scale(mpp, "user").is_plausible else None
