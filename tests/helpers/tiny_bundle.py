"""A real bundle of a tiny VGG16, trained for a moment on generated patches."""

from __future__ import annotations

from pathlib import Path

import keras

from model_training.bundle import make_bundle
from model_training.config import NetworkConfig, TrainingConfig
from model_training.dataset import load_dataset, split_by_patient
from model_training.network import build_network
from model_training.run_folder import keep_settings
from model_training.training import train
from tests.helpers.idc_like import write_idc_like

RESAMPLES = 20

TINY = TrainingConfig(
    network=NetworkConfig(widths=(4, 4, 8, 8, 8), dense_units=8, dropout=0.1),
    head_epochs=2,
    fine_tune="block4",
    fine_tune_epochs=2,
    fine_tune_rate=1e-2,
    batch_size=8,
    orientations=2,
)


def make_tiny_bundle(folder: Path) -> Path:
    """Train into ``folder/training``, bundle in float32 arithmetic, and return the bundle's folder."""
    data = folder / "data"
    write_idc_like(data, patients=6, patches=16)
    dataset = load_dataset(data, input_size=50, mpp=4.0)
    split = split_by_patient(dataset.patients.tolist(), seed=TINY.seed)
    keras.utils.set_random_seed(TINY.seed)
    network = build_network(TINY.network)
    run = folder / "training"
    run.mkdir()
    keep_settings(run, TINY, split)
    train(network, dataset, split, TINY, run)
    network.save_weights(run / "network.weights.h5")
    bundle = folder / "bundle"
    make_bundle(
        network,
        dataset,
        split,
        TINY,
        name="tiny",
        version="1",
        mpp=4.0,
        output=bundle,
        allow_int8=False,
        resamples=RESAMPLES,
    )
    return bundle
