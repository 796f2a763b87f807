"""What is said of decisions in words."""

from __future__ import annotations

from datetime import datetime

from histoviewer.patches.patch import BENIGN, MALIGNANT
from histoviewer.results.reviews import UNSURE, Review
from histoviewer.translation import _


def decision_text(review: int) -> str:
    """The word for MALIGNANT, BENIGN or UNSURE."""
    return {MALIGNANT: _("malignant"), BENIGN: _("benign"), UNSURE: _("unsure")}[review]


def review_text(decision: Review) -> str:
    """What was decided, by whom and when, in the time of this place."""
    try:
        when = f"{datetime.fromisoformat(decision.time).astimezone():%Y-%m-%d %H:%M}"
    except ValueError:
        when = decision.time
    return f"{decision_text(decision.review)} · {decision.reviewer} · {when}"
