"""A look in words: for the mark on the canvas and the panel."""

from __future__ import annotations

from histoviewer.gui.look.look import Channel, Look
from histoviewer.translation import _

MINUS = "−"


def channel_text(channel: Channel) -> str:
    return {
        "original": _("original"),
        "haematoxylin": _("haematoxylin"),
        "eosin": _("eosin"),
        "residual": _("residual ×4"),
    }[channel]


def signed(value: int) -> str:
    """``+20``, ``−5``, ``0``."""
    return f"{value:+d}".replace("-", MINUS) if value else "0"


def look_parts(look: Look) -> list[str]:
    """What is not as in the original, in words: ``haematoxylin``, ``brightness +20``."""
    parts = [] if look.channel == "original" else [channel_text(look.channel)]
    if look.brightness:
        parts.append(_("brightness {value}").format(value=signed(look.brightness)))
    if look.contrast:
        parts.append(_("contrast {value}").format(value=signed(look.contrast)))
    if look.gamma != 1.0:
        parts.append(_("gamma {value}").format(value=f"{look.gamma:.2f}"))
    return parts
