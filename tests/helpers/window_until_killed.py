"""A process with a window over what it is given, until somebody kills it.

Its arguments: the user's data folder, the model's bundle, a settings file, and what is to be opened. Says
"kept" once all of it is open, the slide has been moved, and that has been written down.
"""

from __future__ import annotations

import sys
from pathlib import Path

import platformdirs
from PySide6.QtCore import QSettings, QTimer

from histoviewer.gui.application import make_application
from histoviewer.gui.keeping.open_state import read_state
from histoviewer.gui.main_window import MainWindow
from histoviewer.gui.session import Session


def main(data: Path, bundle: Path, ini: Path, *paths: Path) -> int:
    platformdirs.user_data_path = lambda *_, **__: data  # type: ignore[assignment,misc]
    app = make_application()
    window = MainWindow(Session(bundle), QSettings(str(ini), QSettings.Format.IniFormat))
    window.show()
    session, view = window.session, window.canvas.view

    def look() -> None:
        session.show_source(session.sources[-1])
        session.show_slide(list(session.sources[-1].source.slides())[-1])
        session.set_threshold(0.75)
        view.turn_to(90.0)
        view.zoom_to_downsample(0.25)
        view.centre_on(100.0, 60.0)

    def tell() -> None:
        kept = [read_state(path.read_bytes()) for path in (data / "open").glob("*.json")]
        if any(state is not None and state.view is not None for state in kept) and view.is_sharp():
            sys.stdout.write("kept\n")
            sys.stdout.flush()

    session.opener.finished.connect(look)
    ticks = QTimer(interval=100)
    ticks.timeout.connect(tell)
    ticks.start()
    session.open(paths)
    return app.exec()


if __name__ == "__main__":
    sys.exit(main(*map(Path, sys.argv[1:])))
