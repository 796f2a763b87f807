"""A run: one pass of one model over one source. What joins the two with a result file."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from histoviewer import __version__
from histoviewer.inference.context import ContextModel
from histoviewer.inference.eight_views import in_eight_views
from histoviewer.inference.model_card import ModelCard, Network
from histoviewer.patches.neighbours import Neighbourhood
from histoviewer.patches.patch import PatchSource
from histoviewer.results.runs import PIXELS_AS_STORED
from histoviewer.results.store import Recombine, ResultStore, RunFacts, each_by_itself
from histoviewer.translation import plural

IN_MEMORY = Path(":memory:")
"""In place of a result file: what SQLite calls a database that no file lies behind."""

_MOST_NAMED = 5
"""Patients in a line that is to be read at a glance."""


def seen_note(source: PatchSource, card: ModelCard) -> str | None:
    """One line about the patients that the model has learnt from; None where it has seen none of them.

    How well it does on them is no evidence of how well it does on others.
    """
    seen = [name for name in source.columns.patients if card.role_of(name) in ("train", "validation")]
    if not seen:
        return None
    names = ", ".join(seen[:_MOST_NAMED])
    if len(seen) > _MOST_NAMED:
        more = len(seen) - _MOST_NAMED
        names = plural("{names} and {count} more", "{names} and {count} more", more).format(
            names=names, count=more
        )
    message = plural(
        "The model was trained on patient {names}: how well it does there says little about others.",
        "The model was trained on patients {names}: how well it does there says little about others.",
        len(seen),
    )
    return message.format(names=names)


class InContext:
    """A ``Recombine`` that takes neighbours into account. Of one store, whose answers it follows."""

    def __init__(self, model: ContextModel, neighbourhood: Neighbourhood, patches: int) -> None:
        self._model = model
        self._neighbourhood = neighbourhood
        self._logits = np.full(patches, np.nan, np.float32)

    def __call__(
        self, answers: NDArray[np.float32], rows: NDArray[np.intp]
    ) -> tuple[NDArray[np.intp], NDArray[np.float32]]:
        """See ``Recombine``: these rows and the judged ones around them."""
        self._logits[rows] = self._model.logits(answers[rows])
        around = self._neighbourhood.around(rows)
        judged = around[~np.isnan(answers[around])]
        return judged, self._model.combine(
            answers[judged], *self._neighbourhood.rings_of(self._logits, judged)
        )


def recombining(source: PatchSource, card: ModelCard) -> Recombine:
    """How the probabilities of a source's patches follow from the model's answers."""
    if card.context is None or source.scale is None:
        return each_by_itself
    columns = source.columns
    neighbourhood = Neighbourhood(
        columns.patient,  # its patches lie on one slide
        columns.x,
        columns.y,
        patch=card.input_size * card.mpp / source.scale.mpp,
        stride=source.stride,
        rings=len(card.context.rings),
    )
    if not neighbourhood.has_neighbours:
        return each_by_itself
    return InContext(ContextModel.of(card.context), neighbourhood, len(columns))


def open_results(
    path: Path,
    source: PatchSource,
    card: ModelCard,
    network: Network,
    *,
    threshold: float,
    tissue_only: bool = True,
    has_eight_views: bool = False,
    restart: bool = False,
) -> ResultStore:
    """The result file of a source for a model: the run that is there goes on, or a new one begins.

    Raises ResultError; see ``ResultStore.open``. With ``IN_MEMORY`` for a path nothing is kept of it.
    """
    facts = RunFacts(
        model_title=card.title,
        model_sha256=card.sha256,
        engine=network.engine,
        precision=in_eight_views(network.arithmetic) if has_eight_views else network.arithmetic,
        mpp=source.scale.mpp if source.scale else 0.0,
        scale_origin=source.scale.origin if source.scale else "user",
        model_mpp=card.mpp,
        patch_size=card.input_size,
        stride=source.stride,
        tissue_only=tissue_only,
        app_version=__version__,
        started=datetime.now(UTC).isoformat(timespec="seconds"),
        threshold=threshold,
        pixels=PIXELS_AS_STORED,
    )
    recombine = recombining(source, card)
    return ResultStore.open(path, source.columns, facts, restart=restart, recombine=recombine)
