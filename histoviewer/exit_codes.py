"""How the process ends; scripts of others rely on it."""

SOME_FAILED = 1
"""Some inputs failed, each named on standard error; the rest was done."""

WRONG_CALL = 2
INTERRUPTED = 130
"""By Ctrl+C."""
