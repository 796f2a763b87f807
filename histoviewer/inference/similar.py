"""Finds the patches a model was trained on that are most like another one, in the eyes of its network."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from histoviewer.errors import ModelError
from histoviewer.inference.model_card import ModelCard, Network, PatchIndexFile
from histoviewer.inference.network_files import check_files
from histoviewer.inference.openvino_classifier import SETTINGS, first_line
from histoviewer.inference.patch_index import SimilarPatch, digest_of, load_index
from histoviewer.inference.pooled_features import pooled_features
from histoviewer.openvino_core import openvino_core
from histoviewer.translation import _


class SimilarFinder:
    """The OpenVINO network up to its head, and the bundle's patch index. Owned and called by one thread."""

    def __init__(self, card: ModelCard, listed: PatchIndexFile, network: Network) -> None:
        """``network``: the one that the index was made with. Raises ModelError where a file of the two is
        not what the card names, or cannot be used here."""
        check_files(card, listed)
        check_files(card, network)
        self._card = card
        self._index = load_index(card.folder / listed.main_file)
        path = card.folder / network.main_file
        try:
            features = pooled_features(openvino_core().read_model(path))
            self._features = openvino_core().compile_model(features, "CPU", SETTINGS)
        except RuntimeError as error:
            message = _("OpenVINO cannot run {path} here: {error}")
            raise ModelError(message.format(path=path, error=first_line(error))) from error

    def find(self, pixels: NDArray[np.uint8], patient: str) -> tuple[SimilarPatch, ...]:
        """The nearest patches of other patients, most alike first; ``pixels``: uint8 RGB (s, s, 3). Raises
        ModelError when the network fails."""
        try:
            feature = np.array(self._features(np.ascontiguousarray(pixels[np.newaxis]))[0][0], np.float32)
        except RuntimeError as error:
            message = _("OpenVINO failed on {count} patches of the model {model}: {error}")
            raise ModelError(
                message.format(count=1, model=self._card.title, error=first_line(error))
            ) from error
        return self._index.nearest(feature, patient=patient, digest=digest_of(pixels))
