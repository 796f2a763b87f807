"""The folder that a call names for what it writes."""

from __future__ import annotations

import os
from pathlib import Path

from histoviewer.errors import CallError, reason_of
from histoviewer.translation import _


def make_folder(folder: Path) -> None:
    """Make a folder for output, and those above it, unless it is there. Raises CallError where that, or
    writing into it, is not possible."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except (OSError, ValueError) as error:  # a name may hold what no system takes
        message = _("Cannot make the output folder {folder}: {reason}. Choose another output.")
        raise CallError(message.format(folder=folder, reason=reason_of(error))) from error
    if not os.access(folder, os.W_OK | os.X_OK):
        message = _(
            "Cannot write into the output folder {folder}. Choose another one, or mend its permissions."
        )
        raise CallError(message.format(folder=folder))
