"""Everything that the menus offer, found by typing a part of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QObject, QPoint, QSize, Qt, QTimer
from PySide6.QtGui import QAction, QKeyEvent, QKeySequence
from PySide6.QtWidgets import (
    QApplication,
    QDialog,
    QLabel,
    QLineEdit,
    QMainWindow,
    QMenu,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from histoviewer.gui.actions import window_action
from histoviewer.gui.theme import GRID

_LIST_KEYS = (Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_PageUp, Qt.Key.Key_PageDown)
_SIZE = (64 * GRID, 48 * GRID)


@dataclass(frozen=True, slots=True)
class Command:
    """One action of the menus.

    Attributes:
        name: what the menu says, without the mark of its letter.
        path: the menus it is in, outermost first: ``View › Rotate``.
        key: its first key as the system writes it, or "".
    """

    action: QAction
    name: str
    path: str
    key: str

    def has(self, words: list[str]) -> bool:
        """Every one of some casefolded words occurs in it."""
        text = f"{self.path} {self.name} {self.key}".casefold()
        return all(word in text for word in words)


def commands_of(menus: QWidget, path: str = "") -> Iterator[Command]:
    """All that a menu bar or a menu offers now, also in the menus within."""
    for action in menus.actions():
        name = _plain(action.text())
        inner = action.menu()
        if isinstance(inner, QMenu):
            yield from commands_of(inner, f"{path} › {name}" if path else name)
        elif not action.isSeparator() and action.isVisible():
            key = action.shortcut().toString(QKeySequence.SequenceFormat.NativeText)
            yield Command(action, name, path, key)


def _plain(text: str) -> str:
    return text.replace("&&", "\0").replace("&", "").replace("\0", "&")


class CommandList(QDialog):
    """A line to type in over the commands that fit; arrows choose, Enter does it, Esc closes."""

    def __init__(self, commands: list[Command], parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(self.tr("Command list"))
        self._commands = commands
        self._line = QLineEdit(self)
        self._line.setPlaceholderText(self.tr("Type a part of a command, a menu or a key"))
        self._line.setAccessibleName(self.tr("Part of a command"))
        self._list = self._make_list()
        self._nothing = QLabel(self.tr("No command has all of these words."), self)
        self._nothing.setEnabled(False)
        column = QVBoxLayout(self)
        column.setContentsMargins(*(4 * [2 * GRID]))
        column.setSpacing(GRID)
        for widget in (self._line, self._nothing, self._list):
            column.addWidget(widget)
        self.resize(*_SIZE)
        self._line.textChanged.connect(self._fill)
        self._line.installEventFilter(self)
        self._list.itemActivated.connect(self._run)
        self._list.itemClicked.connect(self._run)
        self._fill()

    def _make_list(self) -> QTreeWidget:
        tree = QTreeWidget(self, columnCount=3)
        tree.setHeaderHidden(True)
        tree.setRootIsDecorated(False)
        tree.setUniformRowHeights(True)
        tree.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        tree.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        tree.setAccessibleName(self.tr("Commands"))
        tree.header().setStretchLastSection(False)
        tree.header().setSectionResizeMode(0, tree.header().ResizeMode.Stretch)
        for column in (1, 2):
            tree.header().setSectionResizeMode(column, tree.header().ResizeMode.ResizeToContents)
        return tree

    def _fill(self) -> None:
        words = self._line.text().casefold().split()
        self._list.clear()
        for command in self._commands:
            if command.has(words):
                self._list.addTopLevelItem(self._item(command))
        self._nothing.setVisible(self._list.topLevelItemCount() == 0)
        self._choose_first()

    def _item(self, command: Command) -> QTreeWidgetItem:
        name = f"{command.name}  ✓" if command.action.isChecked() else command.name
        item = QTreeWidgetItem([name, command.path, command.key])
        item.setSizeHint(0, QSize(0, 3 * GRID))
        item.setTextAlignment(2, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        item.setForeground(1, self.palette().placeholderText())
        item.setData(0, Qt.ItemDataRole.UserRole, command)
        item.setDisabled(not command.action.isEnabled())
        return item

    def _choose_first(self) -> None:
        items = (self._list.topLevelItem(i) for i in range(self._list.topLevelItemCount()))
        first = next((item for item in items if item is not None and not item.isDisabled()), None)
        if first is not None:
            self._list.setCurrentItem(first)

    def _run(self, item: QTreeWidgetItem | None) -> None:
        """The window has the keys again before the command is done: it may ask for them."""
        if item is not None and not item.isDisabled():
            command: Command = item.data(0, Qt.ItemDataRole.UserRole)
            self.close()
            QTimer.singleShot(0, command.action.trigger)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Arrows move in the list while one types."""
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            if event.key() in _LIST_KEYS:
                QApplication.sendEvent(self._list, event)
                return True
            if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                self._run(self._list.currentItem())
                return True
        return super().eventFilter(watched, event)


class CommandMenu(QObject):
    """Adds the command list to a menu of a window, and shows it."""

    def __init__(self, menu: QMenu, window: QMainWindow) -> None:
        super().__init__(window)
        self._window = window
        menu.addAction(window_action(window, self.tr("&Command list…"), self._show, "Ctrl+L"))

    def _show(self) -> None:
        shown = CommandList(list(commands_of(self._window.menuBar())), self._window)
        left = (self._window.width() - shown.width()) // 2
        shown.move(self._window.mapToGlobal(QPoint(max(0, left), 8 * GRID)))
        shown.show()
