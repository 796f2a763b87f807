"""Which versions of what are running here."""

from __future__ import annotations

import platform
from importlib.metadata import PackageNotFoundError, version

import PySide6
from PySide6.QtCore import qVersion

from histoviewer import __version__


def versions() -> dict[str, str]:
    """Name -> version of the program and of what it stands on; what is not installed is left out."""
    known = {
        "HistoViewer": __version__,
        "Python": platform.python_version(),
        "Qt": f"{qVersion()} (PySide6 {PySide6.__version__})",
        "OpenVINO": _installed("openvino"),
        "OpenSlide": _installed("openslide-bin"),
        "System": platform.platform(),
    }
    return {name: text for name, text in known.items() if text}


def versions_line() -> str:
    """All of them in one line."""
    return ", ".join(f"{name} {text}" for name, text in versions().items())


def _installed(package: str) -> str:
    # Without importing it: the window has to open at once.
    try:
        return version(package)
    except PackageNotFoundError:
        return ""
