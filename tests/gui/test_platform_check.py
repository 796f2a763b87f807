"""What is said instead of an abort of Qt's."""

from __future__ import annotations

import ctypes
import sys

import pytest

from histoviewer.gui.platform_check import screen_problem

pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="X is Linux's")


@pytest.fixture
def x_display(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """An environment in which Qt would go to an X server, that is not there."""
    monkeypatch.delenv("QT_QPA_PLATFORM", raising=False)
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
    monkeypatch.setenv("DISPLAY", ":987654")
    return monkeypatch


def test_a_library_that_is_missing_is_named(x_display: pytest.MonkeyPatch) -> None:
    def refuse(path: str) -> None:
        assert path.endswith("libqxcb.so")
        raise OSError("libxcb-cursor.so.0: cannot open shared object file: No such file or directory")

    x_display.setattr(ctypes, "CDLL", refuse)
    problem = screen_problem()
    assert problem is not None
    assert "libxcb-cursor.so.0" in problem
    assert "\n" not in problem


def test_a_screen_that_is_not_there_is_named(x_display: pytest.MonkeyPatch) -> None:
    x_display.setenv("QT_QPA_PLATFORM", "xcb")
    problem = screen_problem()
    assert problem is not None
    assert ":987654" in problem or "xcb" in problem


@pytest.mark.parametrize("platform", ["offscreen", "wayland", "wayland;xcb"])
def test_other_platforms_are_left_to_qt(x_display: pytest.MonkeyPatch, platform: str) -> None:
    x_display.setenv("QT_QPA_PLATFORM", platform)
    assert screen_problem() is None


def test_wayland_is_left_to_qt(x_display: pytest.MonkeyPatch) -> None:
    x_display.setenv("WAYLAND_DISPLAY", "wayland-0")
    assert screen_problem() is None
