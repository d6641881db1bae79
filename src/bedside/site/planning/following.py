"""What of a session is done: by the log of reviews, the cases played, and the timed blocks sat on its day."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from bedside.site.accounts.models import User
from bedside.site.cases.models import CaseRun
from bedside.site.exam.models import Sitting as SittingRow
from bedside.site.planning.models import StudySpent
from bedside.site.planning.session_json import KeptPiece
from bedside.site.planning.showing import day_end, day_start
from bedside.site.planning.wholes import LEAST_BLOCK_ITEMS
from bedside.site.study.models import StudyReview
from bedside.study import Kind


@dataclass(frozen=True, slots=True)
class DayPiece:
    """A piece of the session, and whether it is done."""

    piece: KeptPiece
    is_done: bool


def followed(user: User, pieces: Sequence[KeptPiece], on: date, zone: ZoneInfo, *, at: datetime) -> tuple[DayPiece, ...]:
    """The pieces of a study day with what was done of them up to an instant."""
    since, until = day_start(on, zone), min(at, day_end(on, zone))
    reviews = StudyReview.objects.filter(user=user, at__gte=since, at__lte=until, withdrawal__isnull=True)
    reviewed = set(reviews.values_list("subject", flat=True))
    has_whole = {one.kind for one in pieces if one.is_whole}
    cases = _cases_played(user, since, until) if Kind.CASE in has_whole else set()
    has_block = Kind.BLOCK in has_whole and _has_block(user, since, until)
    found = []
    for piece in pieces:
        match piece.kind:
            case Kind.CASE:
                is_done = piece.name in cases
            case Kind.BLOCK:
                is_done = has_block
            case Kind.REVIEW | Kind.NEW:
                is_done = piece.name in reviewed
        found.append(DayPiece(piece, is_done))
    return tuple(found)


def _cases_played(user: User, since: datetime, until: datetime) -> set[str]:
    rows = CaseRun.objects.filter(user=user, ended_at__gte=since, ended_at__lte=until, percent__isnull=False)
    told = StudySpent.objects.filter(user=user, at__gte=since, at__lte=until, kind=Kind.CASE.value)
    return {*rows.values_list("case_id", flat=True), *told.values_list("of", flat=True)}


def _has_block(user: User, since: datetime, until: datetime) -> bool:
    rows = SittingRow.objects.filter(user=user, ended_at__gte=since, ended_at__lte=until, n_answered__gte=LEAST_BLOCK_ITEMS)
    if rows.exclude(mode="tutor").exclude(state="voided").exists():
        return True
    told = StudySpent.objects.filter(user=user, at__gte=since, at__lte=until, kind=Kind.BLOCK.value)
    return told.count() >= LEAST_BLOCK_ITEMS
