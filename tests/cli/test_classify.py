"""The command line from end to end: real files, a real (tiny) network, real exit codes."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from histoviewer.app import main
from histoviewer.inference.opening import open_classifier
from histoviewer.results.store import ResultStore
from tests.helpers.changed_bundle import CONTEXT, changed_bundle
from tests.helpers.idc_like import write_idc_like
from tests.helpers.tables import rows_of

COLUMNS = (
    "file,patient,minx,miny,width,height,prob_benign,prob_malignant,patch_probability,"
    "class,truth,review,note,model,threshold,run"
)


def size_of(path: Path) -> tuple[int, int]:
    with Image.open(path) as picture:
        return picture.size


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


def test_neighbours_are_taken_into_account_where_the_model_does(
    tiny_bundle: Path, folder: Path, tmp_path: Path
) -> None:
    bundle = changed_bundle(tiny_bundle, tmp_path / "bundle", context=CONTEXT)
    assert main(["classify", str(folder), "--model", str(bundle), "--output", str(tmp_path / "out")]) == 0
    assert (
        main(["classify", str(folder), "--model", str(tiny_bundle), "--output", str(tmp_path / "alone")]) == 0
    )
    combined, alone = (rows_of(tmp_path / name / "patches.csv") for name in ("out", "alone"))
    for one, other in zip(combined, alone, strict=True):
        assert one["patch_probability"] == other["patch_probability"] == other["prob_malignant"]
        assert (one["class"] == "malignant") == (float(one["prob_malignant"]) >= float(one["threshold"]))
    changed = [one["prob_malignant"] != one["patch_probability"] for one in combined]
    assert all(changed)
    with Image.open(tmp_path / "out" / "patches.1000.heatmap.png") as one:
        assert one.tobytes() != Image.open(tmp_path / "alone" / "patches.1000.heatmap.png").tobytes()
    counts = [rows_of(tmp_path / name / "summary.csv")[0]["mean_probability"] for name in ("out", "alone")]
    assert counts[0] != counts[1]
    mean = sum(float(one["prob_malignant"]) for one in combined) / len(combined)
    assert float(counts[0]) == pytest.approx(mean, abs=1e-5)


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


def test_an_input_that_is_lost_to_the_summary_is_named(classify, folder, tmp_path, capsys) -> None:  # type: ignore[no-untyped-def]
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "earlier.histo").write_text("damaged")
    assert classify(folder, "--output", tmp_path / "out") == 1
    said = capsys.readouterr().err
    assert "summary.csv lacks an input" in said
    assert "earlier.histo" in said
    assert "--restart" in said


def test_patches_without_a_place_have_no_maps_and_it_says_so(classify, tmp_path, capsys) -> None:  # type: ignore[no-untyped-def]
    (tmp_path / "loose").mkdir()
    Image.fromarray(np.full((50, 50, 3), 200, np.uint8)).save(tmp_path / "loose" / "a.png")
    assert classify(tmp_path / "loose", "--output", tmp_path / "out") == 0
    assert "no place on a slide, so there is no heat map" in capsys.readouterr().err
    assert classify(tmp_path / "loose", "--output", tmp_path / "out", "--formats", "csv") == 0
    assert "no place" not in capsys.readouterr().err


def test_a_result_file_is_no_input_and_says_what_it_is(classify, folder, tmp_path, capsys) -> None:  # type: ignore[no-untyped-def]
    assert classify(folder, "--output", tmp_path / "out") == 0
    (results,) = (tmp_path / "out").glob("*.histo")
    assert classify(results, "--output", tmp_path / "more") == 1
    assert "holds results, no patches" in capsys.readouterr().err


def test_a_misspelt_command_is_no_file_for_the_window(folder, tmp_path, capsys) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(SystemExit) as ended:
        main(["clasify", str(folder), "--output", str(tmp_path / "out")])
    assert ended.value.code == 2
    assert "no file clasify; is classify meant?" in capsys.readouterr().err


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
