import sys

from PySide6.QtCore import QObject, Signal


class Speaker(QObject):
    said = Signal(object)


def test_emitting_signals_costs_no_references() -> None:
    """PySide6 6.12.0 dropped one to True with each emission, which kills Python 3.11 after a while."""
    speaker, before = Speaker(), sys.getrefcount(True)
    for _ in range(100):
        speaker.said.emit(None)
    assert sys.getrefcount(True) >= before - 10
