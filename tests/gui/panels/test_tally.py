from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from histoviewer.gui.panels.tally import Tally
from histoviewer.patches.folder import FolderSource
from tests.helpers.array_source import ArraySource
from tests.helpers.patch_folders import idc_name, write_patch

NAN = float("nan")


class SlicedSource(ArraySource):
    """Its slides are no patients: the even rows, and the odd ones below 4."""

    def rows(self, name: str) -> NDArray[np.intp]:
        return {"even": np.arange(0, len(self.columns), 2), "odd": np.array([1, 3])}[name]


def test_a_source_and_its_slides_are_counted_and_loose_patches_lie_on_none(tmp_path: Path) -> None:
    for name in (idc_name("7", x=0), idc_name("7", x=50), idc_name("8", x=0), "loose.png"):
        write_patch(tmp_path / name[0].replace("l", "8"), name)
    source = FolderSource(tmp_path, input_size=50, model_mpp=4.0)
    names = [Path(file).name for file in source.columns.files]
    probability = np.full(4, NAN, np.float32)
    tally = Tally(source, probability, list(source.slides()))
    assert tally.count(0.5).tolist() == [[4, 2, 1], [0, 0, 0], [0, 0, 0]]
    probability[names.index("loose.png")] = 0.9
    probability[names.index(idc_name("7", x=50))] = 0.5
    probability[names.index(idc_name("8", x=0))] = 0.4
    assert tally.count(0.5).tolist() == [[4, 2, 1], [3, 1, 1], [2, 1, 0]]
    assert tally.count(0.4).tolist() == [[4, 2, 1], [3, 1, 1], [3, 1, 1]]
    assert tally.count_of(probability > 0.45).tolist() == [2, 1, 0]


def test_slides_that_are_no_patients_are_counted_by_their_rows() -> None:
    probability = np.array([0.9, 0.1, NAN, 0.8, 0.7, 0.6], np.float32)
    tally = Tally(SlicedSource(6), probability, ["odd", "even"])
    assert tally.count(0.5).tolist() == [[6, 2, 3], [5, 2, 2], [4, 1, 2]]
