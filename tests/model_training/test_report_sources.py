from __future__ import annotations

from dataclasses import asdict, replace
from pathlib import Path

import numpy as np
import pytest

from model_training.calibration import UNCALIBRATED, Calibration
from model_training.config import TrainingConfig
from model_training.evaluation import best_threshold, figures
from model_training.report_content import ReportContent
from model_training.report_sources import report_of_bundle, report_of_training
from tests.helpers.fake_classifier import a_card
from tests.helpers.some_answers import invented_answers

TEST = invented_answers(seed=2)
VALIDATION = replace(TEST, probability=TEST.probability**2)
CALIBRATION = Calibration(0.5, -1.0, "platt")


def of_training(calibration: Calibration, *, is_leaky: bool = False) -> ReportContent:
    return report_of_training(
        title="A training",
        validation=VALIDATION,
        test=TEST,
        calibration=calibration,
        config=TrainingConfig(seed=4),
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
    assert content.settings == asdict(TrainingConfig(seed=4))
    assert content.seed == 4


def test_thresholds_for_both_purposes_are_shown_on_the_patients_of_the_report() -> None:
    content = of_training(CALIBRATION)
    (table,) = content.tables
    in_use, for_f1 = table.rows
    assert in_use[1] == f"{content.threshold:g}"
    assert isinstance(for_f1[1], str)
    found = figures(TEST.truth, content.answers.probability, float(for_f1[1]))
    assert for_f1[-1] == pytest.approx(found["f1"])


def test_without_calibration_there_is_no_before() -> None:
    content = of_training(UNCALIBRATED)
    assert content.uncalibrated is None
    assert np.array_equal(content.answers.probability, TEST.probability)
    assert [kind.name for kind in content.stages] == ["own answer"]


def test_a_leaky_split_does_not_speak_of_unseen_patients() -> None:
    content = of_training(UNCALIBRATED, is_leaky=True)
    assert "patients" not in content.about
    assert "too good" in content.every_warning[0]


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
