"""Data, weights and recipes for real trainings of the tiny network."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from histoviewer.gui.training.training_window import TrainingWindow
from tests.helpers.idc_like import write_idc_like
from tests.helpers.tiny_bundle import TINY
from tests.helpers.tiny_weights import write_tiny_weights

PATIENCE = 240_000
"""ms; a training imports TensorFlow first, beside other tests."""

ENDLESS = 5000
"""Epochs that no test waits for."""


def fill_in(window: TrainingWindow, folder: Path, *, epochs: int, patients: int = 8) -> Path:
    """What the form needs for a training in ``folder``; returns the run's folder."""
    write_idc_like(folder / "data", patients=patients, patches=16, seed=1)
    recipe = replace(TINY, fine_tune=None, head_epochs=epochs, patience=epochs, schedule="constant")
    recipe.save(folder / "recipe.json")
    form = window.form
    form.data.add([folder / "data"])
    form.weights.set_path(write_tiny_weights(folder / "weights.npz"))
    form.recipe.set_path(folder / "recipe.json")
    form.output.set_path(folder / "a run")
    return folder / "a run"
