"""How many files the window may hold open: a slide and its result file need four or five."""

from __future__ import annotations

from contextlib import suppress

try:
    import resource
except ImportError:  # Windows, whose limit is the memory's
    resource = None  # type: ignore[assignment]

ENOUGH = 8192
"""For some 1,600 sources; macOS takes no more than 10,240."""


def allow_many_open_files() -> None:
    """Take as many as the system grants without being asked for more: 256 on macOS and 1,024 on Linux are
    what is given at first, for programs that are older than that."""
    if resource is None:
        return
    now, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = ENOUGH if most == resource.RLIM_INFINITY else min(ENOUGH, most)
    if now != resource.RLIM_INFINITY and now < wanted:
        with suppress(OSError, ValueError):
            resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, most))
