from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from histoviewer.gui.gallery.gallery_groups import Group
from histoviewer.gui.gallery.gallery_order import GalleryOrder, Judgements, Show, Sort, rows_in_order
from histoviewer.patches.patch import BENIGN, MALIGNANT, UNKNOWN, PatchColumns
from histoviewer.results.reviews import NO_REVIEW, UNSURE

NAN = float("nan")


def columns(truth: list[int], files: list[str] | None = None, patients: str = "") -> PatchColumns:
    count = len(truth)
    zeros = np.zeros(count, np.int32)
    names = tuple(sorted(set(patients))) or ("p",)
    return PatchColumns(
        files=files or [f"{i}.png" for i in range(count)],
        patients=names,
        patient=np.array([names.index(name) for name in patients] or zeros, np.int32),
        x=zeros,
        y=zeros,
        width=zeros,
        height=zeros,
        truth=np.array(truth, np.int8),
    )


def shown(
    probabilities: list[float],
    order: GalleryOrder,
    *,
    threshold: float = 0.5,
    failed: tuple[int, ...] = (),
    patches: PatchColumns | None = None,
    reviews: list[int] | None = None,
) -> list[int]:
    decided = np.array(reviews or [NO_REVIEW] * len(probabilities), np.int8)
    judgements = Judgements(
        np.array(probabilities, np.float32), threshold, np.array(failed, np.intp), decided
    )
    return rows_in_order(patches or columns([UNKNOWN] * len(probabilities)), judgements, order).tolist()


def test_without_wishes_every_patch_stands_in_source_order() -> None:
    assert shown([0.9, NAN, 0.1], GalleryOrder()) == [0, 1, 2]


def test_highest_probability_comes_first_equal_ones_in_source_order_and_not_judged_last() -> None:
    assert shown([0.2, NAN, 0.9, 0.0, 0.9, 1.0], GalleryOrder(Sort.HIGHEST)) == [5, 2, 4, 0, 3, 1]


def test_lowest_probability_comes_first_and_not_judged_last() -> None:
    assert shown([0.2, NAN, 0.9, -0.0, 0.0, NAN], GalleryOrder(Sort.LOWEST)) == [3, 4, 0, 2, 1, 5]


def test_uncertainty_counts_from_the_threshold_on_either_side() -> None:
    probabilities = [0.9, 0.35, NAN, 0.25, 0.28]
    assert shown(probabilities, GalleryOrder(Sort.UNCERTAINTY), threshold=0.3) == [4, 1, 3, 0, 2]


def test_disagreement_ranks_by_distance_from_the_truth_and_puts_unknown_truth_last() -> None:
    patches = columns([BENIGN, MALIGNANT, UNKNOWN, MALIGNANT, BENIGN])
    order = GalleryOrder(Sort.DISAGREEMENT)
    assert shown([0.7, 0.1, 0.99, NAN, 0.2], order, patches=patches) == [1, 0, 4, 2, 3]


def test_the_same_from_what_a_person_decided() -> None:
    patches, order = columns([BENIGN] * 5), GalleryOrder(Sort.AGAINST_REVIEW)
    reviews = [BENIGN, MALIGNANT, UNSURE, MALIGNANT, NO_REVIEW]
    assert shown([0.7, 0.1, 0.99, NAN, 0.2], order, patches=patches, reviews=reviews) == [1, 0, 2, 3, 4]


@pytest.mark.parametrize(
    ("show", "expected"),
    [
        (Show.MALIGNANT, [0, 3]),
        (Show.BENIGN, [1]),
        (Show.NOT_JUDGED, [2]),
        (Show.FAILED, [4]),
        (Show.ALL, [0, 1, 2, 3, 4]),
    ],
)
def test_each_class_shows_its_patches_and_the_threshold_itself_is_malignant(
    show: Show, expected: list[int]
) -> None:
    probabilities = [0.7, 0.6999, NAN, 0.9, NAN]
    assert shown(probabilities, GalleryOrder(show=show), threshold=0.7, failed=(4,)) == expected


