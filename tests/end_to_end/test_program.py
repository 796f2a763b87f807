"""The installed program as a process of its own, on a machine without a screen."""

from __future__ import annotations

import argparse
import csv
import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from histoviewer.app import _go_offscreen_without_a_screen
from histoviewer.slides.geometry import Region
from histoviewer.slides.opening import open_slide
from tests.helpers.idc_like import write_idc_like

NO_SCREEN = {"DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"}


def histoviewer(*arguments: object, folder: Path) -> subprocess.CompletedProcess[str]:
    """Run the program with ``folder`` as its working folder and the home of its data."""
    environment = {name: value for name, value in os.environ.items() if name not in NO_SCREEN}
    environment |= {"XDG_DATA_HOME": str(folder / "data"), "XDG_CONFIG_HOME": str(folder / "config")}
    command = [sys.executable, "-m", "histoviewer.app", *map(str, arguments)]
    return subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, text=True, check=False, timeout=300
    )


def test_the_demo_runs_without_a_screen_and_says_where_its_reports_are(tmp_path: Path) -> None:
    done = histoviewer("--demo", folder=tmp_path)
    assert done.returncode == 0, done.stderr
    out = tmp_path / "histoviewer-demo"
    written = {Path(line.removeprefix("wrote ")).name for line in done.stdout.splitlines()}
    assert written == {path.name for path in out.iterdir()}
    assert written >= {
        "synthetic-breast.csv",
        "synthetic-breast.heatmap.png",
        "summary.csv",
        "screenshot.png",
    }
    with (out / "synthetic-breast.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) > 50
    assert all(row["prob_malignant"] for row in rows)
    picture = np.asarray(Image.open(out / "screenshot.png").convert("RGB"))
    assert picture.shape == (900, 1440, 3)
    assert len(np.unique(picture.reshape(-1, 3), axis=0)) > 1000


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="elsewhere there is always a screen")
def test_a_platform_that_is_set_to_nothing_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in NO_SCREEN:
        monkeypatch.setenv(name, "")
    options = argparse.Namespace(screenshot=None)
    _go_offscreen_without_a_screen(options)
    assert not options.has_screen
    assert os.environ["QT_QPA_PLATFORM"] == "offscreen"


def test_the_demo_beside_sources_of_one_name_reports_each(tmp_path: Path) -> None:
    for name in ("a", "b"):
        write_idc_like(tmp_path / name / "p", patients=1, patches=4)
    done = histoviewer("--demo", "a/p", "b/p", folder=tmp_path)
    assert done.returncode == 0, done.stderr
    names = {path.name for path in (tmp_path / "histoviewer-demo").glob("*.csv")}
    assert names == {"synthetic-breast.csv", "p.csv", "p-2.csv", "summary.csv"}


def test_a_screenshot_needs_no_screen(tmp_path: Path) -> None:
    write_idc_like(tmp_path / "patches", patients=1, patches=8)
    done = histoviewer("--screenshot", "window.png", "patches", folder=tmp_path)
    assert done.returncode == 0, done.stderr
    with Image.open(tmp_path / "window.png") as picture:
        assert picture.size == (1440, 900)


def test_a_screenshot_of_what_cannot_be_opened_fails_in_one_line(tmp_path: Path) -> None:
    done = histoviewer("--screenshot", "window.png", "nowhere", folder=tmp_path)
    assert done.returncode == 1
    assert len(done.stderr.splitlines()) == 1
    assert "nowhere" in done.stderr


def test_a_screenshot_names_the_patches_that_could_not_be_judged(tmp_path: Path) -> None:
    write_idc_like(tmp_path / "patches", patients=1, patches=8)
    for i in range(12):
        (tmp_path / "patches" / f"bad {i}.png").write_bytes(b"no picture")
    done = histoviewer("--screenshot", "window.png", "patches", folder=tmp_path)
    assert done.returncode == 1
    assert done.stdout == "wrote window.png\n"
    lines = done.stderr.splitlines()
    assert len(lines) == 11
    assert "bad 0.png" in lines[0]
    assert "2 more patches" in lines[-1]


@pytest.mark.parametrize("out", ["window.xyz", "folder.png", "window"])
def test_a_screenshot_that_cannot_be_is_a_wrong_call_before_anything_is_opened(
    tmp_path: Path, out: str
) -> None:
    (tmp_path / "folder.png").mkdir()
    done = histoviewer("--screenshot", out, "nowhere", folder=tmp_path)
    assert done.returncode == 2
    assert done.stdout == ""
    assert len(done.stderr.splitlines()) == 1
    assert out in done.stderr


@pytest.mark.skipif(sys.platform != "linux", reason="needs a folder that refuses even its owner")
def test_a_screenshot_that_cannot_be_written_is_not_said_to_be(tmp_path: Path) -> None:
    write_idc_like(tmp_path / "patches", patients=1, patches=8)
    done = histoviewer("--screenshot", "/proc/window.png", "patches", folder=tmp_path)
    assert done.returncode == 1
    assert done.stdout == ""
    assert len(done.stderr.splitlines()) == 1
    assert "/proc/window.png" in done.stderr


def test_the_window_without_a_screen_is_a_wrong_call(tmp_path: Path) -> None:
    done = histoviewer(folder=tmp_path)
    assert done.returncode == 2
    assert "no screen" in done.stderr


def test_a_folder_is_described_as_json(tmp_path: Path) -> None:
    write_idc_like(tmp_path / "patches", patients=3, patches=8)
    done = histoviewer("info", "patches", folder=tmp_path)
    assert done.returncode == 0, done.stderr
    facts = json.loads(done.stdout)
    assert facts["kind"] == "folder"
    assert (facts["patches"], facts["patients"], facts["mpp"]) == (24, 3, 4.0)


def test_a_converted_folder_is_a_slide_of_the_same_pixels_at_the_same_scale(tmp_path: Path) -> None:
    write_idc_like(tmp_path / "1000", patients=1, patches=10)
    done = histoviewer("convert", "1000", "whole.ome.tiff", folder=tmp_path)
    assert done.returncode == 0, done.stderr
    with open_slide(tmp_path / "whole.ome.tiff") as slide:
        assert slide.mpp == pytest.approx(4.0)
        pixels = slide.read_region(Region(0, 0, 0, slide.dimensions))
    assert pixels.shape == (150, 200, 3)
    for file in (tmp_path / "1000").rglob("*.png"):
        name = file.stem.split("_")
        x, y = int(name[2][1:]) - 1, int(name[3][1:]) - 1
        assert np.array_equal(pixels[y : y + 50, x : x + 50], np.asarray(Image.open(file)))
    assert (pixels[100:, 100:] == 255).all()


@pytest.mark.data
def test_every_real_slide_is_described_or_refused_in_one_line(slides_folder: Path, tmp_path: Path) -> None:
    for path in sorted(slides_folder.iterdir()):
        done = histoviewer("info", path, folder=tmp_path)
        if path.name == "pathml_small_dicom.dcm":
            assert done.returncode == 1
            assert len(done.stderr.splitlines()) == 1
        else:
            assert done.returncode == 0, done.stderr
            assert json.loads(done.stdout)["kind"] == "slide"
