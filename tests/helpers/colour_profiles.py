"""ICC profiles made by code."""

from __future__ import annotations

from PIL import ImageCms


def screen_profile() -> bytes:
    """sRGB."""
    return ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()


def swapped_profile() -> bytes:
    """sRGB but for the names of two of its primaries: what a file stores as red is meant to be blue."""
    first, _, rest = screen_profile().partition(b"rXYZ")
    between, _, last = rest.partition(b"bXYZ")
    if not last:  # blue stands first in the table of tags
        first, _, rest = screen_profile().partition(b"bXYZ")
        between, _, last = rest.partition(b"rXYZ")
        return first + b"rXYZ" + between + b"bXYZ" + last
    return first + b"bXYZ" + between + b"rXYZ" + last
