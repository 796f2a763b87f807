"""Patches that are the same picture, pixel for pixel, under different names."""

from __future__ import annotations

import hashlib
from collections import defaultdict

import numpy as np
from numpy.typing import NDArray


def identical_patches(pixels: NDArray[np.uint8]) -> list[NDArray[np.intp]]:
    """Rows of each picture that is there more than once, ascending, from pixels uint8 (n, ...).

    Squares of one single colour are not meant: white ones are alike by nature, and say nothing of the patient
    or the tissue by which a network could know them again.
    """
    rows_by_content = defaultdict(list)
    for row, patch in enumerate(pixels):
        content = hashlib.blake2b(np.ascontiguousarray(patch).data, digest_size=16).digest()
        rows_by_content[content].append(row)
    groups = (rows for rows in rows_by_content.values() if len(rows) > 1)
    return [np.array(rows) for rows in groups if not _is_of_one_colour(pixels[rows[0]])]


def _is_of_one_colour(patch: NDArray[np.uint8]) -> bool:
    return bool((patch == patch[0, 0]).all())
