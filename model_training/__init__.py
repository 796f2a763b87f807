"""Training, evaluation and bundling of the network that HistoViewer runs."""

import histoviewer  # noqa: F401 - first of all: it keeps OpenVINO from reporting its use
