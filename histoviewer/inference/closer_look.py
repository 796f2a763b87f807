"""What can be said of a single patch beside its probability; what that needs is opened when first wanted."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from histoviewer.errors import ModelError
from histoviewer.inference.classifier import Classifier
from histoviewer.inference.explain import Explanation, Method, occlusion_map
from histoviewer.inference.gradcam import Differentiable, gradient_map
from histoviewer.translation import _


class CloserLook:
    """Owned and called by one thread: the engine's."""

    def __init__(self, *, load_gradients: Callable[[], Differentiable] | None = None) -> None:
        """``load_gradients``: opens the network that tells its gradients; may take seconds, and raise
        ModelError."""
        self._load_gradients = load_gradients
        self._gradients: Differentiable | None = None

    def explanation(self, method: Method, pixels: NDArray[np.uint8], classifier: Classifier) -> Explanation:
        """What the answer for a patch, uint8 RGB (s, s, 3), rests on. Raises ModelError."""
        if method == "covering":
            return occlusion_map(classifier, pixels)
        if self._gradients is None:
            if self._load_gradients is None:
                raise ModelError(_("This model does not tell its gradients."))
            self._gradients = self._load_gradients()
        return gradient_map(self._gradients, pixels)
