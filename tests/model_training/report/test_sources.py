from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, replace
from pathlib import Path

import numpy as np
import pytest
from sklearn.metrics import roc_auc_score

from histoviewer.inference.model_card import Context, Metric
from model_training.assessment import assess
from model_training.calibration import UNCALIBRATED, Calibration
from model_training.config import TrainingConfig
from model_training.cross_fit import AT_THRESHOLD
from model_training.crossvalidation import OutOfFold, histories
from model_training.dataset import Split, split_warnings
from model_training.evaluation import best_threshold, figures
from model_training.report.content import ReportContent
from model_training.report.sources import (
    NOT_WHOLE,
    report_of_bundle,
    report_of_folds,
    report_of_training,
)
from model_training.report.words import UNDEFINED
from model_training.report.writing import METRICS, REPORT, write_report
from tests.helpers.fake_classifier import a_card
from tests.helpers.some_answers import invented_answers
from tests.helpers.some_history import unvalidated_line, write_history
from tests.helpers.tissue import answers_about

TEST = invented_answers(seed=2)
VALIDATION = replace(TEST, probability=TEST.probability**2)
CONFIG = TrainingConfig(seed=4)
CALIBRATION = Calibration(0.5, -1.0, "platt")


def of_training(
    calibration: Calibration, *, is_leaky: bool = False, config: TrainingConfig = CONFIG
) -> ReportContent:
    return report_of_training(
        title="A training",
        validation=VALIDATION,
        test=TEST,
        calibration=calibration,
        config=config,
        split={},
        history=Path("history.jsonl"),
        is_leaky=is_leaky,
    )


def test_the_figures_are_of_calibrated_answers_at_a_threshold_from_validation_patients() -> None:
    content = of_training(CALIBRATION)
    expected = CALIBRATION.calibrated(TEST.probability)
    assert np.array_equal(content.answers.probability, expected)
    assert content.uncalibrated is TEST.probability
    assert content.threshold == best_threshold(
        VALIDATION.truth, CALIBRATION.calibrated(VALIDATION.probability)
    )
    assert content.threshold != best_threshold(TEST.truth, expected)
    assert content.settings == asdict(CONFIG)
    assert content.seed == 4


def test_thresholds_for_both_purposes_are_shown_on_the_patients_of_the_report() -> None:
    content = of_training(CALIBRATION)
    (table,) = content.tables
    in_use, for_f1 = table.rows
    assert in_use[1] == f"{content.threshold:g}"
    assert isinstance(for_f1[1], str)
    found = figures(TEST.truth, content.answers.probability, float(for_f1[1]))
    assert for_f1[-1] == pytest.approx(found["f1"])


def test_the_epoch_that_the_recipe_keeps_is_passed_on() -> None:
    assert of_training(CALIBRATION).keep == "best"
    assert of_training(CALIBRATION, config=TrainingConfig(keep="last")).keep == "last"


def out_of_fold(*, folds: int) -> OutOfFold:
    answers = answers_about(patients=folds, folds=folds, share=0.4)
    return OutOfFold(answers, answers)


def written_histories(folder: Path, *, folds: int) -> Mapping[int, Path]:
    """The training ROC AUC of each fold tells its number."""
    for fold in range(1, folds + 1):
        (folder / f"fold-{fold}").mkdir()
        write_history(
            folder / f"fold-{fold}" / "history.jsonl", unvalidated_line("head", 1, 0.5 + fold / 100)
        )
    return histories(folder)


def test_each_fold_stands_beside_its_own_training_however_many_there_are(tmp_path: Path) -> None:
    found = assess(out_of_fold(folds=11))
    content = report_of_folds(found, TrainingConfig(), written_histories(tmp_path, folds=11))
    gaps = content.tables[0]
    assert [row[0] for row in gaps.rows] == [str(fold) for fold in range(1, 12)]
    assert [row[3] for row in gaps.rows] == pytest.approx([0.5 + fold / 100 for fold in range(1, 12)])
    for fold, row in enumerate(gaps.rows, start=1):
        held_out = found.answers[found.answers.fold == fold]
        assert row[4] == pytest.approx(roc_auc_score(held_out.truth, held_out.probability))
    assert list(content.histories) == [f"fold {fold}" for fold in range(1, 12)]


def test_the_report_of_folds_says_what_was_done_to_its_figures_and_what_to_the_final_network(
    tmp_path: Path,
) -> None:
    found = assess(out_of_fold(folds=3))
    content = report_of_folds(found, TrainingConfig(), written_histories(tmp_path, folds=3))
    write_report(tmp_path / "report", replace(content, resamples=20))
    text = (tmp_path / "report" / REPORT).read_text(encoding="utf-8")
    assert found.calibration.method == "platt"
    assert "each fold's probabilities were calibrated by what the other folds say" in text
    assert (
        f"The final network's log odds are multiplied by {found.calibration.slope:.3f} and "
        f"{found.calibration.intercept:+.3f} is added (Platt 1999), as fitted on the answers of all folds."
    ) in text
    assert "The network's log odds" not in text
    assert (tmp_path / "report" / "learning-without-validation.png").exists()


