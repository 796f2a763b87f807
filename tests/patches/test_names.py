"""What file and folder names say."""

from __future__ import annotations

import pytest

from histoviewer.patches.names import (
    HEATMAP,
    PatchName,
    class_of_folder,
    is_image,
    is_whole_slide,
    natural_key,
    parse_many,
    parse_name,
)
from histoviewer.patches.patch import BENIGN, MALIGNANT, UNKNOWN


def test_hidden_files_are_no_patches() -> None:
    assert parse_many(["._1_idx5_x1_y1_class0.png", "1_idx5_x1_y1_class0.png"]).names == [
        "1_idx5_x1_y1_class0.png"
    ]


def test_a_name_of_the_grammar_gives_patient_place_and_truth() -> None:
    assert parse_name("10253_idx5_x1351_y1101_class0") == PatchName("10253", 1350, 1100, BENIGN)
    assert parse_name("10253_idx5_x1_y51_class1") == PatchName("10253", 0, 50, MALIGNANT)


def test_patients_may_have_any_name_and_case_does_not_matter() -> None:
    assert parse_name("TCGA-A1 0SK_idx5_B_IDX12_X1_Y1_CLASS1") == PatchName(
        "TCGA-A1 0SK_idx5_B", 0, 0, MALIGNANT
    )


def test_without_a_class_there_is_a_place_but_no_truth() -> None:
    assert parse_name("8867_idx5_x51_y1") == PatchName("8867", 50, 0, UNKNOWN)


@pytest.mark.parametrize(
    "stem",
    [
        "10253",
        "_idx5_x1_y1_class0",
        "10253_idx5_x1351_y1101_class2",
        "10253_idx5_x1351_y1101_class0 (1)",
        "10253_idx5_x-49_y1_class0",
        "10253_idx5_x0_y1_class0",
        "10253_idx5_x1_y100000_class0",
        "10253_idx5_x١_y1_class0",
        "10253_idx5_y1_x1_class0",
    ],
)
def test_other_names_are_not_of_the_grammar(stem: str) -> None:
    assert parse_name(stem) is None


def test_images_are_known_by_their_ending_in_any_case() -> None:
    assert all(map(is_image, ["a.png", "b.JPG", "c.jpeg", "d.TiF", "e.tiff", "f.bmp", "g.h.png"]))
    assert not any(map(is_image, [".png", "._a.png", "a.txt", "png", "a.svs", "a.ome.tiff", "a.png.part"]))


def test_a_heat_map_is_neither_a_patch_nor_a_slide() -> None:
    for name in ("a.heatmap.png", "B.Heatmap.PNG", "10253_idx5_x1_y1_class0.heatmap.png", HEATMAP):
        assert not is_image(name)
        assert not is_whole_slide(name)
    assert all(map(is_image, ["heatmap.png", "a heatmap.png", "a.heatmap.jpg", "a.heatmap.1.png"]))


def test_whole_slides_are_known_by_their_ending() -> None:
    assert all(map(is_whole_slide, ["a.svs", "b.NDPI", "c.mrxs", "d.dcm", "e.ome.tif", "f.OME.TIFF"]))
    assert not any(map(is_whole_slide, ["a.tif", "b.png", ".hidden.svs", "svs"]))


@pytest.mark.parametrize(
    ("folder", "truth"),
    [
        ("0", BENIGN),
        ("1", MALIGNANT),
        ("class0", BENIGN),
        ("Class1", MALIGNANT),
        ("benign", BENIGN),
        ("MALIGNANT", MALIGNANT),
        ("2", UNKNOWN),
        ("8867", UNKNOWN),
        ("benign_cases", UNKNOWN),
    ],
)
def test_a_folder_may_name_a_class(folder: str, truth: int) -> None:
    assert class_of_folder(folder, frozenset({"0", "1", folder})) == truth


def test_folders_that_count_are_no_classes() -> None:
    assert class_of_folder("1", frozenset({"0", "1", "2"})) == UNKNOWN
    assert class_of_folder("1", frozenset({"0", "1", "notes"})) == MALIGNANT


def test_numbers_in_names_sort_as_numbers() -> None:
    names = ["b", "a10", "a2", "A1", "a2b", "10", "9"]
    assert sorted(names, key=natural_key) == ["9", "10", "A1", "a2", "a2b", "a10", "b"]
