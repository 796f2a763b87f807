"""What can be done in the gallery by a key, or by its context menu."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QAction, QGuiApplication, QKeySequence

from histoviewer.gui.gallery.patch_gallery import PatchGallery


class GalleryActions(QObject):
    """Gives a gallery its actions. Their keys work while it has the focus, and nowhere else.

    Attributes:
        copy: puts the names of the selected patches on the clipboard.
    """

    def __init__(self, gallery: PatchGallery) -> None:
        super().__init__(gallery)
        self._gallery = gallery
        gallery.setContextMenuPolicy(Qt.ContextMenuPolicy.ActionsContextMenu)
        self._add(self.tr("Select &all"), "Ctrl+A", gallery.select_all)
        self.copy = self._add(self.tr("&Copy file names"), "Ctrl+C", self._copy)
        rule = QAction(self)
        rule.setSeparator(True)
        gallery.addAction(rule)
        self._of_groups = [
            self._add(self.tr("&Next group"), "Ctrl+Down", lambda: gallery.go_to_group(1)),
            self._add(self.tr("&Previous group"), "Ctrl+Up", lambda: gallery.go_to_group(-1)),
            self._add(self.tr("C&lose group"), "Ctrl+Left", lambda: gallery.set_group_open(False)),
            self._add(self.tr("&Open group"), "Ctrl+Right", lambda: gallery.set_group_open(True)),
            self._add(self.tr("Clo&se all groups"), "Ctrl+Shift+Left", lambda: gallery.set_all_open(False)),
            self._add(self.tr("Op&en all groups"), "Ctrl+Shift+Right", lambda: gallery.set_all_open(True)),
        ]
        gallery.selection.changed.connect(self._show)
        gallery.shown_changed.connect(self._show)
        self._show()

    def _add(self, text: str, key: str, slot: Callable[[], object]) -> QAction:
        action = QAction(text, self)
        action.setShortcut(QKeySequence(key))
        action.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
        action.triggered.connect(slot)
        self._gallery.addAction(action)
        return action

    def _show(self) -> None:
        self.copy.setEnabled(len(self._gallery.selection) > 0)
        for action in self._of_groups:
            action.setEnabled(self._gallery.has_groups)

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText("\n".join(self._gallery.file_names()))
