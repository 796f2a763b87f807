"""The network through Keras and TensorFlow: on an NVIDIA GPU, or where OpenVINO is not wanted.

The only place in the viewer that imports them; they take seconds, so it is imported only on demand.
"""

from __future__ import annotations

import logging

import numpy as np
from numpy.typing import NDArray

from histoviewer.errors import ModelError
from histoviewer.inference.model_card import ModelCard, Network
from histoviewer.quiet_tensorflow import quiet_tensorflow
from histoviewer.translation import _

with quiet_tensorflow(is_debugging=logging.getLogger().isEnabledFor(logging.DEBUG)):
    import keras
    from tensorflow.errors import OpError


class KerasClassifier:
    """A ``Classifier`` that runs the bundle's Keras network in float32."""

    engine = "keras"
    precision = "f32"
    batch_size = 64

    def __init__(self, card: ModelCard, network: Network) -> None:
        """Raises ModelError where the network cannot be rebuilt."""
        self.card = card
        self._network = load_network(card, network)

    def predict(self, pixels: NDArray[np.uint8]) -> NDArray[np.float32]:
        """See ``Classifier.predict``."""
        try:
            return np.asarray(self._network.predict_on_batch(pixels)[:, 0], np.float32)
        except (ValueError, RuntimeError, MemoryError, OpError) as error:
            message = _("Keras failed on {count} patches of the model {model}: {error}")
            raise ModelError(message.format(count=len(pixels), model=self.card.title, error=error)) from error


def load_network(card: ModelCard, network: Network) -> keras.Model:
    """The bundle's Keras network with float32 weights: uint8 RGB (n, s, s, 3) -> float32 (n, 1)."""
    files = {name.rsplit(".", 1)[-1]: card.folder / name for name in network.files}
    try:
        model = keras.models.model_from_json(files["json"].read_text(encoding="utf-8"))
        with np.load(files["npz"]) as weights:
            for variable in model.weights:
                variable.assign(weights[variable.path].astype(np.float32))
    except (OSError, KeyError, ValueError, TypeError) as error:
        message = _("Keras cannot rebuild the network in {folder}: {error}")
        raise ModelError(message.format(folder=card.folder, error=error)) from error
    return model
