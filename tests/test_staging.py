from __future__ import annotations

import errno
import sys
from pathlib import Path

import pytest

from histoviewer.errors import ResultError
from histoviewer.staging import staged


def names_in(folder: Path) -> list[str]:
    return [path.name for path in folder.iterdir()]


def write_half(path: Path, error: Exception) -> None:
    with staged(path) as file:
        file.write(b"new")
        raise error


def test_the_file_appears_when_it_is_whole(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_bytes(b"old")
    with staged(path) as file:
        file.write(b"new")
        assert path.read_bytes() == b"old"
    assert path.read_bytes() == b"new"
    assert names_in(tmp_path) == ["x.csv"]


def test_an_error_leaves_the_old_file_and_nothing_else(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_bytes(b"old")
    with pytest.raises(ValueError, match="halfway"):
        write_half(path, ValueError("halfway"))
    assert path.read_bytes() == b"old"
    assert names_in(tmp_path) == ["x.csv"]


def test_a_full_disk_is_an_error_of_one_line(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    with pytest.raises(ResultError, match=r"No space left") as full:
        write_half(path, OSError(errno.ENOSPC, "No space left on device"))
    assert str(path) in str(full.value)
    assert "\n" not in str(full.value)
    assert names_in(tmp_path) == []


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such modes")
def test_others_may_read_the_file_as_any_other(tmp_path: Path) -> None:
    with staged(tmp_path / "staged"):
        pass
    (tmp_path / "plain").touch()
    assert (tmp_path / "staged").stat().st_mode == (tmp_path / "plain").stat().st_mode


def test_a_very_long_name_can_be_staged(tmp_path: Path) -> None:
    path = tmp_path / ("n" * 251 + ".csv")
    with staged(path) as file:
        file.write(b"x")
    assert path.read_bytes() == b"x"
