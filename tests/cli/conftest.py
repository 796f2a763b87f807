"""Fixtures of the command line's tests."""

from pathlib import Path

import pytest

from histoviewer.app import main
from tests.helpers.idc_like import write_idc_like


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Two patients, ten patches each."""
    path = tmp_path / "patches"
    write_idc_like(path, patients=2, patches=10)
    return path


@pytest.fixture
def classify(tiny_bundle: Path, tmp_path: Path):  # type: ignore[no-untyped-def]
    """Runs ``histoviewer classify`` with the tiny model into ``tmp_path / "out"``; gives the exit code."""

    def run(*arguments: object) -> int:
        words = ["classify", *map(str, arguments), "--model", str(tiny_bundle)]
        return main([*words, "--output", str(tmp_path / "out")])

    return run
