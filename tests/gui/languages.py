"""The window in a language, in the middle of the tests' English."""

from __future__ import annotations

import gettext
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from unittest import mock

from PySide6.QtCore import QCoreApplication, QLibraryInfo, QTranslator

from histoviewer import translation
from tests.helpers.translations import TRANSLATIONS, qt_file


@contextmanager
def speaking(language: str) -> Iterator[None]:
    """What is made and said meanwhile is in ``language``; "en" is what the sources say."""
    app = QCoreApplication.instance()
    assert app is not None
    is_translated = language != "en"
    catalogue = gettext.translation("histoviewer", TRANSLATIONS, [language], fallback=not is_translated)
    qts_own = Path(QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)) / f"qtbase_{language}.qm"
    translators = []
    for file in (qts_own, qt_file(language).with_suffix(".qm")) if is_translated else ():
        translators.append(QTranslator())
        assert translators[-1].load(str(file))
    with mock.patch.object(translation, "_catalogue", catalogue):
        for translator in translators:
            app.installTranslator(translator)
        try:
            yield
        finally:
            for translator in translators:
                app.removeTranslator(translator)
