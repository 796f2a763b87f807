"""Fixtures that every test may use."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Generator
from pathlib import Path

import pytest

if sys.platform.startswith("linux") and not (os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")):
    # Without a screen Qt would end the process at the first window.
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

# Tests say what is expected in English, whatever the language of this machine.
os.environ["LANGUAGE"] = "en"

if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    # As a shell leaves it to what it starts in the background; the tests press Ctrl+C.
    signal.signal(signal.SIGINT, signal.default_int_handler)

_DATA = Path(__file__).resolve().parents[2] / "shared" / "data"


def _real_data(*parts: str) -> Path:
    path = _DATA.joinpath(*parts)
    if not path.exists():
        pytest.skip(f"needs the real {parts[0]} data beside the checkout, in ../shared/data")
    return path


@pytest.fixture
def idc_folder() -> Path:
    """Real patches, ``<patient>/<class>/*.png``."""
    return _real_data("idc")


@pytest.fixture
def slides_folder() -> Path:
    """Real slides and awkward files."""
    return _real_data("slides")


@pytest.fixture
def vgg16_weights() -> Path:
    """ImageNet weights of VGG16 without its top."""
    return _real_data("weights", "vgg16_imagenet_notop_f16.npz")


@pytest.fixture(scope="session")
def tiny_bundle(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A real bundle with a tiny VGG16, trained for a moment; float32 arithmetic."""
    # Imported here: TensorFlow takes seconds, and most tests do without.
    from tests.helpers.tiny_bundle import make_tiny_bundle

    return make_tiny_bundle(tmp_path_factory.mktemp("tiny"))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """What tests print of names that are no valid text must not stop the processes that report as UTF-8."""
    report = yield
    report.sections = [
        (name, text.encode("utf-8", "backslashreplace").decode("utf-8")) for name, text in report.sections
    ]
    return report
