"""Ctrl+C in the terminal that the window was started from, or the system's word that it is to end."""

from __future__ import annotations

import signal
import socket
from types import FrameType

from PySide6.QtCore import QObject, QSocketNotifier, Signal

_SIGNALS = (signal.SIGINT, signal.SIGTERM)


class InterruptWatch(QObject):
    """Turns SIGINT and SIGTERM into a signal of the event loop, in which Python would else not get a word in.

    Only for the main thread. Once it was told it no longer watches: Ctrl+C again ends the process at once.

    Attributes:
        is_interrupted: Ctrl+C was pressed, or SIGTERM sent.

    Signals: interrupted().
    """

    interrupted = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.is_interrupted = False
        # Python writes a byte into one end when the signal comes; Qt wakes up at the other.
        self._awake, self._sleeping = socket.socketpair()
        self._awake.setblocking(False)
        self._sleeping.setblocking(False)
        self._notifier = QSocketNotifier(self._awake.fileno(), QSocketNotifier.Type.Read, self)
        self._notifier.activated.connect(self._on_woken)
        self._old_descriptor = signal.set_wakeup_fd(self._sleeping.fileno(), warn_on_full_buffer=False)
        self._old_handlers = {number: signal.signal(number, self._on_signal) for number in _SIGNALS}

    def stop(self) -> None:
        """Leave them as they were found."""
        self._notifier.setEnabled(False)
        signal.set_wakeup_fd(self._old_descriptor)
        for number, handler in self._old_handlers.items():
            signal.signal(number, handler)
        self._awake.close()
        self._sleeping.close()

    def _on_signal(self, number: int, frame: FrameType | None) -> None:
        """Between two steps of Python, wherever it is: nothing may be done here."""
        del number, frame
        self.is_interrupted = True
        for one in _SIGNALS:
            signal.signal(one, signal.SIG_DFL)

    def _on_woken(self) -> None:
        self._awake.recv(64)
        if self.is_interrupted:
            self.interrupted.emit()
