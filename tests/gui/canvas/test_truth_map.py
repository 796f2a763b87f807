from __future__ import annotations

import numpy as np

from histoviewer.gui.canvas.truth_map import TruthMap
from histoviewer.patches.patch import BENIGN, MALIGNANT, UNKNOWN

CLASSES = {"m": MALIGNANT, "b": BENIGN, ".": UNKNOWN}


def truth(*rows: str) -> TruthMap:
    """Cells of 50 level-0 pixels, the first at (100, 30)."""
    classes = np.array([[CLASSES[cell] for cell in row] for row in rows], np.int8)
    return TruthMap(classes, x=100.0, y=30.0, cell=50.0)


def test_an_outline_has_an_edge_wherever_the_class_ends_and_joins_those_in_a_row() -> None:
    lines = sorted(map(tuple, truth("mm.", "bm.").outline(MALIGNANT).tolist()))
    assert lines == [
        (100.0, 30.0, 100.0, 80.0),
        (100.0, 30.0, 200.0, 30.0),
        (100.0, 80.0, 150.0, 80.0),
        (150.0, 80.0, 150.0, 130.0),
        (150.0, 130.0, 200.0, 130.0),
        (200.0, 30.0, 200.0, 130.0),
    ]


def test_a_hole_is_outlined_too() -> None:
    lines = truth("mmm", "mbm", "mmm").outline(MALIGNANT)
    lengths = np.abs(lines[:, 2:] - lines[:, :2]).sum()
    assert lengths == 4 * 150 + 4 * 50


def test_stripes_cover_the_class_and_nothing_else() -> None:
    stripes = truth("mm.m", "bm..").stripes(MALIGNANT)
    assert stripes.tolist() == [
        [100.0, 30.0, 200.0, 80.0],
        [250.0, 30.0, 300.0, 80.0],
        [150.0, 80.0, 200.0, 130.0],
    ]


def test_a_class_that_is_not_there_has_no_line() -> None:
    assert truth("b.", "..").outline(MALIGNANT).shape == (0, 4)
    assert truth("b.", "..").stripes(MALIGNANT).shape == (0, 4)


def test_each_class_has_its_colour_and_what_is_unknown_none() -> None:
    rgba = truth("mb.").coloured({MALIGNANT: (200, 10, 20, 90), BENIGN: (1, 2, 3, 50)})
    assert rgba.tolist() == [[[200, 10, 20, 90], [1, 2, 3, 50], [0, 0, 0, 0]]]
