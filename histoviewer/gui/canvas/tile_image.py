"""Pixels as numpy has them, and as Qt paints them."""

from __future__ import annotations

import sys

import numpy as np
from numpy.typing import NDArray
from PySide6.QtGui import QImage


def image_of(pixels: NDArray[np.uint8]) -> QImage:
    """uint8 RGB (height, width, 3) as RGB32, which the painter blits fastest. A copy."""
    height, width, _ = pixels.shape
    image = QImage(width, height, QImage.Format.Format_RGB32)
    # Not by Qt's own conversion: it shares one pool among all threads, and readers would wait for each other.
    words = np.frombuffer(image.bits(), np.uint8).reshape(height, width, 4)
    red, green, blue, alpha = (1, 2, 3, 0) if sys.byteorder == "big" else (2, 1, 0, 3)
    words[..., red], words[..., green], words[..., blue] = pixels[..., 0], pixels[..., 1], pixels[..., 2]
    words[..., alpha] = 255
    return image


def pixels_of(image: QImage) -> NDArray[np.uint8]:
    """An image of any format as uint8 RGB (height, width, 3). A copy."""
    rgb = image.convertToFormat(QImage.Format.Format_RGB888)
    lines = np.frombuffer(rgb.constBits(), np.uint8).reshape(rgb.height(), rgb.bytesPerLine())
    return lines[:, : 3 * rgb.width()].reshape(rgb.height(), rgb.width(), 3).copy()
