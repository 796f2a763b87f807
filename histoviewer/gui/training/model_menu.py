"""Train > Model: which one is used from the next start on."""

from __future__ import annotations

from PySide6.QtCore import QObject
from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QMenu, QWidget

from histoviewer.errors import ModelError
from histoviewer.gui.session import Session
from histoviewer.gui.settings.preferences import KeptPreferences
from histoviewer.gui.training.models import installed_models
from histoviewer.inference.model_card import read_card
from histoviewer.resources import default_bundle


class ModelMenu(QObject):
    """A list of the installed models, made whenever it is opened."""

    def __init__(self, menu: QMenu, window: QWidget, session: Session, preferences: KeptPreferences) -> None:
        super().__init__(window)
        self._session, self._preferences = session, preferences
        self.menu = menu.addMenu(self.tr("&Model"))
        self.menu.aboutToShow.connect(self.fill)
        self._group = QActionGroup(self)
        self.fill()

    def fill(self) -> None:
        """The program's own first."""
        for action in self._group.actions():
            self._group.removeAction(action)
            self.menu.removeAction(action)
            action.deleteLater()
        chosen = self._preferences.chosen.model
        models = [(str(card.folder), card.title) for card in installed_models()]
        known = [folder for folder, _ in models]
        listed = [("", self._own_title()), *models]
        for number, (folder, title) in enumerate(listed, 1):
            letter = f"&{number}" if number < 10 else str(number)
            action = QAction(f"{letter}   {title.replace('&', '&&')}", self.menu)
            action.setCheckable(True)
            action.setChecked(folder == (chosen if chosen in known else ""))
            action.setData(folder)
            action.triggered.connect(self._on_chosen)
            self._group.addAction(action)
            self.menu.addAction(action)

    def _own_title(self) -> str:
        try:
            title = read_card(default_bundle()).title
        except ModelError:
            title = ""
        return self.tr("{title} (the program's own)").format(title=title).strip()

    def _on_chosen(self) -> None:
        action = self._group.checkedAction()
        if action is None or action.data() == self._preferences.chosen.model:
            return
        self._preferences.choose(model=action.data())
        text = self.tr("{new} is used from the next start on; until then {old} is.")
        new = action.text().partition("   ")[2].replace("&&", "&")
        self._session.noted.emit(text.format(new=new, old=self._session.card.title))
