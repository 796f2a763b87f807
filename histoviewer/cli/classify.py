"""``histoviewer classify``: judge inputs, write their reports."""

from __future__ import annotations

import argparse
import hashlib
import sys
from collections import Counter
from pathlib import Path

import numpy as np

from histoviewer.cli.judging import ProgressBar, judge
from histoviewer.errors import HistoViewerError, ResultError
from histoviewer.inference.classifier import Classifier
from histoviewer.inference.opening import choose_network, open_classifier
from histoviewer.patches.opening import expand_paths, open_source
from histoviewer.patches.patch import PatchSource
from histoviewer.reports import result_path, write_reports
from histoviewer.results.store import ResultStore
from histoviewer.results.summary import SummaryEntry, summary_entries, write_summary_csv
from histoviewer.run import open_results
from histoviewer.translation import _


class BatchClassification:
    """All inputs of one call, with one loaded model.

    Attributes:
        has_failures: an input, or a patch of one, could not be judged.
    """

    def __init__(self, options: argparse.Namespace, classifier: Classifier) -> None:
        self._options = options
        self._classifier = classifier
        self._network = choose_network(classifier.card, options.engine)
        self._threshold = classifier.card.threshold if options.threshold is None else options.threshold
        self._entries: list[SummaryEntry] = []
        self.has_failures = False

    def run(self, paths: list[Path]) -> None:
        """Judge each input; one that fails is named on standard error and the rest go on."""
        inputs = self._expanded(paths)
        for path, name in zip(inputs, unique_names(inputs), strict=True):
            try:
                self._classify(path, name)
            except HistoViewerError as error:
                self._complain(str(error))
        try:
            if self._entries:
                write_summary_csv(self._options.output / "summary.csv", self._entries)
        except ResultError as error:
            self._complain(str(error))

    def _expanded(self, paths: list[Path]) -> list[Path]:
        inputs: list[Path] = []
        for path in paths:
            try:
                inputs += [found for found in expand_paths(path) if found not in inputs]
            except HistoViewerError as error:
                self._complain(str(error))
        return inputs

    def _classify(self, path: Path, name: str) -> None:
        options, card = self._options, self._classifier.card
        source = open_source(
            path,
            input_size=card.input_size,
            model_mpp=card.mpp,
            mpp=options.mpp,
            stride=options.stride,
            tissue_only=not options.no_tissue_mask,
        )
        try:
            for note in source.notes:
                self._say(f"{name}: {note}")
            with open_results(
                result_path(options.output, name),
                source,
                card,
                self._network,
                threshold=self._threshold,
                tissue_only=source.kind == "slide" and not options.no_tissue_mask,
                restart=options.restart,
            ) as store:
                self._judge(source, store, name)
        finally:
            source.close()

    def _judge(self, source: PatchSource, store: ResultStore, name: str) -> None:
        rows = store.pending()
        if self._options.limit is not None:
            rows = rows[: max(0, self._options.limit - int((~np.isnan(store.probability)).sum()))]
        try:
            with ProgressBar(name, len(rows), quiet=self._options.quiet) as bar:
                judge(source, store, self._classifier, rows, advanced=bar.advance)
        finally:
            # Also after a full disk or Ctrl+C: what has been judged is worth its report.
            self._report(source, store, name)

    def _report(self, source: PatchSource, store: ResultStore, name: str) -> None:
        written, problems = write_reports(
            self._options.output,
            source,
            store,
            self._classifier.card,
            name=name,
            threshold=self._threshold,
            formats=self._options.formats,
        )
        for problem in problems:
            self._complain(str(problem))
        self._entries += summary_entries(name, store, self._threshold)
        self._tell_failures(source, store, name)
        judged = int((~np.isnan(store.probability)).sum())
        message = _("{name}: {judged} of {total} patches judged; wrote {files}")
        files = ", ".join(path.name for path in written)
        self._say(message.format(name=name, judged=judged, total=len(store.probability), files=files))

    def _tell_failures(self, source: PatchSource, store: ResultStore, name: str) -> None:
        failures = store.failures
        for row in list(failures)[:MOST_FAILURES_TOLD]:
            self._complain(f"{name}: {source.columns.file(row)}: {failures[row]}")
        if len(failures) > MOST_FAILURES_TOLD:
            message = _("{name}: and {count} more patches that could not be judged; see the note column")
            self._complain(message.format(name=name, count=len(failures) - MOST_FAILURES_TOLD))

    def _complain(self, message: str) -> None:
        self.has_failures = True
        sys.stderr.write(f"histoviewer: {message}\n")

    def _say(self, message: str) -> None:
        if not self._options.quiet:
            sys.stderr.write(f"{message}\n")


MOST_FAILURES_TOLD = 10
"""Unreadable patches of one input named on standard error; the CSV names all."""


def unique_names(paths: list[Path]) -> list[str]:
    """NAME of each input's outputs: its name without folder and ending.

    Inputs of one call with the same name get a few digits of their path's checksum, so that neither
    overwrites the other.
    """
    names = [_name_of(path) for path in paths]
    counts = Counter(name.casefold() for name in names)
    counts["summary"] += 1  # summary.csv is everybody's
    return [
        name if counts[name.casefold()] == 1 else f"{name}-{_mark(path)}"
        for name, path in zip(names, paths, strict=True)
    ]


def _name_of(path: Path) -> str:
    resolved = path.resolve()
    if resolved.is_dir():
        return resolved.name or "root"
    name = resolved.name
    for ending in (".ome.tiff", ".ome.tif"):
        if name.lower().endswith(ending):
            return name[: -len(ending)]
    return resolved.stem


def _mark(path: Path) -> str:
    return hashlib.sha256(str(path.resolve()).encode("utf-8", "surrogateescape")).hexdigest()[:6]


def classify(options: argparse.Namespace) -> int:
    """Run the command; returns the exit code."""
    try:
        options.output.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        message = _("Cannot make the output folder {folder}: {reason}. Choose another --output.")
        raise ResultError(message.format(folder=options.output, reason=error.strerror)) from error
    batch = BatchClassification(options, open_classifier(options.model, engine=options.engine))
    batch.run(options.paths)
    return 1 if batch.has_failures else 0
