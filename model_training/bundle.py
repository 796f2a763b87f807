"""From a finished training to the folder the viewer opens: networks, weights, card.

The only place that writes a model card; what is typed in by hand are its name, its version and what
``provenance`` cannot know of the data.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import keras
import numpy as np
import openvino
from numpy.typing import NDArray

from histoviewer.errors import ModelError, SourceError, reason_of
from histoviewer.inference.context import ContextModel
from histoviewer.inference.golden import MOST_NUCLEI, TOLERANCE, check_golden, golden_patch
from histoviewer.inference.model_card import Golden, Metric, ModelCard, Network, file_sha256, read_card
from histoviewer.inference.network_files import check_files
from histoviewer.openvino_core import openvino_core
from model_training.answers import Answers
from model_training.calibration import Calibration, fold_into
from model_training.config import TrainingConfig
from model_training.context import combined
from model_training.crossvalidation import OutOfFold
from model_training.dataset import Dataset, Split, describe_split
from model_training.evaluation import RESAMPLES, evaluate
from model_training.evidence import FoldEvidence, SplitEvidence
from model_training.features import compile_for_cpu, run_over, to_openvino
from model_training.judging import judged
from model_training.patch_index import write_index
from model_training.provenance import NOTHING_SAID, Origin, sentences
from model_training.quantisation import quantise
from model_training.whole_folder import replaced

SAMPLE = 2000
"""Patches, at most, on which the network's int8 form is compared with it."""

ONE_BY_ONE = "Patches are judged one by one, without their neighbours: no cross-validation was given."

log = logging.getLogger(__name__)


def make_bundle(
    network: keras.Model,
    dataset: Dataset,
    split: Split,
    config: TrainingConfig,
    *,
    name: str,
    version: str,
    mpp: float,
    output: Path,
    found: OutOfFold | None = None,
    allow_int8: bool = True,
    resamples: int = RESAMPLES,
    origin: Origin = NOTHING_SAID,
    warnings: Sequence[str] = (),
) -> ModelCard:
    """Write the bundle into ``output``, whole or not at all, and return its card.

    ``origin``: what the card says of the data beside what the data tells. ``warnings``: more sentences for
    its limits. Raises SourceError where nobody can be measured on, and as ``replaced``.

    What the card says of the network is measured on patients that it has not seen: calibration and threshold
    on validation patients, figures on test patients. Of a network that has seen everybody it is measured by
    a cross-validation of its recipe, ``found``, which also gives the context.

    The OpenVINO network is quantised to int8 if that changes next to nothing on patients not trained on
    (decisions agree in 99 %, ROC AUC within 0.002), else kept in float32 arithmetic with float16 weights.
    """
    evidence = (
        FoldEvidence(found, split, allow_int8=allow_int8) if found else SplitEvidence(network, dataset, split)
    )
    warnings = (*evidence.warnings, *warnings)
    if found is None:
        log.warning("%s", ONE_BY_ONE)
        warnings = (*warnings, ONE_BY_ONE)
    finished, shipped, precision = _to_ship(
        network, dataset, split, evidence, seed=config.seed, allow_int8=allow_int8
    )
    said: Mapping[str, Any] = sentences(dataset, origin, input_size=config.network.input_size, mpp=mpp)
    with replaced(output) as draft:
        networks = (_save_openvino(shipped, precision, draft), _save_keras(finished, draft))
        card = ModelCard(
            name=name,
            version=version,
            created=datetime.now(UTC).date().isoformat(),
            input_size=config.network.input_size,
            mpp=mpp,
            class_names=("benign", "malignant"),
            networks=networks,
            split=split.patients(dataset),
            training={
                **asdict(config),
                "split": split.facts(),
                "patches": describe_split(split, dataset),
                **evidence.facts,
            },
            patch_index=write_index(
                draft, networks[0], dataset, split.rows(dataset, "train"), seed=config.seed
            ),
            **_judged(draft, finished, networks, evidence, config, resamples=resamples),
            **{**said, "limits": " ".join((said["limits"], *warnings))},
        )
        card.save(draft)
    return card


def _judged(
    folder: Path,
    network: keras.Model,
    listed: tuple[Network, Network],
    evidence: SplitEvidence | FoldEvidence,
    config: TrainingConfig,
    *,
    resamples: int,
) -> dict[str, Any]:
    """The card's fields that the OpenVINO network answers, as it is read back, with weights rounded to
    float16. It is let go here: some systems do not rename the folder of an open file."""
    compiled = _compiled(folder, listed[0])
    return {
        "golden": _golden(compiled, network, listed, input_size=config.network.input_size),
        **evidence.measured(compiled, seed=config.seed, resamples=resamples),
    }


def _calibrated(network: keras.Model, calibration: Calibration) -> keras.Model:
    copy = keras.models.clone_model(network)
    copy.set_weights(network.get_weights())
    fold_into(copy, calibration)
    return copy


def _to_ship(
    network: keras.Model,
    dataset: Dataset,
    split: Split,
    evidence: SplitEvidence | FoldEvidence,
    *,
    seed: int,
    allow_int8: bool,
) -> tuple[keras.Model, openvino.Model, str]:
    """The calibrated network, its form in the arithmetic that it is shipped in, and that arithmetic."""
    calibration = evidence.calibration
    finished = _calibrated(network, calibration)
    exact = to_openvino(finished)
    if allow_int8:
        rows = split.rows(dataset, "train")
        quantised = quantise(exact, dataset.pixels, rows, seed=seed)
        if evidence.is_int8_good_enough(exact, quantised, _sample(dataset, rows, seed=seed)):
            return finished, quantised, "int8"
    if evidence.calibration != calibration:  # int8's: what is shipped now has another
        finished = _calibrated(network, evidence.calibration)
        exact = to_openvino(finished)
    return finished, exact, "f16"


