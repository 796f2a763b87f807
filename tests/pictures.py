"""Pictures of the window in its states, to be looked at.

python -m tests.pictures FOLDER [--theme dark] [--language ru] [--small] [--only gallery]

Opens the real slides and patches beside the checkout and classifies them with the bundled model; some minutes
the first time, then what was judged is found again in FOLDER. ``--small`` is a screen of 1280 x 720 at 150 %.
Needs no screen. Nothing of the user's own is read or written.
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from PySide6.QtWidgets import QApplication, QDialog, QWidget

    from histoviewer.gui.main_window import MainWindow

DATA = Path(__file__).resolve().parents[2] / "shared" / "data"
SIZE, SMALL = (1440, 900), (853, 480)
PATIENCE = 120.0
"""Seconds; for what is judged on the way too."""

DIALOGS = {
    "settings": ("SettingsMenu", "&Settings…"),
    "about": ("HelpMenu", "&About HistoViewer"),
    "log": ("HelpMenu", "Show &log"),
    "commands": ("CommandMenu", "&Command list…"),
    "angle": ("RotationMenu", "By any &angle…"),
    "agreement": ("ReviewMenu", "&Agreement…"),
    "training": ("TrainMenu", "&Retrain…"),
}
"""Context and English text of their commands."""


def main() -> None:
    options = _arguments()
    folder = options.folder.resolve()
    os.environ |= {"QT_QPA_PLATFORM": "offscreen", "LANGUAGE": options.language}
    os.environ |= {"XDG_DATA_HOME": str(folder / "kept"), "XDG_STATE_HOME": str(folder / "kept")}
    if options.small:
        os.environ["QT_SCALE_FACTOR"] = "1.5"
    _take(options, folder)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--theme", choices=("light", "dark"), default="light")
    parser.add_argument("--language", choices=("en", "ru"), default="en")
    parser.add_argument("--small", action="store_true")
    parser.add_argument("--only", default="", help="of the scenes whose name holds this")
    return parser.parse_args()


@dataclass
class Photographer:
    """Drives one window and saves its pictures."""

    app: QApplication
    window: MainWindow
    prefix: Path

    def save(self, name: str, is_ready: Callable[[], bool] | None = None) -> None:
        """Once it is ready: what is on the canvas is sharp, and nothing runs."""
        self.until(is_ready or self.is_still)
        self._grab(self.window, name)

    def until(self, is_ready: Callable[[], bool]) -> None:
        end = time.monotonic() + PATIENCE
        for _ in range(3):  # what follows from one event may take another
            self.app.processEvents()
        while not is_ready():
            if time.monotonic() > end:
                raise TimeoutError(f"not ready after {PATIENCE:.0f} s")
            self.app.processEvents()
            time.sleep(0.002)
        self.app.processEvents()

    def is_still(self) -> bool:
        """Nothing is opened or judged, and every slide in view is sharp."""
        session = self.window.session
        views = self.window._pages.views.shown_views()
        return not (session.is_running or session.opener.is_busy) and all(v.is_sharp() for v in views)

    def open(self, path: Path, *, classify: bool = True) -> None:
        """Open it alone, and judge it."""
        session = self.window.session
        while session.sources:
            session.close_source(session.sources[-1])
        self.window.messages.dismiss()
        session.open([path], classify=classify)
        self.until(lambda: bool(session.sources) and self.is_still())

    def dialog(self, name: str) -> None:
        """The dialog that a command opens."""
        from PySide6.QtWidgets import QDialog

        before = set(self.window.findChildren(QDialog))
        text = self.app.translate(*DIALOGS[name])
        action = next(a for a in self.window.actions() if a.text() == text)
        action.trigger()
        shown: list[QDialog] = [d for d in self.window.findChildren(QDialog) if d.isVisible()]
        new = [d for d in shown if d not in before] or shown
        self.until(lambda: bool(new))
        self._grab(new[0], f"dialog-{name}")
        new[0].close()

    def _grab(self, widget: QWidget, name: str) -> None:
        path = self.prefix.with_name(f"{self.prefix.name}{name}.png")
        widget.grab().save(str(path))
        sys.stdout.write(f"{path}\n")
        sys.stdout.flush()


def _take(options: argparse.Namespace, folder: Path) -> None:
    from PySide6.QtWidgets import QApplication

    from histoviewer.gui.application import make_application
    from histoviewer.gui.theme import set_appearance

    folder.mkdir(parents=True, exist_ok=True)
    app = make_application(options.language)
    assert isinstance(app, QApplication)
    set_appearance(app, options.theme)
    kind = f"{options.language}-{options.theme}{'-small' if options.small else ''}-"
    for scene in SCENES:
        if options.only in scene.__name__:
            with _window(options) as window:
                scene(Photographer(app, window, folder / kind))


@contextmanager
def _window(options: argparse.Namespace) -> Iterator[MainWindow]:
    from histoviewer.gui.main_window import MainWindow
    from histoviewer.gui.session import Session
    from histoviewer.resources import default_bundle

    window = MainWindow(Session(default_bundle()))
    window.resize(*(SMALL if options.small else SIZE))
    window.show()
    yield window
    window.close()
    window.deleteLater()


# -- the scenes


def empty_states(take: Photographer) -> None:
    window = take.window
    take.save("empty")
    window.show_patches_tab()
    take.save("empty-patches")
    take.open(DATA / "idc" / "8863", classify=False)
    take.save("empty-not-classified")
    window.show_patches_tab()
    take.save("empty-not-classified-patches", window.gallery_page.gallery.is_settled)
    take.open(DATA / "slides" / "fluorescence_dapi.ndpi")
    take.save("empty-no-tissue")


def slide(take: Photographer) -> None:
    window = take.window
    view = window.canvas.view
    take.open(DATA / "slides" / "CMU-1-Small-Region.svs")
    take.save("slide-far")
    view.zoom_to_magnification(10)
    take.save("slide-close")
    window.ghost_switch.action.trigger()
    take.save("slide-ghost")


def mosaic(take: Photographer) -> None:
    window, session = take.window, take.window.session
    view = window.canvas.view
    take.open(DATA / "idc" / "8867")
    take.save("mosaic-far")
    opened = session.current
    assert opened is not None
    hottest = int(np.nanargmax(opened.store.probability))
    session.select(hottest)
    columns = opened.source.columns
    for magnification in (2.5, 7.5):
        view.zoom_to_magnification(magnification)
        view.centre_on(columns.x[hottest] + 25.0, columns.y[hottest] + 25.0)
        take.save(f"mosaic-{magnification}x")
    session.set_overlay(has_contours=True)
    view.turn_to(30)
    take.save("mosaic-turned")


def two_views(take: Photographer) -> None:
    take.open(DATA / "idc" / "8867")
    take.window._pages.views.set_double(True)
    take.save("two-views")


def gallery(take: Photographer) -> None:
    window = take.window
    window.session.open([DATA / "idc"])
    take.until(lambda: bool(window.session.sources) and take.is_still())
    window.show_patches_tab()
    take.save("gallery-17143", window.gallery_page.gallery.is_settled)


def scale_question(take: Photographer) -> None:
    take.open(DATA / "slides" / "TCGA-CR-7395-01A-01-TS1.svs")
    take.save("scale-question")
    take.open(DATA / "slides" / "tiny_pyramid.tif")
    take.save("scale-absurd")


def reviewing(take: Photographer) -> None:
    session = take.window.session
    take.open(DATA / "idc" / "8863")
    session.blind.set_on(True)
    take.save("blind")
    session.blind.set_on(False)


def dialogs(take: Photographer) -> None:
    take.open(DATA / "idc" / "8863")
    for name in DIALOGS:
        take.dialog(name)


SCENES = (empty_states, slide, mosaic, two_views, gallery, scale_question, reviewing, dialogs)


if __name__ == "__main__":
    main()
