from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from histoviewer.errors import ResultError, SourceError
from histoviewer.inference.model_card import Metric
from model_training.calibration import Calibration
from model_training.config import Keep
from model_training.cross_fit import cross_fit
from model_training.dataset import LEAK
from model_training.evaluation import evaluate
from model_training.report.content import FEW, ReportContent, Table
from model_training.report.page import _cell
from model_training.report.words import OWN_MEANS, UNDEFINED, calibration_words, gap_words
from model_training.report.writing import METRICS, PATIENTS, REPORT, write_report
from tests.helpers.pages import Page, read_page
from tests.helpers.some_answers import answers_with, invented_answers
from tests.helpers.some_history import HEAD, UPPER, epoch_line, unvalidated_line, write_history

RESAMPLES = 30
ANSWERS = invented_answers()
PLAIN = ReportContent(
    title='A <b>bold</b> & quoted "title"',
    about="Patients 'judged' by <script>alert(1)</script>.",
    answers=ANSWERS,
    threshold=0.45,
    resamples=RESAMPLES,
)


def written(folder: Path, content: ReportContent) -> tuple[Page, Mapping[str, Any]]:
    write_report(folder, content)
    page = read_page((folder / REPORT).read_text(encoding="utf-8"))
    return page, json.loads((folder / METRICS).read_text(encoding="utf-8"))


def test_the_page_stands_alone_and_nothing_else_is_left(tmp_path: Path) -> None:
    page, _ = written(tmp_path / "new" / "report", PLAIN)
    assert {path.name for path in (tmp_path / "new" / "report").iterdir()} == {
        REPORT,
        METRICS,
        PATIENTS,
        *(
            f"{name}.png"
            for name in ("roc", "precision-recall", "confusion", "probabilities", "reliability", "patients")
        ),
    }
    assert len(page.links) == 6
    assert all(link.startswith("data:image/png;base64,") for link in page.links)
    text = (tmp_path / "new" / "report" / REPORT).read_text(encoding="utf-8")
    assert "http" not in text
    assert "url(" not in text
    assert "@import" not in text


def test_text_of_others_is_text(tmp_path: Path) -> None:
    named = replace(ANSWERS, patients=np.char.add("<i>", ANSWERS.patients))
    page, _ = written(
        tmp_path,
        replace(PLAIN, answers=named, warnings=("<b>",), settings={"<u>": {"a": "<s>"}}),
    )
    assert page.headings[0] == 'A <b>bold</b> & quoted "title"'
    assert page.warnings[-1] == "Mind: <b>"
    assert page.table_below("patient")[1][0] == "<i>1000"
    assert page.table_below("setting")[1] == ["<u>.a", "<s>"]
    text = (tmp_path / REPORT).read_text(encoding="utf-8")
    assert not any(tag in text for tag in ("<script", "<i>", "<u>", "<s>"))


def test_page_and_metrics_hold_the_figures_of_the_evaluation(tmp_path: Path) -> None:
    page, facts = written(tmp_path, PLAIN)
    expected = evaluate(
        ANSWERS.truth, ANSWERS.probability, ANSWERS.patients, threshold=0.45, resamples=RESAMPLES
    )
    assert facts["metrics"] == {"own answer": {name: asdict(metric) for name, metric in expected.items()}}
    assert facts["thresholds"] == {"own answer": 0.45}
    assert facts["evaluated"] == {
        "patients": 8,
        "patches": len(ANSWERS),
        "malignant": int(ANSWERS.truth.sum()),
    }
    auc = expected["roc_auc"]
    figures = {row[0]: row[1] for row in page.table_below("figure")}
    assert figures["ROC AUC"] == f"{auc.value:.3f} {auc.low:.3f} to {auc.high:.3f}"
    points = page.table_below("threshold")
    (used,) = [row for row in points if row[0] == "0.45"]
    assert used[1] == f"{expected['recall'].value:.3f}"
    assert [row[0] for row in points[1:]] == sorted(row[0] for row in points[1:])
    assert len(page.table_below("patient")) == len((tmp_path / PATIENTS).read_text().splitlines()) == 9


