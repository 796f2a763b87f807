"""A bundle with other facts in its card."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

from histoviewer.inference.model_card import CARD_NAME

CONTEXT = {
    "own": -0.3,
    "rings": [0.8, 0.25],
    "intercept": 0.1,
    "shrinkage": 2.0,
    "max_logit": 6.0,
    "evidence": {},
}
"""A card's ``context`` that lets neighbours count for much."""


def changed_bundle(bundle: Path, folder: Path, **facts: object) -> Path:
    """Copy the bundle to ``folder`` and change these facts of its card."""
    shutil.copytree(bundle, folder)
    path = folder / CARD_NAME
    card = json.loads(path.read_text(encoding="utf-8"))
    path.write_text(json.dumps(card | facts), encoding="utf-8")
    return folder
