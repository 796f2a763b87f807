"""HistoViewer: look at breast histology with a second pair of eyes. Research use only."""

import sys

__version__ = "0.1.0"

# OpenVINO and NNCF report to their makers that they were imported, unless this package of theirs is missing.
# To this program it is: nothing is sent to anybody.
sys.modules["openvino_telemetry"] = None  # type: ignore[assignment]
