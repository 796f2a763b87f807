"""The report on paper: all that the page of HTML says, and all of it on the sheets."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QRectF
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QApplication, QFileDialog
from pytestqt.qtbot import QtBot

from histoviewer.errors import ResultError
from histoviewer.gui.main_window import MainWindow
from histoviewer.gui.printing.pdf_report import write_pdf
from histoviewer.gui.printing.sheet import Sheets, column_widths
from histoviewer.patches.opening import open_source
from histoviewer.patches.patch import MALIGNANT
from histoviewer.results.report import tables
from histoviewer.results.report.content import ReportContent
from histoviewer.results.report.writing import report_content
from histoviewer.results.reviews import decided
from histoviewer.results.store import ResultStore
from tests.gui.panels.panel_session import PATIENCE, opened_in
from tests.helpers.idc_like import write_idc_like
from tests.results.samples import facts

PAGE = re.compile(rb"/Type\s*/Page\b")
MM = 0.2
"""Of no matter on paper."""


@pytest.fixture
def content(tmp_path: Path) -> Iterator[ReportContent]:
    """Of two patients with regions, the first patch decided by a person."""
    write_idc_like(tmp_path / "patches", patients=2, patches=6)
    source = open_source(tmp_path / "patches", input_size=50, model_mpp=4.0)
    with ResultStore.open(tmp_path / "x.histo", source.columns, facts(mpp=4.0)) as store:
        answers = np.linspace(0.05, 0.95, 12, dtype=np.float32)
        store.record(np.arange(12), answers, np.full((12, 2), 50, np.int32), {})
        store.decide([0], decided([MALIGNANT], reviewer="Ann"))
        yield report_content(
            source,
            store,
            name="patches",
            threshold=0.5,
            role_of=lambda _patient: None,
            model=[("Checksum", 8 * "0123456789abcdef"), ("Limits", 60 * "said at length ")],
            command="histoviewer classify patches",
        )
    source.close()


class Written:
    """What was written on which sheet, and where, in millimetres."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.texts: list[tuple[int, str]] = []
        self.outside: list[str] = []
        write = Sheets.write

        def note(sheets: Sheets, text: str, box: QRectF, font: QFont, **named: object) -> None:
            self.texts.append((sheets._number, text))
            unit = sheets.dots(1)
            wide, high = sheets.text_size(text, font, box.width() / unit)
            is_in = (
                box.left() >= 0
                and box.right() / unit <= sheets.width + MM
                and wide <= box.width() / unit + MM
            )
            bottom = sheets._writer.height() / unit
            if not is_in or box.top() / unit + high > bottom + MM:
                self.outside.append(text)
            write(sheets, text, box, font, **named)  # type: ignore[arg-type]

        monkeypatch.setattr(Sheets, "write", note)

    @property
    def words(self) -> list[str]:
        return [text for _number, text in self.texts]


@pytest.mark.usefixtures("each_language")
def test_it_says_what_the_page_of_html_says_within_its_margins(
    content: ReportContent, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    written = Written(monkeypatch)
    write_pdf(tmp_path / "x.pdf", content, QApplication.font())
    data = (tmp_path / "x.pdf").read_bytes()
    assert data.startswith(b"%PDF-")
    assert len(PAGE.findall(data)) == max(number for number, _text in written.texts)
    assert not written.outside
    said = set(written.words)
    assert {text for pair in tables.key_figures(content) for text in pair} <= said
    for table in (
        tables.agreement_table(content.confusion),
        tables.patients_table(content.patients),
        tables.reviewers_table(content.reviewers),
        *(tables.regions_table(slide.regions) for slide in content.slides if slide.regions),
    ):
        assert table is not None
        assert {cell for row in (table.head, *table.rows) for cell in row} <= said
        assert not table.note or table.note in said
    assert {text for _title, rows in content.facts for pair in rows if pair[1] for text in pair} <= said
    assert {content.title, content.command, tables.notice()} <= said
    assert data.count(b"/Subtype /Image") >= sum(1 + len(slide.close_ups) for slide in content.slides)


def test_a_long_table_goes_on_under_its_head(
    content: ReportContent, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    entry, found = content.patients[0]
    many = [(replace(entry, patient=f"patient {i}"), found) for i in range(150)]
    written = Written(monkeypatch)
    write_pdf(tmp_path / "x.pdf", replace(content, patients=many), QApplication.font())
    assert not written.outside
    sheets = {number for number, text in written.texts if text.startswith("patient ")}
    assert len(sheets) > 2
    assert sum(text.startswith("patient ") for text in written.words) == 150
    assert [number for number, text in written.texts if text == "ROC AUC"] == sorted(sheets)


def test_columns_give_way_from_the_widest_on() -> None:
    assert column_widths([10, 20], [5, 5], 40) == [10, 20]
    assert column_widths([10, 60, 80], [5, 5, 5], 70) == pytest.approx([10, 30, 30])
    assert column_widths([10, 60, 80], [5, 5, 40], 70) == pytest.approx([10, 20, 40])
    assert column_widths([90, 90], [60, 20], 40) == pytest.approx([30, 10])


def test_one_that_cannot_be_written_is_one_line(content: ReportContent, tmp_path: Path) -> None:
    with pytest.raises(ResultError, match="Cannot write"):
        write_pdf(tmp_path / "no" / "x.pdf", content, QApplication.font())


def test_it_comes_from_the_file_menu(
    qtbot: QtBot, window: MainWindow, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert not window.exports.pdf.isEnabled()
    write_idc_like(tmp_path / "patches", patients=1, patches=6)
    opened_in(window.session, tmp_path / "patches", qtbot)
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(tmp_path / "report"), ""))
    with qtbot.waitSignal(window._exporter.written, timeout=PATIENCE):
        window.exports.pdf.trigger()
    assert (tmp_path / "report.pdf").read_bytes().startswith(b"%PDF-")
