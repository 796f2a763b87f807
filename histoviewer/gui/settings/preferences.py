"""What a person has chosen once for all starts."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from typing import Any, Literal, get_args

from PySide6.QtCore import QObject, QSettings, Signal

from histoviewer.inference.opening import Engine, JudgingOptions

Appearance = Literal["system", "light", "dark"]
Language = Literal["system", "en", "ru"]

TILE_MIB = (64, 8192)
"""Least and most memory for tiles, in MiB: a screen of 1920 x 1080, and a large workstation."""


@dataclass(frozen=True, slots=True)
class Preferences:
    """Choices with what they are while nobody has chosen.

    Attributes:
        appearance: light or dark, or as the system is.
        language: of all texts, from the next start on.
        tile_mib: memory for the tiles of slides, MiB, of all views together.
        classifies_dropped: what is dropped onto the window is judged at once.
        reviewer: who decides of patches; "" for the name that the system knows.
        is_blind: answers are hidden until a patch is decided.
        model: folder of an installed model, from the next start on; "" for the program's own.
        engine: what runs the model's network, from the next start on.
        has_eight_views: each patch is judged turned and mirrored, too, from the next start on.
    """

    appearance: Appearance = "system"
    language: Language = "system"
    tile_mib: int = 256
    classifies_dropped: bool = True
    reviewer: str = ""
    is_blind: bool = False
    model: str = ""
    engine: Engine = "auto"
    has_eight_views: bool = False

    @property
    def judging(self) -> JudgingOptions:
        return JudgingOptions(self.engine, has_eight_views=self.has_eight_views)


def read_preferences(settings: QSettings | None) -> Preferences:
    """What is kept there; a person may have edited the file, and what makes no sense is as if not chosen."""
    if settings is None:
        return Preferences()
    default = Preferences()
    texts = {field.name: settings.value(_key(field.name)) for field in fields(Preferences)}
    return Preferences(
        appearance=_one_of(get_args(Appearance), texts["appearance"], default.appearance),
        language=_one_of(get_args(Language), texts["language"], default.language),
        tile_mib=_mib(texts["tile_mib"], default.tile_mib),
        classifies_dropped=str(texts["classifies_dropped"]).lower() != "false",
        reviewer=str(texts["reviewer"] or "").strip(),
        is_blind=str(texts["is_blind"]).lower() == "true",
        model=str(texts["model"] or ""),
        engine=_one_of(get_args(Engine), texts["engine"], default.engine),
        has_eight_views=str(texts["has_eight_views"]).lower() == "true",
    )


class KeptPreferences(QObject):
    """Preferences that are kept as soon as they are changed. Lives in the GUI thread.

    Attributes:
        chosen: as they are now.

    Signals:
        changed(): ``chosen`` is another one.
    """

    changed = Signal()

    def __init__(self, settings: QSettings | None, parent: QObject | None = None) -> None:
        """``settings``: where they are kept; None keeps nothing."""
        super().__init__(parent)
        self._settings = settings
        self.chosen = read_preferences(settings)

    def choose(self, **changes: object) -> None:
        """Change fields of ``chosen``."""
        self.replace_all(replace(self.chosen, **changes))  # type: ignore[arg-type]  # named by the caller

    def replace_all(self, chosen: Preferences) -> None:
        """Choose all of them."""
        if chosen == self.chosen:
            return
        self.chosen = chosen
        if self._settings is not None:
            for field in fields(chosen):
                self._settings.setValue(_key(field.name), getattr(chosen, field.name))
        self.changed.emit()


def _key(name: str) -> str:
    return f"preferences/{name}"


def _one_of(known: tuple[Any, ...], text: object, default: Any) -> Any:
    return text if text in known else default


def _mib(text: object, default: int) -> int:
    try:
        return min(max(int(str(text)), TILE_MIB[0]), TILE_MIB[1])
    except ValueError:
        return default
