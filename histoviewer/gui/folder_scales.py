"""A scale is asked for once: what a person says of one slide holds for the others of its folder."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

from PySide6.QtCore import QObject, QSettings, Signal

from histoviewer.gui.open_source import OpenSource, true_path
from histoviewer.gui.session import Session
from histoviewer.slides.geometry import Scale


class FolderScales(QObject):
    """Remembers the µm/px that a person gave slides without one, by folder, and gives it to the next ones.

    A slide that says its scale itself, rightly or wrongly, is left alone, and so is one whose opening at the
    remembered scale was stopped: it is asked about. To be made before whoever asks for a scale, so that
    nobody is asked what is known. GUI thread.

    Signals: changed(): ``current_mpp`` may be another.
    """

    changed = Signal()

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
        if opened is None or true_path(opened.source.path) not in self._without_scale:
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
        path = true_path(opened.source.path)
        self._given[path] = mpp
        self._session.give_scale(opened, mpp)
        if not opened.is_leaving:  # refused, or what it had already
            self._given.pop(path)

    def _on_scale_needed(self, opened: OpenSource) -> None:
        if opened.source.scale is not None or opened.refused_mpp is not None:
            return
        path = true_path(opened.source.path)
        self._without_scale.add(path)
        mpp = self.mpp_for(path)
        if mpp is not None and path not in self._tried:
            self._tried.add(path)
            self._session.give_scale(opened, mpp)

    def _on_sources_changed(self) -> None:
        is_open = {true_path(opened.source.path): opened for opened in self._session.sources}
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
            if opened.scale_problem and true_path(opened.source.path).parent == folder:
                self._on_scale_needed(opened)


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
