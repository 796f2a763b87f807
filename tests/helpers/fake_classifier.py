"""A classifier without a network, for tests of what surrounds it."""

from __future__ import annotations

import threading
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from histoviewer.errors import ModelError
from histoviewer.inference.model_card import ModelCard, Network


def a_card(**changes: object) -> ModelCard:
    """A valid card of no model in particular."""
    facts: dict[str, object] = {
        "name": "fake",
        "version": "1",
        "created": "2026-01-01",
        "input_size": 50,
        "mpp": 4.0,
        "class_names": ("benign", "malignant"),
        "threshold": 0.5,
        "networks": (Network("openvino", "f16", {"network.xml": "0" * 64}, 1),),
        "split": {"train": ("1",), "validation": ("2",), "test": ("3",)},
        "metrics": {},
        "operating_points": (),
        "calibration": {"method": "none"},
        "training": {},
        "data": "none",
        "intended_use": "tests",
        "limits": "all",
        "attribution": "nobody",
        "folder": Path(),
    }
    return ModelCard(**(facts | changes))  # type: ignore[arg-type]


class FakeClassifier:
    """Answers with the mean of the red channel, so that each patch has an answer of its own.

    Attributes:
        batches: number of patches of each call so far.
        gate: cleared, it holds ``predict`` until it is set again.
        fails: raise ModelError instead of answering.
    """

    engine = "fake"
    precision = "f32"

    def __init__(self, *, batch_size: int = 64, fails: bool = False) -> None:
        self.card = a_card()
        self.batch_size = batch_size
        self.batches: list[int] = []
        self.gate = threading.Event()
        self.gate.set()
        self.fails = fails

    def predict(self, pixels: NDArray[np.uint8]) -> NDArray[np.float32]:
        if not self.gate.wait(timeout=30):
            raise ModelError("the test never opened the gate")
        if self.fails:
            raise ModelError("the fake was told to fail")
        self.batches.append(len(pixels))
        return (pixels[..., 0].mean(axis=(1, 2)) / 255).astype(np.float32)
