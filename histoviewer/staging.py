"""Files that appear whole or not at all."""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from histoviewer.errors import ResultError
from histoviewer.translation import _


@contextmanager
def staged(path: Path) -> Iterator[BinaryIO]:
    """A binary file to write; it takes the place of ``path`` when the block ends without an error.

    It lies in the same folder, so that taking the place is one step, and is on the disk before. After an
    error nothing of it is left and what was at ``path`` is untouched. Raises ResultError for every
    OSError, also the block's own.
    """
    draft = path.with_name(f".{secrets.token_hex(8)}.part")
    try:
        with _removed_on_error(draft):
            with draft.open("xb") as file:
                yield file
                file.flush()
                os.fsync(file.fileno())
            draft.replace(path)
    except OSError as error:
        message = _(
            "Cannot write {path}: {reason}. Check the folder {folder} and the space left on its disk."
        )
        reason = error.strerror or error
        raise ResultError(message.format(path=path, reason=reason, folder=path.absolute().parent)) from error


@contextmanager
def _removed_on_error(path: Path) -> Iterator[None]:
    try:
        yield
    except BaseException:
        path.unlink(missing_ok=True)
        raise
