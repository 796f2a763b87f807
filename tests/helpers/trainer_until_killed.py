"""A window from which a training is begun, until somebody kills it: the window, not the training.

python tests/helpers/trainer_until_killed.py DATA BUNDLE FOLDER

DATA is the user's data folder; FOLDER gets patches, recipe and run. Says "training" once epochs are finished.
"""

from __future__ import annotations

import sys
from pathlib import Path

import platformdirs

from histoviewer.gui.application import make_application
from histoviewer.gui.main_window import MainWindow
from histoviewer.gui.session import Session
from tests.gui.training.material import ENDLESS, fill_in

EPOCHS = 2


def main(data: Path, bundle: Path, folder: Path) -> int:
    platformdirs.user_data_path = lambda *_, **__: data  # type: ignore[assignment,misc]
    app = make_application()
    window = MainWindow(Session(bundle))
    window.show()
    shown = window.training.show_window()
    fill_in(shown, folder, epochs=ENDLESS)
    watch = window.training.watch

    def tell() -> None:
        if len(watch.told.epochs) >= EPOCHS:
            sys.stdout.write("training\n")
            sys.stdout.flush()

    watch.changed.connect(tell)
    while not shown.form.start.isEnabled():
        app.processEvents()
    shown.form.start.click()
    return app.exec()


if __name__ == "__main__":
    sys.exit(main(*map(Path, sys.argv[1:])))
