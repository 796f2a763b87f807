"""The application: one session and one window."""

from __future__ import annotations

import argparse
import logging
import sys
from dataclasses import replace
from pathlib import Path
from threading import Thread

from PySide6.QtCore import (
    QEvent,
    QLibraryInfo,
    QLocale,
    QMessageLogContext,
    QSettings,
    QtMsgType,
    QTranslator,
    qInstallMessageHandler,
)
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QApplication

from histoviewer import __version__
from histoviewer.exit_codes import INTERRUPTED, SOME_FAILED, WRONG_CALL
from histoviewer.gui.interrupt import InterruptWatch
from histoviewer.gui.logs.keeping_log import kept_log
from histoviewer.gui.logs.program_log import ProgramLog, log_folder
from histoviewer.gui.logs.session_log import SessionLog
from histoviewer.gui.main_window import MainWindow
from histoviewer.gui.open_files import allow_many_open_files
from histoviewer.gui.platform_check import screen_problem
from histoviewer.gui.session import Session
from histoviewer.gui.settings.preferences import Language, Preferences, read_preferences
from histoviewer.gui.theme import apply_theme
from histoviewer.gui.training.models import chosen_bundle
from histoviewer.gui.unattended import picture_path, take_picture
from histoviewer.inference.fastest import try_engines
from histoviewer.inference.model_card import read_card
from histoviewer.inference.opening import JudgingOptions, choose_network
from histoviewer.resources import resource_path
from histoviewer.streams import tell
from histoviewer.translation import _, first_spoken, use_language

log = logging.getLogger("histoviewer.qt")

NAME = "HistoViewer"


def run_window(options: argparse.Namespace) -> int:
    """Show the window until it is closed, or take its picture; returns the exit code, 130 after Ctrl+C.

    Raises ModelError when the model has no readable card, ResultError where no picture can be written.
    """
    if not (options.has_screen or options.screenshot or options.demo):
        return _refuse(_("no screen here; use classify, --screenshot or --demo"), WRONG_CALL)
    if options.screenshot and not (options.paths or options.demo):
        return _refuse(_("--screenshot needs a PATH to open"), WRONG_CALL)
    is_unattended = bool(options.screenshot) or not options.has_screen
    target = picture_path(options) if is_unattended else None
    problem = screen_problem()
    if problem is not None:
        return _refuse(problem, SOME_FAILED)
    if target is not None:  # a picture looks the same whatever somebody has done to the window
        return _run(options, target, None, None)
    with kept_log(log_folder()) as program_log:
        return _run(options, None, own_settings(), program_log)


def own_settings() -> QSettings:
    """Where the program keeps what a person has chosen; also before there is an application."""
    return QSettings(NAME, NAME)


def _run(
    options: argparse.Namespace,
    target: Path | None,
    settings: QSettings | None,
    program_log: ProgramLog | None,
) -> int:
    """With a ``target`` its picture is taken, without a person in front of it."""
    allow_many_open_files()
    preferences = read_preferences(settings)
    app = make_application(preferences.language)
    bundle, model_problem = chosen_bundle(options.model, preferences.model)
    session = Session(bundle, _judging(preferences, bundle))
    if program_log is not None:
        SessionLog(session)
    window = MainWindow(session, settings, program_log=program_log)
    watch = InterruptWatch()
    watch.interrupted.connect(app.closeAllWindows)
    window.show()
    if model_problem:
        window.messages.show_failure(model_problem)
    try:
        session.open(options.paths, mpp=options.mpp, classify=target is not None)
        if options.demo:
            window.open_demo()
        if target is None:
            code = app.exec()
        else:
            code = take_picture(window, target, watch, with_reports=not options.screenshot)
        return INTERRUPTED if watch.is_interrupted else code
    finally:
        window.close()
        watch.stop()
        # Qt takes the widgets apart here, not Python's collector at some later moment.
        for last in (window, session, watch):
            last.deleteLater()
        QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


def _judging(preferences: Preferences, bundle: Path) -> JudgingOptions:
    """One engine until the window closes. Which is the fastest is found out meanwhile, for the next start."""
    card, judging = read_card(bundle), preferences.judging
    if judging.engine != "auto":
        return judging
    Thread(target=try_engines, args=(card,), daemon=True, name="engine-trial").start()
    return replace(judging, engine="keras" if choose_network(card).engine == "keras" else "openvino")


def _refuse(problem: str, code: int) -> int:
    tell(f"histoviewer: {problem}")
    return code


def make_application(language: Language = "system") -> QApplication:
    """The QApplication with its names, theme, icon and translations into a language."""
    qInstallMessageHandler(_log_qt_message)
    app = QApplication.instance() or QApplication(sys.argv[:1])
    assert isinstance(app, QApplication)
    app.setApplicationName(NAME)
    app.setApplicationVersion(__version__)
    app.setOrganizationName(NAME)
    app.setWindowIcon(QIcon(str(resource_path("icons", "histoviewer.svg"))))
    apply_theme(app)
    _install_translations(app, language)
    return app


def _log_qt_message(kind: QtMsgType, context: QMessageLogContext, text: str) -> None:
    """Qt's messages go the way of ours; what its offscreen platform says of itself helps nobody."""
    del context
    is_trouble = kind != QtMsgType.QtDebugMsg and not text.startswith("This plugin does not support")
    log.log(logging.WARNING if is_trouble else logging.DEBUG, "%s", text)


def _install_translations(app: QApplication, language: Language) -> None:
    """Texts and, where a language is chosen, numbers in it; what nobody has translated stays as it is.

    One language for Qt's texts and for the others, on every system: gettext by itself knows no more than the
    environment, and of a system that prefers English to Russian both would take what they have a file for.
    """
    if language != "system":
        QLocale.setDefault(QLocale(language))
    spoken = first_spoken(QLocale.system().uiLanguages()) if language == "system" else language
    use_language(spoken)
    folders = {
        "qtbase": QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath),
        "histoviewer": str(resource_path("translations")),
    }
    for name, folder in folders.items():
        translator = QTranslator(app)
        if translator.load(QLocale(spoken), name, "_", folder):
            app.installTranslator(translator)
