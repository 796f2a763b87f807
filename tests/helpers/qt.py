"""Looking at what Qt has painted."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QWidget


def image_pixels(image: QImage) -> NDArray[np.uint8]:
    """uint8 RGB (height, width, 3) of a picture's own pixels."""
    rgb = image.convertToFormat(QImage.Format.Format_RGB888)
    lines = np.frombuffer(rgb.constBits(), np.uint8).reshape(rgb.height(), rgb.bytesPerLine())
    return lines[:, : 3 * rgb.width()].reshape(rgb.height(), rgb.width(), 3).copy()


def widget_pixels(widget: QWidget) -> NDArray[np.uint8]:
    """What a widget and its children show: uint8 RGB (height, width, 3), in the screen's own pixels."""
    return image_pixels(widget.grab().toImage())


def box_of_colour(
    pixels: NDArray[np.uint8], colour: tuple[int, int, int], tolerance: int = 0
) -> tuple[int, int, int, int]:
    """x, y, width, height around all pixels of a colour. Raises AssertionError when there are none."""
    near = np.abs(pixels.astype(int) - colour).max(axis=2) <= tolerance
    assert near.any(), f"nothing is painted in {colour}"
    rows, columns = np.flatnonzero(near.any(axis=1)), np.flatnonzero(near.any(axis=0))
    width, height = columns[-1] - columns[0] + 1, rows[-1] - rows[0] + 1
    return int(columns[0]), int(rows[0]), int(width), int(height)
