"""The one family of errors that a person is meant to read.

A message is one line: what failed, which file, what was expected, what to do. Anything else that is
raised is a defect and keeps its traceback.
"""


class HistoViewerError(Exception):
    """Something the user can act on; ``str(error)`` is the line to show."""

    def __str__(self) -> str:
        # File names and the reasons libraries give may hold line breaks.
        return " ".join(super().__str__().split("\n"))


class CallError(HistoViewerError):
    """The call itself is wrong: its output cannot be used, or its options contradict each other."""


class SourceError(HistoViewerError):
    """A folder, slide or picture cannot be opened, or holds nothing to judge."""


class ScaleError(SourceError):
    """The source's µm/px is unknown, implausible, or does not suit the model."""


class ScaleUnknownError(ScaleError):
    """Nothing trustworthy says what the scale is; a person who knows it can."""


class PatchError(HistoViewerError):
    """One patch cannot be read. It is recorded as a failure and the run goes on."""


class ModelError(HistoViewerError):
    """A model bundle is missing, damaged, or cannot be run here."""


class ResultError(HistoViewerError):
    """A result file or an export cannot be read or written."""


def reason_of(error: BaseException) -> str:
    """What a library's exception says, or its kind where it says nothing: one line for a message of ours."""
    text = (error.strerror if isinstance(error, OSError) else None) or str(error) or type(error).__name__
    return text.splitlines()[0]
