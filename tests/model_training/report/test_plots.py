from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import matplotlib
import numpy as np
import pytest
from matplotlib.figure import Figure
from matplotlib.text import Text
from PIL import Image

from model_training.history import read_history
from model_training.report import plots
from model_training.report.learning_plot import learning_figure, training_figure
from model_training.report.patients_plot import patients_figure
from model_training.report.patients_table import patients_table
from model_training.report.plot_style import DOTS_PER_INCH, png_of
from model_training.report.plots import Judged
from tests.helpers.some_answers import answers_with, invented_answers
from tests.helpers.some_history import HEAD, UPPER, epoch_line, unvalidated_line, write_history

ANSWERS = invented_answers()
OWN = Judged("own answer", ANSWERS.truth, ANSWERS.probability, ANSWERS.patients, 0.45)
COMBINED = replace(OWN, name="with neighbours", probability=np.sqrt(ANSWERS.probability), threshold=0.6)
CERTAIN = replace(OWN, probability=ANSWERS.truth.astype(np.float32), threshold=0.95)
CLUELESS = replace(OWN, probability=np.full(len(ANSWERS), 0.5, np.float32), threshold=0.05)

FIGURES: dict[str, Callable[[Judged], Figure]] = {
    "roc": lambda kind: plots.roc_figure([kind]),
    "roc of two": lambda kind: plots.roc_figure([kind, COMBINED]),
    "precision and recall": lambda kind: plots.precision_recall_figure([kind]),
    "precision and recall of two": lambda kind: plots.precision_recall_figure([kind, COMBINED]),
    "confusion": plots.confusion_figure,
    "reliability": lambda kind: plots.reliability_figure([kind]),
    "reliability of three": lambda kind: plots.reliability_figure([kind, COMBINED, kind]),
    "histogram": plots.histogram_figure,
    "patients": lambda kind: patients_figure(
        patients_table(ANSWERS, kind.probability, kind.threshold), kind.name
    ),
}


def is_cut(figure: Figure) -> bool:
    """Whether something is drawn over the edge of the picture."""
    figure.get_layout_engine().execute(figure)
    drawn, edges = figure.get_tightbbox(), figure.bbox_inches.padded(0.01)
    return not (edges.contains(drawn.x0, drawn.y0) and edges.contains(drawn.x1, drawn.y1))


@pytest.mark.parametrize("kind", [OWN, CERTAIN, CLUELESS], ids=["invented", "certain", "clueless"])
@pytest.mark.parametrize("name", FIGURES)
def test_every_picture_can_be_drawn_and_no_text_is_cut(name: str, kind: Judged) -> None:
    figure = FIGURES[name](kind)
    assert not is_cut(figure)


def test_a_picture_is_a_png_file_of_so_many_dots() -> None:
    figure = plots.histogram_figure(OWN)
    with Image.open(io.BytesIO(png_of(figure))) as picture:
        assert picture.format == "PNG"
        assert picture.size == (6.4 * DOTS_PER_INCH, 5.6 * DOTS_PER_INCH)


def test_a_text_that_is_cut_is_found() -> None:
    figure = plots.confusion_figure(OWN)
    figure.text(0.9, 0.5, "a long text at the right edge")
    assert is_cut(figure)


def test_pictures_leave_no_trace_in_pyplot_or_the_settings() -> None:
    before = dict(matplotlib.rcParams)
    png_of(plots.roc_figure([OWN]))
    assert dict(matplotlib.rcParams) == before
    from matplotlib import pyplot

    assert pyplot.get_fignums() == []


def test_curves_run_from_corner_to_corner_on_honest_axes() -> None:
    (axes,) = plots.roc_figure([OWN]).axes
    curve = max(axes.lines, key=lambda line: len(line.get_xdata()))
    x, y = np.asarray(curve.get_data())
    assert (x[0], y[0], x[-1], y[-1]) == (0, 0, 1, 1)
    for limits in (axes.get_xlim(), axes.get_ylim()):
        assert limits == pytest.approx((0, 1), abs=0.03)


def test_the_confusion_matrix_counts_what_is_at_the_threshold_as_malignant() -> None:
    answers = answers_with(np.array([0, 0, 0, 1], np.int8), np.array([0.1, 0.2, 0.45, 0.4], np.float32))
    kind = Judged("own", answers.truth, answers.probability, answers.patients, 0.45)
    (axes,) = plots.confusion_figure(kind).axes
    texts = [text.get_text() for text in axes.texts]
    assert texts == [
        "2",
        "66.7% of the benign",
        "1",
        "33.3% of the benign",
        "1",
        "100.0% of the malignant",
        "0",
        "0.0% of the malignant",
    ]


