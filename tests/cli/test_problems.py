"""``histoviewer classify`` over inputs of which a part cannot be opened: it is named, the rest is judged."""

from __future__ import annotations

import csv
import shutil
import sys
from pathlib import Path

import pytest

from histoviewer.app import main
from histoviewer.inference import engine
from histoviewer.patches.folder import FolderSource
from histoviewer.patches.patch import Block, BlockPixels
from tests.helpers.patch_folders import idc_name, refuse_to_list, write_empty, write_patch


def classified(tiny_bundle: Path, *words: object) -> int:
    return main(["classify", *map(str, words), "--model", str(tiny_bundle)])


def rows_of(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.mark.parametrize("quiet", [(), ("--quiet",)])
def test_a_subfolder_that_cannot_be_opened_is_named_and_the_rest_is_judged(
    tmp_path: Path,
    tiny_bundle: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    quiet: tuple[str, ...],
) -> None:
    write_patch(tmp_path / "in", idc_name())
    write_empty(tmp_path / "in" / "closed")
    refuse_to_list(monkeypatch, "closed")
    out = tmp_path / "out"
    assert classified(tiny_bundle, tmp_path / "in", "--output", out, *quiet) == 1
    said = capsys.readouterr().err
    assert "in: Folders that cannot be opened, their patches left out: closed (Permission denied)" in said
    assert [row["prob_malignant"] != "" for row in rows_of(out / "in.csv")] == [True]


@pytest.mark.skipif(sys.platform != "linux", reason="other systems do not allow such names")
def test_patches_whose_names_are_no_text_are_judged_and_written_with_escapes(
    tmp_path: Path, tiny_bundle: Path
) -> None:
    write_patch(tmp_path / "in" / "caf\udce9", "a\udcd0.png")
    out = tmp_path / "out"
    assert classified(tiny_bundle, tmp_path / "in", "--output", out) == 0
    (row,) = rows_of(out / "in.csv")
    assert (row["file"], row["patient"]) == (r"caf\udce9/a\udcd0.png", r"caf\udce9")
    assert row["prob_malignant"] != ""


def test_patches_that_vanish_during_the_run_are_failures_that_are_told(
    tmp_path: Path,
    tiny_bundle: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    folder = tmp_path / "in"
    for x in range(0, 6500, 50):
        write_patch(folder, idc_name(x=x))
    read = FolderSource.read

    def read_and_delete(source: FolderSource, block: Block) -> BlockPixels:
        pixels = read(source, block)
        shutil.rmtree(folder, ignore_errors=True)
        return pixels

    monkeypatch.setattr(FolderSource, "read", read_and_delete)
    monkeypatch.setattr(engine, "READERS", 1)
    assert classified(tiny_bundle, folder, "--output", tmp_path / "out") == 1
    notes = [row["note"] for row in rows_of(tmp_path / "out" / "in.csv")]
    assert set(notes) == {"", "failed: the file is gone"}
    assert "the file is gone" in capsys.readouterr().err


def test_converting_what_cannot_all_be_reached_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    write_patch(tmp_path / "in", idc_name())
    write_empty(tmp_path / "in" / "closed")
    refuse_to_list(monkeypatch, "closed")
    assert main(["convert", str(tmp_path / "in"), str(tmp_path / "out.ome.tiff")]) == 1
    assert "closed (Permission denied)" in capsys.readouterr().err
    assert (tmp_path / "out.ome.tiff").exists()
