from pathlib import Path

import numpy as np
import pytest
from skimage.color import rgb2lab

from histoviewer.errors import ResultError
from histoviewer.patches.patch import NO_LOCATION
from histoviewer.results.compared import STEPS, colorize_difference, difference_colours, read_compared_maps


def written(path: Path, **changes: object) -> Path:
    """Four patches of patient a, in an L that is no mirror of itself, one of b, and one without a place."""
    columns: dict[str, object] = {
        "slide": np.array(["a", "a", "a", "a", "b", "c"]),
        "x": np.array([100, 150, 100, 100, 0, NO_LOCATION], np.int32),
        "y": np.array([200, 200, 250, 300, 0, NO_LOCATION], np.int32),
        "side": np.full(6, 50, np.int32),
        "stride": np.full(6, 50.0),
        "truth": np.array([0, 1, 1, 0, 1, 0], np.int8),
        "old": np.array([0.1, 0.6, 0.25, 0.5, 0.5, 0.5], np.float32),
        "new": np.array([0.9, 0.5, 0.25, 0.1, 0.5, 0.5], np.float32),
    }
    with path.open("wb") as file:
        np.savez_compressed(file, **(columns | changes))
    return path


def test_patches_lie_at_their_places_and_answers_are_subtracted(tmp_path: Path) -> None:
    a, b = read_compared_maps(written(tmp_path / "a.npz"), thresholds=(0.5, 0.5))
    assert (a.slide, a.patches, a.x, a.y, a.cell) == ("a", 4, 100, 200, 50)
    wanted = [[0.8, -0.1], [0, np.nan], [-0.4, np.nan]]
    assert a.difference == pytest.approx(np.array(wanted), nan_ok=True, abs=1e-6)
    assert np.array_equal(a.truth, [[0, 1], [1, np.nan], [0, np.nan]], equal_nan=True)
    assert b.slide == "b"


def test_each_models_own_threshold_says_what_has_changed(tmp_path: Path) -> None:
    path = written(tmp_path / "a.npz")
    found = [read_compared_maps(path, thresholds=both)[0] for both in ((0.5, 0.5), (0.7, 0.2))]
    assert [(one.raised, one.lowered) for one in found] == [(1, 1), (3, 0)]


def test_where_patches_overlap_a_cell_is_their_mean(tmp_path: Path) -> None:
    here = {"x": np.array([0, 25, 0, 0, 0, 0], np.int32), "y": np.array([0, 0, 500, 500, 0, 0], np.int32)}
    path = written(tmp_path / "a.npz", stride=np.full(6, 25.0), **here)
    a = next(one for one in read_compared_maps(path, thresholds=(0.5, 0.5)) if one.slide == "a")
    assert a.old[0, :3] == pytest.approx([0.1, 0.35, 0.6])
    assert a.old[1, :3] == pytest.approx([0.1, 0.35, 0.6])


def test_of_a_slide_cut_twice_the_finer_stride_is_a_cell(tmp_path: Path) -> None:
    strides = np.array([50.0, 50, 50, 25, 50, 50])
    a = read_compared_maps(written(tmp_path / "a.npz", stride=strides), thresholds=(0.5, 0.5))[0]
    assert a.cell == 25
    assert a.old[0, :4] == pytest.approx([0.1, 0.1, 0.6, 0.6])


def test_a_file_that_is_none_is_said_to_be(tmp_path: Path) -> None:
    (tmp_path / "a.npz").write_bytes(b"PK, and no more")
    with pytest.raises(ResultError, match="Cannot read"):
        read_compared_maps(tmp_path / "a.npz", thresholds=(0.5, 0.5))


def test_the_scale_of_differences_is_absolute_and_its_middle_is_pale() -> None:
    colours = colorize_difference(np.array([[-1, 0, 1, np.nan], [-0.01, 0.01, 0.5, 0]], np.float32))
    less, none, more = colours[0, :3, :3].astype(int)
    assert none.min() > 230
    assert less[2] > less[0] + 50, "blue"
    assert more[0] > more[2] + 50, "red"
    assert colours[0, :, 3].tolist() == [255, 255, 255, 0]
    assert np.abs(colours[1, :2, :3].astype(int) - none).max() < 8, "a small difference stays a small one"


SEEN_WITH = {
    "deuteranopia": [[0.367, 0.861, -0.228], [0.280, 0.673, 0.047], [-0.012, 0.043, 0.969]],
    "protanopia": [[0.152, 1.053, -0.205], [0.115, 0.786, 0.099], [-0.004, -0.048, 1.052]],
}
"""Of linear RGB (Machado, Oliveira and Fernandes 2009, severity 1)."""


@pytest.mark.parametrize("eyes", SEEN_WITH)
def test_higher_and_lower_stay_apart_for_colour_blind_eyes(eyes: str) -> None:
    colours = difference_colours()[:, :3] / 255
    linear = np.where(colours <= 0.04045, colours / 12.92, ((colours + 0.055) / 1.055) ** 2.4)
    seen = np.clip(linear @ np.array(SEEN_WITH[eyes]).T, 0, 1)
    lab = rgb2lab(np.where(seen <= 0.0031308, seen * 12.92, 1.055 * seen ** (1 / 2.4) - 0.055))
    apart = np.linalg.norm(lab[STEPS + 1 :] - lab[:STEPS][::-1], axis=1)
    assert apart[STEPS // 4 :].min() > 20, "from a difference of a quarter on"
