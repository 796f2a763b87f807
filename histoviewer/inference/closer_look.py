"""What can be said of a single patch beside its probability; what that needs is opened when first wanted."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from histoviewer.errors import ModelError
from histoviewer.inference.classifier import Classifier
from histoviewer.inference.explain import Explanation, Method, occlusion_map
from histoviewer.inference.gradcam import Differentiable, gradient_map
from histoviewer.inference.patch_index import SimilarPatch
from histoviewer.translation import _


class SimilarFinder(Protocol):
    """See ``inference.similar.SimilarFinder``."""

    def find(self, pixels: NDArray[np.uint8], patient: str) -> tuple[SimilarPatch, ...]: ...


class CloserLook:
    """Owned and called by one thread: the engine's."""

    def __init__(
        self,
        *,
        load_gradients: Callable[[], Differentiable] | None = None,
        load_similar: Callable[[], SimilarFinder] | None = None,
    ) -> None:
        """``load_gradients``: opens the network that tells its gradients, which may take seconds;
        ``load_similar``: what finds similar patches. Both may raise ModelError."""
        self._load_gradients, self._load_similar = load_gradients, load_similar
        self._gradients: Differentiable | None = None
        self._similar: SimilarFinder | None = None

    def explanation(self, method: Method, pixels: NDArray[np.uint8], classifier: Classifier) -> Explanation:
        """What the answer for a patch, uint8 RGB (s, s, 3), rests on. Raises ModelError."""
        if method == "covering":
            return occlusion_map(classifier, pixels)
        if self._gradients is None:
            if self._load_gradients is None:
                raise ModelError(_("This model does not tell its gradients."))
            self._gradients = self._load_gradients()
        return gradient_map(self._gradients, pixels)

    def similar(self, pixels: NDArray[np.uint8], patient: str) -> tuple[SimilarPatch, ...]:
        """Patches of other patients that the model was trained on, most alike first. Raises ModelError."""
        if self._similar is None:
            if self._load_similar is None:
                raise ModelError(_("This model does not know the patches it was trained on."))
            self._similar = self._load_similar()
        return self._similar.find(pixels, patient)
