"""``Look``: how the slide is shown to the eye. Plain values: no Qt, no pixels."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal, get_args

Channel = Literal["original", "haematoxylin", "eosin", "residual"]

CHANNELS: tuple[Channel, ...] = get_args(Channel)
"""In the order of their keys, 1 to 4."""

MOST_TONE = 100
"""Brightness and contrast go from minus to plus this."""

MOST_GAMMA = 5.0
"""Gamma goes from one in this to this."""


@dataclass(frozen=True, slots=True)
class Look:
    """A view setting: it changes what the screen shows, never the pixels a model is given, nor a result.

    Attributes:
        channel: all colours, or what one stain (haematoxylin, eosin) takes out of the light, or, four
            times as strong, what neither of the two explains.
        brightness, contrast: -100 to 100; 0 changes nothing.
        gamma: 0.2 to 5; above 1 the middle tones become lighter, 1 changes nothing.
        uses_profile: the colour profile in the file is applied, where there is one.
    """

    channel: Channel = "original"
    brightness: int = 0
    contrast: int = 0
    gamma: float = 1.0
    uses_profile: bool = True

    @property
    def has_plain_tones(self) -> bool:
        """Brightness, contrast and gamma change nothing."""
        return (self.brightness, self.contrast, self.gamma) == (0, 0, 1.0)

    @property
    def is_original(self) -> bool:
        """The slide's own colours, as the file defines them or as it stores them."""
        return self.channel == "original" and self.has_plain_tones

    def with_plain_tones(self) -> Look:
        return replace(self, brightness=0, contrast=0, gamma=1.0)

    def stepped_back(self) -> Look:
        """Nearer to the original: first its channel, and from there its tones."""
        if self.channel != "original":
            return replace(self, channel="original")
        return self.with_plain_tones()
