from __future__ import annotations

import subprocess
import sys

import numpy as np
import pytest

from histoviewer.results.colormaps import COLORMAPS, DEFAULT_COLORMAP, colorize, lookup_table
from histoviewer.results.compared import DIFFERENCE_COLORMAP

VALUES = np.array([[0, 0.25, 0.5], [0.75, 1, np.nan]], np.float32)


def test_colours_are_absolute() -> None:
    low = colorize(VALUES / 10, threshold=0, colormap="cividis")
    table = lookup_table("cividis")
    assert (low[1, 1] == table[26]).all(), "0.1 stays dark though it is the highest"
    assert (colorize(VALUES, threshold=0, colormap="cividis")[1, 1] == table[255]).all()


@pytest.mark.parametrize("name", COLORMAPS)
def test_every_map_has_256_opaque_colours_from_low_to_high(name: str) -> None:
    table = lookup_table(name)
    assert table.shape == (256, 4)
    assert table.dtype == np.uint8
    assert (table[:, 3] == 255).all()
    assert np.abs(table[0].astype(int) - table[255]).sum() > 200


def test_what_was_not_judged_is_clear() -> None:
    rgba = colorize(VALUES, threshold=0)
    assert rgba.shape == (2, 3, 4)
    assert rgba.dtype == np.uint8
    assert rgba[..., 3].tolist() == [[255, 255, 255], [255, 255, 0]]


def test_below_the_threshold_is_shown_dimmed_or_hidden() -> None:
    def alpha(below: str) -> list[list[int]]:
        return colorize(VALUES, threshold=0.5, opacity=0.8, below=below)[..., 3].tolist()

    assert alpha("show") == [[204, 204, 204], [204, 204, 0]]
    assert alpha("dim") == [[71, 71, 204], [204, 204, 0]]
    assert alpha("hide") == [[0, 0, 204], [204, 204, 0]]


def test_the_threshold_is_exact_and_not_one_of_256_steps() -> None:
    values = np.array([[0.501, 0.5005]], np.float32)
    assert colorize(values, threshold=0.501, below="hide")[0, :, 3].tolist() == [255, 0]


def test_a_threshold_parts_neighbours_of_the_same_colour() -> None:
    values = np.random.default_rng(4).random((40, 50)).astype(np.float32)
    values[0, :3] = [0, 1, np.nan]
    for threshold in (-0.1, 0.0, 0.001, 0.37, values[3, 4], 0.999, 1.0, 1.1):
        alpha = colorize(values, threshold=float(threshold), below="hide")[..., 3]
        assert (alpha == 255 * (values >= np.float32(threshold))).all()


@pytest.mark.parametrize("name", [*COLORMAPS, DIFFERENCE_COLORMAP])
def test_the_colours_are_matplotlibs(name: str) -> None:
    from matplotlib import colormaps

    np.testing.assert_array_equal(lookup_table(name), colormaps[name](np.arange(256), bytes=True))


def test_matplotlib_is_not_imported_for_them() -> None:
    code = (
        "import sys, histoviewer.results.colormaps as c; c.lookup_table(c.DEFAULT_COLORMAP);"
        "assert 'matplotlib' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_the_default_is_among_those_offered() -> None:
    assert DEFAULT_COLORMAP in COLORMAPS
