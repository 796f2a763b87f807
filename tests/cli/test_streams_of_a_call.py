"""Standard output that is full, closed, or knows few letters; calls that are wrong by their values."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from histoviewer.app import main
from tests.helpers.idc_like import write_idc_like
from tests.helpers.patch_folders import write_patch

needs_full = pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full here")


def called(*words: object, **options: object) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "histoviewer.app", *map(str, words)]
    return subprocess.run(
        command, text=True, check=False, **{"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, **options}
    )  # type: ignore[call-overload,no-any-return]


@needs_full
@pytest.mark.parametrize("words", [["--help"], ["--version"], ["classify", "--help"]])
def test_help_that_does_not_reach_a_full_standard_output_is_a_failure_of_one_line(
    tmp_path: Path, words: list[str]
) -> None:
    with Path("/dev/full").open("w") as full:
        done = called(*words, stdout=full, cwd=tmp_path, env={**os.environ, "PYTHONPATH": str(Path.cwd())})
    assert done.returncode == 1
    assert len(done.stderr.splitlines()) == 1
    assert "standard output" in done.stderr


@pytest.mark.parametrize("words", [["--help"], ["classify", "--help"], ["info", "Срез"]])
def test_an_output_that_knows_few_letters_gets_escapes(tmp_path: Path, words: list[str]) -> None:
    write_patch(tmp_path / "Срез", "a.png")
    environment = {**os.environ, "PYTHONPATH": str(Path.cwd()), "PYTHONIOENCODING": "ascii"}
    done = called(*words, cwd=tmp_path, env=environment)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.isascii()


@pytest.mark.parametrize(
    "words", [["--mpp", "1000"], ["--mpp", "0.001"], ["--stride", "1e300"], ["--limit", "1e300"]]
)
def test_a_value_that_no_input_can_have_is_a_wrong_call(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], words: list[str]
) -> None:
    with pytest.raises(SystemExit) as stopped:
        main(["classify", str(tmp_path), "--output", str(tmp_path / "out"), *words])
    assert stopped.value.code == 2
    assert capsys.readouterr().err.count("\n") == 1


@pytest.mark.skipif(sys.platform == "win32", reason="needs folders that refuse even an administrator")
def test_an_output_folder_that_takes_no_files_is_a_wrong_call(
    tmp_path: Path, tiny_bundle: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    write_idc_like(tmp_path / "in", patients=1, patches=2)
    (tmp_path / "out").mkdir()
    monkeypatch.setattr(os, "access", lambda path, _mode: Path(path) != tmp_path / "out")
    words = ["classify", str(tmp_path / "in"), "--output", str(tmp_path / "out"), "--model", str(tiny_bundle)]
    assert main(words) == 2
    assert capsys.readouterr().err.count("\n") == 1


@pytest.mark.parametrize("words", [["info", "nowhere"], ["convert", "nowhere", "out.tiff"]])
def test_an_input_that_is_not_there_is_no_wrong_call(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: list[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(words) == 1
