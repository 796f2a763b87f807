"""The bottom line: where the cursor is, and how far the run is."""

from __future__ import annotations

from PySide6.QtWidgets import QLabel, QProgressBar, QPushButton, QStatusBar, QWidget

from histoviewer.gui.formatting import count_text, duration_text, significant
from histoviewer.gui.panels.opening_line import OpeningLine
from histoviewer.gui.progress import Progress
from histoviewer.gui.session import Session
from histoviewer.gui.theme import GRID

NOTE_MS = 5000


class RunBar(QStatusBar):
    """Position and scale on the left; what is being opened, and progress, rate, time left and Cancel on
    the right."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self.setSizeGripEnabled(False)
        self._position = QLabel(self)
        self._position.setContentsMargins(2 * GRID, 0, 0, 0)
        self._bar = QProgressBar(self)
        self._bar.setTextVisible(False)
        self._bar.setFixedSize(160, 8)
        self._text = QLabel(self)
        self._opening = OpeningLine(session.opener, self)
        self._cancel = QPushButton(self.tr("Cancel"), self)
        self._cancel.setToolTip(self.tr("Stop classifying; what has been judged stays (Esc)"))
        self._cancel.clicked.connect(session.cancel)
        self.addWidget(self._position, 1)
        for widget in (self._opening, self._bar, self._text, self._cancel):
            self.addPermanentWidget(widget)
        session.run_changed.connect(self._show_run)
        session.progressed.connect(self._show_progress)
        self._show_run()

    def set_position(self, text: str) -> None:
        """What the canvas knows about the place under the cursor."""
        self._position.setText(text)

    def show_note(self, text: str) -> None:
        """Show what was done in place of the position, for a while."""
        self.showMessage(text, NOTE_MS)

    def cancel(self) -> None:
        """End the run; while there is none, stop opening."""
        if self._session.is_running:
            self._session.cancel()
        else:
            self._opening.cancel()

    def _show_run(self) -> None:
        for widget in (self._bar, self._text, self._cancel):
            widget.setVisible(self._session.is_running)
        progress = self._session.progress()
        if progress is not None:
            self._show_progress(progress)

    def _show_progress(self, progress: Progress) -> None:
        self._bar.setMaximum(max(1, progress.total))
        self._bar.setValue(progress.done)
        self._text.setText(self.progress_text(progress))

    def progress_text(self, progress: Progress) -> str:
        """``1 024 / 1 642   610/s   1 s left``."""
        parts = [f"{count_text(progress.done)} / {count_text(progress.total)}"]
        if progress.rate is None or progress.seconds_left is None:
            parts.append(self.tr("loading the model…"))
        else:
            parts.append(self.tr("{rate}/s").format(rate=significant(progress.rate)))
            parts.append(self.tr("{time} left").format(time=duration_text(progress.seconds_left)))
        if progress.failed:
            parts.append(self.tr("{count} unreadable").format(count=count_text(progress.failed)))
        return "   ".join(parts)
