from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from histoviewer.gui.keeping.open_state import KeptSource, KeptView, OpenState, merged, read_state

STATE = OpenState(
    sources=(KeptSource(Path("/a/😐.svs"), 0.25), KeptSource(Path(os.fsdecode(b"/a/\xd0.svs")))),
    current=1,
    slide="8867",
    view=KeptView(12.5, 7.0, 0.125, 33.0),
    threshold=0.45,
    tab=1,
)


def test_it_comes_back_as_it_was_written_whatever_the_names() -> None:
    assert read_state(STATE.to_json()) == STATE


def test_a_view_written_before_slides_could_be_turned_is_upright() -> None:
    content = json.loads(STATE.to_json())
    del content["view"]["rotation"]
    state = read_state(json.dumps(content).encode())
    assert state is not None
    assert state.view == KeptView(12.5, 7.0, 0.125)


@pytest.mark.parametrize(
    "changes",
    [
        {"version": 2},
        {"sources": []},
        {"sources": [{"path": 7, "mpp": None}]},
        {"sources": "no"},
        {"current": 2},
        {"view": {"x": 1}},
        {"view": {"x": 1, "y": 2, "scale": 1, "tilt": 3}},
        {"view": 5},
        {"threshold": "much"},
        {"tab": None},
    ],
)
def test_what_is_damaged_or_foreign_is_nothing(changes: dict[str, object]) -> None:
    content = json.loads(STATE.to_json()) | changes
    assert read_state(json.dumps(content).encode()) is None


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b"\xff\xfe", b"null"])
def test_what_is_no_state_is_nothing(content: bytes) -> None:
    assert read_state(content) is None


def test_several_windows_are_one_with_each_source_once() -> None:
    other = OpenState(sources=(KeptSource(Path("/b.svs")), STATE.sources[0]))
    assert merged([STATE, other]) == OpenState(
        (*STATE.sources, other.sources[0]), 1, "8867", STATE.view, 0.45, 1
    )
