"""Patients by name, as many as fit into a line."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QCoreApplication

MOST_NAMED = 8


def named_patients(patients: Sequence[str]) -> str:
    """The first MOST_NAMED, and how many more there are."""
    names, more = ", ".join(patients[:MOST_NAMED]), len(patients) - MOST_NAMED
    if more <= 0:
        return names
    return names + QCoreApplication.translate("OutcomePage", " and {count} more").format(count=more)
