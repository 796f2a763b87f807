"""The large slide, cut so finely that it has more than a million patches, with made-up answers.

They lie as those of tissue do: smooth over the slide.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from histoviewer.gui.open_source import IN_MEMORY, OpenSource, _open_store
from histoviewer.gui.session import Session
from histoviewer.gui.source_opener import OpenRequest
from histoviewer.inference.opening import DEFAULT_OPTIONS
from histoviewer.patches.opening import open_source
from tests.benchmarks.large_slide import large_slide

MPP = 4.0
"""µm/px that the slide is said to have: a patch is then 50 of its pixels wide."""

STRIDE = 43
"""Of the model's pixels."""


def open_a_million(session: Session) -> OpenSource:
    """Bring the slide to the front of a session, all of its patches answered."""
    card = session.card
    source = open_source(
        large_slide(),
        input_size=card.input_size,
        model_mpp=card.mpp,
        mpp=MPP,
        stride=STRIDE,
        tissue_only=False,
    )
    opened = OpenSource(source, _open_store(source, card, DEFAULT_OPTIONS, IN_MEMORY))
    answers = _answers(source.columns.x, source.columns.y)
    opened.store.probability[:] = opened.store.patch_probability[:] = answers
    session._add(opened, OpenRequest(opened.source.path))
    return opened


def _answers(x: NDArray[np.int32], y: NDArray[np.int32]) -> NDArray[np.float32]:
    field = ndimage.gaussian_filter(np.random.default_rng(3).random((200, 200)), 6)
    field = (field - field.min()) / (field.max() - field.min())
    return field[(y * 199 // y.max()), (x * 199 // x.max())].astype(np.float32)
