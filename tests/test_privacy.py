"""Nothing is sent to anybody: the makers of our libraries included."""

import os
import subprocess
import sys
from pathlib import Path

import pytest


@pytest.mark.parametrize("module", ["histoviewer.inference.openvino_classifier", "model_training.bundle"])
def test_openvino_and_nncf_do_not_report_that_they_are_used(module: str, tmp_path: Path) -> None:
    environment = {**os.environ, "HOME": str(tmp_path), "USERPROFILE": str(tmp_path), "CI": ""}
    code = f"import sys, {module}, openvino; print(sys.modules['openvino_telemetry'])"
    done = subprocess.run(
        [sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True
    )
    assert done.stdout.split() == ["None"]
    assert not (tmp_path / "intel").exists()
