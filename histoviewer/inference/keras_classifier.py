"""The network through Keras and TensorFlow: on an NVIDIA GPU, or where OpenVINO is not wanted.

The only place in the viewer that imports them; they take seconds, so it is imported only on demand.
"""

from __future__ import annotations

import logging

import numpy as np
from numpy.typing import NDArray

from histoviewer.errors import ModelError
from histoviewer.inference.fastest import USUAL_BATCH
from histoviewer.inference.gradcam import LayerGradient
from histoviewer.inference.model_card import ModelCard, Network
from histoviewer.quiet_tensorflow import quiet_tensorflow
from histoviewer.translation import _

with quiet_tensorflow(is_debugging=logging.getLogger().isEnabledFor(logging.DEBUG)):
    import keras
    import tensorflow as tf
    from tensorflow.errors import OpError


class KerasClassifier:
    """A ``Classifier`` that runs the bundle's Keras network in float32."""

    engine = "keras"
    precision = "f32"
    batch_size = USUAL_BATCH

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

    def layer_gradient(self, pixels: NDArray[np.uint8], layer: str) -> LayerGradient:
        """See ``gradcam.Differentiable``."""
        try:
            return _layer_gradient(self._network, pixels, layer)
        except (ValueError, RuntimeError, MemoryError, OpError) as error:
            message = _("Keras cannot say what an answer of the model {model} rests on: {error}")
            raise ModelError(message.format(model=self.card.title, error=error)) from error


def _layer_gradient(network: keras.Model, pixels: NDArray[np.uint8], layer: str) -> LayerGradient:
    """Of the logit, not of the probability: that hardly moves any more near 0 and 1."""
    *inner, last = network.layers
    place = inner.index(network.get_layer(layer))
    activation = tf.convert_to_tensor(pixels[np.newaxis])
    for step in inner[1 : place + 1]:  # the first is the input
        activation = step(activation)
    with tf.GradientTape() as tape:
        tape.watch(activation)
        x = activation
        for step in inner[place + 1 :]:  # dropout lets all pass: nothing is trained
            x = step(x)
        logit = tf.matmul(x, last.kernel) + last.bias
    gradient = tape.gradient(logit, activation)
    return LayerGradient(activation.numpy()[0], gradient.numpy()[0], float(tf.sigmoid(logit)[0, 0]))


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
