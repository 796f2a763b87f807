"""A training's settings as a person reads them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

OF_NONE = {
    "fine_tune": "none: no second phase",
    "most_of_patient": "all",
    "precision": "the fastest that the machine has",
}
"""What it means that a setting is None."""


def settings_rows(settings: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, str]]:
    """Each setting's name, with those of the mappings that it is in, and its value."""
    for name, value in settings.items():
        if isinstance(value, Mapping):
            yield from settings_rows(value, f"{prefix}{name}.")
        else:
            yield f"{prefix}{name}", OF_NONE.get(name, "none") if value is None else _said(value)


def _said(value: object) -> str:
    match value:
        case float():
            return f"{value:.4g}"
        case tuple() | list():
            return f"({', '.join(map(_said, value))})"
        case _:
            return str(value)
