"""Every text has its translation, and the compiled files are made from what is translated."""

from __future__ import annotations

import gettext
import re
import string
import xml.etree.ElementTree as ET
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.catalog import Message
from PySide6.QtCore import QTranslator

from tests.helpers.translations import (
    LANGUAGES,
    extracted,
    gettext_file,
    qt_file,
    read_catalogue,
    update_qt,
)

pytestmark = pytest.mark.parametrize("language", LANGUAGES)

COUNTS = (1, 2, 5, 11, 21)
FORMS = {
    "ru": [
        "{count} фрагмент",
        "{count} фрагмента",
        "{count} фрагментов",
        "{count} фрагментов",
        "{count} фрагмент",
    ]
}
MNEMONIC = re.compile(r"(?<!H)&\w")  # "H&E" has none
KEY_HINT = re.compile(r"\((?:(?:Ctrl|Shift|Alt)\+)*(?:[A-Z0-9]|F\d+|Esc|Enter)\)")


def qt_messages(path: Path) -> Iterator[tuple[tuple[str, str, str], ET.Element]]:
    """Context, source and comment of each message in a ``.ts``, and the message."""
    for context in ET.parse(path).getroot().iter("context"):
        for message in context.iter("message"):
            key = (context.findtext("name"), message.findtext("source"), message.findtext("comment"))
            yield tuple(part or "" for part in key), message


def gettext_messages(language: str) -> list[Message]:
    return [message for message in read_catalogue(gettext_file(language), language) if message.id]


def as_tuple(text: str | tuple[str, ...] | list[str]) -> tuple[str, ...]:
    return (text,) if isinstance(text, str) else tuple(text)


def pairs(language: str) -> Iterator[tuple[str, str]]:
    """Each text with its translation, the plural forms with the plural."""
    for (_, source, _), message in qt_messages(qt_file(language)):
        yield source, message.findtext("translation") or ""
    for message in gettext_messages(language):
        for text in as_tuple(message.string):
            yield as_tuple(message.id)[-1], text


def fields(text: str) -> Counter[tuple[str | None, ...]]:
    """What ``format`` fills in, and how."""
    return Counter(part[1:] for part in string.Formatter().parse(text) if part[1] is not None)


def test_the_ts_file_has_the_texts_in_the_sources_and_no_other(language: str, tmp_path: Path) -> None:
    update_qt(tmp_path / "fresh.ts")
    fresh = {key for key, _ in qt_messages(tmp_path / "fresh.ts")}
    assert len(fresh) > 250
    assert {key for key, _ in qt_messages(qt_file(language))} == fresh


def test_the_po_file_has_the_texts_in_the_sources_and_no_other(language: str) -> None:
    in_sources = {message.id for message in extracted() if message.id}
    assert len(in_sources) > 190
    assert {message.id for message in gettext_messages(language)} == in_sources


def test_no_text_is_left_untranslated(language: str) -> None:
    unfinished = [
        key
        for key, message in qt_messages(qt_file(language))
        if message.find("translation").get("type") or not message.findtext("translation")
    ]
    forms = read_catalogue(gettext_file(language), language).num_plurals
    for message in gettext_messages(language):
        wanted = 1 if isinstance(message.id, str) else forms
        texts = as_tuple(message.string)
        if message.fuzzy or len(texts) != wanted or not all(texts):
            unfinished.append(message.id)
    assert not unfinished


def test_the_qm_file_gives_what_the_ts_file_says(language: str) -> None:
    translator = QTranslator()
    assert translator.load(str(qt_file(language).with_suffix(".qm")))
    for (context, source, comment), message in qt_messages(qt_file(language)):
        assert translator.translate(context, source, comment) == message.findtext("translation")


def test_the_mo_file_gives_what_the_po_file_says(language: str) -> None:
    with gettext_file(language).with_suffix(".mo").open("rb") as file:
        compiled = gettext.GNUTranslations(file)
    for message in gettext_messages(language):
        if isinstance(message.id, str):
            assert compiled.gettext(message.id) == message.string
        else:
            given = {compiled.ngettext(*message.id, count) for count in range(200)}
            assert given == set(as_tuple(message.string))


def test_what_is_filled_in_is_the_same(language: str) -> None:
    assert not [(source, text) for source, text in pairs(language) if fields(source) != fields(text)]


def test_letters_for_alt_dots_and_keys_are_where_they_are_in_the_source(language: str) -> None:
    for source, text in pairs(language):
        assert len(MNEMONIC.findall(text)) == len(MNEMONIC.findall(source)), text
        assert source.endswith("…") == text.endswith("…"), text
        assert KEY_HINT.findall(source) == KEY_HINT.findall(text), text
        assert (source[:1].isspace(), source[-1:].isspace()) == (text[:1].isspace(), text[-1:].isspace()), (
            text
        )


def test_counts_take_the_forms_of_the_language(language: str) -> None:
    with gettext_file(language).with_suffix(".mo").open("rb") as file:
        compiled = gettext.GNUTranslations(file)
    assert [compiled.ngettext("{count} patch", "{count} patches", n) for n in COUNTS] == FORMS[language]
