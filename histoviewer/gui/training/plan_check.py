"""Why a training that is asked for cannot begin, in the words of the form."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Collection, Sequence, Set
from pathlib import Path

from PySide6.QtCore import QObject

from histoviewer.gui.training.data_survey import Survey
from histoviewer.gui.training.named_patients import named_patients
from histoviewer.gui.training.published_lists import read_lists
from histoviewer.results.outputs import SUFFIX

FEWEST_PATIENTS = 3
"""One a side."""

_LARGEST_RECIPE = 1_000_000
"""Bytes: a larger file is something else, and not read while a name is being typed."""


class PlanCheck(QObject):
    """Says what is missing; each of its texts is about one row of the form."""

    def of_data(self, data: Sequence[Path], survey: Survey | None, patients: Collection[str]) -> str:
        """``data``: what is to be trained on, reviews too; ``patients``: of the survey, and of these."""
        if not data:
            return self.tr("Add the data: a folder whose patches are named or sorted by class, or reviews.")
        if all(path.suffix == SUFFIX for path in data):
            return self.tr("Add the folder or slide, too, that the reviews are of.")
        if survey is None:
            return self.tr("Looking at the data…")
        if survey.problem:
            return f"⚠  {survey.problem}"
        if not patients:
            return "⚠  " + self.tr("No patch in the data has a class or a review.")
        return ""

    def of_hold_out(self, hold_out: Sequence[str], patients: Collection[str]) -> str:
        """Patients to test on who are none."""
        unknown = [name for name in hold_out if name not in patients]
        if not unknown:
            return ""
        return "⚠  " + self.tr("To be tested on, but not in the data: {0}.").format(named_patients(unknown))

    def of_nobody_else(self) -> str:
        """All have been reviewed, and so are to be trained on."""
        text = self.tr("Everybody in the data is trained on, for their reviews: nobody is left to test on.")
        return "⚠  " + text

    def of_random_split(self, patients: Collection[str]) -> str:
        """A split by patient needs some."""
        if len(patients) >= FEWEST_PATIENTS:
            return ""
        text = self.tr("Patients left to be trained on: {0}. To split them, three or more are needed.")
        return "⚠  " + text.format(len(patients))

    def of_files(self, weights: Path | None, recipe: Path | None, output: Path | None) -> str:
        """What was named and is not what it is to be."""
        if weights is not None and not _is_npz(weights):
            return "⚠  " + self.tr("{0} is no file of ImageNet weights (.npz).").format(weights)
        if recipe is not None and not _is_recipe(recipe):
            return "⚠  " + self.tr("{0} is no recipe: name the config.json of a training.").format(recipe)
        if output is None:
            return self.tr("Name a folder for the new model.")
        if output.exists() and not output.is_dir():
            return "⚠  " + self.tr("{0} is no folder: name one for the new model.").format(output)
        return ""

    def of_lists(self, path: Path | None, patients: Set[str], *, has_others: bool) -> str:
        """``patients``: who may be trained on; ``has_others``: somebody is in any case."""
        if path is None:
            return self.tr("Choose the file with the lists of patients.")
        lists = read_lists(path)
        if lists is None:
            return "⚠  " + self.tr("The file of lists names no patients for train, validation and test.")
        if not has_others and patients.isdisjoint(lists.patients["train"]):
            return "⚠  " + self.tr("Nobody in the data is on the training list of this file.")
        return ""


def _is_npz(path: Path) -> bool:
    try:
        return path.is_file() and zipfile.is_zipfile(path)
    except OSError:
        return False


def _is_recipe(path: Path) -> bool:
    try:
        if not path.is_file() or path.stat().st_size > _LARGEST_RECIPE:
            return False
        return isinstance(json.loads(path.read_text(encoding="utf-8")), dict)
    except (OSError, ValueError):
        return False