def test_answers_with_neighbours_stand_beside_the_own_ones(tmp_path: Path) -> None:
    helped = np.clip(ANSWERS.probability + 0.2 * ANSWERS.truth - 0.1, 0, 1).astype(np.float32)
    page, facts = written(tmp_path, replace(PLAIN, combined=helped, combined_threshold=0.6))
    assert facts["thresholds"] == {"own answer": 0.45, "with neighbours": 0.6}
    gain = facts["gain_with_neighbours"]["roc_auc"]
    assert gain["low"] > 0
    heading, *rows = page.table_below("figure")
    assert heading[1:4] == ["own answer", "with neighbours", "difference"]
    assert rows[0][3].startswith(f"+{gain['value']:.3f} +{gain['low']:.3f} to +")
    assert any(row[3].startswith("\N{MINUS SIGN}") for row in rows)
    # The table of patients is of what counts.
    called = sum(int(row[3]) for row in page.table_below("patient")[1:])
    assert called == np.count_nonzero(helped >= 0.6)


def test_folds_and_what_calibration_across_them_changed(tmp_path: Path) -> None:
    answers = invented_answers(patients=9, folds=3)
    calibrated = replace(answers, probability=cross_fit(answers, answers.fold)["own"].probability)
    content = replace(PLAIN, answers=calibrated, uncalibrated=answers.probability, is_calibrated_by_fold=True)
    page, facts = written(tmp_path, content)
    assert [row["fold"] for row in facts["folds"]] == [1, 2, 3]
    assert sum(row["patients"] for row in facts["folds"]) == 9
    assert [row[0] for row in page.table_below("fold")[1:]] == ["1", "2", "3"]
    before, after = facts["calibration_errors"]
    assert (before["name"], after["name"]) == ("before calibration", "own answer")
    assert before["brier"] != after["brier"]
    assert "by what the other folds say" in (tmp_path / REPORT).read_text(encoding="utf-8")


def test_a_fold_without_malignant_patches_has_empty_cells(tmp_path: Path) -> None:
    answers = replace(ANSWERS, fold=np.where(ANSWERS.patients == "1007", 2, 1).astype(np.int8))
    page, facts = written(tmp_path, replace(PLAIN, answers=answers))
    assert facts["folds"][1]["malignant"] == 0
    assert facts["folds"][1]["roc_auc"] is None
    assert page.table_below("fold")[2][4:] == ["", "", "", ""]


def test_a_calibration_that_makes_it_worse_is_told_of(tmp_path: Path) -> None:
    calibration = Calibration(1.0, 3.0, "platt")
    worse = replace(ANSWERS, probability=calibration.calibrated(ANSWERS.probability))
    content = replace(PLAIN, answers=worse, uncalibrated=ANSWERS.probability, calibration=calibration)
    _, facts = written(tmp_path, content)
    assert facts["calibration"] == {"slope": 1.0, "intercept": 3.0, "method": "platt"}
    text = (tmp_path / REPORT).read_text(encoding="utf-8")
    assert "multiplied by 1.000 and +3.000 is added" in text
    assert "made the error larger" in text


def test_training_against_validation_is_that_of_the_kept_epoch(tmp_path: Path) -> None:
    history = write_history(tmp_path / "history.jsonl")
    page, facts = written(tmp_path / "report", replace(PLAIN, histories={"training": history}))
    assert facts["kept_epochs"]["training"]["val_auc"] == 0.91
    row = page.table_below("")  # the first is the one of patients and patches
    assert row[-1][0] == "judged in this report"
    (gap,) = [table[1] for table in page.tables if "kept epoch" in table[0]]
    assert gap[1:4] == ["fine-tune block4, 1", "0.960", "0.910"]
    assert gap[-1] == "+0.050"
    text = (tmp_path / "report" / REPORT).read_text(encoding="utf-8")
    assert "judged better than validation patients, by 0.050" in text
    assert (tmp_path / "report" / "learning.png").exists()


@pytest.mark.parametrize(
    ("keep", "kept", "said"), [("best", 1, "highest ROC AUC"), ("last", 2, "the last epoch, as the recipe")]
)
def test_page_and_metrics_name_the_epoch_that_the_recipe_keeps(
    tmp_path: Path, keep: Keep, kept: int, said: str
) -> None:
    history = write_history(tmp_path / "history.jsonl")
    content = replace(PLAIN, histories={"training": history}, keep=keep)
    page, facts = written(tmp_path / "report", content)
    assert facts["kept_epochs"]["training"]["epoch"] == kept
    (gap,) = [table[1] for table in page.tables if "kept epoch" in table[0]]
    assert gap[1] == f"fine-tune block4, {kept}"
    assert said in (tmp_path / "report" / REPORT).read_text(encoding="utf-8")


