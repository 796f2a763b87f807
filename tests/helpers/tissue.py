"""Answers about made-up slides: malignant tissue in one piece, and a network that errs on each patch."""

from __future__ import annotations

import numpy as np

from model_training.answers import Answers, sigmoid

SIDE = 24
"""Patches along the side of a whole slide."""


def answers_about(*, patients: int, seed: int = 0, share: float = 1.0, folds: int = 3) -> Answers:
    """``share`` of the places of each slide are judged. Log odds of patches that look alike are off by a
    normal error of 2 about -1 and 1, and doubled: too sure by half."""
    random = np.random.default_rng(seed)
    row, column = (axis.ravel() for axis in np.mgrid[:SIDE, :SIDE])
    parts = []
    for patient in range(patients):
        centre = random.uniform(0.2, 0.8, 2) * SIDE
        truth = np.hypot(row - centre[0], column - centre[1]) < random.uniform(0.2, 0.35) * SIDE
        judged = np.flatnonzero(random.random(len(row)) < share)
        logit = 2 * (np.where(truth, 1.0, -1.0) + random.normal(0, 2, len(row)))
        name = f"{9000 + patient}"
        parts.append(
            Answers(
                files=np.array([f"{name}/{i}.png" for i in judged]),
                patients=np.full(len(judged), name),
                truth=truth[judged].astype(np.int8),
                x=(column[judged] * 50).astype(np.int32),
                y=(row[judged] * 50).astype(np.int32),
                probability=sigmoid(logit[judged]),
                fold=np.full(len(judged), 1 + patient % folds, np.int8),
            )
        )
    return Answers.together(parts)
