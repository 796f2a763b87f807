from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from histoviewer.errors import ResultError
from histoviewer.patches.names import parse_name
from histoviewer.patches.patch import PatchColumns
from histoviewer.results.colormaps import lookup_table
from histoviewer.results.heatmap import Heatmap
from histoviewer.results.heatmap_png import DISCLAIMER, write_heatmap_png
from histoviewer.results.store import ResultStore
from histoviewer.slides.geometry import Size
from tests.results.samples import facts, folder_columns, record, slide_columns

NAN = np.nan


def heatmap_of(
    tmp_path: Path,
    columns: PatchColumns,
    probabilities: list[float],
    *,
    sizes: list[tuple[int, int]] | None = None,
    **changes: object,
) -> Heatmap:
    store = ResultStore.open(tmp_path / "x.histo", columns, facts(**changes))
    record(store, range(len(columns)), probabilities, sizes=sizes)
    store.close()
    return Heatmap(store, np.arange(len(columns)))


def size_of(path: Path) -> tuple[int, int]:
    with Image.open(path) as picture:
        return picture.size


def read(path: Path) -> NDArray[np.uint8]:
    with Image.open(path) as picture:
        assert picture.mode == "RGBA"
        return np.asarray(picture)


def test_the_picture_covers_the_slide_pixel_by_pixel(tmp_path: Path) -> None:
    columns = folder_columns(["a", "b"], places=[(100, 50), (150, 100)])
    heatmap = heatmap_of(tmp_path, columns, [0.2, 0.9])
    write_heatmap_png(tmp_path / "x.png", heatmap, Size(230, 170), threshold=0.5, colormap="cividis")
    expected = np.zeros((170, 230, 4), np.uint8)
    expected[50:100, 100:150] = lookup_table("cividis")[51]
    expected[100:150, 150:200] = lookup_table("cividis")[230]
    assert (read(tmp_path / "x.png") == expected).all()


def test_a_finer_slide_is_reduced_to_the_models_pixels(tmp_path: Path) -> None:
    step = 4 / 0.499
    columns = slide_columns(3, 2, stride=50 * step, side=50 * step)
    heatmap = heatmap_of(tmp_path, columns, [0, 1, NAN, 1, 0, NAN], mpp=0.499, stride=50 * step)
    write_heatmap_png(tmp_path / "x.png", heatmap, Size(1203, 900), threshold=0.5, below="hide")
    alpha = read(tmp_path / "x.png")[..., 3]
    assert alpha.shape == (112, 150)
    expected = np.zeros_like(alpha)
    expected[:50, 50:100] = expected[50:100, :50] = 255
    assert (alpha == expected).all()


def test_a_pixel_takes_the_cell_that_its_middle_lies_in(tmp_path: Path) -> None:
    columns = folder_columns(["a"], places=[(101, 0)], side=100)
    heatmap = heatmap_of(tmp_path, columns, [0.5], mpp=2.0, stride=100.0)
    write_heatmap_png(tmp_path / "x.png", heatmap, Size(300, 100), threshold=0)
    assert np.flatnonzero(read(tmp_path / "x.png")[0, :, 3]).tolist() == list(range(50, 100))


def test_truncated_patches_are_not_painted_beyond_their_edge(tmp_path: Path) -> None:
    columns = folder_columns(["a", "b", "c"], places=[(0, 0), (50, 0), (100, 50)])
    sizes = [(50, 50), (12, 50), (50, 7)]
    heatmap = heatmap_of(tmp_path, columns, [0.5, 0.5, 0.5], sizes=sizes)
    write_heatmap_png(tmp_path / "x.png", heatmap, Size(150, 100), threshold=0)
    expected = np.zeros((100, 150), np.uint8)
    expected[0:50, 0:62] = expected[50:57, 100:150] = 255
    assert (read(tmp_path / "x.png")[..., 3] == expected).all()


def test_gaps_of_a_stride_larger_than_a_patch_stay_clear(tmp_path: Path) -> None:
    heatmap = heatmap_of(tmp_path, slide_columns(2, 1, stride=75), [0.5, 0.5], stride=75.0)
    write_heatmap_png(tmp_path / "x.png", heatmap, Size(150, 60), threshold=0)
    expected = np.zeros((60, 150), np.uint8)
    expected[0:50, 0:50] = expected[0:50, 75:125] = 255
    assert (read(tmp_path / "x.png")[..., 3] == expected).all()


def test_the_picture_says_what_it_is(tmp_path: Path) -> None:
    heatmap = heatmap_of(
        tmp_path, slide_columns(1, 1), [0.5], model_title="Modell Größe 😐", mpp=2.0, pixels="as stored"
    )
    write_heatmap_png(tmp_path / "x.png", heatmap, Size(50, 50), threshold=0.35, colormap="PuOr_r")
    with Image.open(tmp_path / "x.png") as picture:
        text = picture.text
    assert text["Model"] == "Modell Größe 😐"
    assert text["Threshold"] == "0.35"
    assert text["Colour map"].startswith("PuOr_r")
    assert text["Scale"] == "4 µm/px; the slide 2 µm/px (data set)"
    assert text["Origin"] == "level-0 pixel 0, 0; 2 level-0 pixels a pixel"
    assert text["Pixels judged"] == "as stored"
    assert text["Run"] == heatmap.store.run_id
    assert text["Disclaimer"] == DISCLAIMER


def test_a_picture_that_cannot_be_written_is_an_error(tmp_path: Path) -> None:
    heatmap = heatmap_of(tmp_path, slide_columns(1, 1), [0.5])
    with pytest.raises(ResultError, match=r"nowhere"):
        write_heatmap_png(tmp_path / "nowhere" / "x.png", heatmap, Size(50, 50), threshold=0.5)


def test_an_absurd_size_is_an_error_and_not_a_full_memory(tmp_path: Path) -> None:
    heatmap = heatmap_of(tmp_path, slide_columns(1, 1), [0.5], mpp=100.0)
    with pytest.raises(ResultError, match=r"Check the slide's µm/px"):
        write_heatmap_png(tmp_path / "x.png", heatmap, Size(5000, 5000), threshold=0.5)


@pytest.mark.data
def test_the_picture_of_8867_lies_on_its_patches_exactly(tmp_path: Path, idc_folder: Path) -> None:
    files = sorted((idc_folder / "8867").rglob("*.png"))
    said = [parse_name(file.stem) for file in files]
    places = [(name.x, name.y) for name in said]
    sizes = [size_of(file) for file in files]
    truth = [name.truth for name in said]
    columns = folder_columns([file.name for file in files], places=places, truth=truth)
    heatmap = heatmap_of(tmp_path, columns, [float(t) for t in truth], sizes=sizes)
    write_heatmap_png(tmp_path / "8867.heatmap.png", heatmap, Size(3212, 2300), threshold=0.5)
    expected = np.zeros((2300, 3212, 4), np.uint8)
    for (x, y), (width, height), t in zip(places, sizes, truth, strict=True):
        expected[y : y + height, x : x + width] = lookup_table("viridis")[255 * t]
    assert (read(tmp_path / "8867.heatmap.png") == expected).all()
