"""The colour profile (ICC) of a file, for the screen only."""

from __future__ import annotations

from functools import cached_property
from io import BytesIO

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageCms

from histoviewer.errors import SourceError, reason_of


class ColourProfile:
    """Says which colours a file's numbers stand for.

    Immutable: any thread may call it (lcms2 keeps nothing between two calls of one transform).
    """

    def __init__(self, data: bytes) -> None:
        """``data``: an ICC profile of RGB pixels. Raises SourceError, with the reason, for any other."""
        try:
            source = ImageCms.ImageCmsProfile(BytesIO(data))
            self._transform = ImageCms.buildTransform(
                source,
                ImageCms.createProfile("sRGB"),
                "RGB",
                "RGB",
                renderingIntent=ImageCms.Intent(ImageCms.getDefaultIntent(source)),
            )
        except (ImageCms.PyCMSError, OSError, ValueError, TypeError) as error:
            raise SourceError(reason_of(error)) from error

    def to_srgb(self, pixels: NDArray[np.uint8]) -> NDArray[np.uint8]:
        """uint8 RGB (height, width, 3) as stored, to what a screen shows. The argument stays as it is."""
        return np.asarray(self._transform.apply(Image.fromarray(pixels)))

    @cached_property
    def is_srgb(self) -> bool:
        """It changes no colour by more than rounding: the file is meant for a screen as it is."""
        levels = np.linspace(0, 255, 18).round().astype(np.uint8)
        colours = np.stack(np.meshgrid(levels, levels, levels), axis=-1).reshape(18, -1, 3)
        return int(np.abs(self.to_srgb(colours).astype(int) - colours).max()) <= 1
