"""A window in which patches are decided by keys, until somebody kills it.

python tests/helpers/reviewer_until_killed.py DATA BUNDLE FOLDER

Prints how many were decided, the moment after the last key.
"""

from __future__ import annotations

import sys
from pathlib import Path

import platformdirs
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from histoviewer.gui.application import make_application
from histoviewer.gui.main_window import MainWindow
from histoviewer.gui.session import Session

DECIDED = 7


def main(data: Path, bundle: Path, folder: Path) -> int:
    platformdirs.user_data_path = lambda *_, **__: data  # type: ignore[assignment,misc]
    app = make_application()
    window = MainWindow(Session(bundle))
    window.show()
    session, view = window.session, window.canvas.view

    def decide() -> None:
        if session.is_running:
            return
        QTest.keyClick(view, Qt.Key.Key_N)
        for _ in range(DECIDED):
            QTest.keyClick(view, Qt.Key.Key_M)
        sys.stdout.write(f"{DECIDED}\n")
        sys.stdout.flush()

    session.run_changed.connect(decide)
    session.open([folder], classify=True)
    return app.exec()


if __name__ == "__main__":
    sys.exit(main(*map(Path, sys.argv[1:])))
