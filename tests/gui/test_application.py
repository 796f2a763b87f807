"""The application as it starts: its language, and its log."""

from __future__ import annotations

import argparse
import logging
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import platformdirs
import pytest
from PySide6.QtCore import QLibraryInfo, QLocale, QTimer, QTranslator
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from histoviewer import translation
from histoviewer.gui import application
from histoviewer.gui.application import make_application, run_window
from histoviewer.gui.logs.program_log import FILE_NAME
from histoviewer.gui.main_window import MainWindow


@pytest.fixture
def app(qapp: QApplication, monkeypatch: pytest.MonkeyPatch) -> Iterator[QApplication]:
    """As it was before, afterwards."""
    number_format = QLocale()
    monkeypatch.setattr(translation, "_catalogue", translation._catalogue)
    before = set(qapp.findChildren(QTranslator))
    yield qapp
    for translator in set(qapp.findChildren(QTranslator)) - before:
        qapp.removeTranslator(translator)
    QLocale.setDefault(number_format)


@pytest.mark.skipif(
    not (Path(QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)) / "qtbase_ru.qm").is_file(),
    reason="this Qt brings no translations along",
)
@pytest.mark.parametrize(("language", "cancel"), [("ru", "Отмена"), ("en", "Cancel")])
def test_the_chosen_language_is_spoken(app: QApplication, language: str, cancel: str) -> None:
    make_application(language)  # type: ignore[arg-type]  # one of them
    assert app.translate("QPlatformTheme", "Cancel") == cancel
    assert QLocale().bcp47Name() == language


@pytest.mark.parametrize(
    ("languages", "done"), [("ru", "готов"), ("ru:en", "готов"), ("en:ru", "done"), ("de", "done")]
)
def test_both_kinds_of_texts_follow_the_system(
    app: QApplication, monkeypatch: pytest.MonkeyPatch, languages: str, done: str
) -> None:
    monkeypatch.setattr(QLocale, "uiLanguages", lambda *_: languages.split(":"))
    make_application()
    assert translation._("done") == done
    assert app.translate("SlideView", "Slide") == ("Слайд" if done == "готов" else "Slide")


def test_our_own_files_are_looked_for_beside_the_program(
    app: QApplication, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = tmp_path / "histoviewer_ru.ts"
    message = "<message><source>Settings</source><translation>Настройки</translation></message>"
    context = f"<context><name>SettingsWindow</name>{message}</context>"
    source.write_text(f'<?xml version="1.0"?><TS version="2.1" language="ru">{context}</TS>', "utf-8")
    lrelease = Path(sys.executable).parent / "pyside6-lrelease"
    if not lrelease.exists():
        pytest.skip("PySide6 brings no lrelease along here")
    subprocess.run([lrelease, "-silent", source], check=True)
    monkeypatch.setattr(application, "resource_path", lambda *_: tmp_path)
    make_application("ru")
    assert app.translate("SettingsWindow", "Settings") == "Настройки"


def close_once_something_is_told() -> None:
    for window in QApplication.topLevelWidgets():
        if isinstance(window, MainWindow) and window.messages.isVisible():
            window.close()


@pytest.mark.parametrize("has_log_folder", [True, False])
def test_a_start_writes_its_log_where_that_can_be_and_starts_anyhow(
    qtbot: QtBot,  # noqa: ARG001 - its application
    data_folder: Path,
    tiny_bundle: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    has_log_folder: bool,
) -> None:
    folder = platformdirs.user_log_path()
    assert folder.is_relative_to(data_folder)
    if not has_log_folder:
        data_folder.mkdir(parents=True)
        folder.write_text("not a folder")
    monkeypatch.setattr(application, "own_settings", lambda: None)
    (tmp_path / "broken.png").write_bytes(b"no picture")
    options = argparse.Namespace(
        has_screen=True,
        screenshot=None,
        demo=False,
        paths=[tmp_path / "broken.png"],
        mpp=None,
        model=tiny_bundle,
    )
    poll = QTimer(interval=20)
    poll.timeout.connect(close_once_something_is_told)
    poll.start()
    assert run_window(options) == 0
    if has_log_folder:
        text = (folder / FILE_NAME).read_text(encoding="utf-8")
        assert "histoviewer.start: HistoViewer" in text
        assert "WARNING histoviewer.messages: Cannot open" in text
    assert not [h for h in logging.getLogger().handlers if type(h).__module__.startswith("histoviewer")]
