"""``histoviewer info``: what a path is, as JSON on standard output."""

from __future__ import annotations

import argparse
import json
import sys

from histoviewer.inference.model_card import read_card
from histoviewer.patches.describe import describe


def info(options: argparse.Namespace) -> int:
    """Run the command; returns the exit code."""
    card = read_card(options.model)
    facts = describe(options.path, input_size=card.input_size, model_mpp=card.mpp, mpp=options.mpp)
    # A pipe on Windows speaks no Cyrillic; there JSON's own escapes do.
    is_unicode = (sys.stdout.encoding or "").lower().replace("-", "") == "utf8"
    sys.stdout.write(json.dumps(facts, indent=2, ensure_ascii=not is_unicode) + "\n")
    return 0
