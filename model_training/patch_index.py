"""The bundle's index of training patches: what the network that is shipped makes of some of them."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path, PurePosixPath

import numpy as np
import openvino
from numpy.typing import NDArray

from histoviewer.errors import ModelError, SourceError
from histoviewer.inference.model_card import (
    ModelCard,
    Network,
    PatchIndexFile,
    file_sha256,
    read_card,
)
from histoviewer.inference.network_files import check_files
from histoviewer.inference.patch_index import INDEX_NAME, PatchIndex, coordinates, digest_of, directions
from histoviewer.inference.pooled_features import pooled_features
from histoviewer.openvino_core import openvino_core
from model_training.dataset import Dataset
from model_training.features import compile_for_cpu, run_over
from model_training.whole_folder import replaced

MOST = 4000
"""Patches in an index: with them it is below a megabyte."""

DIMENSIONS = 128
"""Of 512: with the patches of version 2 they hold 98 % of the variance, and 92 of 100 nearest patches are the
same as with all of them in float32."""

_KEPT_PARTS = 3
"""Of a file's path: patient, class, name. Folders above may name people."""


def write_index(
    folder: Path, network: Network, dataset: Dataset, rows: NDArray[np.intp], *, seed: int
) -> PatchIndexFile:
    """Write the index of some of these rows, those trained on, into a bundle with this OpenVINO network."""
    chosen = spread_rows(dataset, rows, seed=seed)
    features = _features(openvino_core().read_model(folder / network.main_file), dataset, chosen)
    path = folder / INDEX_NAME
    index_of(dataset, chosen, features).save(path)
    sums = {path.name: file_sha256(path)}
    return PatchIndexFile(sums, path.stat().st_size, patches=len(chosen), network=network.main_file)


def add_index(bundle: Path, dataset: Dataset) -> ModelCard:
    """Give a finished bundle the index of what it was trained on, in place of the one it may have; nothing
    else changes. The bundle is replaced whole or not at all.

    Raises ModelError where the bundle is damaged or has no OpenVINO network, and SourceError where the data
    has nothing that it was trained on, or where patches were split and nobody knows which these are.
    """
    card = read_card(bundle)
    network = card.network("openvino")
    if network is None:
        raise ModelError(f"{bundle} has no OpenVINO network, with which an index of patches is made.")
    if card.leaks:
        raise SourceError(f"{bundle} was made from a split of patches: its card does not say which.")
    rows = dataset.rows_of(card.split["train"])
    if not len(rows):
        raise SourceError(
            f"The data has no patient that {bundle} was trained on. Give the data of its training."
        )
    for listed in card.networks:
        check_files(card, listed)
    with replaced(bundle) as draft:
        for name in (name for listed in card.networks for name in listed.files):
            shutil.copy2(bundle / name, draft / name)
        card = replace(
            card, patch_index=write_index(draft, network, dataset, rows, seed=card.training.get("seed", 0))
        )
        card.save(draft)
    return card


def spread_rows(dataset: Dataset, rows: NDArray[np.intp], *, seed: int) -> NDArray[np.intp]:
    """At most ``MOST`` of the rows, ascending, drawn by lot: of each patient and class as many as of the
    others, as far as there are so many."""
    shuffled = np.random.default_rng(seed).permutation(rows)
    groups = np.char.add(dataset.patients[shuffled], np.where(dataset.truth[shuffled] == 1, "/1", "/0"))
    order = np.argsort(groups, kind="stable")
    starts = np.unique(groups[order], return_index=True)[1]
    sizes = np.diff(np.append(starts, len(order)))
    turn = np.empty(len(order), np.intp)  # which of its group it is
    turn[order] = np.arange(len(order)) - np.repeat(starts, sizes)
    return np.sort(shuffled[np.argsort(turn, kind="stable")[:MOST]])


def index_of(dataset: Dataset, rows: NDArray[np.intp], features: NDArray[np.float32]) -> PatchIndex:
    """The index of these rows, with their features float32 (n, d), as principal components of directions."""
    place = directions(features)
    mean = place.mean(axis=0)
    parts = np.linalg.svd(place - mean, full_matrices=False)[2][:DIMENSIONS]
    mean, basis = mean.astype(np.float16), parts.T.astype(np.float16)
    found = coordinates(features, mean, basis)
    step = np.float32(max(float(np.abs(found).max()) / 127, 1e-30))  # no 0, where all patches are alike
    names = [PurePosixPath(dataset.files[row]).parts[-_KEPT_PARTS:] for row in rows.tolist()]
    return PatchIndex(
        files=np.array(["/".join(parts) for parts in names]),
        patients=dataset.patients[rows],
        x=dataset.x[rows],
        y=dataset.y[rows],
        truth=dataset.truth[rows],
        digests=np.array([digest_of(pixels) for pixels in dataset.pixels[rows]], np.uint64),
        mean=mean,
        basis=basis,
        codes=np.rint(found / step).astype(np.int8),
        step=np.array(step),
    )


def _features(network: openvino.Model, dataset: Dataset, rows: NDArray[np.intp]) -> NDArray[np.float32]:
    compiled = compile_for_cpu(pooled_features(network))
    return run_over(compiled, dataset.pixels, rows).reshape(len(rows), -1)
