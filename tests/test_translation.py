"""Texts that are not Qt's, in the language that somebody has chosen."""

from __future__ import annotations

import struct
from pathlib import Path

import pytest

from histoviewer import translation
from histoviewer.translation import _, first_spoken, use_language


@pytest.fixture
def translated(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder of translations that knows one word of Russian."""
    folder = tmp_path / "ru" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    entries = {"": "Content-Type: text/plain; charset=UTF-8\n", "slide": "срез"}
    (folder / "histoviewer.mo").write_bytes(mo_bytes(entries))
    monkeypatch.setattr(translation, "resource_path", lambda *_: tmp_path)
    monkeypatch.setattr(translation, "_catalogue", translation._catalogue)  # as before, afterwards


def mo_bytes(entries: dict[str, str]) -> bytes:
    """The file that gettext reads: a head, two tables of lengths and places, the texts."""
    texts = [text.encode() for text in (*sorted(entries), *(entries[key] for key in sorted(entries)))]
    place, table = 28 + 8 * len(texts), b""
    for text in texts:
        table += struct.pack("<II", len(text), place)
        place += len(text) + 1
    head = struct.pack("<7I", 0x950412DE, 0, len(entries), 28, 28 + 8 * len(entries), 0, 0)
    return head + table + b"".join(text + b"\0" for text in texts)


@pytest.mark.usefixtures("translated")
def test_a_chosen_language_is_spoken_whatever_the_environment_says(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LANGUAGE", "en")
    use_language("ru")
    assert _("slide") == "срез"
    assert _("never translated") == "never translated"
    monkeypatch.setenv("LANGUAGE", "ru")
    use_language("en")
    assert _("slide") == "slide"


@pytest.mark.parametrize(
    ("wanted", "spoken"),
    [
        (["ru-Cyrl-RU", "ru-RU", "ru"], "ru"),
        (["en-US", "en", "ru-RU", "ru"], "en"),
        (["de-DE", "de", "ru"], "ru"),
        (["de-DE", "de"], "en"),
        (["C"], "en"),
        ([], "en"),
    ],
)
def test_of_the_systems_languages_the_first_that_is_spoken_is_taken(wanted: list[str], spoken: str) -> None:
    assert first_spoken(wanted) == spoken
