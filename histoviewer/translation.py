"""Translation of the texts that are not Qt's: errors, command-line messages."""

from __future__ import annotations

import gettext

from histoviewer.resources import resource_path

_catalogue = gettext.translation("histoviewer", resource_path("translations"), fallback=True)


def _(text: str) -> str:
    """``text`` in the user's language (``LANGUAGE``, ``LC_ALL``, ``LANG``), or as it is."""
    return _catalogue.gettext(text)


def plural(one: str, many: str, count: int) -> str:
    """The form that ``count`` of something takes in the user's language, with its ``{count}`` unfilled."""
    return _catalogue.ngettext(one, many, count)
