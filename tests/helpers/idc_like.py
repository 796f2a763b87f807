"""A small folder of patches as the data set has them: malignant ones are dark purple, benign ones pale."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from PIL import Image

COLOURS = {0: (236, 200, 224), 1: (130, 80, 150)}


def write_idc_like(folder: Path, *, patients: int, patches: int, seed: int = 0) -> None:
    """``<patient>/<class>/<patient>_idx5_x1_y1_class0.png`` and so on: half of each patient's patches
    malignant, on a grid four wide."""
    random = np.random.default_rng(seed)
    for patient in range(1000, 1000 + patients):
        for i in range(patches):
            truth = i % 2
            pixels = random.normal(COLOURS[truth], 25, (50, 50, 3)).clip(0, 255).astype(np.uint8)
            name = f"{patient}_idx5_x{i % 4 * 50 + 1}_y{i // 4 * 50 + 1}_class{truth}.png"
            path = folder / str(patient) / str(truth) / name
            path.parent.mkdir(parents=True, exist_ok=True)
            Image.fromarray(pixels).save(path)
