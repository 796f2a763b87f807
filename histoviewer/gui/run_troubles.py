"""What was wrong with the patches of a run, told once it has ended."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import numpy as np

from histoviewer.gui.formatting import count_text
from histoviewer.gui.open_source import OpenSource
from histoviewer.inference.engine import Classified
from histoviewer.reports import size_note
from histoviewer.translation import _, plural


class RunTroubles:
    """Follows one run, from its beginning to its end.

    It counts the patches that fail, source by source.
    """

    def __init__(self) -> None:
        self._failed: dict[OpenSource, list[int]] = {}

    def add(self, opened: OpenSource, event: Classified) -> None:
        """A block of it has been recorded."""
        failed = event.patches[np.isnan(event.probabilities)]
        self._failed.setdefault(opened, []).extend(failed.tolist())

    def take(self, sources: Iterable[OpenSource]) -> Iterator[str]:
        """A line for each of these that something failed of, or whose patches are far too small; then all is
        forgotten."""
        failed, self._failed = self._failed, {}
        for opened in sources:
            if opened not in failed:
                continue
            if failed[opened]:
                yield _line(opened, failed[opened])
            note = size_note(opened.store)
            if note:
                yield f"{opened.source.name}: {note}"


def _line(opened: OpenSource, rows: list[int]) -> str:
    source, failures = opened.source, opened.store.failures
    reason = failures.get(rows[0], "").rstrip(".")
    if len(source.columns) == 1:
        message = _("{file} could not be judged: {reason}.")
        return message.format(file=source.columns.file(rows[0]), reason=reason)
    message = plural(
        "{count} patch could not be judged: {reason}; filter Patches by Failed",
        "{count} patches could not be judged: {reason}; filter Patches by Failed",
        len(rows),
    )
    if len({failures.get(row) for row in rows}) > 1:
        reason = _("the first one: {reason}").format(reason=reason)
    line = message.format(count=count_text(len(rows)), reason=reason)
    # Of a damaged slide the reason names the file by itself.
    return line if str(source.path) in reason else f"{source.name}: {line}"
