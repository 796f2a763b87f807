"""The command line from end to end: real files, a real (tiny) network, real exit codes."""

import csv
import errno
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from histoviewer import reports
from histoviewer.app import main
from histoviewer.errors import ResultError
from histoviewer.inference.model_card import read_card
from histoviewer.inference.opening import open_classifier
from histoviewer.results.outputs import keep_rows, kept_rows
from histoviewer.results.store import ResultStore
from tests.helpers.idc_like import write_idc_like
from tests.helpers.patch_folders import write_patch

COLUMNS = (
    "file,patient,minx,miny,width,height,prob_benign,prob_malignant,patch_probability,"
    "class,truth,review,note,model,threshold,run"
)


def rows_of(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def size_of(path: Path) -> tuple[int, int]:
    with Image.open(path) as picture:
        return picture.size


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Two patients, ten patches each."""
    path = tmp_path / "patches"
    write_idc_like(path, patients=2, patches=10)
    return path


@pytest.fixture
def classify(tiny_bundle: Path, tmp_path: Path):  # type: ignore[no-untyped-def]
    """Runs ``histoviewer classify`` with the tiny model into ``tmp_path / "out"``; gives the exit code."""

    def run(*arguments: object) -> int:
        words = ["classify", *map(str, arguments), "--model", str(tiny_bundle)]
        return main([*words, "--output", str(tmp_path / "out")])

    return run


def test_every_patch_is_a_row_with_the_networks_own_answer(classify, folder, tmp_path, tiny_bundle) -> None:  # type: ignore[no-untyped-def]
    assert classify(folder) == 0
    out = tmp_path / "out"
    assert (out / "patches.csv").read_text(encoding="utf-8").splitlines()[0] == COLUMNS
    rows = rows_of(out / "patches.csv")
    assert len(rows) == 20
    classifier = open_classifier(tiny_bundle)
    for row in rows:
        pixels = np.asarray(Image.open(folder / row["file"]))
        expected = classifier.predict(pixels[None])[0]
        assert float(row["prob_malignant"]) == pytest.approx(expected, abs=1e-5)
        assert float(row["prob_malignant"]) + float(row["prob_benign"]) == pytest.approx(1)
        assert row["truth"] == ("malignant" if "class1" in row["file"] else "benign")
        assert row["class"] == ("malignant" if expected >= classifier.card.threshold else "benign")
        name = Path(row["file"]).stem.split("_")
        assert (row["minx"], row["miny"]) == (str(int(name[2][1:]) - 1), str(int(name[3][1:]) - 1))


def test_each_input_gets_its_files_and_one_summary_serves_all(classify, folder, tmp_path) -> None:  # type: ignore[no-untyped-def]
    write_idc_like(tmp_path / "other", patients=1, patches=4)
    assert classify(folder, tmp_path / "other") == 0
    assert {path.name for path in (tmp_path / "out").iterdir()} == {
        "patches.csv", "patches.1000.heatmap.png", "patches.1001.heatmap.png", "patches.histo",
        "other.csv", "other.heatmap.png", "other.histo", "summary.csv",
    }  # fmt: skip
    levels = [(row["input"], row["level"]) for row in rows_of(tmp_path / "out" / "summary.csv")]
    assert levels == [
        ("patches", "input"), ("patches", "patient"), ("patches", "patient"),
        ("other", "input"), ("other", "patient"),
    ]  # fmt: skip


def test_the_heat_map_lies_on_the_mosaic(classify, folder, tmp_path) -> None:  # type: ignore[no-untyped-def]
    assert classify(folder / "1000") == 0
    picture = np.asarray(Image.open(tmp_path / "out" / "1000.heatmap.png"))
    # Ten patches on a grid four wide: two full rows and half a third.
    assert picture.shape == (150, 200, 4)
    assert (picture[:100, :, 3] > 0).all()
    assert (picture[100:, :100, 3] > 0).all()
    assert (picture[100:, 100:, 3] == 0).all()


def test_the_same_command_again_judges_nothing_twice(classify, folder, tmp_path) -> None:  # type: ignore[no-untyped-def]
    assert classify(folder, "--limit", 7) == 0
    first = ResultStore.read(tmp_path / "out" / "patches.histo")
    assert np.count_nonzero(~np.isnan(first.probability)) == 7
    assert classify(folder) == 0
    second = ResultStore.read(tmp_path / "out" / "patches.histo")
    assert second.run_id == first.run_id
    assert not np.isnan(second.probability).any()
    judged = ~np.isnan(first.probability)
    assert np.array_equal(first.probability[judged], second.probability[judged])
    assert classify(folder, "--restart") == 0
    assert ResultStore.read(tmp_path / "out" / "patches.histo").run_id != first.run_id


def test_heat_maps_written_among_the_patches_are_not_judged(classify, tmp_path, capsys) -> None:  # type: ignore[no-untyped-def]
    write_idc_like(tmp_path, patients=1, patches=10)
    assert classify(tmp_path) == 0
    (result,) = (tmp_path / "out").glob("*.histo")
    first = ResultStore.read(result)
    assert len(list((tmp_path / "out").glob("*.heatmap.png"))) == 1
    assert classify(tmp_path) == 0
    assert "expected a" not in capsys.readouterr().err
    second = ResultStore.read(result)
    assert (second.run_id, len(second.probability)) == (first.run_id, 10)


def test_a_killed_run_goes_on_where_it_was(tiny_bundle: Path, tmp_path: Path) -> None:
    folder = tmp_path / "patches"
    write_idc_like(folder, patients=40, patches=100)
    output = tmp_path / "out"
    command = [
        sys.executable, "-m", "tests.helpers.classify_loudly", str(folder), str(output), str(tiny_bundle)
    ]  # fmt: skip
    running = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert running.stdout is not None
    for line in running.stdout:
        if int(line) >= 2500:
            break
    running.kill()
    running.communicate()
    assert running.returncode == -signal.SIGKILL or sys.platform == "win32"
    before = ResultStore.read(output / "patches.histo")
    judged = ~np.isnan(before.probability)
    assert 0 < judged.sum() < 4000

    assert subprocess.run(command, capture_output=True, check=False).returncode == 0
    after = ResultStore.read(output / "patches.histo")
    assert after.run_id == before.run_id
    assert not np.isnan(after.probability).any()
    assert np.array_equal(after.probability[judged], before.probability[judged])


def test_a_broken_patch_is_named_and_the_rest_is_judged(classify, folder, tmp_path, capsys) -> None:  # type: ignore[no-untyped-def]
    broken = folder / "1000" / "0" / "1000_idx5_x1_y1_class0.png"
    broken.write_bytes(broken.read_bytes()[:60])
    assert classify(folder) == 1
    assert broken.name in capsys.readouterr().err
    rows = rows_of(tmp_path / "out" / "patches.csv")
    failed = [row for row in rows if row["note"].startswith("failed: ")]
    assert [Path(row["file"]).name for row in failed] == [broken.name]
    assert failed[0]["prob_malignant"] == failed[0]["class"] == ""
    assert sum(row["prob_malignant"] != "" for row in rows) == 19


def test_truncated_patches_are_judged_at_their_place_and_say_so(classify, tmp_path) -> None:  # type: ignore[no-untyped-def]
    folder = tmp_path / "edge"
    folder.mkdir()
    Image.new("RGB", (50, 50), "purple").save(folder / "9_idx5_x1_y1_class0.png")
    Image.new("RGB", (32, 50), "purple").save(folder / "9_idx5_x51_y1_class0.png")
    assert classify(folder) == 0
    whole, cut = rows_of(tmp_path / "out" / "edge.csv")
    assert (whole["note"], whole["width"]) == ("", "50")
    assert (cut["note"], cut["width"], cut["minx"]) == ("truncated", "32", "50")
    assert size_of(tmp_path / "out" / "edge.heatmap.png") == (82, 50)


@pytest.mark.parametrize("kind", ["missing", "empty folder", "no images", "text.svs", "zero.png", "zero.tif"])
def test_an_input_that_cannot_be_opened_is_one_line_and_the_rest_goes_on(
    classify, folder, tmp_path, capsys, kind
) -> None:  # type: ignore[no-untyped-def]
    bad = tmp_path / kind
    if kind == "empty folder":
        bad.mkdir()
    elif kind == "no images":
        bad.mkdir()
        (bad / "notes.txt").write_text("nothing here")
    elif kind == "text.svs":
        bad.write_text("I am no slide")
    elif kind != "missing":
        bad.touch()
    assert classify(bad, folder, "--quiet") == 1
    lines = capsys.readouterr().err.splitlines()
    assert len(lines) == 1
    assert lines[0].startswith("histoviewer: ")
    assert bad.name in lines[0]
    assert len(rows_of(tmp_path / "out" / "patches.csv")) == 20


def test_inputs_of_one_name_do_not_overwrite_each_other(classify, tmp_path) -> None:  # type: ignore[no-untyped-def]
    for parent, patches in (("a", 4), ("b", 6)):
        write_idc_like(tmp_path / parent / "same", patients=1, patches=patches)
    assert classify(tmp_path / "a" / "same", tmp_path / "b" / "same") == 0
    tables = sorted((tmp_path / "out").glob("same-*.csv"))
    assert sorted(len(rows_of(table)) for table in tables) == [4, 6]


def test_an_input_called_summary_keeps_its_own_table(classify, tmp_path) -> None:  # type: ignore[no-untyped-def]
    write_idc_like(tmp_path / "summary", patients=1, patches=4)
    assert classify(tmp_path / "summary") == 0
    (table,) = (tmp_path / "out").glob("summary-*.csv")
    assert len(rows_of(table)) == 4
    assert rows_of(tmp_path / "out" / "summary.csv")[0]["judged"] == "4"


def test_other_files_under_the_same_names_are_other_patches(classify, tmp_path) -> None:  # type: ignore[no-untyped-def]
    for parent, seed in (("a", 0), ("b", 1)):
        write_idc_like(tmp_path / parent / "same", patients=1, patches=8, seed=seed)
    assert classify(tmp_path / "a" / "same") == 0
    first = [row["prob_malignant"] for row in rows_of(tmp_path / "out" / "same.csv")]
    shutil.rmtree(tmp_path / "a" / "same")
    (tmp_path / "b" / "same").rename(tmp_path / "a" / "same")
    assert classify(tmp_path / "a" / "same") == 0
    second = [row["prob_malignant"] for row in rows_of(tmp_path / "out" / "same.csv")]
    assert all(a != b for a, b in zip(first, second, strict=True))


def test_a_later_call_does_not_overwrite_another_input_of_the_name(classify, tmp_path) -> None:  # type: ignore[no-untyped-def]
    a, b, out = tmp_path / "a" / "same", tmp_path / "b" / "same", tmp_path / "out"
    for folder, patches, seed in ((a, 4, 0), (b, 6, 1)):
        write_idc_like(folder, patients=1, patches=patches, seed=seed)
    for inputs in ([a], [b], [b], [a], [a, b]):
        assert classify(*inputs) == 0
    assert sorted(len(rows_of(table)) for table in out.glob("same*.csv")) == [4, 6]
    assert len(rows_of(out / "same.csv")) == 4
    assert len(list(out.glob("same*.heatmap.png"))) == 2
    assert len(rows_of(out / "summary.csv")) == 4


def test_the_summary_is_over_all_calls_into_the_folder(classify, folder, tmp_path) -> None:  # type: ignore[no-untyped-def]
    out = tmp_path / "out"
    for name in ("x", "y"):
        write_idc_like(tmp_path / name, patients=1, patches=4)

    def judged() -> dict[str, str]:
        rows = rows_of(out / "summary.csv")
        return {row["input"]: row["judged"] for row in rows if row["level"] == "input"}

    assert classify(tmp_path / "x", "--limit", 2) == 0
    assert classify(tmp_path / "y") == 0
    assert judged() == {"x": "2", "y": "4"}
    assert classify(tmp_path / "x") == 0
    assert judged() == {"x": "4", "y": "4"}
    (out / "x.histo").unlink()
    assert classify(folder) == 0
    assert judged() == {"y": "4", "patches": "20"}


def test_calls_at_the_same_time_are_all_in_the_summary(tiny_bundle, tmp_path) -> None:  # type: ignore[no-untyped-def]
    folders = [tmp_path / str(number) / "same" for number in range(4)]
    for number, folder in enumerate(folders):
        write_idc_like(folder, patients=1, patches=4, seed=number)
    command = [sys.executable, "-m", "histoviewer.app", "classify", "--output", str(tmp_path / "out")]
    running = [
        subprocess.Popen([*command, "--model", str(tiny_bundle), "--quiet", str(folder)])
        for folder in folders
    ]
    assert [one.wait() for one in running] == [0] * 4
    assert len(rows_of(tmp_path / "out" / "summary.csv")) == 8
    assert len(list((tmp_path / "out").glob("same*.csv"))) == 4


@pytest.mark.skipif(sys.platform == "win32", reason="no SIGINT to a single process on Windows")
def test_a_stopped_run_has_its_reports_and_its_summary(tiny_bundle, tmp_path) -> None:  # type: ignore[no-untyped-def]
    write_idc_like(tmp_path / "patches", patients=40, patches=100)
    command = [sys.executable, "-m", "tests.helpers.classify_loudly", str(tmp_path / "patches")]
    running = subprocess.Popen(
        [*command, str(tmp_path / "out"), str(tiny_bundle)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert running.stdout is not None
    assert running.stdout.readline()
    running.send_signal(signal.SIGINT)
    _rest, said = running.communicate()
    assert running.returncode == 130
    assert said == "histoviewer: stopped; give the same command to go on\n"
    (whole,) = (row for row in rows_of(tmp_path / "out" / "summary.csv") if row["level"] == "input")
    judged = [row for row in rows_of(tmp_path / "out" / "patches.csv") if row["class"]]
    assert 0 < int(whole["judged"]) == len(judged) < 4000


def test_no_heat_map_of_other_answers_lies_beside_a_table(classify, folder, tmp_path) -> None:  # type: ignore[no-untyped-def]
    out = tmp_path / "out"
    assert classify(folder) == 0
    assert classify(folder, "--formats", "csv") == 0
    assert len(list(out.glob("*.heatmap.png"))) == 2  # the same answers
    write_idc_like(tmp_path / "patches.1000", patients=1, patches=4)
    write_idc_like(tmp_path / "patches.more", patients=2, patches=4)
    assert classify(tmp_path / "patches.1000", tmp_path / "patches.more") == 0
    assert classify(folder, "--formats", "csv", "--restart") == 0
    assert sorted(path.name for path in out.glob("*.heatmap.png")) == [
        "patches.1000.heatmap.png",
        "patches.more.1000.heatmap.png",
        "patches.more.1001.heatmap.png",
    ]  # the other inputs'


def test_where_no_new_table_can_be_written_the_older_heat_map_stays_beside_the_older_table(
    classify, folder, tmp_path, monkeypatch, capsys
) -> None:  # type: ignore[no-untyped-def]
    assert classify(folder) == 0
    before = {
        path: path.read_bytes() for path in (tmp_path / "out").glob("*[cg]*") if path.suffix != ".histo"
    }
    assert len(before) == 4  # table, summary, two heat maps
    (folder / "1000" / "0" / "1000_idx5_x1_y1_class0.png").write_bytes(b"other answers")

    def is_full(_file: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", is_full)
    assert classify(folder) == 1
    assert "No space left" in capsys.readouterr().err
    assert {path: path.read_bytes() for path in before} == before


def test_ctrl_c_in_the_heat_maps_leaves_none_of_earlier_answers(
    classify, folder, tmp_path, monkeypatch
) -> None:  # type: ignore[no-untyped-def]
    assert classify(folder) == 0

    def interrupt(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(reports, "write_slide_heatmap", interrupt)
    assert classify(folder, "--threshold", 0.9) == 130
    assert {row["threshold"] for row in rows_of(tmp_path / "out" / "patches.csv")} == {"0.9"}
    assert not list((tmp_path / "out").glob("*.heatmap.png"))


def test_a_table_that_cannot_be_replaced_stays(classify, folder, tmp_path, monkeypatch) -> None:  # type: ignore[no-untyped-def]
    assert classify(folder) == 0
    before = (tmp_path / "out" / "patches.csv").read_bytes()

    def fail(*_: object, **__: object) -> None:
        raise ResultError("no room")

    monkeypatch.setattr(reports, "write_csv", fail)
    assert classify(folder, "--threshold", 0.9) == 1
    assert (tmp_path / "out" / "patches.csv").read_bytes() == before


def test_what_an_earlier_program_kept_is_the_same_with_fewer_columns(classify, folder, tmp_path) -> None:  # type: ignore[no-untyped-def]
    assert classify(folder) == 0
    result = tmp_path / "out" / "patches.histo"
    keep_rows(result, [{k: v for k, v in row.items() if k != "role"} for row in kept_rows(result)])
    assert classify(folder, "--formats", "png") == 0
    assert (tmp_path / "out" / "patches.csv").exists()


def test_loose_patches_without_a_table_have_nothing_to_write(classify, tmp_path, capsys) -> None:  # type: ignore[no-untyped-def]
    write_patch(tmp_path / "loose", "a.png")
    assert classify(tmp_path / "loose", "--formats", "png") == 0
    assert capsys.readouterr().err.splitlines()[-1].endswith("nothing to write: no heat map of loose patches")


def test_no_table_of_other_answers_lies_beside_a_heat_map(classify, folder, tmp_path) -> None:  # type: ignore[no-untyped-def]
    assert classify(folder) == 0
    assert classify(folder, "--formats", "png") == 0
    assert (tmp_path / "out" / "patches.csv").exists()  # the same answers
    assert classify(folder, "--formats", "png", "--threshold", 0.999) == 0
    assert not (tmp_path / "out" / "patches.csv").exists()


def test_patients_that_the_model_was_trained_on_are_named(classify, tiny_bundle, tmp_path, capsys) -> None:  # type: ignore[no-untyped-def]
    card = read_card(tiny_bundle)
    write_idc_like(tmp_path / "all", patients=6, patches=4)
    (of_test,) = card.split["test"]
    assert classify(tmp_path / "all", tmp_path / "all" / of_test) == 0
    learnt = sorted(card.split["train"] + card.split["validation"])
    (line,) = (line for line in capsys.readouterr().err.splitlines() if "trained on" in line)
    assert line.startswith(f"all: The model was trained on patients {', '.join(learnt)}:")
    rows = rows_of(tmp_path / "out" / "summary.csv")
    assert [row["role"] for row in rows] == [
        "mixed",
        *map(card.role_of, map(str, range(1000, 1006))),
        "test",
        "test",
    ]


def test_an_input_that_is_given_by_several_names_is_judged_once(
    classify, folder, tmp_path, monkeypatch
) -> None:  # type: ignore[no-untyped-def]
    monkeypatch.chdir(folder.parent)
    (tmp_path / "link").symlink_to(folder)
    assert classify("patches", folder, f"../{folder.parent.name}/patches", "link") == 0
    assert {path.stem for path in (tmp_path / "out").glob("*.csv")} == {"patches", "summary"}
    assert len(rows_of(tmp_path / "out" / "summary.csv")) == 3


def test_patients_of_whom_nothing_was_judged_have_no_heat_map(classify, tmp_path, capsys) -> None:  # type: ignore[no-untyped-def]
    write_idc_like(tmp_path / "many", patients=6, patches=4)
    assert classify(tmp_path / "many", "--limit", 6) == 0
    out = tmp_path / "out"
    names = sorted(path.name for path in out.glob("*.heatmap.png"))
    assert names == ["many.1000.heatmap.png", "many.1001.heatmap.png"]
    assert classify(tmp_path / "many") == 0
    assert len(list(out.glob("*.heatmap.png"))) == 6
    assert capsys.readouterr().err.splitlines()[-1].endswith("wrote many.csv, 6 heat maps")


def test_patches_far_smaller_than_the_models_square_are_told(classify, folder, capsys) -> None:  # type: ignore[no-untyped-def]
    assert classify(folder) == 0
    assert "cover less" not in capsys.readouterr().err
    assert classify(folder, "--mpp", 2) == 0
    (line,) = (line for line in capsys.readouterr().err.splitlines() if "cover less" in line)
    assert "20 of 20 patches cover less than the square of 200 µm" in line
    assert "2 µm/px" in line


def test_what_others_put_into_the_folder_stays(classify, folder, tmp_path) -> None:  # type: ignore[no-untyped-def]
    out = tmp_path / "out"
    out.mkdir()
    kept = out / "patches.kept-for-paper.heatmap.png"
    kept.write_bytes(b"mine")
    plain = out / "patches.heatmap.png"  # several patients have one each, and none of this name
    plain.write_bytes(b"mine")
    assert classify(folder) == 0
    assert plain.read_bytes() == b"mine"
    assert classify(folder, "--restart") == 0
    assert kept.read_bytes() == b"mine"


def test_a_patient_and_an_input_of_one_name_have_a_heat_map_each(classify, folder, tmp_path) -> None:  # type: ignore[no-untyped-def]
    out = tmp_path / "out"
    write_idc_like(tmp_path / "patches.1000", patients=1, patches=4)
    assert classify(tmp_path / "patches.1000") == 0
    before = (out / "patches.1000.heatmap.png").read_bytes()
    assert classify(folder) == 0
    assert (out / "patches.1000.heatmap.png").read_bytes() == before
    assert len(list(out.glob("patches.1000-*.heatmap.png"))) == 1


def test_restart_puts_a_damaged_result_file_aside(classify, folder, tmp_path, capsys) -> None:  # type: ignore[no-untyped-def]
    out = tmp_path / "out"
    assert classify(folder) == 0
    path = out / "patches.histo"
    path.write_bytes(b"garbage" + path.read_bytes()[7:])
    damaged = path.read_bytes()
    assert classify(folder) == 1
    capsys.readouterr()
    assert classify(folder, "--restart", "--quiet") == 0
    (line,) = capsys.readouterr().err.splitlines()
    assert "patches.histo.damaged" in line
    assert (out / "patches.histo.damaged").read_bytes() == damaged
    assert len(rows_of(out / "patches.csv")) == 20
    pages = bytearray(path.read_bytes())
    pages[2 * 4096 : 3 * 4096] = b"x" * 4096  # not in its header
    path.write_bytes(pages)
    assert classify(folder, "--restart") == 0
    assert (out / "patches.histo.damaged2").is_file()


def test_a_name_as_long_as_a_name_can_be_is_shortened(classify, tmp_path) -> None:  # type: ignore[no-untyped-def]
    long = tmp_path / ("ü" * 125)
    write_idc_like(long, patients=1, patches=4)
    assert classify(long) == 0
    assert classify(long) == 0
    (table,) = (tmp_path / "out").glob("ü*.csv")
    assert len(rows_of(table)) == 4
    assert table.with_suffix(".heatmap.png").is_file()
    assert rows_of(tmp_path / "out" / "summary.csv")[0]["input"] == table.stem


def test_a_stride_for_a_folder_of_patches_is_noted(classify, folder, capsys) -> None:  # type: ignore[no-untyped-def]
    assert classify(folder, "--stride", 25) == 0
    assert "--stride does not apply" in capsys.readouterr().err


@pytest.mark.parametrize(
    "words",
    [
        ["classify", "", "--output", "out"],
        ["classify", "patches", "--output", ""],
        ["classify", "patches", "--output", "out", "--model", ""],
        ["info", ""],
        ["convert", "", "x.tif"],
        ["convert", "patches", ""],
        ["convert", "patches", "x.png"],
        ["convert", "patches", "x"],
        [""],
        ["--screenshot", "", "patches"],
    ],
)
@pytest.mark.usefixtures("folder")
def test_an_empty_path_or_a_wrong_ending_is_a_wrong_call(tmp_path, monkeypatch, capsys, words) -> None:  # type: ignore[no-untyped-def]
    monkeypatch.chdir(tmp_path)
    before = sorted(tmp_path.iterdir())
    try:
        code = main(words)
    except SystemExit as stopped:
        code = int(stopped.code or 0)
    assert code == 2
    assert len(capsys.readouterr().err.splitlines()) == 1
    assert sorted(tmp_path.iterdir()) == before


def test_a_report_that_cannot_be_written_costs_no_other(classify, folder, tmp_path, capsys) -> None:  # type: ignore[no-untyped-def]
    (tmp_path / "out" / "patches.1000.heatmap.png").mkdir(parents=True)
    assert classify(folder, "--quiet") == 1
    assert "patches.1000.heatmap.png" in capsys.readouterr().err
    assert len(rows_of(tmp_path / "out" / "patches.csv")) == 20
    assert (tmp_path / "out" / "patches.1001.heatmap.png").is_file()
    assert len(rows_of(tmp_path / "out" / "summary.csv")) == 3


def test_limit_counts_what_was_judged_before(classify, folder, tmp_path) -> None:  # type: ignore[no-untyped-def]
    for limit, judged in ((5, 5), (5, 5), (8, 8)):
        assert classify(folder, "--limit", limit) == 0
        rows = rows_of(tmp_path / "out" / "patches.csv")
        assert sum(row["prob_malignant"] != "" for row in rows) == judged


@pytest.mark.parametrize(
    "arguments",
    [
        ["--limit", "inf"],
        ["--stride", "inf"],
        ["--threshold", "1.5"],
        ["--threshold", "high"],
        ["--mpp", "0"],
        ["--mpp", "nan"],
        ["--stride", "0"],
        ["--limit", "-3"],
        ["--formats", "docx"],
        ["--formats", "geojson"],
        ["--engine", "abacus"],
        ["--output", ""],
    ],
)
def test_a_wrong_call_is_exit_code_two(folder: Path, tmp_path: Path, arguments: list[str]) -> None:
    (tmp_path / "file").touch()
    output = ["--output", str(tmp_path / "out")]
    if arguments == ["--output", ""]:
        arguments, output = [], ["--output", str(tmp_path / "file" / "below")]
    try:
        code = main(["classify", str(folder), *output, *arguments])
    except SystemExit as stopped:
        code = int(stopped.code or 0)
    assert code == 2
    assert not (tmp_path / "out").exists()


def test_a_missing_model_is_exit_code_two_and_one_line(folder, tmp_path, capsys) -> None:  # type: ignore[no-untyped-def]
    output = str(tmp_path / "out")
    assert main(["classify", str(folder), "--output", output, "--model", str(tmp_path / "none")]) == 2
    assert capsys.readouterr().err.count("\n") == 1


@pytest.mark.skipif(sys.platform == "win32", reason="no resource limits on Windows")
def test_a_full_disk_is_one_clear_line_and_what_was_judged_is_kept(folder, tiny_bundle, tmp_path) -> None:  # type: ignore[no-untyped-def]
    import resource

    output = tmp_path / "out"
    command = [
        sys.executable, "-m", "histoviewer.app", "classify", str(folder),
        "--output", str(output), "--model", str(tiny_bundle), "--quiet",
    ]  # fmt: skip

    def allow_small_files_only() -> None:
        # Before any import, so it also holds for SQLite; Python ignores the signal and gets an error.
        resource.setrlimit(resource.RLIMIT_FSIZE, (30_000, 30_000))

    done = subprocess.run(
        command,
        capture_output=True,
        text=True,
        preexec_fn=allow_small_files_only,
        env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1"},
        check=False,
    )
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    assert "patches.histo" in done.stderr
    # With room again, the same command finishes the job.
    assert subprocess.run(command, capture_output=True, check=False).returncode == 0
    assert len(rows_of(output / "patches.csv")) == 20


@pytest.mark.data
def test_patient_8867_is_told_apart_by_the_shipped_model(idc_folder: Path, tmp_path: Path) -> None:
    from sklearn.metrics import roc_auc_score

    assert main(["classify", str(idc_folder / "8867"), "--output", str(tmp_path), "--quiet"]) == 0
    rows = rows_of(tmp_path / "8867.csv")
    assert len(rows) == 1642
    truth = [row["truth"] == "malignant" for row in rows]
    assert roc_auc_score(truth, [float(row["prob_malignant"]) for row in rows]) > 0.9
    # The last column is 12 px wide and the last row 49 px high: border patches are truncated.
    assert size_of(tmp_path / "8867.heatmap.png") == (3212, 2299)
