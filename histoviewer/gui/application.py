"""The application: one session, one window, and what is done without a person in front of it."""

from __future__ import annotations

import argparse
import logging
import sys
from pathlib import Path

from PySide6.QtCore import (
    QEventLoop,
    QLibraryInfo,
    QLocale,
    QMessageLogContext,
    QtMsgType,
    QTranslator,
    qInstallMessageHandler,
)
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QApplication

from histoviewer import __version__
from histoviewer.errors import ResultError
from histoviewer.gui.main_window import MainWindow
from histoviewer.gui.session import Session
from histoviewer.gui.snapshot import Snapshot
from histoviewer.gui.theme import apply_theme
from histoviewer.reports import FORMATS, write_reports
from histoviewer.resources import resource_path
from histoviewer.results.summary import SummaryEntry, summary_entries, write_summary_csv
from histoviewer.translation import _

log = logging.getLogger("histoviewer.qt")

DEMO_FOLDER = Path("histoviewer-demo")


def run_window(options: argparse.Namespace) -> int:
    """Show the window until it is closed, or take its picture; returns the exit code.

    Raises ModelError when the model has no readable card.
    """
    if not (options.has_screen or options.screenshot or options.demo):
        sys.stderr.write(_("histoviewer: no screen here; use classify, --screenshot or --demo") + "\n")
        return 2
    if options.screenshot and not (options.paths or options.demo):
        sys.stderr.write(_("histoviewer: --screenshot needs a PATH to open") + "\n")
        return 2
    app = make_application()
    session = Session(options.model)
    window = MainWindow(session)
    window.show()
    is_unattended = bool(options.screenshot) or not options.has_screen
    try:
        session.open(options.paths, mpp=options.mpp, classify=is_unattended)
        if options.demo:
            window.open_demo()
        return _take_picture(window, options) if is_unattended else app.exec()
    finally:
        window.close()


def make_application() -> QApplication:
    """The QApplication with its names, theme, icon and translations."""
    qInstallMessageHandler(_log_qt_message)
    app = QApplication.instance() or QApplication(sys.argv[:1])
    assert isinstance(app, QApplication)
    app.setApplicationName("HistoViewer")
    app.setApplicationVersion(__version__)
    app.setOrganizationName("HistoViewer")
    app.setWindowIcon(QIcon(str(resource_path("icons", "histoviewer.svg"))))
    apply_theme(app)
    _install_translations(app)
    return app


def _log_qt_message(kind: QtMsgType, context: QMessageLogContext, text: str) -> None:
    """Qt's messages go the way of ours; what its offscreen platform says of itself helps nobody."""
    del context
    is_trouble = kind != QtMsgType.QtDebugMsg and not text.startswith("This plugin does not support")
    log.log(logging.WARNING if is_trouble else logging.DEBUG, "%s", text)


def _install_translations(app: QApplication) -> None:
    folders = {
        "qtbase": QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath),
        "histoviewer": str(resource_path("translations")),
    }
    for name, folder in folders.items():
        translator = QTranslator(app)
        if translator.load(QLocale.system(), name, "_", folder):
            app.installTranslator(translator)


def _take_picture(window: MainWindow, options: argparse.Namespace) -> int:
    folder = DEMO_FOLDER if options.demo and not options.screenshot else None
    target = options.screenshot or DEMO_FOLDER / "screenshot.png"
    _make_folder(target.absolute().parent)
    snapshot = Snapshot(window, target)
    # A loop of its own: quitting the application would close the window before the reports are written.
    loop = QEventLoop()
    snapshot.taken.connect(loop.quit)
    snapshot.wait()
    loop.exec()
    for message in snapshot.problems:
        sys.stderr.write(f"histoviewer: {message}\n")
    written = _write_demo_reports(window, folder) if folder and not snapshot.problems else []
    for path in (*written, target):
        if path.exists():
            sys.stdout.write(_("wrote {path}").format(path=path) + "\n")
    return 1 if snapshot.problems else 0


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        message = _("Cannot make the folder {folder}: {reason}.")
        raise ResultError(message.format(folder=folder, reason=error.strerror)) from error


def _write_demo_reports(window: MainWindow, folder: Path) -> list[Path]:
    session = window.session
    written: list[Path] = []
    entries: list[SummaryEntry] = []
    for opened in session.sources:
        name = opened.source.name
        reports, problems = write_reports(
            folder,
            opened.source,
            opened.store,
            session.card,
            name=name,
            threshold=session.threshold,
            formats=FORMATS,
        )
        written += reports
        for problem in problems:
            sys.stderr.write(f"histoviewer: {problem}\n")
        entries += summary_entries(name, opened.store, session.threshold)
    summary = folder / "summary.csv"
    write_summary_csv(summary, entries)
    return [*written, summary]
