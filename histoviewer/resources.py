"""Where the files that travel with the program are: bundled model, demo slide, icons."""

from __future__ import annotations

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent


def resource_path(*parts: str) -> Path:
    """Path below ``resources/``, in an installed wheel as in a checkout."""
    installed = _PACKAGE / "_resources"
    root = installed if installed.is_dir() else _PACKAGE.parent / "resources"
    return root.joinpath(*parts)


def default_bundle() -> Path:
    """The model bundle the program ships."""
    return resource_path("models", "idc-vgg16")


def demo_slide() -> Path:
    """The generated slide that ``--demo`` opens."""
    return resource_path("demo", "synthetic-breast.tiff")
