"""Facts of a path, as JSON knows them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import tifffile
from PIL import Image

from histoviewer.errors import SourceError
from histoviewer.patches.describe import describe
from tests.helpers.patch_folders import idc_name, painted, refuse_to_list, write_empty, write_patch
from tests.helpers.stained import EOSIN, glass, put


def described(path: Path, *, mpp: float | None = None) -> dict[str, Any]:
    facts = describe(path, input_size=50, model_mpp=4.0, mpp=mpp)
    assert json.loads(json.dumps(facts)) == facts
    return facts


def test_a_folder_with_places_tells_its_counts_and_its_slides(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    write_patch(folder / "9", idc_name("9", x=0, y=0, truth=1))
    write_patch(folder / "9", idc_name("9", x=50, y=0), painted(32, 50))
    write_patch(folder / "9", idc_name("9", x=0, y=50), painted(50, 42))
    write_patch(folder / "10", idc_name("10", x=0, y=0))
    write_patch(folder / "copy", idc_name("10", x=0, y=0))
    write_empty(folder / "9", "broken.png")
    facts = described(folder)
    assert {name: facts[name] for name in ("kind", "name", "patches", "patients", "benign", "malignant")} == {
        "kind": "folder",
        "name": "data",
        "patches": 5,
        "patients": 2,
        "benign": 3,
        "malignant": 1,
    }
    assert {
        name: facts[name] for name in ("truncated", "unreadable", "duplicates_skipped", "dimensions")
    } == {
        "truncated": 2,
        "unreadable": 1,
        "duplicates_skipped": 1,
        "dimensions": None,
    }
    assert (facts["mpp"], facts["mpp_origin"], facts["mpp_plausible"]) == (4.0, "data set", True)
    assert [(slide["name"], slide["dimensions"]) for slide in facts["slides"]] == [
        ("9", [82, 92]),
        ("10", [50, 50]),
    ]


def test_what_cannot_be_opened_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_patch(tmp_path, "a.png")
    write_empty(tmp_path / "closed")
    refuse_to_list(monkeypatch, "closed")
    facts = described(tmp_path)
    assert facts["unreadable_folders"] == ["closed"]
    assert "closed (Permission denied)" in facts["problems"][0]


def test_a_patch_on_its_side_has_the_size_that_viewers_show(tmp_path: Path) -> None:
    image = Image.fromarray(painted(50, 30))
    exif = image.getexif()
    exif[0x0112] = 6
    image.save(tmp_path / idc_name("9", suffix=".jpg"), exif=exif)
    assert described(tmp_path)["dimensions"] == [30, 50]


def test_one_patient_has_the_dimensions_of_its_slide(tmp_path: Path) -> None:
    write_patch(tmp_path, idc_name("9", x=500, y=0))
    facts = described(tmp_path)
    assert facts["dimensions"] == [550, 50]
    assert facts["levels"] == [
        {"dimensions": [550, 50], "downsample": 1.0},
        {"dimensions": [138, 13], "downsample": 4.0},
    ]


def test_loose_patches_have_no_slide(tmp_path: Path) -> None:
    write_patch(tmp_path, "a.png")
    facts = described(tmp_path)
    assert (facts["dimensions"], facts["slides"], facts["mpp_origin"]) == (None, [], "patch size")


def test_a_single_patch_is_told_as_one(tmp_path: Path) -> None:
    facts = described(write_patch(tmp_path, "a.png", painted(20, 20)))
    assert (facts["kind"], facts["patches"], facts["truncated"]) == ("patch", 1, 1)


def test_a_slide_tells_levels_scale_and_what_would_be_judged(tmp_path: Path) -> None:
    pixels = glass(1000, 600)
    put(pixels, 0, 0, 500, 600, EOSIN)
    path = tmp_path / "slide.tif"
    tifffile.imwrite(path, pixels, photometric="rgb")
    facts = described(path, mpp=1.0)
    assert (facts["kind"], facts["name"], facts["dimensions"]) == ("slide", "slide.tif", [1000, 600])
    assert facts["levels"][0] == {"dimensions": [1000, 600], "downsample": 1.0}
    assert (facts["mpp"], facts["mpp_origin"], facts["mpp_plausible"]) == (1.0, "user", True)
    assert (facts["patches"], facts["cells"], facts["truncated"], facts["problem"]) == (9, 15, 0, None)
    assert facts["patients"] == 1


def test_a_slide_that_cannot_be_judged_is_described_all_the_same(tmp_path: Path) -> None:
    path = tmp_path / "slide.tif"
    tifffile.imwrite(path, glass(300, 200), photometric="rgb")
    facts = described(path)
    assert (facts["dimensions"], facts["mpp"], facts["patches"]) == ([300, 200], None, None)
    assert "does not say its µm/px" in facts["problem"]
    absurd = described(path, mpp=1000.0)
    assert (absurd["mpp"], absurd["mpp_plausible"], absurd["patches"]) == (1000.0, False, None)


def test_a_folder_of_slides_names_them(tmp_path: Path) -> None:
    write_empty(tmp_path, "a.svs", "b.ndpi")
    facts = described(tmp_path)
    assert (facts["kind"], facts["sources"]) == (
        "slides",
        [str(tmp_path / "a.svs"), str(tmp_path / "b.ndpi")],
    )


def test_nothing_to_describe_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="is empty"):
        described(tmp_path)


@pytest.mark.data
def test_a_real_patient_is_described(idc_folder: Path) -> None:
    facts = described(idc_folder / "8867")
    assert (facts["patches"], facts["benign"], facts["malignant"], facts["truncated"]) == (1642, 1480, 162, 2)
    assert facts["dimensions"] == [3212, 2299]


def test_every_kind_tells_the_same_basic_facts(tmp_path: Path) -> None:
    write_empty(tmp_path / "slides", "a.svs", "b.ndpi")
    patch = write_patch(tmp_path / "folder", "a.png")
    slide = tmp_path / "slide.tif"
    tifffile.imwrite(slide, glass(300, 200), photometric="rgb")
    told = [described(path) for path in (tmp_path / "slides", tmp_path / "folder", patch, slide)]
    assert [facts["kind"] for facts in told] == ["slides", "folder", "patch", "slide"]
    assert [facts["patients"] for facts in told] == [2, 1, 1, 1]
    basic = {"name", "dimensions", "levels", "mpp", "patches", "truncated"}
    assert [basic - facts.keys() for facts in told] == [set()] * 4
