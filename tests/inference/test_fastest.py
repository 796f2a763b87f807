"""Which engine "auto" takes: found out by a real process with a tiny real model, where a GPU is pretended."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import NoReturn

import platformdirs
import pytest

from histoviewer.inference import fastest
from histoviewer.inference.fastest import (
    USUAL_BATCH,
    best_batch,
    fastest_engine,
    is_untried,
    known_rates,
    try_engines,
)
from histoviewer.inference.model_card import read_card
from histoviewer.inference.opening import choose_network, open_classifier


@pytest.fixture
def in_doubt(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Path]:
    """As if there were something faster than OpenVINO; the file that keeps what is found out."""
    monkeypatch.setattr(fastest, "is_in_doubt", lambda: True)
    monkeypatch.setattr(platformdirs, "user_cache_path", lambda *_, **__: tmp_path / "cache")
    fastest._tried_here.clear()
    yield tmp_path / "cache" / "engines.json"
    fastest._tried_here.clear()


def refuse(*_: object, **__: object) -> NoReturn:
    raise AssertionError("nothing is to be tried")


def test_where_there_is_no_doubt_nothing_is_tried(tiny_bundle: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fastest, "is_in_doubt", lambda: False)
    monkeypatch.setattr(subprocess, "run", refuse)
    card = read_card(tiny_bundle)
    assert not is_untried(card)
    try_engines(card)
    assert choose_network(card).engine == "openvino"
    assert best_batch(card, "openvino") == USUAL_BATCH


def test_both_engines_are_tried_once_and_the_faster_one_is_taken(
    tiny_bundle: Path, in_doubt: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    card = read_card(tiny_bundle)
    assert is_untried(card)
    assert choose_network(card).engine == "openvino", "nobody waits for it"
    try_engines(card)
    rates = known_rates(card)
    assert {*rates} == {"openvino", "keras"}
    assert all(rate > 0 for of in rates.values() for rate in of.values())
    faster = max(rates, key=lambda engine: max(rates[engine].values()))
    assert choose_network(card).engine == fastest_engine(card) == faster
    monkeypatch.setattr(subprocess, "run", refuse)
    fastest._tried_here.clear()
    try_engines(card)
    assert known_rates(card) == rates, "kept for the next start"
    assert in_doubt.is_file()
    classifier = open_classifier(tiny_bundle)
    assert (classifier.engine, classifier.batch_size) == (faster, best_batch(card, faster))


def test_what_cannot_be_tried_is_tried_again_at_the_next_start_only(
    tiny_bundle: Path, in_doubt: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    card = read_card(tiny_bundle)
    tries = []

    def crash(command: list[str], **_: object) -> subprocess.CompletedProcess[str]:
        tries.append(command)
        return subprocess.CompletedProcess(command, -11, "", "")

    monkeypatch.setattr(subprocess, "run", crash)
    for start in (1, 2):
        fastest._tried_here.clear()
        for _again in range(2):
            try_engines(card)
        assert choose_network(card).engine == "openvino"
        assert best_batch(card, "openvino") == USUAL_BATCH
        assert len(tries) == start
    assert not in_doubt.exists()


@pytest.mark.parametrize("text", ["", "[]", "{", "no text at all"])
def test_a_damaged_file_is_made_anew(
    tiny_bundle: Path, in_doubt: Path, monkeypatch: pytest.MonkeyPatch, text: str
) -> None:
    in_doubt.parent.mkdir()
    in_doubt.write_text(text)
    found = {"openvino": {"64": 10.0, "256": 11.0}, "keras": {"64": 50.0, "256": 100.0}}
    monkeypatch.setattr(fastest, "_tried", lambda _bundle: found)
    card = read_card(tiny_bundle)
    try_engines(card)
    assert fastest_engine(card) == "keras"
    assert best_batch(card, "openvino") == 64, "hardly slower, and sooner"
    assert best_batch(card, "keras") == 256
    assert list(json.loads(in_doubt.read_text()).values()) == [found]


def test_where_it_cannot_be_kept_it_is_known_as_long_as_the_program_runs(
    tiny_bundle: Path, in_doubt: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    in_doubt.parent.write_text("no folder")
    tries = []
    monkeypatch.setattr(fastest, "_tried", lambda bundle: tries.append(bundle) or {"keras": {"64": 1.0}})
    card = read_card(tiny_bundle)
    for _again in range(2):
        try_engines(card)
        assert fastest_engine(card) == "keras"
    assert len(tries) == 1
