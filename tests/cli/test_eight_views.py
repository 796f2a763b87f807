"""``--eight-views``, with the tiny real network."""

from __future__ import annotations

import html
import shlex
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from histoviewer.app import main
from histoviewer.inference.eight_views import views
from histoviewer.inference.opening import open_classifier
from tests.helpers.pictures import textured
from tests.helpers.tables import rows_of

Classify = Callable[..., int]


def test_the_answer_is_the_mean_of_eight_and_a_run_of_its_own(
    classify: Classify, folder: Path, tmp_path: Path, tiny_bundle: Path
) -> None:
    table = tmp_path / "out" / "patches.csv"
    assert classify(folder) == 0
    of_one = rows_of(table)
    assert classify(folder, "--eight-views") == 0
    of_eight = rows_of(table)
    assert {row["run"] for row in of_one}.isdisjoint(row["run"] for row in of_eight)
    network = open_classifier(tiny_bundle)
    for row in of_eight:
        pixels = np.asarray(Image.open(folder / row["file"]))[None]
        expected = np.mean([network.predict(view)[0] for view in views(pixels)])
        assert float(row["prob_malignant"]) == pytest.approx(expected, abs=1e-5)
    assert [row["prob_malignant"] for row in of_one] != [row["prob_malignant"] for row in of_eight]
    assert classify(folder) == 0
    assert [row["prob_malignant"] for row in rows_of(table)] == [row["prob_malignant"] for row in of_one]


def test_the_command_in_a_report_makes_it_again(
    classify: Classify, tmp_path: Path, tiny_bundle: Path
) -> None:
    Image.fromarray(textured(300, 200)).save(tmp_path / "a.png")
    options = ("--mpp", 4, "--stride", 25, "--no-tissue-mask", "--eight-views")
    assert classify(tmp_path / "a.png", "--formats", "csv,html", *options) == 0
    page = (tmp_path / "out" / "a.html").read_text(encoding="utf-8")
    command = html.unescape(page.partition("<code>histoviewer ")[2].partition("</code>")[0])
    words = [str(tmp_path / "again") if word == "DIR" else word for word in shlex.split(command)]
    words[words.index("html")] = "csv"
    assert main([*words, "--model", str(tiny_bundle)]) == 0
    again, first = (rows_of(tmp_path / name / "a.csv") for name in ("again", "out"))
    assert len(first) == 77
    assert [row["prob_malignant"] for row in again] == [row["prob_malignant"] for row in first]
