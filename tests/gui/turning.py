"""Turning a view, for the tests."""

from __future__ import annotations

from dataclasses import replace

from histoviewer.gui.canvas.slide_view import SlideView


def turn(view: SlideView, degrees: float) -> None:
    """Turn what a view shows about its middle, at once."""
    view._navigator._motion.jump_to(replace(view.transform, rotation=degrees))
