from __future__ import annotations

from histoviewer.gui.unattended import _distinct


def test_sources_of_one_name_are_told_apart_and_take_no_other_ones_name() -> None:
    names = ["p", "p", "p-2", "P", "demo"]
    distinct = _distinct(names)
    assert distinct[0] == "p"
    assert distinct[2] == "p-2"
    assert distinct[4] == "demo"
    assert len({name.casefold() for name in distinct}) == len(names)
