"""The generated slide that ``--demo`` opens, and the script that draws it."""

from __future__ import annotations

import importlib
import json
from pathlib import Path
from typing import Any

import numpy as np
import openslide
import pytest
from skimage.draw import polygon2mask

from histoviewer.resources import demo_slide

SMALL = (512, 384)


@pytest.fixture
def generator(monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.syspath_prepend(str(demo_slide().parent))
    return importlib.import_module("make_demo_slide")


def test_bundled_slide_is_a_pyramid_with_its_scale() -> None:
    with openslide.OpenSlide(demo_slide()) as slide:
        assert slide.dimensions == (5120, 4096)
        assert slide.level_downsamples == pytest.approx((1, 4, 16))
        assert float(slide.properties[openslide.PROPERTY_NAME_MPP_X]) == pytest.approx(1.0, rel=1e-3)
        assert float(slide.properties[openslide.PROPERTY_NAME_MPP_Y]) == pytest.approx(1.0, rel=1e-3)


def test_bundled_slide_says_that_it_is_synthetic() -> None:
    with openslide.OpenSlide(demo_slide()) as slide:
        description = slide.properties["tiff.ImageDescription"]
    assert all(
        words in description for words in ("SYNTHETIC", "HistoViewer", "no patient", "not for diagnosis")
    )


def test_bundled_slide_is_small_enough_to_travel_with_the_program() -> None:
    assert demo_slide().stat().st_size < 2_000_000


def test_tissue_is_darker_and_bluer_where_the_outlines_say_malignant() -> None:
    with openslide.OpenSlide(demo_slide()) as slide:
        pixels = np.asarray(slide.read_region((0, 0), 2, slide.level_dimensions[2]).convert("RGB"), float)
    outlines = json.loads(demo_slide().with_suffix(".json").read_text(encoding="utf-8"))["malignant"]
    rows_and_columns = [np.array(outline)[:, ::-1] / 16 for outline in outlines]
    malignant = np.any([polygon2mask(pixels.shape[:2], outline) for outline in rows_and_columns], axis=0)
    stroma = ~malignant & (pixels[..., 1] < 200)
    inside, outside = pixels[malignant].mean(axis=0), pixels[stroma].mean(axis=0)
    assert inside[0] < outside[0] - 30
    assert inside[2] - inside[0] > outside[2] - outside[0] + 10


def test_same_seed_and_size_give_the_same_file(generator: Any, tmp_path: Path) -> None:
    first, again, other = (tmp_path / f"{name}.tiff" for name in ("first", "again", "other"))
    generator.make(first, SMALL, seed=7)
    generator.make(again, SMALL, seed=7)
    generator.make(other, SMALL, seed=8)
    assert first.read_bytes() == again.read_bytes()
    assert first.with_suffix(".json").read_bytes() == again.with_suffix(".json").read_bytes()
    assert first.read_bytes() != other.read_bytes()
    with openslide.OpenSlide(first) as slide:
        assert slide.dimensions == SMALL
        assert slide.level_count == 3


def test_every_tile_of_the_bundled_slide_decodes() -> None:
    with openslide.OpenSlide(demo_slide()) as slide:
        for level, (width, height) in enumerate(slide.level_dimensions):
            whole = np.asarray(slide.read_region((0, 0), level, (width, height)))
            assert (whole[..., 3] == 255).all()
            assert 150 < whole[..., :3].mean() < 240
