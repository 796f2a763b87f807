"""Which of a bundle's networks is the fastest here, and in batches of how many patches: measured, once for
each machine and bundle, and kept.

On an x86-64 processor without a GPU there is nothing to measure: there OpenVINO's int8 network was 4.5 times
as fast as the faster way of calling Keras' float32 one where the processor has int8 instructions, twice where
it has none (``tests/benchmarks/bench_network.py``), and batches of 16 to 256 patches were within 5 % of each
other. Elsewhere, where there is an NVIDIA GPU or another kind of processor, a process of its own tries both:
TensorFlow takes seconds to import, and a driver that crashes takes nobody with it.
"""

from __future__ import annotations

import json
import logging
import os
import platform
import subprocess
import sys
import threading
from contextlib import suppress
from pathlib import Path
from typing import Any

import platformdirs

from histoviewer import __version__
from histoviewer.errors import HistoViewerError
from histoviewer.inference.model_card import ModelCard
from histoviewer.staging import staged

USUAL_BATCH = 64

_LONGEST_TRIAL = 180
"""Seconds; loading TensorFlow from a slow disk is most of it."""

_ENOUGH = 0.9
"""A smaller batch that has this part of the best rate is taken: answers come sooner."""

log = logging.getLogger("histoviewer.model")

_one_at_a_time = threading.Lock()

_tried_here: dict[str, dict[str, dict[str, float]]] = {}
"""What this process has measured, also where it is not to be kept, or cannot be."""

Rates = dict[str, dict[int, float]]
"""Engine to size of a batch to patches a second; an engine that failed is missing."""


def fastest_engine(card: ModelCard) -> str:
    """Of those that the bundle has networks for, as far as is known; OpenVINO where nothing is. Takes no
    time, and may be another one once ``try_engines`` has ended."""
    rates = known_rates(card)
    return max(rates, key=lambda engine: max(rates[engine].values()), default="openvino")


def best_batch(card: ModelCard, engine: str) -> int:
    """Patches that one call takes best, as far as is known. Takes no time."""
    rates = known_rates(card).get(engine)
    if not rates:
        return USUAL_BATCH
    return min(size for size, rate in rates.items() if rate >= _ENOUGH * max(rates.values()))


def known_rates(card: ModelCard) -> Rates:
    """What was measured of a bundle on this machine; empty where nothing was, or has to be."""
    if not _is_choice(card):
        return {}
    key = _key(card)
    facts = _tried_here.get(key) or _read(_path()).get(key, {})
    return {engine: {int(size): rate for size, rate in of.items()} for engine, of in facts.items()}


def is_untried(card: ModelCard) -> bool:
    """Whether ``try_engines`` has something to measure, which takes a quarter of a minute or more."""
    return _is_choice(card) and _key(card) not in _tried_here and not known_rates(card)


def try_engines(card: ModelCard) -> None:
    """Measure, unless it was done before. From any thread."""
    with _one_at_a_time:
        if not is_untried(card):
            return
        log.info("trying which engine is the fastest here for the model %s", card.title)
        key, found = _key(card), _tried(card.folder)
        log.info("patches a second: %s", found)
        _tried_here[key] = found
        # What failed may have had a passing reason, such as a graphics card in use: the next start tries it.
        if found.keys() >= _engines(card):
            _keep({**_read(_path()), key: found})


def _is_choice(card: ModelCard) -> bool:
    return len(_engines(card)) > 1 and is_in_doubt()


def _engines(card: ModelCard) -> set[str]:
    return {network.engine for network in card.networks}


def _key(card: ModelCard) -> str:
    machine = (platform.node(), platform.machine(), str(os.cpu_count()), _graphics())
    return "; ".join((card.sha256, *machine, __version__))


def _path() -> Path:
    return platformdirs.user_cache_path("histoviewer", appauthor=False) / "engines.json"


def is_in_doubt() -> bool:
    """The machine may have something that is faster than OpenVINO on its processor. Takes no time."""
    return platform.machine().lower() not in ("x86_64", "amd64") or bool(_graphics())


def _graphics() -> str:
    """What tells the NVIDIA driver from others; "" where there is none that TensorFlow could use."""
    with suppress(OSError):
        return Path("/proc/driver/nvidia/version").read_text(encoding="utf-8").partition("\n")[0].strip()
    # A Linux inside Windows has the driver of that.
    return "dxg" if Path("/dev/dxg").exists() else ""


def _keep(kept: dict[str, Any]) -> None:
    path = _path()
    with suppress(HistoViewerError, OSError):
        path.parent.mkdir(parents=True, exist_ok=True)
        with staged(path) as file:
            file.write(json.dumps(kept, indent=1).encode())


def _read(path: Path) -> dict[str, Any]:
    with suppress(OSError, ValueError):
        kept = json.loads(path.read_text(encoding="utf-8"))
        if isinstance(kept, dict):
            return kept
    return {}


def _tried(bundle: Path) -> dict[str, dict[str, float]]:
    command = [sys.executable, "-m", "histoviewer.inference.engine_trial", str(bundle)]
    try:
        done = subprocess.run(
            command,
            capture_output=True,
            text=True,
            timeout=_LONGEST_TRIAL,
            stdin=subprocess.DEVNULL,
            check=False,
        )
        rates: dict[str, dict[str, float]] = json.loads(done.stdout.splitlines()[-1])
    except (OSError, subprocess.TimeoutExpired, ValueError, IndexError) as error:
        log.warning("the engines could not be tried: %r", error)
        return {}
    return rates
