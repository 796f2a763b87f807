"""Translation of the texts that are not Qt's: errors, command-line messages."""

from __future__ import annotations

import gettext
from collections.abc import Iterable

from histoviewer.resources import resource_path

SPOKEN = ("en", "ru")
"""Languages that the program has all its texts in; the first is that of the sources."""


def _catalogue_of(*languages: str) -> gettext.NullTranslations:
    return gettext.translation(
        "histoviewer", resource_path("translations"), languages=languages or None, fallback=True
    )


_catalogue = _catalogue_of()


def use_language(language: str) -> None:
    """From here on texts are in this one ("en", "ru"), whatever the environment says."""
    global _catalogue
    _catalogue = _catalogue_of(language)


def spoken_language() -> str:
    """The language that texts are in: "en", "ru"."""
    return _catalogue.info().get("language", SPOKEN[0])


def first_spoken(wanted: Iterable[str]) -> str:
    """The first of these languages ("ru-RU", "de") that the program speaks; English if there is none."""
    languages = (tag.partition("-")[0].lower() for tag in wanted)
    return next((language for language in languages if language in SPOKEN), SPOKEN[0])


def _(text: str) -> str:
    """``text`` in the language of ``use_language``, else the user's (``LANGUAGE``, ``LC_ALL``, ``LANG``).

    As it is where nobody has translated it.
    """
    return _catalogue.gettext(text)


def plural(one: str, many: str, count: int) -> str:
    """The form that ``count`` of something takes in the user's language, with its ``{count}`` unfilled."""
    return _catalogue.ngettext(one, many, count)


def translated(text: str) -> str:
    """A sentence that comes with the program without standing in its sources, as of the bundled model's card.

    It stays as it is where nobody has translated it: a card of the user's own, say.
    """
    return _catalogue.gettext(text) if text else ""  # of nothing a catalogue gives its own header