def test_a_fold_or_a_whole_slide_of_one_class_has_empty_cells(tmp_path: Path) -> None:
    answers = answers_about(patients=3)
    answers = replace(answers, truth=np.where(answers.fold == 2, 0, answers.truth).astype(np.int8))
    content = report_of_folds(
        assess(OutOfFold(answers, answers)), TrainingConfig(), written_histories(tmp_path, folds=3)
    )
    gaps, slides, *_ = content.tables
    assert gaps.rows[1][4] is None
    assert slides.rows[1][3:] == (None,) * 6
    assert None not in (*gaps.rows[0], *slides.rows[0])
    write_report(tmp_path / "report", replace(content, resamples=20))
    facts = json.loads((tmp_path / "report" / METRICS).read_text(encoding="utf-8"))
    assert facts["tables"][1]["rows"][1][3:] == [None] * 6
    assert "NaN" not in (tmp_path / "report" / METRICS).read_text(encoding="utf-8")


def test_figures_at_the_thresholds_of_the_other_folds_stand_beside_those_at_one() -> None:
    found = assess(out_of_fold(folds=3))
    tables = report_of_folds(found, TrainingConfig(), {}).tables
    (choices,) = [table for table in tables if table.title.startswith("What the choice of the threshold")]
    at_one, honest = choices.rows
    one = figures(found.answers.truth, found.own, found.threshold)
    assert at_one[1:] == pytest.approx([one[name] for name in AT_THRESHOLD])
    assert honest[1:] == pytest.approx([found.honest[name] for name in AT_THRESHOLD])


def test_without_whole_slides_there_are_no_tables_of_them(tmp_path: Path) -> None:
    answers = invented_answers(patients=9, folds=3)
    found = assess(OutOfFold(answers, answers))
    assert not found.slides.each
    content = report_of_folds(found, TrainingConfig(), written_histories(tmp_path, folds=3))
    assert not any("slides" in table.title for table in content.tables)
    assert all(table.rows for table in content.tables)
    assert "nothing is said of what neighbours change" in content.about


def test_a_cross_validation_says_that_it_keeps_the_last_epoch() -> None:
    content = report_of_folds(assess(out_of_fold(folds=3)), TrainingConfig(keep="best"), {})
    assert content.settings["keep"] == "last"


def test_where_nobody_is_called_malignant_the_thresholds_have_no_precision() -> None:
    low = replace(TEST, probability=TEST.probability * 0.04)
    content = report_of_training(
        title="",
        validation=low,
        test=low,
        calibration=Calibration(1.0, 0.0, "none"),
        config=CONFIG,
        split={},
        history=Path("history.jsonl"),
    )
    assert [row[4] for row in content.tables[0].rows] == [UNDEFINED, UNDEFINED]


def test_whole_slides_are_shown_one_by_one_and_together() -> None:
    answers = answers_about(patients=4)
    found = assess(OutOfFold(answers, answers))
    _, slides, together, *_ = report_of_folds(found, TrainingConfig(), {}).tables
    assert [row[0] for row in slides.rows] == [slide.patient for slide in found.slides.each]
    assert [row[0] for row in together.rows] == ["alone", "plain average", "with neighbours"]
    alone, _, combined = (row[1] for row in together.rows)
    assert isinstance(alone, Metric)
    assert isinstance(combined, Metric)
    assert alone.value < combined.value


def test_figures_with_neighbours_on_slides_that_are_not_whole_are_warned_of() -> None:
    card = replace(a_card(training={"seed": 0}), context=Context(-0.5, (0.5,), 0.0, 2.0, 8.0, {}))
    sparse, whole = answers_about(patients=3, share=0.1), answers_about(patients=3)
    assert NOT_WHOLE in report_of_bundle(card, sparse).warnings
    assert NOT_WHOLE not in report_of_bundle(card, whole).warnings
    assert NOT_WHOLE not in report_of_bundle(replace(card, context=None), sparse).warnings


def test_without_calibration_there_is_no_before() -> None:
    content = of_training(UNCALIBRATED)
    assert content.uncalibrated is None
    assert np.array_equal(content.answers.probability, TEST.probability)
    assert [kind.name for kind in content.stages] == ["own answer"]


def test_a_leaky_split_does_not_speak_of_unseen_patients() -> None:
    content = of_training(UNCALIBRATED, is_leaky=True)
    assert "patients" not in content.about
    assert content.every_warning[:1] == split_warnings(Split((), ("a",), (), unit="patch"))


def test_patients_that_the_bundle_has_seen_are_warned_of() -> None:
    names = np.unique(TEST.patients).tolist()
    split = {"train": tuple(names[:2]), "validation": tuple(names[2:3]), "test": tuple(names[3:])}
    card = a_card(split=split, training={"seed": 7, "patches": {"train": {"patches": 1}}}, limits="Limits.")
    trained_on, validated_on, limits = report_of_bundle(card, TEST).warnings
    assert "2 of these 8 patients were trained on" in trained_on
    assert "1 of these 8 patients were validated on" in validated_on
    assert limits == "Limits."
    content = report_of_bundle(card, TEST[np.isin(TEST.patients, split["test"])])
    assert content.warnings == ("Limits.",)
    assert content.settings == {"seed": 7}
    assert content.split == {"train": {"patches": 1}}


def test_what_a_calibrated_bundle_said_before_is_worked_out_from_its_card() -> None:
    calibrated = replace(TEST, probability=CALIBRATION.calibrated(TEST.probability))
    card = a_card(training={"seed": 0}, calibration=asdict(CALIBRATION))
    content = report_of_bundle(card, calibrated)
    assert content.calibration == CALIBRATION
    assert content.uncalibrated == pytest.approx(TEST.probability, abs=1e-5)
    assert report_of_bundle(a_card(training={"seed": 0}), TEST).uncalibrated is None
