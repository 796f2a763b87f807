"""Who says the scale is kept in every output."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from PIL import Image

from histoviewer.app import main
from histoviewer.results.store import ResultStore
from tests.helpers.pictures import textured, write_tiff_levels
from tests.helpers.tables import rows_of


@pytest.mark.parametrize(("mpp", "origin"), [(None, "file tag"), (1.0, "user")])
def test_the_origin_of_the_scale_is_in_every_output(  # type: ignore[no-untyped-def]
    classify, tmp_path: Path, capsys: pytest.CaptureFixture[str], mpp: float | None, origin: str
) -> None:
    path = write_tiff_levels(tmp_path / "slide.ome.tiff", [textured(400, 300)], ome_mpp=2.0)
    options = [] if mpp is None else ["--mpp", str(mpp)]
    assert classify(path, "--no-tissue-mask", "--quiet", *options) == 0
    out, said = tmp_path / "out", mpp or 2.0
    for row in rows_of(out / "summary.csv"):
        assert (float(row["mpp"]), row["scale_origin"]) == (said, origin)
    with Image.open(next(out.glob("*.heatmap.png"))) as picture:
        assert picture.text["Scale"].endswith(f"the slide {said:g} µm/px ({origin})")  # type: ignore[attr-defined]
    with ResultStore.read(next(out.glob("*.histo"))) as store:
        assert (store.facts.mpp, store.facts.scale_origin) == (said, origin)
    capsys.readouterr()
    assert main(["info", str(path), *options]) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["mpp"], told["mpp_origin"]) == (said, origin)
