"""Why a training that is asked for cannot begin, in the words of the form."""

from __future__ import annotations

from collections.abc import Collection, Sequence, Set
from pathlib import Path

from PySide6.QtCore import QObject

from histoviewer.gui.training.data_survey import Survey
from histoviewer.gui.training.named_patients import named_patients
from histoviewer.gui.training.published_lists import read_lists

FEWEST_PATIENTS = 3
"""One a side."""


class PlanCheck(QObject):
    """Says what is missing; each of its texts is about one row of the form."""

    def of_data(self, *, has_data: bool, survey: Survey | None, patients: Collection[str]) -> str:
        """``patients``: of the survey, and of the reviews that are to be data."""
        if not has_data:
            return self.tr("Add the data: a folder whose patches are named or sorted by class, or reviews.")
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

    def of_random_split(self, patients: Collection[str]) -> str:
        """A split by patient needs some."""
        if len(patients) >= FEWEST_PATIENTS:
            return ""
        text = self.tr("Patients in the data: {0}. To split them, three or more are needed.")
        return "⚠  " + text.format(len(patients))

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
