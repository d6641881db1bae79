"""Compiling what a calibration takes, before it is begun: what is compiled depends on the kind of the data."""

from __future__ import annotations

from typing import Any

import numpy as np

from bedside.measure.calibrating.em_data import Persons
from bedside.measure.calibrating.em_parameters import Parameters
from bedside.measure.calibrating.fingerprints import answer_sums
from bedside.measure.calibrating.size import Size
from bedside.measure.calibrating.standard_errors import can_be_full
from bedside.measure.data.responses import Responses
from bedside.measure.data.rows import NARROW
from bedside.measure.items import Model

NODES = np.linspace(-6.0, 6.0, 61)
FEW = 2


def prepare(few: Responses, size: Size, *, model: Model, errors: bool) -> None:
    """Compile, on a few answers of the kind, what answers of that size take."""
    if not size.needs_compiling:
        return
    n_items = few.n_items
    guess = np.full(n_items, -1.0) if model == "3pl" else None
    parameters = Parameters(np.ones(n_items), np.zeros(n_items), guess, np.zeros(1), np.ones(1))
    answer_sums(few, np.zeros((2 * n_items, 2), dtype=np.uint64), compiled=True)
    for two_rows in {model == "3pl", True} if errors and not can_be_full(size, len(NODES)) else {model == "3pl"}:
        persons = Persons(few, None, NODES, two_rows=two_rows, size=size, threads=1)
        persons.expect(parameters)
        if two_rows and errors:
            persons.score_products(parameters)


def few_answers(n_items: int) -> Responses:
    """Two persons who answered everything, for whoever has no data at hand."""
    item: Any = np.tile(np.arange(n_items, dtype=np.uint16 if n_items <= NARROW else np.int32), FEW)
    return Responses(
        persons=np.arange(FEW).astype(object),
        items=np.arange(n_items).astype(object),
        starts=np.arange(FEW + 1, dtype=np.int64) * n_items,
        item=item,
        correct=np.zeros(FEW * n_items, dtype=np.uint8),
    )
