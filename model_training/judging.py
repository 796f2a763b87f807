"""What a compiled network says of patches of a data set."""

from __future__ import annotations

import numpy as np
import openvino
from numpy.typing import NDArray

from model_training.answers import Answers, answers_of
from model_training.dataset import Dataset
from model_training.features import run_over


def judged(
    compiled: openvino.CompiledModel, dataset: Dataset, rows: NDArray[np.intp], *, fold: int = 0
) -> Answers:
    """Its answers about these rows; ``fold`` as in ``Answers``."""
    return answers_of(dataset, rows, run_over(compiled, dataset.pixels, rows)[:, 0], fold=fold)
