"""The network on a CPU, through OpenVINO."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from histoviewer.errors import ModelError
from histoviewer.inference.fastest import USUAL_BATCH
from histoviewer.inference.model_card import ModelCard, Network
from histoviewer.openvino_core import openvino_core
from histoviewer.translation import _

# Whole batches under LATENCY: on two cores THROUGHPUT was half as fast. Arithmetic that the network itself
# does not quantise stays float32, so that machines with bfloat16 give the same answers as others.
SETTINGS = {"PERFORMANCE_HINT": "LATENCY", "INFERENCE_PRECISION_HINT": "f32"}


class OpenVinoClassifier:
    """A ``Classifier`` that runs the bundle's OpenVINO network on the CPU."""

    engine = "openvino"
    batch_size = USUAL_BATCH

    def __init__(self, card: ModelCard, network: Network) -> None:
        """Raises ModelError where the network cannot be read or compiled here."""
        self.card = card
        self.precision = network.arithmetic
        path = card.folder / _graph_file(card, network)
        try:
            self._network = openvino_core().compile_model(path, "CPU", SETTINGS)
        except RuntimeError as error:
            message = _("OpenVINO cannot run {path} here: {error}")
            raise ModelError(message.format(path=path, error=first_line(error))) from error

    def predict(self, pixels: NDArray[np.uint8]) -> NDArray[np.float32]:
        """See ``Classifier.predict``."""
        try:
            answer = self._network(np.ascontiguousarray(pixels))[0]
        except RuntimeError as error:
            message = _("OpenVINO failed on {count} patches of the model {model}: {error}")
            raise ModelError(
                message.format(count=len(pixels), model=self.card.title, error=first_line(error))
            ) from error
        return np.array(answer[:, 0], np.float32)


def _graph_file(card: ModelCard, network: Network) -> str:
    for name in network.files:
        if name.endswith(".xml"):
            return name
    message = _("The model card in {folder} names no .xml file for OpenVINO. Install the bundle again.")
    raise ModelError(message.format(folder=card.folder))


def first_line(error: Exception) -> str:
    """The first line of a library's error that says something: theirs run over pages."""
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    return lines[-1] if lines else type(error).__name__
