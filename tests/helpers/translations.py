"""Refreshes the translations from the sources: ``python -m tests.helpers.translations``.

Qt's texts (``self.tr``) go through lupdate and lrelease, which come with PySide6; those of
``histoviewer.translation`` through Babel. New texts come in untranslated, gone ones are dropped. Then the
files are to be edited, and this run once more to compile them.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from histoviewer.translation import SPOKEN

ROOT = Path(__file__).resolve().parents[2]
TRANSLATIONS = ROOT / "resources" / "translations"
LANGUAGES = tuple(language for language in SPOKEN if language != "en")
KEYWORDS = {"_": None, "plural": (1, 2)}
CARD_SENTENCES = ("data", "intended_use", "limits", "attribution")
WIDTH = 110


def qt_file(language: str, folder: Path = TRANSLATIONS) -> Path:
    """Qt's texts in a language; beside it lies the compiled ``.qm``."""
    return folder / f"histoviewer_{language}.ts"


def gettext_file(language: str, folder: Path = TRANSLATIONS) -> Path:
    """The other texts in a language; beside it lies the compiled ``.mo``."""
    return folder / language / "LC_MESSAGES" / "histoviewer.po"


def update_qt(path: Path) -> None:
    """Bring a ``.ts`` to the texts in the sources; it is made where it is not there yet."""
    sources = [
        str(source.relative_to(ROOT)) for source in sorted((ROOT / "histoviewer" / "gui").rglob("*.py"))
    ]
    # Places in the sources would change with every line added above them.
    _run("pyside6-lupdate", *sources, "-silent", "-no-obsolete", "-locations", "none", "-ts", str(path))


def compile_qt(path: Path) -> None:
    """Write the ``.qm`` of a ``.ts``."""
    _run("pyside6-lrelease", "-silent", str(path), "-qm", str(path.with_suffix(".qm")))


def update_gettext(path: Path, language: str) -> None:
    """Bring a ``.po`` to the texts in the sources; it is made where it is not there yet."""
    catalogue = read_catalogue(path, language) if path.exists() else Catalog(language, charset="utf-8")
    catalogue.update(extracted(), no_fuzzy_matching=True, update_creation_date=False)
    catalogue.obsolete.clear()
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        write_po(file, catalogue, width=WIDTH, no_location=True, ignore_obsolete=True)


def compile_gettext(path: Path, language: str) -> None:
    """Write the ``.mo`` of a ``.po``."""
    with path.with_suffix(".mo").open("wb") as file:
        write_mo(file, read_catalogue(path, language))


def read_catalogue(path: Path, language: str) -> Catalog:
    """A ``.po``, with its untranslated entries."""
    with path.open("rb") as file:
        return read_po(file, locale=language)


def extracted() -> Catalog:
    """What the sources hand to ``_`` and ``plural``, and the sentences of the bundled model's card."""
    catalogue = Catalog(project="HistoViewer", charset="utf-8")
    found = extract_from_dir(ROOT / "histoviewer", [("**.py", "python")], keywords=KEYWORDS)
    for _file, _line, message, _comments, context in found:
        catalogue.add(message, context=context)
    for card in sorted((ROOT / "resources" / "models").glob("*/card.json")):
        facts = json.loads(card.read_text(encoding="utf-8"))
        for name in CARD_SENTENCES:
            catalogue.add(facts[name])
    return catalogue


def refresh() -> None:
    """Update and compile every language's files."""
    for language in LANGUAGES:
        update_qt(qt_file(language))
        compile_qt(qt_file(language))
        update_gettext(gettext_file(language), language)
        compile_gettext(gettext_file(language), language)


def _run(program: str, *arguments: str) -> None:
    """``program`` lies beside the interpreter, as pip puts it."""
    subprocess.run([Path(sys.executable).with_name(program), *arguments], cwd=ROOT, check=True)


if __name__ == "__main__":
    refresh()
