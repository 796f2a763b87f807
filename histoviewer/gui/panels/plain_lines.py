"""A message as it is read at a glance: without the folders of the files it names."""

from __future__ import annotations

import re

# The whole folder part of a path, to the last separator before a colon. What follows a path may be a scale in
# µm/px, or another path: no folder's name holds "µ", or ends in a space.
_FOLDERS = re.compile(r"(?<!\S)(?:[A-Za-z]:[\\/]|/|\\\\)(?:[^/\\:\nµ]*[^/\\:\nµ\s][/\\])*(?=[^\s/\\])")


def plain_line(message: str) -> str:
    """``Cannot open /data/new slides/a.svs: it is empty.`` -> ``Cannot open a.svs: it is empty.``"""
    return _FOLDERS.sub("", message)
