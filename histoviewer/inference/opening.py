"""``open_classifier``: the only place that chooses an engine and how it is asked."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from histoviewer.errors import ModelError, reason_of
from histoviewer.inference.classifier import Classifier
from histoviewer.inference.eight_views import EightViews
from histoviewer.inference.fastest import best_batch, fastest_engine
from histoviewer.inference.golden import check_golden
from histoviewer.inference.model_card import ModelCard, Network, read_card
from histoviewer.inference.network_files import check_files
from histoviewer.translation import _

if TYPE_CHECKING:
    from histoviewer.inference.keras_classifier import KerasClassifier
    from histoviewer.inference.similar import SimilarFinder

Engine = Literal["auto", "openvino", "keras"]


@dataclass(frozen=True, slots=True)
class JudgingOptions:
    """What a person may choose of how patches are judged; the result file records what it came to.

    Attributes:
        engine: what runs the network; "auto" for the fastest here.
        has_eight_views: see ``EightViews``.
    """

    engine: Engine = "auto"
    has_eight_views: bool = False


DEFAULT_OPTIONS = JudgingOptions()


def open_judge(bundle: Path, options: JudgingOptions) -> Classifier:
    """What judges as the options say. Raises as ``open_classifier``."""
    classifier = open_classifier(bundle, engine=options.engine)
    return EightViews(classifier) if options.has_eight_views else classifier


def open_classifier(bundle: Path, *, engine: Engine = "auto") -> Classifier:
    """Load the network of a bundle, ready to predict.

    Raises ModelError when the bundle is missing or damaged, has no network for the engine, or a network
    that does not give the answer that its card expects for the golden patch.
    """
    card = read_card(bundle)
    network = choose_network(card, engine)
    classifier = open_network(card, network)
    classifier.batch_size = best_batch(card, network.engine)
    return classifier


def open_network(card: ModelCard, network: Network) -> Classifier:
    """One of a bundle's networks. Raises ModelError; see ``open_classifier``."""
    check_files(card, network)
    classifier = _load(card, network)
    check_golden(card, network, classifier.predict)
    return classifier


def open_differentiable(bundle: Path) -> KerasClassifier:
    """The bundle's Keras network, which tells its gradients. Takes seconds; raises as ``open_classifier``."""
    classifier = open_classifier(bundle, engine="keras")
    from histoviewer.inference.keras_classifier import KerasClassifier  # loaded by now

    assert isinstance(classifier, KerasClassifier)
    return classifier


def open_similar(bundle: Path) -> SimilarFinder:
    """What finds the patches that the bundle's model was trained on and that are like another one.

    Raises ModelError where the bundle has no index of them, or is damaged.
    """
    card = read_card(bundle)
    listed = card.patch_index
    network = next((n for n in card.networks if listed is not None and n.main_file == listed.network), None)
    if listed is None or network is None:
        message = _("The model in {bundle} has no index of the patches it was trained on.")
        raise ModelError(message.format(bundle=card.folder))
    from histoviewer.inference.similar import SimilarFinder

    return SimilarFinder(card, listed, network)


def choose_network(card: ModelCard, engine: Engine = "auto") -> Network:
    """The network an engine will run; "auto" takes the fastest here, as far as is known.

    Raises ModelError when the bundle has none for the engine.
    """
    network = card.network(engine) if engine != "auto" else _fastest_network(card)
    if network is None:
        message = _("The model in {bundle} has no network for --engine {engine}; it has: {engines}.")
        engines = ", ".join(sorted({n.engine for n in card.networks}))
        raise ModelError(message.format(bundle=card.folder, engine=engine, engines=engines))
    return network


def _fastest_network(card: ModelCard) -> Network | None:
    return card.network(fastest_engine(card)) or card.network("openvino") or card.network("keras")


def _load(card: ModelCard, network: Network) -> Classifier:
    try:
        classifier = _classifier_of(network.engine)
    except ImportError as error:
        message = _("The engine {engine} cannot be loaded here: {reason}. Install HistoViewer again.")
        raise ModelError(message.format(engine=network.engine, reason=reason_of(error))) from error
    return classifier(card, network)


def _classifier_of(engine: str) -> Callable[[ModelCard, Network], Classifier]:
    if engine == "openvino":
        from histoviewer.inference.openvino_classifier import OpenVinoClassifier

        return OpenVinoClassifier
    # The Keras door: TensorFlow takes seconds to import and must not be there when OpenVINO serves.
    from histoviewer.inference.keras_classifier import KerasClassifier

    return KerasClassifier
