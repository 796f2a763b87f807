"""A gallery without a window."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from pytestqt.qtbot import QtBot

from histoviewer.gui.gallery.patch_gallery import PatchGallery


@pytest.fixture
def gallery(qtbot: QtBot) -> Iterator[PatchGallery]:
    gallery = PatchGallery()
    qtbot.addWidget(gallery)
    gallery.resize(500, 400)
    gallery.show()
    yield gallery
    gallery.stop()
