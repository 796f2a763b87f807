"""The core says what is the matter; the command line says which option mends it."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from PIL import Image

from histoviewer.cli.advice import advised, advised_notes
from histoviewer.errors import ScaleUnknownError, SourceError
from histoviewer.patches.opening import open_source
from tests.helpers.patch_folders import write_patch


def test_an_unknown_scale_is_mended_by_an_option_and_other_errors_are_left_alone() -> None:
    assert advised(ScaleUnknownError("No scale.")) == "No scale. Give --mpp."
    assert advised(SourceError("No slide.")) == "No slide."


def test_loose_patches_and_empty_glass_name_the_options_that_change_it(tmp_path: Path) -> None:
    write_patch(tmp_path / "patches", "loose.png")
    patches = open_source(tmp_path / "patches", input_size=50, model_mpp=4.0)
    assert "--mpp" in list(advised_notes(patches))[-1]
    Image.fromarray(np.full((400, 400, 3), 250, np.uint8)).save(tmp_path / "glass.png")
    glass = open_source(tmp_path / "glass.png", input_size=50, model_mpp=4.0, mpp=2.0)
    assert "--no-tissue-mask" in list(advised_notes(glass))[-1]
    assert not any("--" in note for note in (*patches.notes, *glass.notes))
    glass.close()
