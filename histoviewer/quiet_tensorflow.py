"""TensorFlow with its fast convolutions, and without what it says of the machine while it is imported."""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager

LEVEL = "TF_CPP_MIN_LOG_LEVEL"
"""Its environment variable: from 0, everything, to 3, nothing but what ends the process."""


ONEDNN = "TF_ENABLE_ONEDNN_OPTS"
"""Its environment variable: Intel's convolutions, which TensorFlow takes unasked only on processors with
AVX-512 VNNI. On others they train VGG16 1.4 times as fast as its own do.
"""


@contextmanager
def quiet_tensorflow(*, is_debugging: bool) -> Iterator[None]:
    """Import TensorFlow or Keras in here, the first time in the process.

    Lowers its log level for the whole process, unless the user has set it. The libraries it looks for are
    reported before the level counts, so standard error is held back meanwhile; it comes out if the import
    fails. With ``is_debugging``, or with the level set to 0, all is shown as it comes.
    """
    os.environ.setdefault(ONEDNN, "1")
    level = os.environ.setdefault(LEVEL, "0" if is_debugging else "3")
    if level == "0":
        yield
        return
    with tempfile.TemporaryFile() as said:
        try:
            stderr = os.dup(2)
        except OSError:  # there is none
            yield
            return
        os.dup2(said.fileno(), 2)
        try:
            yield
        except BaseException as error:
            _restore(stderr)
            if isinstance(error, Exception):  # and not Ctrl+C
                said.seek(0)
                os.write(2, said.read())
            raise
        _restore(stderr)


def _restore(stderr: int) -> None:
    if sys.stderr is not None:
        sys.stderr.flush()
    os.dup2(stderr, 2)
    os.close(stderr)
