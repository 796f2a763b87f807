"""How many files the window may hold open."""

from __future__ import annotations

import subprocess
import sys

import pytest

resource = pytest.importorskip("resource")

SAYS_ITS_LIMITS = """
import resource, sys
from histoviewer.gui.open_files import allow_many_open_files
resource.setrlimit(resource.RLIMIT_NOFILE, tuple(map(int, sys.argv[1:])))
allow_many_open_files()
print(*resource.getrlimit(resource.RLIMIT_NOFILE))
"""


def limits_after(now: int, most: int) -> tuple[int, ...]:
    """In a process of its own, which began with these."""
    command = [sys.executable, "-c", SAYS_ITS_LIMITS, str(now), str(most)]
    said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    return tuple(map(int, said.split()))


def test_what_the_system_grants_is_taken() -> None:
    assert limits_after(256, 2048) == (2048, 2048)


def test_no_more_is_taken_than_is_needed() -> None:
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    if hard != resource.RLIM_INFINITY and hard <= 9000:
        pytest.skip("the system does not grant as many")
    assert limits_after(256, 9000) == (8192, 9000)


def test_a_higher_limit_stays() -> None:
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    if hard != resource.RLIM_INFINITY and hard <= 9000:
        pytest.skip("the system does not grant as many")
    assert limits_after(9000, 9000) == (9000, 9000)
