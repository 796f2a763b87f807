"""Pixels as numpy has them, and as Qt paints them."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtGui import QImage


def image_of(pixels: NDArray[np.uint8]) -> QImage:
    """uint8 RGB (height, width, 3) as RGB32, which the painter blits fastest. A copy."""
    height, width, _ = pixels.shape
    data = np.ascontiguousarray(pixels)
    borrowed = QImage(data.data, width, height, 3 * width, QImage.Format.Format_RGB888)
    return borrowed.convertToFormat(QImage.Format.Format_RGB32)


def pixels_of(image: QImage) -> NDArray[np.uint8]:
    """An image of any format as uint8 RGB (height, width, 3). A copy."""
    rgb = image.convertToFormat(QImage.Format.Format_RGB888)
    lines = np.frombuffer(rgb.constBits(), np.uint8).reshape(rgb.height(), rgb.bytesPerLine())
    return lines[:, : 3 * rgb.width()].reshape(rgb.height(), rgb.width(), 3).copy()
