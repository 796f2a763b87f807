"""The model's facts, as JSON beside the network. Standard library only.

The trainer writes the card (its only door into this package); the viewer reads it and takes input size,
scale and threshold from nowhere else.
"""

from __future__ import annotations

import hashlib
import json
import math
import reprlib
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields, is_dataclass
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from types import UnionType
from typing import Any, get_args, get_origin, get_type_hints

from histoviewer.errors import ModelError
from histoviewer.translation import _

CARD_NAME = "card.json"
FORMAT = 1


@dataclass(frozen=True, slots=True)
class Network:
    """One form of the network in the bundle.

    Attributes:
        engine: "openvino" or "keras".
        precision: "int8", "f16" (stored; computed in f32) or "f32".
        files: file name -> sha256 of its content, the file to open first.
        size: bytes of all its files.
    """

    engine: str
    precision: str
    files: Mapping[str, str]
    size: int

    @property
    def main_file(self) -> str:
        """The file to open first, by which the network is known in its bundle; "" where none is named."""
        return next(iter(self.files), "")

    @property
    def arithmetic(self) -> str:
        """What it is computed in: weights stored as float16 are widened to float32."""
        return "int8" if self.precision == "int8" else "f32"


@dataclass(frozen=True, slots=True)
class PatchIndexFile:
    """Some of the patches it was trained on, to be compared with; see ``inference.patch_index``.

    Attributes:
        files: name of its one file -> sha256 of the content.
        size: bytes.
        patches: how many.
        network: ``main_file`` of the network whose features they are.
    """

    files: Mapping[str, str]
    size: int
    patches: int
    network: str

    @property
    def main_file(self) -> str:
        return next(iter(self.files), "")


@dataclass(frozen=True, slots=True)
class Metric:
    """A measured figure with its 95 % interval (bootstrap over patients)."""

    value: float
    low: float
    high: float

    @property
    def text(self) -> str:
        """Figure and interval, rounded as people round what the card says: 0.9265 to 0.927, though its binary
        form is a little less.

        A calibration error is larger in draws than in the whole, so that the figure may lie below its own
        interval, which then says nothing of it and is left out.
        """
        value, low, high = (
            str(Decimal(str(one)).quantize(Decimal("0.001"), ROUND_HALF_UP))
            for one in (self.value, self.low, self.high)
        )
        return f"{value} ({low}–{high})" if self.low <= self.value <= self.high else value


@dataclass(frozen=True, slots=True)
class Interval:
    """95 % of a bootstrap over patients."""

    low: float
    high: float


@dataclass(frozen=True, slots=True)
class OperatingPoint:
    """What a threshold gives on patients not trained on; without intervals in cards of before them."""

    threshold: float
    sensitivity: float
    specificity: float
    precision: float
    sensitivity_interval: Interval | None = None
    specificity_interval: Interval | None = None


@dataclass(frozen=True, slots=True)
class Context:
    """How a patch's answer is combined with its neighbours'; see ``inference.context.ContextModel``.

    Attributes:
        own, rings, intercept, shrinkage, max_logit: its numbers.
        evidence: how they were found, and what they gain on patients that they were not fitted on.
    """

    own: float
    rings: tuple[float, ...]
    intercept: float
    shrinkage: float
    max_logit: float
    evidence: Mapping[str, Any]

    @property
    def numbers(self) -> tuple[float, ...]:
        """All that an answer depends on."""
        return (self.own, self.intercept, self.shrinkage, self.max_logit, *self.rings)


@dataclass(frozen=True, slots=True)
class Golden:
    """A patch whose answer is known, to be asked each time a network is opened; see ``inference.golden``.

    Attributes:
        nuclei: which of the generated patches it is.
        probabilities: the answer of each network, by its ``main_file``.
        tolerance: how far an answer may be from it.
    """

    nuclei: int
    probabilities: Mapping[str, float]
    tolerance: float