def _sample(dataset: Dataset, rows: NDArray[np.intp], *, seed: int) -> NDArray[np.uint8]:
    """Pixels of at most ``SAMPLE`` of these rows."""
    chosen = np.random.default_rng(seed).permutation(rows)[:SAMPLE]
    pixels: NDArray[np.uint8] = dataset.pixels[np.sort(chosen)]
    return pixels


def _golden(
    compiled: openvino.CompiledModel,
    network: keras.Model,
    listed: tuple[Network, Network],
    *,
    input_size: int,
) -> Golden:
    """Of the generated patches the one that the OpenVINO network is least sure of: whatever goes wrong
    elsewhere shows most there. With the answers of both networks as they are read back."""
    patches = np.stack([golden_patch(input_size, nuclei) for nuclei in range(MOST_NUCLEI + 1)])
    answers = run_over(compiled, patches)[:, 0]
    nuclei = int(np.argmin(np.abs(answers - 0.5)))
    by_keras = np.asarray(_as_read_back(network)(patches[nuclei : nuclei + 1], training=False))
    probabilities = (float(answers[nuclei]), float(by_keras[0, 0]))
    names = (one.main_file for one in listed)
    return Golden(nuclei, dict(zip(names, probabilities, strict=True)), TOLERANCE)


def _as_read_back(network: keras.Model) -> keras.Model:
    """With its weights rounded as ``_save_keras`` stores them."""
    copy = keras.models.clone_model(network)
    copy.set_weights([np.asarray(weight, np.float16).astype(np.float32) for weight in network.get_weights()])
    return copy


def bundle_answers(bundle: Path, dataset: Dataset, patients: Collection[str] | None = None) -> Answers:
    """What the bundle's OpenVINO network says of some patients; by default of the card's test side.

    Raises ModelError where the viewer would not open the network, SourceError where nobody can be judged.
    """
    card = read_card(bundle)
    network = card.network("openvino")
    if network is None:
        raise ModelError(f"Nothing to evaluate: {bundle} has no OpenVINO network.")
    rows = _rows_to_evaluate(dataset, card, patients)
    return judged(_checked(card, network), dataset, rows)


def shown_probability(card: ModelCard, answers: Answers) -> NDArray[np.float32]:
    """What the viewer shows for a bundle's answers, float32 (n,): with neighbours where the card says how."""
    if card.context is None:
        return answers.probability
    return combined(answers, answers.probability, ContextModel.of(card.context))


def evaluate_bundle(card: ModelCard, answers: Answers, *, resamples: int = RESAMPLES) -> Mapping[str, Metric]:
    """Figures of what the viewer shows for a bundle's answers, at its card's threshold."""
    return evaluate(
        answers.truth,
        shown_probability(card, answers),
        answers.patients,
        threshold=card.threshold,
        seed=card.training["seed"],
        resamples=resamples,
    )


def _rows_to_evaluate(
    dataset: Dataset, card: ModelCard, patients: Collection[str] | None
) -> NDArray[np.intp]:
    unknown = sorted(set(patients or ()) - set(dataset.patients.tolist()))
    if unknown:
        raise SourceError(f"Cannot evaluate on {', '.join(unknown)}: no such patient in the data.")
    if not patients and card.leaks:
        raise SourceError(
            "Nothing to evaluate: patches were split at random, so that every test patient may have been "
            "trained on. Name others with --patients."
        )
    if not patients and not card.split["test"]:
        raise SourceError("Nothing to evaluate: the network has seen everybody. Name others with --patients.")
    rows = dataset.rows_of(patients or card.split["test"])
    if not len(rows):
        raise SourceError("Nothing to evaluate: the data has none of the card's test patients.")
    return rows


def _checked(card: ModelCard, network: Network) -> openvino.CompiledModel:
    """The network, if it is the one that the card speaks of and computes here what it should."""
    check_files(card, network)
    try:
        compiled = _compiled(card.folder, network)
    except RuntimeError as error:
        path = card.folder / network.main_file
        raise ModelError(f"OpenVINO cannot run {path} here: {reason_of(error)}") from error
    check_golden(card, network, lambda pixels: run_over(compiled, pixels)[:, 0])
    return compiled


def _compiled(bundle: Path, network: Network) -> openvino.CompiledModel:
    return compile_for_cpu(openvino_core().read_model(bundle / network.main_file))


def _save_openvino(model: openvino.Model, precision: str, output: Path) -> Network:
    path = output / f"network-{precision}.xml"
    openvino.save_model(model, path, compress_to_fp16=True)
    return _listed("openvino", precision, [path, path.with_suffix(".bin")])


def _save_keras(network: keras.Model, output: Path) -> Network:
    """Architecture as Keras' own JSON, weights as float16 arrays: half the size of a ``.keras`` file."""
    architecture, weights = output / "keras-network.json", output / "keras-weights-f16.npz"
    architecture.write_text(json.dumps(json.loads(network.to_json()), indent=1) + "\n", encoding="utf-8")
    arrays = {variable.path: np.asarray(variable.value, np.float16) for variable in network.weights}
    np.savez(weights, **arrays)  # type: ignore[arg-type]  # its stub takes them for allow_pickle
    return _listed("keras", "f16", [architecture, weights])


def _listed(engine: str, precision: str, files: list[Path]) -> Network:
    sums = {file.name: file_sha256(file) for file in files}
    return Network(engine, precision, sums, sum(file.stat().st_size for file in files))