def test_trainings_without_validation_are_in_one_picture_and_have_no_gap(tmp_path: Path) -> None:
    histories = {
        f"fold {fold}": write_history(
            tmp_path / f"{fold}.jsonl", *(unvalidated_line(HEAD, epoch, 0.8) for epoch in (1, 2))
        )
        for fold in (1, 2)
    }
    page, facts = written(tmp_path / "report", replace(PLAIN, histories=histories))
    assert facts["kept_epochs"]["fold 2"]["epoch"] == 2
    assert facts["kept_epochs"]["fold 2"]["val_auc"] is None
    assert [path.name for path in (tmp_path / "report").glob("learning*")] == [
        "learning-without-validation.png"
    ]
    (gap,) = [table[1] for table in page.tables if "kept epoch" in table[0]]
    assert gap == ["fold 1", "head, 2", "0.800", "", "0.900", "", "0.400", "", ""]
    text = (tmp_path / "report" / REPORT).read_text(encoding="utf-8")
    assert "nobody was kept apart for validation" in text
    assert "highest ROC AUC on validation patients" not in text


@pytest.mark.parametrize(("fine_tuned", "is_warned"), [(0.741, True), (0.76, False)])
def test_a_last_phase_that_ends_below_an_earlier_one_is_warned_of(
    tmp_path: Path, fine_tuned: float, is_warned: bool
) -> None:
    lines = [epoch_line(HEAD, 2, 0.749), epoch_line(UPPER, 1, fine_tuned)]
    histories = {"training": write_history(tmp_path / "history.jsonl", *lines)}
    page, facts = written(tmp_path / "report", replace(PLAIN, histories=histories))
    said = [line for line in facts["warnings"] if "below the 0.749 that an earlier phase had reached" in line]
    assert len(said) == is_warned
    assert all(f"Mind: {line}" in page.warnings for line in said)


def test_a_precision_of_nobody_called_malignant_is_no_figure(tmp_path: Path) -> None:
    low = replace(ANSWERS, probability=ANSWERS.probability * 0.3)
    page, facts = written(tmp_path, replace(PLAIN, answers=low, combined=ANSWERS.probability))
    figures = {row[0]: row[1:4] for row in page.table_below("figure")}
    assert figures["precision"][0] == UNDEFINED
    assert figures["precision"][1].startswith("0.")
    assert figures["precision"][2] == ""
    assert facts["metrics"]["own answer"]["precision"] is None
    assert {p["threshold"]: p["precision"] for p in facts["operating_points"]["own answer"]}[0.9] is None
    assert page.table_below("threshold")[-1][-1] == UNDEFINED


def test_an_interval_that_leaves_its_figure_out_is_left_out() -> None:
    assert _cell(Metric(0.006, 0.01, 0.05)) == "0.006"
    assert "0.010 to 0.050" in _cell(Metric(0.02, 0.01, 0.05))


@pytest.mark.parametrize(("error", "is_met"), [(0.02, True), (0.1, False)])
def test_probabilities_are_called_frequencies_only_where_they_are(error: float, is_met: bool) -> None:
    words = calibration_words(Calibration(1.0, 0.0, "none"), is_by_fold=False, is_worse=False, error=error)
    assert ("not met here, where it is 0.100" in words) is not is_met


def test_the_calibration_error_is_told_fold_by_fold(tmp_path: Path) -> None:
    answers = invented_answers(patients=9, folds=3)
    _, facts = written(tmp_path, replace(PLAIN, answers=answers))
    errors = [row["ece"] for row in facts["folds"]]
    text = (tmp_path / REPORT).read_text(encoding="utf-8")
    assert f"By fold the ECE of the own answer is {min(errors):.3f} to {max(errors):.3f}" in text


