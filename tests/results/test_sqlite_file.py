from __future__ import annotations

import functools
import os
import shutil
import sqlite3
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest

from histoviewer.errors import ResultError
from histoviewer.results import sqlite_file
from histoviewer.results.schema import FORMAT
from histoviewer.results.store import ResultStore
from tests.results.samples import facts, folder_columns, record

COLUMNS = folder_columns(["a.png", "b.png"])


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "x.histo"


def open_store(path: Path) -> ResultStore:
    return ResultStore.open(path, COLUMNS, facts())


def execute(path: Path, *statements: str) -> None:
    connection = sqlite3.connect(path)
    try:
        for statement in statements:
            connection.execute(statement)
        connection.commit()
    finally:
        connection.close()


both_ways = pytest.mark.parametrize("use", [open_store, ResultStore.read], ids=["open", "read"])


def refusal(use: Callable[[Path], ResultStore], path: Path) -> str:
    with pytest.raises(ResultError) as refused:
        use(path)
    message = str(refused.value)
    assert str(path) in message
    assert "\n" not in message
    return message


@both_ways
def test_a_file_that_is_no_database_is_refused_and_left_alone(
    path: Path, use: Callable[[Path], ResultStore]
) -> None:
    path.write_text("these are my notes\n" * 100)
    assert "damaged" in refusal(use, path)
    assert path.read_text() == "these are my notes\n" * 100


@both_ways
def test_a_foreign_database_is_refused_and_left_alone(path: Path, use: Callable[[Path], ResultStore]) -> None:
    execute(path, "CREATE TABLE song (title TEXT)")
    before = path.read_bytes()
    assert "not a result file" in refusal(use, path)
    assert path.read_bytes() == before


@both_ways
def test_a_newer_format_is_refused(path: Path, use: Callable[[Path], ResultStore]) -> None:
    open_store(path).close()
    execute(path, f"PRAGMA user_version = {FORMAT + 1}")
    assert f"format {FORMAT + 1}" in refusal(use, path)


@both_ways
def test_a_damaged_file_is_refused(path: Path, use: Callable[[Path], ResultStore]) -> None:
    open_store(path).close()
    content = bytearray(path.read_bytes())
    content[100:] = b"\x5a" * (len(content) - 100)
    path.write_bytes(content)
    assert "damaged" in refusal(use, path)


@both_ways
def test_a_folder_in_place_of_the_file_is_refused(path: Path, use: Callable[[Path], ResultStore]) -> None:
    path.mkdir()
    refusal(use, path)


def test_a_missing_folder_is_refused(tmp_path: Path) -> None:
    assert "may write" in refusal(open_store, tmp_path / "nowhere" / "x.histo")


def test_an_empty_file_becomes_a_store_but_holds_nothing_to_read(path: Path) -> None:
    path.touch()
    assert "empty" in refusal(ResultStore.read, path)
    open_store(path).close()
    assert ResultStore.read(path).pending().tolist() == [0, 1]


def test_a_missing_file_cannot_be_read_and_is_not_made(path: Path) -> None:
    assert "no result file" in refusal(ResultStore.read, path)
    assert not path.exists()


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A folder that every user can reach, unlike ``tmp_path``."""
    folder = Path(tempfile.mkdtemp()).resolve()
    folder.chmod(0o777)
    yield folder
    shutil.rmtree(folder)


@contextmanager
def read_only(folder: Path) -> Iterator[None]:
    """Nothing in the folder can be written, by root neither: it is nobody meanwhile."""
    if sys.platform == "win32":
        pytest.skip("Windows has no such modes")
    folder.chmod(0o555)
    user = os.geteuid()
    if user == 0:
        os.seteuid(65534)
    try:
        yield
    finally:
        os.seteuid(user)
        folder.chmod(0o755)


def test_a_read_only_folder_can_be_read_from_and_refuses_to_be_written(open_folder: Path) -> None:
    folder = open_folder / "read only #1?"
    folder.mkdir()
    path = folder / "x.histo"
    open_store(path).close()
    execute(path, "PRAGMA journal_mode = WAL")  # as left behind where the log could not be merged
    with read_only(folder):
        assert ResultStore.read(path).pending().tolist() == [0, 1]
        assert "may write" in refusal(open_store, path)
        assert "may write" in refusal(open_store, folder / "new.histo")


@pytest.fixture
def no_shared_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    """SQLite's own file layer for network shares: no shared memory, hence no write-ahead log."""
    if sys.platform == "win32":
        pytest.skip("SQLite has this file layer on Unix only")

    @functools.wraps(sqlite3.connect)
    def connect(path: Path, **settings: object) -> sqlite3.Connection:
        return sqlite3.Connection(f"file:{path}?vfs=unix-dotfile", uri=True, **settings)

    monkeypatch.setattr(sqlite_file.sqlite3, "connect", connect)


@pytest.mark.usefixtures("no_shared_memory")
def test_a_file_system_without_shared_memory_serves_too(path: Path) -> None:
    with open_store(path) as store:
        record(store, [1], [0.5])
        store.flush()
        assert not path.with_name("x.histo-wal").exists()
        record(store, [0], [0.25])
    with open_store(path) as store:
        assert store.probability.tolist() == [0.25, 0.5]


def test_a_log_that_was_left_behind_is_merged_where_it_cannot_be_shared(
    path: Path, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    share = tmp_path / "share"
    share.mkdir()
    with open_store(path) as store:
        record(store, [1], [0.5])
        store.flush()
        for name in ("x.histo", "x.histo-wal"):
            shutil.copy(tmp_path / name, share)
    request.getfixturevalue("no_shared_memory")
    with open_store(share / "x.histo") as store:
        assert store.probability[1] == 0.5
        record(store, [0], [0.25])
    with open_store(share / "x.histo") as store:
        assert not np.isnan(store.probability).any()
