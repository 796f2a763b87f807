from __future__ import annotations

import os

import pytest

from histoviewer.quiet_tensorflow import LEVEL, quiet_tensorflow


@pytest.fixture(autouse=True)
def _unset(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(LEVEL, "")  # so that what is set here is undone
    monkeypatch.delenv(LEVEL)


def test_what_is_said_meanwhile_is_held_back(capfd: pytest.CaptureFixture[str]) -> None:
    with quiet_tensorflow(is_debugging=False):
        os.write(2, b"cudart_stub.cc: Could not find cuda drivers")
    os.write(2, b"after")
    assert capfd.readouterr().err == "after"
    assert os.environ[LEVEL] == "3"


def test_a_failed_import_says_why(capfd: pytest.CaptureFixture[str]) -> None:
    def fail() -> None:
        with quiet_tensorflow(is_debugging=False):
            os.write(2, b"no such library")
            raise ImportError

    with pytest.raises(ImportError):
        fail()
    assert capfd.readouterr().err == "no such library"


def test_debugging_shows_all(capfd: pytest.CaptureFixture[str]) -> None:
    with quiet_tensorflow(is_debugging=True):
        os.write(2, b"all")
    assert capfd.readouterr().err == "all"
    assert os.environ[LEVEL] == "0"


@pytest.mark.parametrize("level", ["0", "1"])
def test_what_the_user_has_set_stays(monkeypatch: pytest.MonkeyPatch, level: str) -> None:
    monkeypatch.setenv(LEVEL, level)
    with quiet_tensorflow(is_debugging=False):
        assert os.environ[LEVEL] == level