@pytest.mark.parametrize(
    ("show", "expected"),
    [(Show.TRULY_MALIGNANT, [0, 3, 4]), (Show.TRULY_BENIGN, [1]), (Show.DISPUTED, [1, 3])],
)
def test_the_truth_filters_whatever_was_judged_and_disputed_is_what_was_judged_against_it(
    show: Show, expected: list[int]
) -> None:
    patches = columns([MALIGNANT, BENIGN, UNKNOWN, MALIGNANT, MALIGNANT])
    assert (
        shown([0.7, 0.7, 0.9, 0.6, NAN], GalleryOrder(show=show), threshold=0.7, patches=patches) == expected
    )


def test_a_patient_is_meant_by_its_whole_name() -> None:
    patches = columns([UNKNOWN] * 4, patients="BABA")
    assert shown([NAN] * 4, GalleryOrder(patient="A"), patches=patches) == [1, 3]
    assert shown([NAN] * 4, GalleryOrder(patient="AB"), patches=patches) == []


def test_a_range_includes_its_ends_and_hides_what_is_not_judged() -> None:
    assert shown([0.1, 0.3, NAN, 0.7, 0.8], GalleryOrder(low=0.3, high=0.7)) == [1, 3]
    assert shown([0.1, NAN], GalleryOrder(low=0.0, high=0.7)) == [0]


def test_text_is_found_in_file_or_patient_in_either_case() -> None:
    patches = columns([UNKNOWN] * 4, ["ab/One.png", "cd/two.PNG", "ef/three.tif", "gh/oNe.tif"], "BZBB")
    assert shown([NAN] * 4, GalleryOrder(text=" one "), patches=patches) == [0, 3]
    assert shown([NAN] * 4, GalleryOrder(text="z"), patches=patches) == [1]
    assert shown([NAN] * 4, GalleryOrder(text="b"), patches=patches) == [0, 2, 3]


def test_the_single_file_name_of_a_slide_stands_for_all_its_patches() -> None:
    patches = columns([UNKNOWN] * 3, ["Biopsy.svs"])
    assert shown([NAN] * 3, GalleryOrder(text="biopsy"), patches=patches) == [0, 1, 2]
    assert shown([NAN] * 3, GalleryOrder(text="other"), patches=patches) == []


def test_filters_and_order_work_together() -> None:
    patches = columns([BENIGN] * 5, ["a1", "a2", "b3", "a4", "a5"])
    order = GalleryOrder(Sort.HIGHEST, Show.MALIGNANT, low=0.0, high=0.9, text="a")
    assert shown([0.6, 0.95, 0.7, 0.8, 0.2], order, patches=patches) == [3, 0]


@pytest.mark.parametrize("sort", [Sort.HIGHEST, Sort.LOWEST, Sort.UNCERTAINTY, Sort.DISAGREEMENT])
def test_every_sort_agrees_with_a_plain_stable_sort(sort: Sort) -> None:
    random = np.random.default_rng(7)
    probabilities = random.integers(0, 40, 3000).astype(np.float32) / np.float32(39)
    probabilities[random.random(3000) < 0.1] = np.nan
    patches = columns(random.integers(-1, 2, 3000).tolist())
    order = GalleryOrder(sort)
    distance = {
        Sort.HIGHEST: -probabilities,
        Sort.LOWEST: probabilities,
        Sort.UNCERTAINTY: np.abs(probabilities - np.float32(0.4)),
        Sort.DISAGREEMENT: np.where(
            patches.truth == UNKNOWN, np.nan, -np.abs(probabilities - patches.truth.astype(np.float32))
        ),
    }[sort]
    judgements = Judgements(
        probabilities, 0.4, np.empty(0, np.intp), np.full(len(probabilities), NO_REVIEW, np.int8)
    )
    expected = np.argsort(distance, kind="stable")
    assert np.array_equal(rows_in_order(patches, judgements, order), expected)


def test_an_order_knows_what_it_depends_on() -> None:
    assert not GalleryOrder(text="a").follows_probabilities
    assert GalleryOrder(high=0.9).follows_probabilities
    assert GalleryOrder(Sort.LOWEST).follows_probabilities
    assert not replace(GalleryOrder(Sort.LOWEST), low=0.2).follows_threshold
    assert GalleryOrder(show=Show.BENIGN).follows_threshold
    assert GalleryOrder(show=Show.DISPUTED).follows_threshold
    assert not GalleryOrder(show=Show.TRULY_BENIGN, group=Group.TRUTH).follows_probabilities
    assert GalleryOrder(group=Group.CLASS).follows_probabilities
    assert GalleryOrder(group=Group.CLASS).follows_threshold
