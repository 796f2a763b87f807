"""Writes ``tables.npz`` beside it: the colours of matplotlib's maps that are shown, uint8 RGB (256, 3) each.

    python resources/colours/make_tables.py

The library takes a sixth of a second to import, beside which the first picture of a slide would have to wait.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
from matplotlib import colormaps

from histoviewer.results.colormaps import COLORMAPS
from histoviewer.results.compared import DIFFERENCE_COLORMAP


def main() -> None:
    names = (*COLORMAPS, DIFFERENCE_COLORMAP)
    tables = {name: colormaps[name](np.arange(256), bytes=True)[:, :3] for name in names}
    np.savez_compressed(Path(__file__).with_name("tables.npz"), **tables)


if __name__ == "__main__":
    main()
