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
from functools import lru_cache
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
"""Whoever opens a source and whoever loads the network ask at once."""

Rates = dict[str, dict[int, float]]
"""Engine to size of a batch to patches a second; an engine that failed is missing."""


def fastest_engine(card: ModelCard) -> str:
    """Of those that the bundle has networks for; OpenVINO where none could be tried."""
    rates = rates_here(card)
    return max(rates, key=lambda engine: max(rates[engine].values()), default="openvino")


def best_batch(card: ModelCard, engine: str) -> int:
    """Patches that one call takes best."""
    rates = rates_here(card).get(engine)
    if not rates:
        return USUAL_BATCH
    return min(size for size, rate in rates.items() if rate >= _ENOUGH * max(rates.values()))


def rates_here(card: ModelCard) -> Rates:
    """What was measured of a bundle on this machine, now or earlier; empty where nothing has to be."""
    engines = frozenset(network.engine for network in card.networks)
    if len(engines) < 2 or not is_in_doubt():
        return {}
    with _one_at_a_time:
        return _rates(card.folder, card.sha256, engines)


def is_in_doubt() -> bool:
    """The machine may have something that is faster than OpenVINO on its processor. Takes no time."""
    return platform.machine().lower() not in ("x86_64", "amd64") or bool(_graphics())


def _graphics() -> str:
    """What tells the NVIDIA driver from others; "" where there is none that TensorFlow could use."""
    with suppress(OSError):
        return Path("/proc/driver/nvidia/version").read_text(encoding="utf-8").partition("\n")[0].strip()
    # A Linux inside Windows has the driver of that.
    return "dxg" if Path("/dev/dxg").exists() else ""


@lru_cache(maxsize=8)
def _rates(bundle: Path, sha256: str, engines: frozenset[str]) -> Rates:
    """``lru_cache`` keeps for this start what is not to be in a file, or cannot be."""
    path = platformdirs.user_cache_path("histoviewer", appauthor=False) / "engines.json"
    kept = _read(path)
    key = "; ".join(
        (sha256, platform.node(), platform.machine(), str(os.cpu_count()), _graphics(), __version__)
    )
    if key not in kept:
        log.info("trying which engine is the fastest here for the model %s", sha256[:12])
        kept[key] = _tried(bundle)
        log.info("patches a second: %s", kept[key])
        # What failed may have had a passing reason, such as a graphics card in use: it is tried again then.
        if kept[key].keys() >= engines:
            _keep(path, kept)
    return {engine: {int(size): rate for size, rate in of.items()} for engine, of in kept[key].items()}


def _keep(path: Path, kept: dict[str, Any]) -> None:
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
