"""Whether Qt can reach the screen. Where it cannot it ends the process without a word for a person."""

from __future__ import annotations

import ctypes
import os
import sys
from pathlib import Path

from PySide6.QtCore import QLibraryInfo

from histoviewer.translation import _


def screen_problem() -> str | None:
    """Why the X server cannot be used, in one line; None where it can, or is not what Qt will use."""
    if not _is_xcb():
        return None
    return _plugin_problem() or _display_problem()


def _is_xcb() -> bool:
    if not sys.platform.startswith("linux"):
        return False
    platform = os.environ.get("QT_QPA_PLATFORM", "")
    if platform:
        return platform.partition(":")[0] == "xcb" and ";" not in platform
    return bool(os.environ.get("DISPLAY")) and not os.environ.get("WAYLAND_DISPLAY")


def _plugin_problem() -> str | None:
    plugin = Path(QLibraryInfo.path(QLibraryInfo.LibraryPath.PluginsPath), "platforms", "libqxcb.so")
    try:
        ctypes.CDLL(str(plugin))
    except OSError as error:
        return _(
            "The window cannot start: {error}. Install the system libraries that the README lists; "
            "classify and --screenshot work without them."
        ).format(error=error)
    return None


def _display_problem() -> str | None:
    display = os.environ.get("DISPLAY", "")
    xcb = ctypes.CDLL("libxcb.so.1")  # the plugin needs it and has been loaded
    xcb.xcb_connect.restype = ctypes.c_void_p
    connection = ctypes.c_void_p(xcb.xcb_connect(None, None))
    try:
        if not xcb.xcb_connection_has_error(connection):
            return None
    finally:
        xcb.xcb_disconnect(connection)
    return _(
        "The window cannot start: there is no screen at DISPLAY={display}. "
        "classify and --screenshot work without one."
    ).format(display=display)
