"""A scale is used, or refused with what to do; it is never guessed."""

from __future__ import annotations

from pathlib import Path

import pytest

from histoviewer.errors import ScaleError, ScaleUnknownError
from histoviewer.patches.scale import likely_mpp, usable_scale
from histoviewer.slides.geometry import Scale


@pytest.mark.parametrize("mpp", [0.1, 0.25, 4.0, 4.79])
def test_a_scale_as_fine_as_the_models_is_used(mpp: float) -> None:
    scale = Scale(mpp, "file tag")
    assert usable_scale(scale, model_mpp=4.0, path=Path("a.svs")) is scale


def test_no_scale_asks_for_mpp() -> None:
    with pytest.raises(
        ScaleUnknownError, match=r"^a\.svs does not say its µm/px, and the model judges at 4\.$"
    ):
        usable_scale(None, model_mpp=4.0, path=Path("a.svs"))


@pytest.mark.parametrize("mpp", [1000.0, 0.001, 0.0, -1.0, float("nan")])
def test_an_absurd_scale_asks_for_mpp(mpp: float) -> None:
    with pytest.raises(ScaleUnknownError, match=r"^a\.svs claims .* µm/px, which no microscope gives\.$"):
        usable_scale(Scale(mpp, "file tag"), model_mpp=4.0, path=Path("a.svs"))


def test_an_absurd_scale_of_the_user_says_what_is_expected() -> None:
    with pytest.raises(ScaleUnknownError, match=r"^1000 µm/px for a\.svs .* expected 0\.05 to 100\.$"):
        usable_scale(Scale(1000.0, "user"), model_mpp=4.0, path=Path("a.svs"))


@pytest.mark.parametrize("mpp", [4.81, 29.0])
def test_a_scale_much_coarser_than_the_models_is_refused(mpp: float) -> None:
    with pytest.raises(ScaleError, match=f"{mpp:g} µm/px, too coarse") as refused:
        usable_scale(Scale(mpp, "file tag"), model_mpp=4.0, path=Path("a.svs"))
    assert not isinstance(refused.value, ScaleUnknownError)


@pytest.mark.parametrize(
    ("given", "meant"),
    [(25, 0.25), (29, 0.29), (40, 0.25), (20, 0.5), (250, 0.25), (0.025, 0.25), (5.0, 0.5), (0.0, None)],
)
def test_an_absurd_scale_suggests_what_was_meant(given: float, meant: float | None) -> None:
    assert likely_mpp(given) == meant


def test_one_that_a_person_has_mistyped_is_asked_back() -> None:
    with pytest.raises(ScaleError, match=r"25 µm/px for a\.svs is too coarse.*Is 0\.25 meant\?"):
        usable_scale(Scale(25.0, "user"), model_mpp=4.0, path=Path("a.svs"))
    with pytest.raises(ScaleError, match="Open a finer scan"):
        usable_scale(Scale(25.0, "file tag"), model_mpp=4.0, path=Path("a.svs"))
