"""What the shell does to standard output and standard error."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.helpers.idc_like import write_idc_like

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="needs a POSIX shell")


def shell(folder: Path, words: str) -> subprocess.CompletedProcess[str]:
    program = f"'{sys.executable}' -m histoviewer.app"
    return subprocess.run(
        ["sh", "-c", words.replace("histoviewer", program)],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write_idc_like(tmp_path / "patches", patients=1, patches=4)
    return tmp_path


@pytest.mark.parametrize("place", ["/dev/full", "&-"])
def test_facts_that_nobody_gets_are_a_failure_of_one_line(folder: Path, place: str) -> None:
    if place == "/dev/full" and not Path(place).exists():
        pytest.skip("no /dev/full here")
    done = shell(folder, f"histoviewer info patches >{place}")
    assert done.returncode == 1  # the call is right, its answer got lost
    assert len(done.stderr.splitlines()) == 1
    assert "standard output" in done.stderr


def test_a_reader_that_leaves_is_no_failure(folder: Path) -> None:
    done = shell(folder, "{ histoviewer info patches; echo $? >code; } | true; cat code")
    assert (done.stdout, done.stderr) == ("0\n", "")


@pytest.mark.parametrize("place", ["2>&-", "2>/dev/full", "2>&- >&- <&-"])
def test_a_batch_does_not_fail_because_nobody_listens(folder: Path, tiny_bundle: Path, place: str) -> None:
    if "/dev/full" in place and not Path("/dev/full").exists():
        pytest.skip("no /dev/full here")
    done = shell(folder, f"histoviewer classify patches --output out --model '{tiny_bundle}' {place}")
    assert done.returncode == 0
    assert (folder / "out" / "summary.csv").is_file()
    assert "histoviewer" not in (folder / "out" / "patches.csv").read_text(encoding="utf-8")


def test_a_name_with_a_line_break_is_told_in_one_line(folder: Path, tiny_bundle: Path) -> None:
    (folder / "patches" / "x\ny\x1b[31m.png").write_bytes(b"no picture")
    done = shell(folder, f"histoviewer classify patches --output out --model '{tiny_bundle}' --quiet")
    assert done.returncode == 1
    (line,) = done.stderr.splitlines()
    assert r"x\ny\x1b[31m.png" in line


def test_ctrl_c_while_libraries_load_is_one_line(folder: Path) -> None:
    code = """
import sys
class Interrupting:
    def find_spec(self, name, path, target=None):
        if name == "numpy":
            raise KeyboardInterrupt
sys.meta_path.insert(0, Interrupting())
from histoviewer.app import main
sys.exit(main(["classify", "patches", "--output", "out"]))
"""
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=folder, capture_output=True, text=True, check=False
    )
    assert done.returncode == 130
    assert done.stderr == "histoviewer: stopped; give the same command to go on\n"
