"""What is read of runs: one as the player needs it, the orders that fit what is typed, and the rows of the list."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal
from uuid import UUID

from bedside.cases import SCALES, CaseFile, Catalogue, Hit, Run
from bedside.site.accounts.models import User
from bedside.site.cases.actions import Done, settled
from bedside.site.cases.courses import course_of
from bedside.site.cases.models import CaseRun
from bedside.site.cases.proofs import ProofState, proof_state
from bedside.site.cases.replays import replayed, shown_of
from bedside.site.cases.showing import run_json
from bedside.site.cases.stock import current_cases, current_orders
from bedside.site.cases.words import patient_words
from bedside.site.exam.models import at_or_none

MAX_HITS = 12
DOSED = ("drug.", "fluid.")  # what is given low or high, where a case has doses
MAX_RUNS_SHOWN = 3


def phase_of(row: CaseRun, at: datetime) -> str:
    """Where it stands: "open", "closing" (final orders only) or "ended"."""
    if row.ended_at is not None:
        return "ended"
    return "closing" if row.is_closing(at) else "open"


def done_json(done: Done) -> dict[str, Any]:
    """The answer to commands."""
    refused = None if done.refused is None else {"seq": done.refused[0], "reason": done.refused[1]}
    state = state_json(done.row, done.run, done.acknowledged, at=done.at)
    return {"acknowledged": done.acknowledged, "refused": refused, "state": state}


def state_json(row: CaseRun, run: Run, n: int, *, at: datetime) -> dict[str, Any]:
    """All that the player needs of a run, and nothing else."""
    return {
        "id": row.pk,
        "case": row.case_id,
        "title": row.title,
        "mode": row.mode,
        "limit_minutes": row.limit_minutes,
        "phase": phase_of(row, at),
        "end_reason": row.end_reason,
        "last_seq": n,
        "server_time": at_or_none(at),
        "spent_ms": _ms(at - row.started_at),
        "left_ms": _left_ms(row, at),
        "final_ms": _final_ms(row, at),
        "sitting": None,
        "patient": patient_words(run.case.file),
        **run_json(run, shown_of(row)),
    }


def standing_json(user: User, run_id: UUID, *, at: datetime) -> dict[str, Any]:
    """A run of this person as it stands."""
    row = settled(user, run_id, at=at)
    run, n = replayed(row)
    return state_json(row, run, n, at=at)


def _ms(span: timedelta) -> int:
    return max(0, int(span.total_seconds() * 1000))


def _left_ms(row: CaseRun, at: datetime) -> int | None:
    """Real time until final orders; of practice until the limit that binds nobody."""
    if row.limit_minutes is None or row.ended_at is not None:
        return None
    return max(0, row.limit_minutes * 60_000 - _ms(at - row.started_at))


def _final_ms(row: CaseRun, at: datetime) -> int | None:
    shuts_at = row.shuts_at()
    return None if shuts_at is None or not row.is_closing(at) or row.ended_at is not None else _ms(shuts_at - at)


def found_json(row: CaseRun, text: str) -> dict[str, Any]:
    """The orders that fit what is typed, for each of the orders in the text."""
    run, _ = course_of(row)
    location, catalogue = run.location, run.case.catalogue
    mode: Literal["exam", "practice"] = "exam" if row.mode == "exam" else "practice"
    found = current_orders().search.find_each(text, location=location, mode=mode, limit=MAX_HITS)
    return {
        "pieces": [
            {
                "text": piece,
                "said": answer.said,
                "is_class": answer.is_class,
                "urgency": answer.urgency,
                "preselected": answer.preselected,
                "hits": [_hit_json(hit, catalogue, location, has_doses=run.case.file.doses) for hit in answer.hits[:MAX_HITS]],
            }
            for piece, answer in found
        ],
    }


def _hit_json(hit: Hit, catalogue: Catalogue, location: str, *, has_doses: bool) -> dict[str, Any]:
    order = catalogue.orders[hit.order]
    return {
        "order": hit.order,
        "shown": hit.shown,
        "category": order.category,
        "is_usable": hit.is_usable and not order.is_examination,
        "is_guess": hit.is_fuzzy,
        "is_examination": order.is_examination,
        "modes": list(order.modes),
        "doses": list(SCALES) if has_doses and order.category.startswith(DOSED) else [],
        "report_s": order.turnaround_s(location) if order.has_report else None,
        "stat_s": order.turnaround_s(location, "stat") if order.has_report else None,
    }


@dataclass(frozen=True, slots=True)
class Listed:
    """A case of the list."""

    file: CaseFile
    proof: ProofState
    runs: tuple[CaseRun, ...]  # those of this person, the newest first, at most three
    n_runs: int
    best: float | None

    @property
    def open(self) -> CaseRun | None:
        """The newest run that goes on."""
        return next((run for run in self.runs if run.ended_at is None), None)

    @property
    def last(self) -> CaseRun | None:
        """The newest run with a score."""
        return next((run for run in self.runs if run.percent is not None), None)


def listed_cases(user: User) -> Sequence[Listed]:
    """All cases by title, with what this person played of them."""
    runs: defaultdict[str, list[CaseRun]] = defaultdict(list)
    mine = CaseRun.objects.filter(user=user).exclude(end_reason="left").exclude(sitting__isnull=False, percent__isnull=True)
    for row in mine.defer("case_text").order_by("-started_at"):
        runs[row.case_id].append(row)
    found = []
    for file in current_cases().by_id.values():
        played = runs[file.id]
        scores = [row.percent for row in played if row.percent is not None]
        shown = played[:MAX_RUNS_SHOWN]
        found.append(Listed(file, proof_state(file), tuple(shown), len(played), max(scores, default=None)))
    return sorted(found, key=lambda one: one.file.title.casefold())
