from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from model_training.report.patients_table import COLUMNS, patients_table, write_patients_csv
from tests.helpers.some_answers import answers_with

TRUTH = np.array([0, 0, 1, 1, 1, 0, 0], np.int8)
PROBABILITY = np.array([0.1, 0.6, 0.9, 0.5, 0.4, 0.2, 0.7], np.float32)
PATIENTS = np.array(["b", "b", "b", "b", "b", "=a", "=a"])
ANSWERS = answers_with(TRUTH, PROBABILITY, patients=PATIENTS)


def test_a_row_is_what_it_is_by_hand() -> None:
    _, row = patients_table(ANSWERS, PROBABILITY, 0.5)
    assert (row.patient, row.patches, row.malignant, row.positive) == ("b", 5, 3, 3)
    assert (row.true_positive, row.false_positive, row.true_negative, row.false_negative) == (2, 1, 1, 1)
    assert (row.sensitivity, row.specificity) == (pytest.approx(2 / 3), pytest.approx(1 / 2))
    assert row.roc_auc == pytest.approx(4 / 6)  # of six pairs, two are in the wrong order
    assert row.mean_probability == pytest.approx(0.5)
    assert row.brier == pytest.approx((0.01 + 0.36 + 0.01 + 0.25 + 0.36) / 5)


def test_the_table_is_of_the_probability_that_is_given() -> None:
    _, row = patients_table(ANSWERS, np.zeros(7, np.float32), 0.5)
    assert (row.positive, row.mean_probability) == (0, 0)


def test_the_file_has_empty_cells_where_there_is_no_figure_and_no_formula(tmp_path: Path) -> None:
    write_patients_csv(tmp_path / "patients.csv", patients_table(ANSWERS, PROBABILITY, 0.5))
    assert (tmp_path / "patients.csv").read_bytes().decode().split("\n") == [
        ",".join(COLUMNS),
        "'=a,2,0,1,0,1,1,0,,0.5000,,0.4500,0.2650",
        "b,5,3,3,2,1,1,1,0.6667,0.5000,0.6667,0.5000,0.1980",
        "",
    ]
