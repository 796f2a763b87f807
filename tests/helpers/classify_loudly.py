"""``histoviewer classify`` in a process to be killed: prints how many patches have been recorded.

FOLDER OUTPUT BUNDLE
"""

from __future__ import annotations

import sys

from histoviewer.app import main
from histoviewer.cli.judging import ProgressBar


def _announce_recorded() -> None:
    """Print the count after each block: the test kills this process in the middle of its work."""
    count = 0
    advance = ProgressBar.advance

    def advance_loudly(self: ProgressBar, patches: int) -> None:
        nonlocal count
        count += patches
        sys.stdout.write(f"{count}\n")
        sys.stdout.flush()
        advance(self, patches)

    ProgressBar.advance = advance_loudly  # type: ignore[method-assign]


if __name__ == "__main__":
    folder, output, bundle = sys.argv[1:]
    _announce_recorded()
    sys.exit(main(["classify", folder, "--output", output, "--model", bundle, "--formats", "csv", "--quiet"]))
