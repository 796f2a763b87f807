"""``histoviewer classify``: judge inputs, write their reports."""

from __future__ import annotations

import argparse
import os
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from histoviewer.cli.advice import advised, advised_notes
from histoviewer.cli.judging import ProgressBar, judge
from histoviewer.cli.naming import Input, inputs_of, take_name
from histoviewer.cli.output_folder import make_folder
from histoviewer.errors import HistoViewerError, ResultError
from histoviewer.inference.classifier import Classifier
from histoviewer.inference.fastest import is_untried, try_engines
from histoviewer.inference.model_card import ModelCard, read_card
from histoviewer.inference.opening import JudgingOptions, choose_network, open_judge
from histoviewer.patches.opening import expand_paths, open_source
from histoviewer.patches.patch import PatchSource
from histoviewer.reports import failure_lines, result_path, size_note, write_reports, written_text
from histoviewer.results.outputs import Row, keep_rows, kept_rows
from histoviewer.results.setting_aside import set_aside
from histoviewer.results.store import ResultStore
from histoviewer.results.summary import summary_entries, summary_row, write_folder_summary
from histoviewer.run import open_results, seen_note
from histoviewer.streams import tell
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
        self._earlier: list[Row] = []
        self._rows: list[Row] = []
        self._has_rows = False
        self.has_failures = False

    def run(self, paths: list[Path]) -> None:
        """Judge each input; one that fails is named on standard error and the rest go on."""
        inputs = inputs_of(self._expanded(paths))
        try:
            for item in inputs:
                try:
                    self._classify(item)
                except HistoViewerError as error:
                    self._complain(advised(error))
        finally:
            # Also after Ctrl+C: what has been judged is worth its summary.
            self._summarise()

    def _expanded(self, paths: list[Path]) -> list[Path]:
        """Each input once, however it is written."""
        inputs: dict[str, Path] = {}
        for path in paths:
            try:
                for found in expand_paths(path):
                    inputs.setdefault(os.path.realpath(found), found)
            except HistoViewerError as error:
                self._complain(str(error))
        return [*inputs.values()]

    def _classify(self, item: Input) -> None:
        options, card = self._options, self._classifier.card
        source = open_source(
            item.path,
            input_size=card.input_size,
            model_mpp=card.mpp,
            mpp=options.mpp,
            stride=options.stride,
            tissue_only=not options.no_tissue_mask,
        )
        try:
            on_damage = self._set_aside if options.restart else None
            name = take_name(options.output, item, on_damage=on_damage)
            self._tell_notes(source, name)
            self._run(source, name)
        finally:
            source.close()

    def _run(self, source: PatchSource, name: str) -> None:
        path = result_path(self._options.output, name)
        self._earlier, self._rows = kept_rows(path), []
        try:
            with open_results(
                path,
                source,
                self._classifier.card,
                self._network,
                threshold=self._threshold,
                tissue_only=source.kind == "slide" and not self._options.no_tissue_mask,
                has_eight_views=self._options.eight_views,
                restart=self._options.restart,
            ) as store:
                self._judge(source, store, name)
        finally:
            self._keep_rows(path)

    def _judge(self, source: PatchSource, store: ResultStore, name: str) -> None:
        rows = store.pending()
        if self._options.limit is not None:
            rows = rows[: max(0, self._options.limit - int((~np.isnan(store.probability)).sum()))]
        try:
            with ProgressBar(name, len(rows), quiet=self._options.quiet) as bar:
                judge(source, store, self._classifier, rows, advanced=bar.advance)
        except KeyboardInterrupt:
            self._say(_("histoviewer: stopping; writing what was judged (Ctrl+C again: without heat maps)"))
            raise
        finally:
            # Also after a full disk or Ctrl+C: what has been judged is worth its report.
            self._report(source, store, name)

    def _report(self, source: PatchSource, store: ResultStore, name: str) -> None:
        rows: list[Row] = [
            summary_row(entry)
            for entry in summary_entries(name, store, self._threshold, self._classifier.card.role_of)
        ]
        replaces_older = bool(self._earlier) and not _is_same(self._earlier, rows)
        self._rows = rows
        written, problems = write_reports(
            self._options.output,
            source,
            store,
            self._classifier.card,
            name=name,
            threshold=self._threshold,
            formats=self._options.formats,
            replaces_older=replaces_older,
        )
        if {"png", "geojson"}.intersection(self._options.formats) and next(source.slides(), None) is None:
            message = _(
                "{name}: its patches have no place on a slide, so there is no heat map and no GeoJSON"
            )
            self._say(message.format(name=name))
        for problem in problems:
            self._complain(str(problem))
        for line in failure_lines(name, source, store):
            self._complain(line)
        note = size_note(store)
        if note:
            self._say(f"{name}: {note}")
        judged = int((~np.isnan(store.probability)).sum())
        message = _("{name}: {judged} of {total} patches judged; {written}")
        total = len(store.probability)
        self._say(
            message.format(
                name=name,
                judged=judged,
                total=total,
                written=written_text(written, has_problems=bool(problems)),
            )
        )

    def _keep_rows(self, path: Path) -> None:
        try:
            if self._rows:
                keep_rows(path, self._rows)
                self._has_rows = True
        except ResultError as error:
            # Not raised: this may be on the way out of Ctrl+C, or of an error that says the same.
            self._complain(str(error))

    def _summarise(self) -> None:
        try:
            if self._has_rows:
                for problem in write_folder_summary(self._options.output):
                    message = _("summary.csv lacks an input: {problem}")
                    self._complain(message.format(problem=advised(problem)))
        except ResultError as error:
            self._complain(str(error))

    def _tell_notes(self, source: PatchSource, name: str) -> None:
        seen = seen_note(source, self._classifier.card)
        for note in [*advised_notes(source), *([seen] if seen else [])]:
            self._say(f"{name}: {note}")
        if source.kind == "folder" and self._options.stride is not None:
            message = _("{name}: {path} has fixed patches: --stride does not apply.")
            self._say(message.format(name=name, path=source.path))
        for problem in source.problems:
            self._complain(f"{name}: {problem}")

    def _set_aside(self, path: Path) -> None:
        message = _("{path} was damaged; it is now {aside}")
        tell(message.format(path=path, aside=set_aside(path).name))

    def _complain(self, message: str) -> None:
        self.has_failures = True
        tell(f"histoviewer: {message}")

    def _say(self, message: str) -> None:
        if not self._options.quiet:
            tell(message)


def _find_fastest(card: ModelCard, *, is_quiet: bool) -> None:
    if is_untried(card):
        if not is_quiet:
            tell(_("histoviewer: finding out which engine is the fastest here, once for this model"))
        try_engines(card)


def _is_same(earlier: Sequence[Row], rows: Sequence[Row]) -> bool:
    """An earlier program may have had fewer columns."""
    return len(earlier) == len(rows) and all(
        old.items() <= new.items() for old, new in zip(earlier, rows, strict=True)
    )


def classify(options: argparse.Namespace) -> int:
    """Run the command; returns the exit code."""
    make_folder(options.output)
    if options.engine == "auto":
        _find_fastest(read_card(options.model), is_quiet=options.quiet)
    judging = JudgingOptions(options.engine, has_eight_views=options.eight_views)
    batch = BatchClassification(options, open_judge(options.model, judging))
    batch.run(options.paths)
    return 1 if batch.has_failures else 0
