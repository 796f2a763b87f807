"""Answers made of truth and probabilities alone."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from model_training.answers import Answers


def answers_with(
    truth: NDArray[np.int8],
    probability: NDArray[np.float32],
    *,
    patients: NDArray[np.str_] | None = None,
    fold: NDArray[np.int8] | None = None,
) -> Answers:
    """On a row in one patient, unless others are given; in no fold."""
    n = len(truth)
    return Answers(
        files=np.array([f"{i}.png" for i in range(n)]),
        patients=np.full(n, "1000") if patients is None else patients,
        truth=truth,
        x=(np.arange(n) * 50).astype(np.int32),
        y=np.zeros(n, np.int32),
        probability=probability.astype(np.float32),
        fold=np.zeros(n, np.int8) if fold is None else fold,
    )


def invented_answers(*, patients: int = 8, seed: int = 0, folds: int = 0) -> Answers:
    """Of patients of very different numbers of patches, the last of whom have no malignant ones; the
    probabilities are in twentieths, so that many are equal."""
    random = np.random.default_rng(seed)
    counts = random.integers(20, 200, patients)
    names = np.repeat([str(1000 + i) for i in range(patients)], counts)
    number = np.repeat(np.arange(patients), counts)
    share = np.linspace(0.7, 0, patients)
    truth = (random.random(len(names)) < share[number]).astype(np.int8)
    odds = random.normal(3 * truth - 1.5, 1.5)
    probability = np.round(20 / (1 + np.exp(-odds))).astype(np.float32) / np.float32(20)
    fold = (number % folds + 1 if folds else number * 0).astype(np.int8)
    return answers_with(truth, probability, patients=names, fold=fold)
