"""A message as it is read at a glance: without the folders of the files it names."""

from __future__ import annotations

import re

# The whole folder part of a path, to the last separator before a colon. What follows a path may be a scale in
# µm/px, or another path, or words with a stroke: no folder's name holds "µ", ends in a space, or begins like
# a file's name with words behind it.
_NAME = r"(?:(?!\.[A-Za-z]\w{1,5}\s)[^/\\:\nµ])*[^/\\:\nµ\s]"
_FOLDERS = re.compile(rf"(?<!\S)(?:[A-Za-z]:[\\/]|/|\\\\)(?:{_NAME}[/\\])*(?=[^\s/\\])")


def plain_line(message: str) -> str:
    """``Cannot open /data/new slides/a.svs: it is empty.`` -> ``Cannot open a.svs: it is empty.``"""
    return _FOLDERS.sub("", message)
