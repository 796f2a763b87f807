from __future__ import annotations

import csv
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from histoviewer.errors import ResultError
from histoviewer.results.outputs import all_kept_rows, check, claim, keep_rows, kept_rows, owner_of
from histoviewer.results.sqlite_file import is_damage
from histoviewer.results.store import ResultStore
from histoviewer.results.summary import write_folder_summary
from tests.results.samples import facts, folder_columns


def test_the_first_who_claims_a_file_has_it(tmp_path: Path) -> None:
    path = tmp_path / "x.histo"
    assert owner_of(path) is None
    assert claim(path, "a")
    assert not claim(path, "b")
    assert claim(path, "a")
    assert owner_of(path) == "a"


def test_a_file_of_nobody_can_be_claimed_and_its_owner_read_while_it_is_written(tmp_path: Path) -> None:
    path = tmp_path / "x.histo"
    ResultStore.open(path, folder_columns(["a"]), facts()).close()
    assert owner_of(path) is None
    assert claim(path, "a")
    with ResultStore.open(path, folder_columns(["a"]), facts()):
        assert owner_of(path) == "a"


def test_an_unreadable_summary_is_damage_and_no_traceback(tmp_path: Path) -> None:
    path = tmp_path / "x.histo"
    keep_rows(path, [{"name": "x"}])
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("UPDATE output SET value = '{' WHERE key = 'summary'")
    with pytest.raises(ResultError, match="summary cannot be read"):
        kept_rows(path)
    rows, (problem,) = all_kept_rows(tmp_path)
    assert rows == []
    assert "x.histo" in str(problem)


def test_rows_are_replaced_and_keep_their_place(tmp_path: Path) -> None:
    for name in ("x", "y"):
        keep_rows(tmp_path / f"{name}.histo", [{"input": name, "judged": "1"}])
    keep_rows(tmp_path / "x.histo", [{"input": "x", "judged": "2"}, {"input": "x", "patient": "p"}])
    (tmp_path / "z.histo").write_text("no result file")
    (problem,) = write_folder_summary(tmp_path)
    assert "z.histo" in str(problem)
    with (tmp_path / "summary.csv").open(encoding="utf-8", newline="") as file:
        rows = [(row["input"], row["patient"], row["judged"]) for row in csv.DictReader(file)]
    assert rows == [("x", "", "2"), ("x", "p", ""), ("y", "", "1")]
    assert kept_rows(tmp_path / "none.histo") == []


def test_a_summary_that_another_call_adds_to_meanwhile_has_its_rows(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    keep_rows(tmp_path / "x.histo", [{"input": "x"}])
    replace, calls = Path.replace, []

    def replace_late(self: Path, target: Path) -> Path:
        if not calls:
            # The other call writes its whole summary between our reading and our swap.
            keep_rows(tmp_path / "y.histo", [{"input": "y"}])
        calls.append(target)
        return replace(self, target)

    monkeypatch.setattr(Path, "replace", replace_late)
    write_folder_summary(tmp_path)
    assert ",y," in (tmp_path / "summary.csv").read_text(encoding="utf-8")
    assert len(calls) == 2


def test_damage_anywhere_is_found(tmp_path: Path) -> None:
    path = tmp_path / "x.histo"
    check(path)
    ResultStore.open(path, folder_columns([str(n) for n in range(2000)]), facts()).close()
    check(path)
    content = bytearray(path.read_bytes())
    content[len(content) // 2 : len(content) // 2 + 4096] = b"x" * 4096
    path.write_bytes(content)
    with pytest.raises(ResultError) as raised:
        check(path)
    assert is_damage(raised.value)
