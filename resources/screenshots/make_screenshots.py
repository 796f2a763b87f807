"""The README's pictures of the window: the demo slide as a whole, near, in two views, and as patches.

python resources/screenshots/make_screenshots.py

Needs no screen. Nothing is kept: answers and settings go to a temporary folder.
"""

from __future__ import annotations

import os
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

FOLDER = Path(__file__).resolve().parent
SIZE = (1440, 900)
PATIENCE = 120.0
"""Seconds."""

NEAR = (3100.0, 2100.0)
"""Level-0 point inside the tumour, near its edge."""


def main() -> None:
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    os.environ["LANGUAGE"] = "en"
    with tempfile.TemporaryDirectory() as folder:
        os.environ["XDG_DATA_HOME"] = folder
        _take()


def _take() -> None:
    from PySide6.QtWidgets import QApplication

    from histoviewer.gui.application import make_application
    from histoviewer.gui.gallery.gallery_order import GalleryOrder, Sort
    from histoviewer.gui.main_window import MainWindow
    from histoviewer.gui.session import Session
    from histoviewer.resources import default_bundle

    make_application()
    session = Session(default_bundle())
    window = MainWindow(session)
    window.resize(*SIZE)
    window.show()
    view, views = window.canvas.view, window._pages.views

    def save(name: str, is_ready: Callable[[], bool] = view.is_sharp) -> None:
        end = time.monotonic() + PATIENCE
        while not is_ready():
            if time.monotonic() > end:
                raise TimeoutError(f"{name} is not ready")
            QApplication.processEvents()
        QApplication.processEvents()
        window.grab().save(str(FOLDER / f"{name}.png"))

    def is_judged() -> bool:
        return bool(session.sources) and not session.is_running and not session.can_classify

    window.open_demo()
    save("demo", lambda: is_judged() and view.is_sharp())
    window.messages.dismiss()
    views.set_double(True)
    save("two-views", lambda: all(shown.is_sharp() for shown in views.shown_views()))
    views.set_double(False)
    assert session.current is not None
    row = session.current.row_at(session.slide_name or "", *NEAR)
    session.select(row)
    view.zoom_to_magnification(5)
    view.centre_on(*NEAR)
    save("near")
    order = GalleryOrder(sort=Sort.HIGHEST)
    window.gallery_page.bar.order_changed.emit(order)
    window.gallery_page.bar.set_order(order)
    window.show_patches_tab()
    save("patches", window.gallery_page.gallery.is_settled)
    window.close()


if __name__ == "__main__":
    main()
