"""Some of the patches that a model was trained on, as its network sees them: which of them are most alike?

Kept are what the network makes of them and which they are, not their pictures. NumPy only.
"""

from __future__ import annotations

import hashlib
import zipfile
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from histoviewer.errors import ModelError, reason_of
from histoviewer.translation import _

INDEX_NAME = "patch-index.npz"

NEAREST = 5


@dataclass(frozen=True, slots=True)
class SimilarPatch:
    """A patch that the model was trained on.

    Attributes:
        file: the end of its path: ``<folder>/<folder>/<name>``; a slide's with the square behind it.
        patient: whose it is.
        x, y: level-0 pixels of the patient's slide; NO_LOCATION where unknown.
        truth: BENIGN or MALIGNANT, as the model was taught it.
        similarity: cosine of the angle between what the network makes of the two; 1: the same.
        digest: of its pixels; see ``digest_of``.
    """

    file: str
    patient: str
    x: int
    y: int
    truth: int
    similarity: float
    digest: int


@dataclass(frozen=True, slots=True, eq=False)
class PatchIndex:
    """One row a patch, in no particular order; fields are those of its file.

    Attributes:
        files, patients: str (n,); x, y: int32 (n,); truth: int8 (n,); digests: uint64 (n,): as in
            ``SimilarPatch``.
        mean: float16 (d,), and basis: float16 (d, k): a direction, a feature of length 1, less the mean and
            times the basis is k coordinates.
        codes: int8 (n, k), coordinates in units of ``step``, float32 ().
    """

    files: NDArray[np.str_]
    patients: NDArray[np.str_]
    x: NDArray[np.int32]
    y: NDArray[np.int32]
    truth: NDArray[np.int8]
    digests: NDArray[np.uint64]
    mean: NDArray[np.float16]
    basis: NDArray[np.float16]
    codes: NDArray[np.int8]
    step: NDArray[np.float32]

    def __len__(self) -> int:
        return len(self.truth)

    def nearest(
        self, feature: NDArray[np.float32], *, patient: str, digest: int, count: int = NEAREST
    ) -> tuple[SimilarPatch, ...]:
        """The patches most like one of ``patient``, most alike first; ``feature``: float32 (d,), what the
        network makes of it. None of the same patient, and no other copy of the same picture."""
        distance = self._squared_distances(coordinates(feature[np.newaxis], self.mean, self.basis)[0])
        is_other = (self.patients != patient) & (self.digests != np.uint64(digest))
        rows = np.flatnonzero(is_other)
        found = rows[np.argsort(distance[rows], kind="stable")[:count]]
        return tuple(self._patch(row, float(distance[row])) for row in found.tolist())

    def _squared_distances(self, place: NDArray[np.float32]) -> NDArray[np.float32]:
        distances: NDArray[np.float32] = ((self.codes * self.step - place) ** 2).sum(axis=1)
        return distances

    def _patch(self, row: int, squared_distance: float) -> SimilarPatch:
        return SimilarPatch(
            file=str(self.files[row]),
            patient=str(self.patients[row]),
            x=int(self.x[row]),
            y=int(self.y[row]),
            truth=int(self.truth[row]),
            similarity=1 - squared_distance / 2,  # of directions of length 1
            digest=int(self.digests[row]),
        )

    def save(self, path: Path) -> None:
        """Write it as NumPy's ``.npz``."""
        arrays: dict[str, Any] = {field.name: getattr(self, field.name) for field in fields(self)}
        np.savez_compressed(path, **arrays)


def load_index(path: Path) -> PatchIndex:
    """What ``save`` wrote. Raises ModelError."""
    try:
        with np.load(path) as arrays:
            return PatchIndex(**{field.name: arrays[field.name] for field in fields(PatchIndex)})
    except (OSError, KeyError, ValueError, zipfile.BadZipFile) as error:
        message = _("Cannot read {path}, a file of the model: {reason}. Install the bundle again.")
        raise ModelError(message.format(path=path, reason=reason_of(error))) from error


def coordinates(
    features: NDArray[np.float32], mean: NDArray[np.floating], basis: NDArray[np.floating]
) -> NDArray[np.float32]:
    """Where features, float32 (n, d), lie in an index's space: float32 (n, k)."""
    return (directions(features) - mean.astype(np.float32)) @ basis.astype(np.float32)


def directions(features: NDArray[np.float32]) -> NDArray[np.float32]:
    """Features, float32 (n, d), at length 1; one without any stays 0."""
    length = np.linalg.norm(features, axis=1, keepdims=True)
    at_one: NDArray[np.float32] = features / np.maximum(length, np.finfo(np.float32).tiny)
    return at_one


def digest_of(pixels: NDArray[np.uint8]) -> int:
    """64 bits that tell the pixels of a patch, uint8 RGB (s, s, 3), from all others."""
    return int.from_bytes(hashlib.blake2b(pixels.tobytes(), digest_size=8).digest(), "big")
