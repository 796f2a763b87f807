"""How the report's pictures look.

They are made and drawn without ``pyplot``, which would keep them all and needs one thread. Colours are Okabe
and Ito's, which colour-blind people tell apart.
"""

from __future__ import annotations

import io
from typing import Any

from matplotlib.figure import Figure

BENIGN_COLOUR, MALIGNANT_COLOUR = "#0072B2", "#D55E00"
ANSWER_COLOURS = ("#0072B2", "#009E73")
"""Of the first and the second answer to the same patches."""
TRAIN_COLOUR, VALIDATION_COLOUR = "#7F7F7F", "#0072B2"
GREY, INK = "#8A8A8A", "#222222"
TITLE, TEXT, SMALL = 11, 9.5, 8.5
"""Points."""
DOTS_PER_INCH = 150

Axes = Any
"""matplotlib has no type hints that mypy follows."""


def png_of(figure: Figure) -> bytes:
    """The figure as a PNG file's content."""
    file = io.BytesIO()
    figure.savefig(file, format="png", dpi=DOTS_PER_INCH, metadata={"Software": None})
    return file.getvalue()


def heading(figure: Figure, text: str) -> None:
    """What is to be seen, over all of it, on the left."""
    figure.suptitle(text, fontsize=TITLE, color=INK, x=0.02, ha="left")


def styled(axes: Axes) -> None:
    """Faint grid, no frame, small numbers."""
    axes.grid(color="#E6E6E6", linewidth=0.7)
    axes.set_axisbelow(True)
    axes.tick_params(labelsize=SMALL, color=GREY, labelcolor=INK)
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)
    for side in ("left", "bottom"):
        axes.spines[side].set_color(GREY)


def three(figure: float) -> str:
    """Three decimals of four, as tables have them: rounded once, some would end in another digit."""
    return f"{round(figure, 4):.3f}"