@dataclass(frozen=True, slots=True)
class ModelCard:
    """Facts of one model.

    Attributes:
        name, version: what to call it.
        created: ISO date.
        input_size: pixels along the side of the square patch.
        mpp: µm per pixel at which a slide is judged.
        class_names: negative class first.
        threshold: a probability at or above it is positive.
        networks: the forms of the network that lie beside the card.
        split: "train", "validation", "test" -> patients; where the card ``leaks``, some are on several sides.
        metrics: name -> figure of each patch alone, on the patients of ``measured_on``; what neighbours
            change is in the evidence of ``context``.
        operating_points: by rising threshold, of the same answers.
        calibration: how probabilities were calibrated, e.g. ``{"method": "none"}``; done in the networks.
        training: settings of the run that made it.
        data, intended_use, limits, attribution: sentences for people.
        context: how neighbours are taken into account; None: each patch is judged by itself.
        golden: a patch to try the networks with, or None.
        patch_index: patches it was trained on, to be compared with; None where the bundle has none.
    """

    name: str
    version: str
    created: str
    input_size: int
    mpp: float
    class_names: tuple[str, str]
    threshold: float
    networks: tuple[Network, ...]
    split: Mapping[str, tuple[str, ...]]
    metrics: Mapping[str, Metric]
    operating_points: tuple[OperatingPoint, ...]
    calibration: Mapping[str, Any]
    training: Mapping[str, Any]
    data: str
    intended_use: str
    limits: str
    attribution: str
    context: Context | None = None
    golden: Golden | None = None
    patch_index: PatchIndexFile | None = None
    format: int = FORMAT
    folder: Path = field(default=Path(), compare=False)

    @property
    def sha256(self) -> str:
        """Identity of the model: over its networks' checksums and what it makes of neighbours, so that two
        bundles that give the same answers are the same model."""
        sums = sorted(checksum for network in self.networks for checksum in network.files.values())
        if self.context is not None:
            sums.append(repr([float(number) for number in self.context.numbers]))
        return hashlib.sha256("".join(sums).encode()).hexdigest()

    @property
    def parts(self) -> tuple[Network | PatchIndexFile, ...]:
        """All that lies beside the card."""
        return self.networks if self.patch_index is None else (*self.networks, self.patch_index)

    @property
    def title(self) -> str:
        return f"{self.name} {self.version}"

    @property
    def measured_on(self) -> tuple[str, ...]:
        """Patients that ``metrics`` and ``operating_points`` are of: the test side or, where everybody was
        trained on, all of them, each judged by a network of the same recipe that had not seen them. Where
        the card ``leaks``, they were trained on as well, with other patches."""
        return self.split.get("test", ()) or self.split.get("train", ())

    @property
    def leaks(self) -> bool:
        """Whether patches were split, whoever they are of: patients are on several sides, and the figures are
        better than on patients whom the model has not seen."""
        split = self.training.get("split")
        return isinstance(split, Mapping) and bool(split.get("leaks"))

    def intervals_at(self, point: OperatingPoint) -> tuple[Interval, Interval] | None:
        """Of the sensitivity and specificity of one of its points; at its own threshold also those of its
        metrics. None where it has none."""
        if point.sensitivity_interval is not None and point.specificity_interval is not None:
            return point.sensitivity_interval, point.specificity_interval
        metrics = self.metrics.get("recall"), self.metrics.get("specificity")
        if point.threshold != self.threshold or metrics[0] is None or metrics[1] is None:
            return None
        return Interval(metrics[0].low, metrics[0].high), Interval(metrics[1].low, metrics[1].high)

    def network(self, engine: str) -> Network | None:
        """The bundle's preferred (first listed) network for an engine, or None."""
        return next((n for n in self.networks if n.engine == engine), None)

    def role_of(self, patient: str) -> str | None:
        """Which side of the split a patient was on ("train", "validation", "test"; of several the first of
        these), or None: not in it."""
        roles = ("train", "validation", "test")
        return next((role for role in roles if patient in self.split.get(role, ())), None)

    def text(self) -> str:
        """What ``card.json`` holds."""
        facts = asdict(self)
        del facts["folder"]
        return json.dumps(facts, indent=1, ensure_ascii=False, allow_nan=False) + "\n"

    def save(self, folder: Path) -> None:
        """Write ``card.json`` into the bundle."""
        (folder / CARD_NAME).write_text(self.text(), encoding="utf-8")


