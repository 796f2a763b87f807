"""The page as it is written, over real patches."""

from __future__ import annotations

import base64
import io
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from histoviewer.errors import ResultError
from histoviewer.patches.folder import FolderSource
from histoviewer.patches.opening import open_source
from histoviewer.patches.patch import BENIGN, MALIGNANT
from histoviewer.results.report.writing import report_content, write_report
from histoviewer.results.reviews import decided
from histoviewer.results.store import ResultStore
from histoviewer.results.summary import count_rows
from histoviewer.translation import use_language
from tests.helpers.idc_like import write_idc_like
from tests.results.samples import facts


class Reader(HTMLParser):
    """The words of a page and its tables; raises on an end without a beginning."""

    VOID = ("meta", "img", "line", "rect", "i")

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.words: list[str] = []
        self.rows: list[list[str]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        del attrs
        if tag == "tr":
            self.rows.append([])
        if tag in ("td", "th"):
            self.rows[-1].append("")
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag not in self.VOID:
            assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self.open and self.open[-1] in ("td", "th"):
            self.rows[-1][-1] += data
        self.words.append(data)


@pytest.fixture
def source(tmp_path: Path) -> Iterator[FolderSource]:
    write_idc_like(tmp_path / "a <b> & c", patients=2, patches=6)
    source = open_source(tmp_path / "a <b> & c", input_size=50, model_mpp=4.0)
    assert isinstance(source, FolderSource)
    yield source
    source.close()


@pytest.fixture
def store(source: FolderSource, tmp_path: Path) -> ResultStore:
    with ResultStore.open(tmp_path / "x.histo", source.columns, facts(mpp=4.0)) as store:
        answers = np.linspace(0.05, 0.95, 12, dtype=np.float32)
        store.record(np.arange(12), answers, np.full((12, 2), 50, np.int32), {})
        store.decide([0], decided([MALIGNANT], reviewer="Ann <script>"))
    return store


def written(source: FolderSource, store: ResultStore, path: Path) -> tuple[str, Reader]:
    content = report_content(
        source,
        store,
        name="a <b> & c",
        threshold=0.5,
        role_of=lambda patient: "train" if patient == "1001" else None,
        model=[("Title", "VGG16 & co")],
        command="histoviewer classify 'a <b> & c'",
    )
    write_report(path, content)
    text = path.read_text(encoding="utf-8")
    reader = Reader()
    reader.feed(text)
    assert reader.open == []
    return text, reader


def test_it_is_one_page_that_fetches_nothing(
    source: FolderSource, store: ResultStore, tmp_path: Path
) -> None:
    text, reader = written(source, store, tmp_path / "x.html")
    assert not re.search(r"(src|href)=\"(?!data:)|url\(|@import|<script|https?://", text)
    words = " ".join(reader.words)
    for said in ("For research use only", "VGG16 & co", "histoviewer classify 'a <b> & c'", "4 µm/px"):
        assert said in words


def test_what_was_not_judged_is_told_beside_what_was(source: FolderSource, tmp_path: Path) -> None:
    with ResultStore.open(tmp_path / "part.histo", source.columns, facts(mpp=4.0)) as store:
        store.record(np.arange(5), np.full(5, 0.2, np.float32), np.full((5, 2), 50, np.int32), {})
    _text, reader = written(source, store, tmp_path / "x.html")
    assert "Patches judged 5 Patches in all 12 Malignant 0" in " ".join(reader.words)


def test_its_numbers_are_those_of_the_summary(
    source: FolderSource, store: ResultStore, tmp_path: Path
) -> None:
    _text, reader = written(source, store, tmp_path / "x.html")
    counts = count_rows(store, 0.5)
    words = " ".join(reader.words)
    assert f"Patches judged {counts.judged} Malignant {counts.malignant} Malignant share" in words
    assert f"{counts.malignant_mm2:.3g}\N{NO-BREAK SPACE}mm²" in words
    patients = [row for row in reader.rows if row[0] in source.columns.patients]
    assert [row[0] for row in patients] == list(source.columns.patients)
    assert sum(int(row[2]) for row in patients) == counts.malignant
    assert [row[-1] for row in patients] == ["not seen", "trained on"]
    (ann,) = (row for row in reader.rows if row[0] == "Ann <script>")
    assert ann[1:5] == ["1", "0", "0", "1"]
    right = [row for row in reader.rows if row[0] in ("malignant", "benign")]
    assert sum(int(cell) for row in right for cell in row[1:3]) == 12


def test_two_reviewers_are_compared(source: FolderSource, store: ResultStore, tmp_path: Path) -> None:
    _text, reader = written(source, store, tmp_path / "one.html")
    assert "Reviewers with each other" not in reader.words
    with ResultStore.open(store.path, source.columns, facts(mpp=4.0)) as store:
        for name, reviews in (("Bob", (MALIGNANT, BENIGN, BENIGN)), ("Cid", (MALIGNANT, BENIGN, MALIGNANT))):
            store.decide([1, 2, 3], decided(reviews, reviewer=name))
    _text, reader = written(source, store, tmp_path / "three.html")
    (pair,) = (row for row in reader.rows if row[0] == "Bob – Cid")
    # Alike 2 of 3, by chance 1/3 · 2/3 + 2/3 · 1/3 = 4/9
    assert pair[1:] == ["3", "2", f"{(2 / 3 - 4 / 9) / (1 - 4 / 9):.2f}"]


def test_each_slide_is_shown_with_its_regions(
    source: FolderSource, store: ResultStore, tmp_path: Path
) -> None:
    text, reader = written(source, store, tmp_path / "x.html")
    pictures = [
        Image.open(io.BytesIO(base64.b64decode(data))) for data in re.findall(r"base64,([^\"]+)\"", text)
    ]
    assert max(max(picture.size) for picture in pictures) == 1200
    assert (320, 320) in [picture.size for picture in pictures]
    assert "No region reaches the threshold." in reader.words


def test_a_slide_that_cannot_be_read_costs_its_pictures_only(
    source: FolderSource, store: ResultStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from histoviewer.errors import SourceError
    from histoviewer.results.report import writing

    def refuse(*_arguments: object) -> bytes:
        raise SourceError("Cannot read a.svs: gone.")

    monkeypatch.setattr(writing, "overview", refuse)
    text, reader = written(source, store, tmp_path / "x.html")
    assert "base64" not in text
    assert "Cannot read a.svs: gone." in reader.words


def test_it_speaks_the_language_of_the_program(
    source: FolderSource, store: ResultStore, tmp_path: Path
) -> None:
    use_language("ru")
    try:
        text, reader = written(source, store, tmp_path / "x.html")
    finally:
        use_language("en")
    assert '<html lang="ru">' in text
    assert any("исследован" in word for word in reader.words)


def test_a_report_that_cannot_be_written_is_one_line(
    source: FolderSource, store: ResultStore, tmp_path: Path
) -> None:
    with pytest.raises(ResultError, match="Cannot write"):
        written(source, store, tmp_path / "no" / "x.html")
