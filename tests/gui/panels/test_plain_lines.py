from __future__ import annotations

import pytest

from histoviewer.gui.panels.plain_lines import plain_line


@pytest.mark.parametrize(
    ("whole", "plain"),
    [
        ("Cannot open /data/new slides/a b.svs: empty.", "Cannot open a b.svs: empty."),
        (r"Cannot open C:\Users\Ada\a.svs: damaged.", "Cannot open a.svs: damaged."),
        (r"Cannot open \\server\share\a.svs: damaged.", "Cannot open a.svs: damaged."),
        ("The folder /data/empty is empty: expected PNG.", "The folder empty is empty: expected PNG."),
        ("/data/a.svs claims 25 µm/px, which cannot be.", "a.svs claims 25 µm/px, which cannot be."),
        ("10 µm/px for /data/a.svs: expected 5 to 9.", "10 µm/px for a.svs: expected 5 to 9."),
        ("8867: read /a/b.png and /c/d.png: no", "8867: read b.png and d.png: no"),
        ("/a/b.npz lacks block1/kernel: expected 5", "b.npz lacks block1/kernel: expected 5"),
        ("H&E and/or none", "H&E and/or none"),
        ("nothing lies in /", "nothing lies in /"),
    ],
)
def test_folders_are_left_out_and_names_stay(whole: str, plain: str) -> None:
    assert plain_line(whole) == plain