def test_the_reliability_diagram_shows_bins_where_they_are() -> None:
    truth = np.array([0, 0, 0, 1, 1, 1, 1, 0], np.int8)
    probability = np.repeat(np.float32([0.25, 0.75]), 4)
    answers = answers_with(truth, probability)
    kind = Judged("own", truth, probability, answers.patients, 0.5)
    diagram, histogram = plots.reliability_figure([kind]).axes
    dots = np.asarray(diagram.collections[-1].get_offsets())
    assert dots == pytest.approx(np.array([[0.25, 0.25], [0.75, 0.75]]))
    assert sum(bar.get_height() for bar in histogram.patches) == 8


def test_only_patients_judged_worse_than_chance_explains_are_named() -> None:
    truth = np.ones(400, np.int8)
    truth[::2] = 0
    probability = truth.astype(np.float32)
    patients = np.repeat(["good", "bad", "fine", "small"], (190, 100, 100, 10))
    probability[(patients == "bad") & (truth == 1)] = 0
    rows = patients_table(answers_with(truth, probability, patients=patients), probability, 0.5)
    sensitivity, specificity = patients_figure(rows, "own answer").axes
    named = [text.get_text() for text in sensitivity.texts]
    assert named == ["bad"]
    assert not specificity.texts


def test_names_of_patients_at_one_place_do_not_overprint_each_other() -> None:
    truth = np.tile(np.int8([0, 1]), 500)
    patients = np.repeat(["good", "bad", "worse", "far"], (700, 100, 102, 98))
    probability = truth.astype(np.float32)
    probability[np.isin(patients, ["bad", "worse"]) & (truth == 1)] = 0
    probability[np.flatnonzero((patients == "far") & (truth == 1))[:25]] = 0
    rows = patients_table(answers_with(truth, probability, patients=patients), probability, 0.5)
    sensitivity, _ = patients_figure(rows, "own answer").axes
    assert [text.get_text() for text in sensitivity.texts] == ["worse", "far"]


def test_no_text_lies_among_the_gaps_or_the_curves(tmp_path: Path) -> None:
    diagram, _ = plots.reliability_figure([OWN]).axes
    assert not diagram.texts
    figure = learning_figure(read_history(write_history(tmp_path / "history.jsonl")), "best")
    figure.draw_without_rendering()
    for axes in figure.axes:
        for text in axes.texts:
            if text.get_text().startswith("kept"):
                assert text.get_window_extent().y0 >= axes.get_window_extent().y1


def test_where_nobody_is_called_malignant_the_picture_says_so() -> None:
    low = replace(OWN, probability=OWN.probability * 0.3)
    texts = [text.get_text() for text in plots.precision_recall_figure([low]).findobj(Text)]
    assert "no patch is called malignant at threshold 0.45" in texts


def test_the_kept_epoch_of_each_phase_is_marked(tmp_path: Path) -> None:
    figure = learning_figure(read_history(write_history(tmp_path / "history.jsonl")), "best", "fold 3")
    assert not is_cut(figure)
    texts = [text.get_text() for text in figure.findobj(Text)]
    assert "kept: epoch 2, 0.940" in texts
    assert "kept: epoch 1, 0.910" in texts
    assert any("fold 3" in text for text in texts)


def test_the_last_epoch_is_marked_where_the_recipe_keeps_it(tmp_path: Path) -> None:
    figure = learning_figure(read_history(write_history(tmp_path / "history.jsonl")), "last")
    texts = [text.get_text() for text in figure.findobj(Text)]
    assert "kept: epoch 3, 0.830" in texts
    assert "kept: epoch 2, 0.900" in texts


def test_trainings_without_validation_are_a_line_each_and_nothing_is_said_of_the_kept_one(
    tmp_path: Path,
) -> None:
    histories = {}
    for fold in (1, 2, 3):
        lines = [unvalidated_line(phase, i, 0.8) for phase in (HEAD, UPPER) for i in range(1, 3 + fold)]
        histories[f"fold {fold}"] = read_history(write_history(tmp_path / f"{fold}.jsonl", *lines))
    figure = training_figure(histories)
    assert not is_cut(figure)
    assert [len(axes.lines) for axes in figure.axes] == [3] * 4
    texts = [text.get_text() for text in figure.findobj(Text)]
    assert {"fold 1", "fold 2", "fold 3"} <= set(texts)
    assert not any("kept" in text for text in texts)


@pytest.mark.parametrize("loss", [0.4, float("nan"), float("inf")])
def test_a_single_epoch_and_a_loss_that_is_no_number_are_drawn(tmp_path: Path, loss: float) -> None:
    lines = [epoch_line(HEAD, 1, 0.5, loss=loss)]
    figure = learning_figure(read_history(write_history(tmp_path / "history.jsonl", *lines)), "best")
    assert not is_cut(figure)
    assert png_of(figure)
