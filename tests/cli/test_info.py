"""``histoviewer info`` and damaged or awkward inputs: JSON on standard output, one line of error."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from PIL import Image

from tests.helpers.patch_folders import idc_name, painted, write_patch


def info(path: Path, *options: str) -> subprocess.CompletedProcess[bytes]:
    """The command in a process of its own: its streams are what a terminal gets."""
    words = [sys.executable, "-m", "histoviewer.app", "info", os.fspath(path), *options]
    return subprocess.run(words, capture_output=True)


@pytest.mark.skipif(sys.platform != "linux", reason="other systems do not allow such names")
def test_a_name_that_is_no_text_makes_valid_json(tmp_path: Path) -> None:
    folder = tmp_path / "caf\udce9"
    write_patch(folder / "sub\udcff", idc_name("9"))
    (folder / "gone\udcfe.png").symlink_to("nothing.png")
    done = info(folder)
    facts = json.loads(done.stdout.decode())
    assert (done.returncode, facts["name"], facts["patches"]) == (0, r"caf\udce9", 1)
    assert facts["unreadable_folders"] == [r"gone\udcfe.png"]


@pytest.mark.parametrize("options", [(), ("--mpp", "1")])
def test_a_file_cut_off_is_one_line_and_the_library_is_heard_only_in_debugging(
    tmp_path: Path, options: tuple[str, ...]
) -> None:
    path = tmp_path / "cut.svs"
    path.write_bytes(b"II*\0\xff\xff\0\0" + bytes(1000))
    done = info(path, *options)
    assert (done.returncode, done.stdout) == (1, b"")
    (line,) = done.stderr.decode().splitlines()
    assert line.startswith(f"histoviewer: Cannot read {path}: no picture is found in it.")
    assert "tifffile: " in info(path, "--debug", *options).stderr.decode()


def test_a_patch_on_its_side_has_the_size_that_viewers_show(tmp_path: Path) -> None:
    image = Image.fromarray(painted(50, 30))
    exif = image.getexif()
    exif[0x0112] = 6
    image.save(tmp_path / idc_name("9", suffix=".jpg"), exif=exif)
    assert json.loads(info(tmp_path).stdout)["dimensions"] == [30, 50]
