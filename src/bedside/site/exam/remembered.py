"""Folds that this process remembers, so that a saved answer need not read and fold again what was folded a minute ago.

A fold is taken from here only where the sitting's row, read and locked in this very transaction, says that nothing has
arrived since: as many arrivals, the last at the same microsecond. Another process that wrote meanwhile, or a database that
was put back from a backup, is thereby noticed, and the sitting is read from its log. What is here is put here after its
transaction was committed, and may be dropped at any time.
"""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass
from datetime import datetime
from threading import Lock
from uuid import UUID

from bedside.delivery import Form, Sitting
from bedside.site.exam.models import Sitting as SittingRow
from bedside.site.exam.models import Sync

MAX_ITEMS = 500_000  # items of all forms together; one takes about 0.9 kB, with its share of the form and of the work


@dataclass(frozen=True, slots=True)
class Fold:
    """A sitting as folded after `n_arrivals` events, the last of which arrived at `clock_at`; and its newest synchronisation,
    where it is known which that is."""

    n_arrivals: int
    clock_at: datetime
    form: Form
    state: Sitting
    sync: Sync | None = None


class Folds:
    """The folds last used, up to a number of items; the one not used for the longest goes first."""

    def __init__(self, max_items: int = MAX_ITEMS) -> None:
        self._max_items = max_items
        self._n_items = 0
        self._folds: OrderedDict[UUID, tuple[Fold, int]] = OrderedDict()
        self._lock = Lock()

    def of(self, row: SittingRow) -> Fold | None:
        """The fold of a sitting as it stands in its row, or None where that is not known."""
        with self._lock:
            fold, _ = self._folds.get(row.pk, (None, 0))
            if fold is None or (fold.n_arrivals, fold.clock_at) != (row.n_arrivals, row.clock_at):
                return None
            self._folds.move_to_end(row.pk)
            return fold

    def keep(self, row: SittingRow, form: Form, state: Sitting, sync: Sync | None = None) -> None:
        """Remember a fold; call it once the transaction that wrote `row` is committed. `sync` was written in it, the last."""
        n_items = row.n_items
        with self._lock:
            self._n_items += n_items - self._folds.pop(row.pk, (None, 0))[1]
            self._folds[row.pk] = (Fold(row.n_arrivals, row.clock_at, form, state, sync), n_items)
            while self._n_items > self._max_items:
                _, (_, n_dropped) = self._folds.popitem(last=False)
                self._n_items -= n_dropped

    def forget(self) -> None:
        """Drop all."""
        with self._lock:
            self._folds.clear()
            self._n_items = 0


FOLDS = Folds()  # of this process
