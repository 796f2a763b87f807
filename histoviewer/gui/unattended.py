"""What the window does without a person in front of it: its picture, and the demo's reports."""

from __future__ import annotations

import argparse
from itertools import count
from pathlib import Path

from PySide6.QtCore import QEventLoop

from histoviewer.errors import HistoViewerError, ResultError
from histoviewer.exit_codes import INTERRUPTED
from histoviewer.gui.interrupt import InterruptWatch
from histoviewer.gui.main_window import MainWindow
from histoviewer.gui.session import Session
from histoviewer.gui.snapshot import Snapshot
from histoviewer.reports import USUAL_FORMATS, failure_lines, write_reports
from histoviewer.results.summary import SummaryEntry, summary_entries, write_summary_csv
from histoviewer.streams import tell, write_out
from histoviewer.translation import _

DEMO_FOLDER = Path("histoviewer-demo")
PICTURE_ENDINGS = (".png", ".jpg", ".jpeg")


def picture_path(options: argparse.Namespace) -> Path:
    """Where the picture goes; its folder is made. Raises ResultError where no picture can be."""
    target: Path = options.screenshot or DEMO_FOLDER / "screenshot.png"
    if target.suffix.lower() not in PICTURE_ENDINGS:
        message = _("Cannot write the picture {path}: expected a name that ends in {endings}.")
        raise ResultError(message.format(path=target, endings=", ".join(PICTURE_ENDINGS)))
    if target.is_dir():
        raise ResultError(
            _("Cannot write the picture {path}: it is a folder. Give a file.").format(path=target)
        )
    folder = target.absolute().parent
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        message = _("Cannot make the folder {folder}: {reason}. Start in a folder that can be written to.")
        raise ResultError(message.format(folder=folder, reason=error.strerror)) from error
    return target


def take_picture(window: MainWindow, target: Path, watch: InterruptWatch, *, with_reports: bool) -> int:
    """Wait for the window to settle, save its picture, and ``with_reports`` the reports of what is open.

    Returns the exit code: 1 when something could not be opened, judged or written, each of which is named;
    130 after Ctrl+C. That results are not kept does the picture no harm, and is only told.
    """
    snapshot = Snapshot(window, target)
    # A loop of its own: quitting the application would close the window before the reports are written.
    loop = QEventLoop()
    snapshot.taken.connect(loop.quit)
    watch.interrupted.connect(loop.quit)
    snapshot.wait()
    loop.exec()
    if watch.is_interrupted:
        return INTERRUPTED
    problems = snapshot.problems
    for opened in window.session.sources:
        problems += failure_lines(opened.source.name, opened.source, opened.store)
        if opened.not_kept:
            tell(f"histoviewer: {opened.not_kept_text}")
    written = _write_reports(window.session, target.parent, problems) if with_reports else []
    for problem in problems:
        tell(f"histoviewer: {problem}")
    written += [target] if snapshot.is_saved else []
    write_out("".join(_("wrote {path}").format(path=path) + "\n" for path in written))
    return 1 if problems else 0


def _write_reports(session: Session, folder: Path, problems: list[str]) -> list[Path]:
    written: list[Path] = []
    entries: list[SummaryEntry] = []
    names = _distinct([opened.source.name for opened in session.sources])
    for opened, name in zip(session.sources, names, strict=True):
        reports, troubles = write_reports(
            folder,
            opened.source,
            opened.store,
            session.card,
            name=name,
            threshold=session.threshold,
            formats=USUAL_FORMATS,
        )
        written += reports
        problems += map(str, troubles)
        entries += summary_entries(name, opened.store, session.threshold, session.card.role_of)
    summary = folder / "summary.csv"
    try:
        write_summary_csv(summary, entries)
    except HistoViewerError as error:
        problems.append(str(error))
        return written
    return [*written, summary]


def _distinct(names: list[str]) -> list[str]:
    """Names that no two have, in small letters either: the first of several keeps its own."""
    given = {name.casefold() for name in names}
    taken: set[str] = set()
    distinct = []
    for name in names:
        if name.casefold() in taken:
            free = (f"{name}-{number}" for number in count(2))
            name = next(one for one in free if one.casefold() not in given | taken)
        taken.add(name.casefold())
        distinct.append(name)
    return distinct
