"""``histoviewer convert`` where something cannot be read or written."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from histoviewer.app import main
from histoviewer.patches.folder import FolderSource
from histoviewer.slides import pyramid_writer
from tests.helpers.idc_like import write_idc_like
from tests.helpers.patch_folders import idc_name, write_patch


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write_idc_like(tmp_path / "in", patients=2, patches=6)
    return tmp_path / "in"


def test_a_missing_output_folder_is_made(folder: Path, tmp_path: Path) -> None:
    assert main(["convert", str(folder / "1000"), str(tmp_path / "new" / "a" / "out.ome.tiff")]) == 0
    assert (tmp_path / "new" / "a" / "out.ome.tiff").is_file()


def test_an_output_folder_that_cannot_be_is_a_wrong_call(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").touch()
    assert main(["convert", str(folder), str(tmp_path / "file" / "out.tiff")]) == 2
    assert capsys.readouterr().err.count("\n") == 1


def test_a_patch_that_cannot_be_read_is_a_gap_that_is_told(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    name = idc_name("1000", x=0, y=900)
    (folder / "1000" / name).write_bytes(b"no picture")
    assert main(["convert", str(folder / "1000"), str(tmp_path / "out.tiff")]) == 1
    assert f"1000: {name}: damaged" in capsys.readouterr().err
    assert (tmp_path / "out.tiff").is_file()


@pytest.mark.skipif(sys.platform == "win32", reason="no resource limits on Windows")
def test_a_full_disk_is_one_line_and_leaves_nothing(folder: Path, tmp_path: Path) -> None:
    import resource

    out = tmp_path / "out"
    command = [sys.executable, "-m", "histoviewer.app", "convert", str(folder / "1000"), str(out / "a.tiff")]
    done = subprocess.run(
        command,
        capture_output=True,
        text=True,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (500, 500)),
        env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1"},
        check=False,
    )
    assert done.returncode == 1
    assert len(done.stderr.splitlines()) == 1
    assert "a.tiff" in done.stderr
    assert list(out.iterdir()) == []


def test_a_slide_that_fails_costs_no_other_and_the_source_is_closed(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "out.1000.tiff").mkdir()
    closed: list[FolderSource] = []
    close = FolderSource.close
    monkeypatch.setattr(FolderSource, "close", lambda source: (closed.append(source), close(source)))
    assert main(["convert", str(folder), str(tmp_path / "out.tiff")]) == 1
    assert "out.1000.tiff" in capsys.readouterr().err
    assert (tmp_path / "out.1001.tiff").is_file()
    assert len(closed) == 1


def test_a_slide_without_coordinates_is_closed_and_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    write_patch(tmp_path / "loose", "a.png")
    closed: list[FolderSource] = []
    monkeypatch.setattr(FolderSource, "close", lambda source: closed.append(source))
    assert main(["convert", str(tmp_path / "loose"), str(tmp_path / "out.tiff")]) == 1
    assert "no coordinates" in capsys.readouterr().err
    assert len(closed) == 1


def test_what_was_there_stays_where_the_writing_is_stopped(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "out.tiff").write_bytes(b"before")

    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(pyramid_writer, "_write_levels", stop)
    assert main(["convert", str(folder / "1000"), str(tmp_path / "out.tiff")]) == 130
    assert (tmp_path / "out.tiff").read_bytes() == b"before"
    assert {path.name for path in tmp_path.iterdir()} == {"in", "out.tiff"}


def test_a_file_is_told_to_be_none_of_the_folders_that_convert_takes(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write_patch(tmp_path, "a.png")
    assert main(["convert", str(tmp_path / "a.png"), str(tmp_path / "out.tiff")]) == 1
    (line,) = capsys.readouterr().err.splitlines()
    assert "a.png is a file: expected a folder of patches" in line
