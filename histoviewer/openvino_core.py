"""OpenVINO, started once."""

from __future__ import annotations

from functools import cache

import openvino  # now: beside a window that is shown already it would hold it up for a tenth of a second


@cache
def openvino_core() -> openvino.Core:
    """One for as long as the process lives; safe to use from any thread.

    On chips with AMX each gives its thread a stack for signals, and takes it away when it dies; of several
    the last one to die would leave a stack that is gone, and Ctrl+C would end the process with a crash.
    """
    return openvino.Core()
