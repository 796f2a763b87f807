"""Exports from the window, written away from the GUI thread."""

from __future__ import annotations

import logging
from collections.abc import Callable
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, QRunnable, QThreadPool, Signal
from PySide6.QtGui import QGuiApplication, QImage
from PySide6.QtWidgets import QFileDialog, QWidget

from histoviewer.errors import HistoViewerError, ResultError
from histoviewer.gui.canvas.view_picture import png_bytes
from histoviewer.gui.formatting import count_text
from histoviewer.gui.open_source import OpenSource
from histoviewer.gui.printing.pdf_report import write_pdf
from histoviewer.gui.session import Session
from histoviewer.reports import (
    HEATMAP,
    REPORT,
    input_report,
    write_input_report,
    write_slide_geojson,
    write_slide_heatmap,
)
from histoviewer.results.copies import copy_result_file
from histoviewer.results.csv import write_csv
from histoviewer.results.geojson import geojson_suffix
from histoviewer.results.outputs import SUFFIX
from histoviewer.staging import staged

log = logging.getLogger("histoviewer.exports")


class Exporter(QObject):
    """Asks where to, then writes what the window shows at its threshold.

    Signals: written(str): where; failed(str): one line.
    """

    written = Signal(str)
    failed = Signal(str)

    def __init__(self, session: Session, window: QWidget) -> None:
        super().__init__(window)
        self._session = session
        self._window = window
        self._pool = QThreadPool(self)
        self._pool.setMaxThreadCount(1)

    def stop(self) -> None:
        """Wait for what is being written."""
        self._pool.waitForDone()

    def export_csv(self) -> None:
        """All patches of the current source, as ``histoviewer classify`` writes them."""
        opened = self._session.current
        if opened is None:
            return
        path = self._ask(self.tr("Export CSV"), f"{opened.source.name}.csv", self.tr("CSV (*.csv)"), ".csv")
        if path is None:
            return
        store, card, threshold = opened.store.frozen(), self._session.card, self._session.threshold

        def write() -> None:
            write_csv(path, store, threshold=threshold, model_title=card.title)

        self._start(write, path)

    def export_results(self) -> None:
        """A copy of the current source's result file: answers, reviews and all, for somebody else."""
        opened = self._session.current
        if opened is None:
            return
        name, pattern = f"{opened.source.name}{SUFFIX}", self.tr("HistoViewer results (*{suffix})")
        path = self._ask(self.tr("Save a copy of the results"), name, pattern.format(suffix=SUFFIX), SUFFIX)
        if path is None:
            return
        try:
            if opened.not_kept:
                opened.store.write_copy(path)  # in memory alone, and this thread's
                self.written.emit(self.tr("Wrote {path}").format(path=path))
                return
            opened.store.save()
        except ResultError as error:
            self.failed.emit(str(error))
            return
        self._start(partial(copy_result_file, opened.store.path, path), path)

    def export_heatmap(self) -> None:
        """The heat map of the slide on the canvas, lying on it exactly."""
        opened, slide = self._session.current, self._session.slide_name
        if opened is None or slide is None:
            return
        path = self._ask(self.tr("Export heat map"), f"{slide}{HEATMAP}", self.tr("PNG (*.png)"), ".png")
        if path is None:
            return
        source, store = opened.source, opened.store.frozen()
        threshold, colormap = self._session.threshold, self._session.overlay.colormap

        def write() -> None:
            write_slide_heatmap(path, source, store, slide=slide, threshold=threshold, colormap=colormap)

        self._start(write, path, reads=opened)

    def export_report(self) -> None:
        """All of the current source on one page of HTML."""
        opened = self._session.current
        if opened is None:
            return
        name, pattern = opened.source.name, self.tr("HTML (*.html)")
        path = self._ask(self.tr("Export report"), f"{name}{REPORT}", pattern, REPORT)
        if path is None:
            return
        source, store = opened.source, opened.store.frozen()
        threshold, card = self._session.threshold, self._session.card

        def write() -> None:
            write_input_report(path, source, store, card, name=name, threshold=threshold)

        self._start(write, path, reads=opened)

    def export_pdf(self) -> None:
        """The same report on sheets of paper."""
        opened = self._session.current
        if opened is None:
            return
        name, pattern = opened.source.name, self.tr("PDF (*.pdf)")
        path = self._ask(self.tr("Export report as PDF"), f"{name}.pdf", pattern, ".pdf")
        if path is None:
            return
        source, store, font = opened.source, opened.store.frozen(), self._window.font()
        threshold, card = self._session.threshold, self._session.card

        def write() -> None:
            write_pdf(path, input_report(source, store, card, name=name, threshold=threshold), font)

        self._start(write, path, reads=opened)

    def export_geojson(self) -> None:
        """Patches and regions of the slide on the canvas, for QuPath."""
        opened, slide = self._session.current, self._session.slide_name
        if opened is None or slide is None:
            return
        suffix = geojson_suffix(len(opened.source.rows(slide)))
        pattern = self.tr("GeoJSON for QuPath (*.geojson *.geojson.gz)")
        path = self._ask(self.tr("Export GeoJSON"), f"{slide}{suffix}", pattern, suffix)
        if path is None:
            return
        source, store = opened.source, opened.store.frozen()
        threshold, card = self._session.threshold, self._session.card

        def write() -> None:
            write_slide_geojson(path, source, store, slide=slide, threshold=threshold, card=card)

        self._start(write, path, reads=opened)

    def copy_picture(self, image: QImage) -> None:
        """Put a picture of the canvas on the clipboard."""
        QGuiApplication.clipboard().setImage(image)
        size = f"{count_text(image.width())} × {count_text(image.height())}"
        self.written.emit(self.tr("Copied the view: {size} px").format(size=size))

    def export_picture(self, picture: Callable[[], QImage]) -> None:
        """The canvas as it is seen once a name is chosen."""
        name = f"{self._session.slide_name}.view.png"
        path = self._ask(self.tr("Save view"), name, self.tr("PNG (*.png)"), ".png")
        if path is None:
            return
        image = picture()

        def write() -> None:
            with staged(path) as file:
                file.write(png_bytes(image))

        self._start(write, path)

    def _ask(self, title: str, name: str, pattern: str, ending: str) -> Path | None:
        """Where to, with the ending that tells what it will hold; None where nothing is to be written."""
        chosen, _ = QFileDialog.getSaveFileName(self._window, title, name, pattern)
        if not chosen:
            return None
        path = Path(chosen)
        if path.name.lower().endswith(ending):
            return path
        path = path.with_name(path.name + ending)
        if not path.exists():
            return path
        # Of this name the dialog has not asked whether it may be replaced.
        message = self.tr("{path} is there already and was left as it is. Choose it by its whole name.")
        self.failed.emit(message.format(path=path))
        return None

    def _start(self, write: Callable[[], None], path: Path, *, reads: OpenSource | None = None) -> None:
        """``reads``: what stays open until it is written, also where a person closes it meanwhile."""
        if reads is not None:
            reads.hold()
        done = self.tr("Wrote {path}").format(path=path)
        defect = self.tr("Writing {path} failed unexpectedly; the log says why.").format(path=path)
        self._pool.start(_Writing(write, done=done, defect=defect, exporter=self, reads=reads))


class _Writing(QRunnable):
    """In the pool's thread; signals of the exporter, which lives in the GUI thread, carry the outcome."""

    def __init__(
        self,
        write: Callable[[], None],
        *,
        done: str,
        defect: str,
        exporter: Exporter,
        reads: OpenSource | None,
    ) -> None:
        super().__init__()
        self._reads = reads
        self._write = write
        self._done = done
        self._defect = defect
        self._exporter = exporter

    def run(self) -> None:
        problem = self._defect
        try:
            self._write()
            problem = ""
        except HistoViewerError as error:
            problem = str(error)
        finally:
            if self._reads is not None:
                self._reads.release()
            log.info("%s", problem or self._done)
            # Also on the way out of a defect: the pool would lose it without a word in the window.
            if problem:
                self._exporter.failed.emit(problem)
            else:
                self._exporter.written.emit(self._done)