def test_settings_are_for_people(tmp_path: Path) -> None:
    settings = {
        "precision": None,
        "fine_tune": None,
        "calibration": {"slope": 1.1170432187654321, "sides": [0.30000000000000004, 2]},
    }
    page, _ = written(tmp_path, replace(PLAIN, settings=settings))
    assert page.table_below("setting")[1:] == [
        ["precision", "the fastest that the machine has"],
        ["fine_tune", "none: no second phase"],
        ["calibration.slope", "1.117"],
        ["calibration.sides", "(0.3, 2)"],
    ]


def test_the_own_answer_is_explained_where_it_is_first_named(tmp_path: Path) -> None:
    written(tmp_path, PLAIN)
    text = (tmp_path / REPORT).read_text(encoding="utf-8")
    assert text.lower().index("own answer") < text.index(OWN_MEANS) < text.index("<h2>Figures")


def test_a_small_gap_is_no_sign_of_overfitting_but_of_nothing_where_the_split_leaks() -> None:
    assert "no sign that patches were learnt by heart" in gap_words(0.01, is_leaky=False)
    assert "better than validation patients, by 0.050" in gap_words(0.05, is_leaky=False)
    assert "no evidence against overfitting" in gap_words(0.01, is_leaky=True)


def test_a_leak_is_the_first_thing_to_be_read_and_each_training_has_its_curve(tmp_path: Path) -> None:
    history = write_history(tmp_path / "history.jsonl")
    content = replace(PLAIN, histories={"a": history, "b": history}, is_leaky=True, warnings=("Other.",))
    page, facts = written(tmp_path / "report", content)
    few = FEW.format(patients=8)
    assert facts["warnings"][:3] == [LEAK, few, "Other."]
    assert page.warnings == [f"Mind: {warning}" for warning in facts["warnings"]]
    assert "no evidence against overfitting" in (tmp_path / "report" / REPORT).read_text(encoding="utf-8")
    assert {path.name for path in (tmp_path / "report").glob("learning*")} == {
        "learning-1.png",
        "learning-2.png",
    }


def test_a_loss_that_is_no_number_is_null(tmp_path: Path) -> None:
    lines = [epoch_line(HEAD, 1, 0.9, loss=math.nan)]
    history = write_history(tmp_path / "history.jsonl", *lines)
    _, facts = written(tmp_path / "report", replace(PLAIN, histories={"training": history}))
    assert facts["kept_epochs"]["training"]["loss"] is None


def test_split_settings_and_further_tables_are_shown(tmp_path: Path) -> None:
    counts = {"patients": 3, "patches": 1200, "malignant": 300}
    table = Table("Context", ("patient", "ROC AUC"), (("8863", 0.99514), ("8865", None)), "Whole slides.")
    content = replace(
        PLAIN,
        split={"train": counts, "validation": {"patients": 0, "patches": 0, "malignant": 0}},
        settings={"seed": 3, "network": {"widths": (4, 8)}},
        tables=(table,),
    )
    page, facts = written(tmp_path, content)
    assert ["train", "3", "1,200", "300", "25.0%"] in page.table_below("")
    assert ["validation", "0", "0", "0", ""] in page.table_below("")
    assert page.table_below("setting")[1:] == [["seed", "3"], ["network.widths", "(4, 8)"]]
    assert "Context" in page.headings
    assert facts["split"]["train"] == counts
    assert facts["settings"]["network"]["widths"] == [4, 8]
    assert facts["tables"][0]["rows"] == [["8863", 0.99514], ["8865", None]]


def test_nothing_is_written_where_there_is_nothing_to_evaluate(tmp_path: Path) -> None:
    one_class = answers_with(np.ones(5, np.int8), np.full(5, 0.5, np.float32))
    with pytest.raises(SourceError, match="both benign and malignant"):
        write_report(tmp_path / "report", replace(PLAIN, answers=one_class))
    with pytest.raises(SourceError, match="Cannot read the history"):
        write_report(tmp_path / "report", replace(PLAIN, histories={"training": tmp_path / "none"}))
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_cannot_be_written_to_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(SourceError, match="Choose another --output"):
        write_report(tmp_path / "file", PLAIN)
    (tmp_path / REPORT).mkdir()
    with pytest.raises(ResultError, match="Cannot write"):
        write_report(tmp_path, PLAIN)
    assert not list(tmp_path.glob(".*"))
