"""From the rows of a run to the run: its commands done again, in the case as it was played.

The last run of each row is kept in memory by its number of commands, so that a command costs only itself; the rows decide which
it is, and whoever gets one gets a copy of their own.
"""

from __future__ import annotations

from collections import OrderedDict
from threading import Lock
from typing import Generic, TypeVar
from uuid import UUID

from django.db.models import Max

from bedside.cases import SEMANTICS, Case, CaseFile, Catalogue, Run, compile_case, parse_case
from bedside.errors import UsageError
from bedside.reading import Source
from bedside.site.cases.commands import command_from_json
from bedside.site.cases.models import CaseRun
from bedside.site.cases.showing import Shown
from bedside.site.cases.stock import current_orders
from bedside.site.problems import CaseChangedError

K = TypeVar("K")
V = TypeVar("V")

MOST_RUNS = 200  # of some 50 kB each
MOST_CASES = 60


def case_of(row: CaseRun) -> Case:
    """The case of a run, compiled. Kept, since hundreds may play the same.

    Raises:
        CaseChangedError: the catalogue or the engine has changed since.
    """
    catalogue = current_orders().catalogue
    if (row.catalogue_digest, row.semantics) != (catalogue.digest, str(SEMANTICS)):
        raise CaseChangedError(
            "the catalogue of orders or the engine has been changed since this case was begun, so it can't go on; begin it anew"
        )
    return _CASES.get((row.case_hash, catalogue.digest)) or compiled(row.case_id, row.case_text, None, catalogue)


def compiled(case_id: str, text: str, case_hash: str | None, catalogue: Catalogue) -> Case:
    """The case of that text; `case_hash` is its hash where that is known.

    Raises:
        UsageError: it can't be compiled.
    """
    found = _CASES.get((case_hash, catalogue.digest)) if case_hash else None
    if found is None:
        found = compile_case(parsed(case_id, text), catalogue)
        _CASES.put((found.digest, catalogue.digest), found)
    return found


def parsed(case_id: str, text: str) -> CaseFile:
    """The case file of a text.

    Raises:
        UsageError: it has no sound form.
    """
    file, findings = parse_case(Source(f"{case_id}.yaml", text))
    if file is None:
        raise UsageError(f"the case {case_id} can't be read: line {findings[0].line}: {findings[0].text}")
    return file


def n_commands(row: CaseRun) -> int:
    """How many commands the run has."""
    return row.commands.aggregate(last=Max("seq"))["last"] or 0


def replayed(row: CaseRun) -> tuple[Run, int]:
    """The run as its rows have it, and how many there are. It is the caller's own.

    Raises:
        CaseChangedError: the catalogue or the engine has changed since.
    """
    case = case_of(row)
    n = n_commands(row)
    kept = _RUNS.get(row.pk)
    if kept is not None and kept[0] <= n and kept[1].case is case:
        begun, run = kept[0], kept[1].fork()
    else:
        begun, run = 0, Run(case, seed=row.seed)
    if begun < n:
        for told in row.commands.filter(seq__gt=begun, seq__lte=n).order_by("seq").values_list("command", flat=True):
            run.do(command_from_json(told))
        remember(row.pk, n, run)
    return run, n


def is_kept(run_id: UUID) -> bool:
    """Is a run of it in memory, so that a replay costs little?"""
    return _RUNS.get(run_id) is not None


def remember(run_id: UUID, n: int, run: Run) -> None:
    """Keep a copy of a run with that many commands, all of which are on the disk."""
    _RUNS.put(run_id, (n, run.fork()))


def shown_of(row: CaseRun) -> Shown:
    """What was shown of this run before."""
    found = _SHOWN.get(row.pk)
    if found is None:
        found = Shown()
        _SHOWN.put(row.pk, found)
    return found


class Kept(Generic[K, V]):
    """The values that were used last; safe between threads."""

    def __init__(self, most: int) -> None:
        self.most = most
        self.lock = Lock()
        self.values: OrderedDict[K, V] = OrderedDict()

    def get(self, key: K) -> V | None:
        with self.lock:
            if key not in self.values:
                return None
            self.values.move_to_end(key)
            return self.values[key]

    def put(self, key: K, value: V) -> None:
        with self.lock:
            self.values[key] = value
            self.values.move_to_end(key)
            while len(self.values) > self.most:
                self.values.popitem(last=False)


_RUNS: Kept[UUID, tuple[int, Run]] = Kept(MOST_RUNS)
_SHOWN: Kept[UUID, Shown] = Kept(MOST_RUNS)
_CASES: Kept[tuple[str, str], Case] = Kept(MOST_CASES)
