"""HistoViewer: look at breast histology with a second pair of eyes. Research use only."""

__version__ = "0.1.0"
