from __future__ import annotations

from pathlib import Path

from histoviewer.gui.source_names import told_apart


def paths(*names: str) -> list[Path]:
    return [Path("/data") / name for name in names]


def test_names_are_enough_where_they_differ() -> None:
    assert told_apart(paths("one/a.svs", "one/b.svs")) == ["a.svs", "b.svs"]
    assert told_apart([]) == []


def test_folders_tell_sources_of_one_name_apart() -> None:
    assert told_apart(paths("one/a.svs", "two/a.svs", "two/b.svs")) == ["one/a.svs", "two/a.svs", "b.svs"]
    assert told_apart(paths("x/p/a", "y/p/a", "y/q/a")) == ["x/p/a", "y/p/a", "q/a"]


def test_the_same_path_twice_ends() -> None:
    assert told_apart(paths("a", "a")) == ["data/a", "data/a"]
