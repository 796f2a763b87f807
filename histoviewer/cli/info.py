"""``histoviewer info``: what a path is, as JSON on standard output."""

from __future__ import annotations

import argparse
import json
import sys

from histoviewer.inference.model_card import read_card
from histoviewer.patches.describe import describe
from histoviewer.streams import write_out


def info(options: argparse.Namespace) -> int:
    """Run the command; returns the exit code."""
    card = read_card(options.model)
    facts = describe(options.path, input_size=card.input_size, model_mpp=card.mpp, mpp=options.mpp)
    # A pipe on Windows speaks no Cyrillic; there JSON's own escapes do.
    is_unicode = (getattr(sys.stdout, "encoding", None) or "").lower().replace("-", "") == "utf8"
    text = json.dumps(facts, indent=2, ensure_ascii=not is_unicode)
    # A file's name may be no text: Python's escape for that is JSON's, too.
    write_out(text.encode(errors="backslashreplace").decode() + "\n")
    return 0