def file_sha256(path: Path) -> str:
    """Hex sha256 of a file's content."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def read_card(folder: Path) -> ModelCard:
    """The card of the bundle in ``folder``. Raises ModelError where it is missing or damaged."""
    path = folder / CARD_NAME
    try:
        facts = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        message = _("No model in {folder}: expected a bundle with {card}. Check --model.")
        raise ModelError(message.format(folder=folder, card=CARD_NAME)) from None
    except (OSError, ValueError) as error:
        raise ModelError(
            _("Cannot read the model card {path}: {error}").format(path=path, error=error)
        ) from error
    try:
        return _card_from(facts, folder)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        message = _("The model card {path} is damaged: {error!r}. Install the bundle again.")
        raise ModelError(message.format(path=path, error=error)) from error


def _card_from(facts: dict[str, Any], folder: Path) -> ModelCard:
    if facts.get("format") != FORMAT:
        message = _("The model card in {folder} has format {found}; this program reads format {expected}.")
        raise ModelError(message.format(folder=folder, found=facts.get("format"), expected=FORMAT))
    known = {f.name for f in fields(ModelCard)} - {"folder"}
    facts = {name: value for name, value in facts.items() if name in known}
    facts["class_names"] = _listed(facts["class_names"])
    facts["networks"] = tuple(Network(**n) for n in facts["networks"])
    facts["split"] = {role: _listed(patients) for role, patients in facts["split"].items()}
    facts["metrics"] = {name: Metric(**m) for name, m in facts["metrics"].items()}
    facts["operating_points"] = tuple(map(_point_from, facts["operating_points"]))
    if facts.get("context") is not None:
        facts["context"] = Context(**facts["context"] | {"rings": _listed(facts["context"]["rings"])})
    if facts.get("golden") is not None:
        facts["golden"] = Golden(**facts["golden"])
    if facts.get("patch_index") is not None:
        facts["patch_index"] = PatchIndexFile(**facts["patch_index"])
    card = ModelCard(**facts, folder=folder)
    _check_types(card)
    _check_values(card)
    return card


def _point_from(facts: dict[str, Any]) -> OperatingPoint:
    names = ("sensitivity_interval", "specificity_interval")
    intervals = {name: Interval(**facts[name]) for name in names if facts.get(name) is not None}
    return OperatingPoint(**facts | intervals)


def _check_values(card: ModelCard) -> None:
    """Raises ValueError for numbers of the right type that make no sense."""
    if card.input_size < 1 or not 0 < card.mpp < math.inf:
        raise ValueError("input_size and mpp must be above 0")
    if not 0 <= card.threshold <= 1:
        raise ValueError("threshold must be from 0 to 1")
    context, golden = card.context, card.golden
    if context is not None and not all(map(math.isfinite, context.numbers)):
        raise ValueError("the numbers of context must be finite")
    if context is not None and (context.shrinkage < 0 or context.max_logit <= 0):
        raise ValueError("shrinkage of context must be 0 or more, max_logit above 0")
    if golden is not None and not {n.main_file for n in card.networks} <= set(golden.probabilities):
        raise ValueError("golden must have a probability for each network")
    if golden is not None and not 0 < golden.tolerance < 0.5:
        raise ValueError("tolerance of golden must be between 0 and 0.5")


def _listed(value: object) -> tuple[Any, ...]:
    if not isinstance(value, list):
        raise TypeError(f"expected a list, got {reprlib.repr(value)}")
    return tuple(value)


def _check_types(facts: object) -> None:
    """Raises TypeError for the first field of a dataclass whose value is not of its type."""
    for name, kind in get_type_hints(type(facts)).items():
        value = getattr(facts, name)
        if not _fits(value, kind):
            expected = getattr(kind, "__name__", kind)
            raise TypeError(f"{name} is {reprlib.repr(value)}, expected {expected}")


def _fits(value: Any, kind: Any) -> bool:
    """Whether a value is of a type that a card's field may have; JSON's 4 is a float too."""
    kinds = get_args(kind)
    if kind is Any:
        return True
    if get_origin(kind) is UnionType:  # of something and None
        return value is None or _fits(value, kinds[0])
    if kind in (int, float):
        return isinstance(value, (int, kind)) and not isinstance(value, bool)
    if is_dataclass(kind):
        _check_types(value)
        return True
    if get_origin(kind) is Mapping:
        return isinstance(value, Mapping) and all(_fits(part, kinds[1]) for part in value.values())
    if get_origin(kind) is tuple:
        kinds = kinds[:1] * len(value) if kinds[-1] is ... else kinds
        return len(value) == len(kinds) and all(map(_fits, value, kinds))
    return isinstance(value, kind)
