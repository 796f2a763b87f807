"""What calls leave in the output folder, side by side and one after the other."""

import errno
import os
import shutil
import signal
import subprocess
import sys

import pytest

from histoviewer import reports
from histoviewer.errors import ResultError
from histoviewer.inference.model_card import read_card
from histoviewer.results.outputs import keep_rows, kept_rows
from tests.helpers.idc_like import write_idc_like
from tests.helpers.patch_folders import write_patch
from tests.helpers.tables import rows_of


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


@pytest.mark.skipif(sys.platform == "win32", reason="no signals to a single process on Windows")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_stopped_run_has_its_reports_and_its_summary(tiny_bundle, tmp_path, number) -> None:  # type: ignore[no-untyped-def]
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
    running.send_signal(number)
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
