"""What is done as a whole: patient cases, and timed blocks of the sizes that the bank can carry."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.db.models import Max

from bedside.site.accounts.accommodations import accommodation_of
from bedside.site.accounts.models import User
from bedside.site.blueprint import Blueprint
from bedside.site.cases.drawing import drawable, has_cases
from bedside.site.cases.models import CaseRun
from bedside.site.content import Content
from bedside.site.exam.models import Sitting as SittingRow
from bedside.site.planning.models import StudySpent
from bedside.site.practice.actions import pace_s
from bedside.site.practice.choice import usual_items
from bedside.study import Kind, Offer, study_day

DEBRIEF_MINUTES = 5  # to read the debrief of a case; assumed
AGAIN_DAYS = 28  # after which a case that was played is offered again, where none is new; assumed
LEAST_BLOCK_ITEMS = 10  # fewer are no block as in an exam; assumed
TIMED = "timed:"  # starts the name of a timed block; the number of its items follows


def cases_of(user: User, blueprint: Blueprint, *, zone: ZoneInfo, at: datetime) -> tuple[tuple[Offer, ...], int]:
    """The cases to play, those never met first, and the ordinal of the day of the last one (0: none).

    Only of a step that has them, and only those whose proof stands. A case that was played comes again after four weeks, where
    no other is left.
    """
    if not blueprint.has_cases or not has_cases():
        return (), 0
    met = cases_played(user, at)
    on = study_day(at, zone)
    files = drawable(waits=False)
    unmet = [file for file in files if file.id not in met]
    again = sorted((file for file in files if file.id in met and _is_long_ago(met[file.id], on, zone)), key=lambda f: met[f.id])
    last = max((study_day(moment, zone).toordinal() for moment in met.values()), default=0)
    return tuple(Offer(file.id, float(file.meta.minutes + DEBRIEF_MINUTES)) for file in (*unmet, *again)), last


def cases_played(user: User, at: datetime) -> dict[str, datetime]:
    """The cases that a person has begun up to an instant, here or elsewhere, and when last."""
    runs = CaseRun.objects.filter(user=user, started_at__lte=at).exclude(end_reason="left")
    met = dict(runs.values_list("case_id").annotate(last=Max("started_at")))
    told = StudySpent.objects.filter(user=user, kind=Kind.CASE.value, at__lte=at)
    for case, last in told.values_list("of").annotate(last=Max("at")):
        met[case] = max(last, met.get(case, last))
    return met


def blocks_of(
    user: User, content: Content, blueprint: Blueprint, *, zone: ZoneInfo, on: date, at: datetime
) -> tuple[tuple[Offer, ...], int]:
    """Timed blocks at the pace of the exam, and the ordinal of the day of the last one (0: none)."""
    if not blueprint.programme:
        return (), 0
    n_there = len({item for family in blueprint.families.values() for item in family})
    usual = usual_items(content, blueprint.programme, blueprint.step, on=on)
    sizes = {size for size in (LEAST_BLOCK_ITEMS, usual // 2, usual, 2 * usual) if LEAST_BLOCK_ITEMS <= size <= n_there}
    edition = content.programmes[blueprint.programme].on(on).step(blueprint.step)
    pace_minutes = pace_s(edition) / 60 * float(accommodation_of(user, is_proctored=False).time_factor)
    offers = tuple(Offer(f"{TIMED}{size}", float(-(-int(size * pace_minutes * 60) // 60))) for size in sorted(sizes))
    return offers, _last_block_day(user, blueprint, zone, at)


def _last_block_day(user: User, blueprint: Blueprint, zone: ZoneInfo, at: datetime) -> int:
    rows = SittingRow.objects.filter(user=user, programme=blueprint.programme, step=blueprint.step, created_at__lte=at)
    sat = rows.filter(n_answered__gte=LEAST_BLOCK_ITEMS).exclude(mode="tutor").exclude(state="voided")
    told = StudySpent.objects.filter(user=user, kind=Kind.BLOCK.value, at__lte=at)
    moments = (sat.aggregate(last=Max("created_at"))["last"], told.aggregate(last=Max("at"))["last"])
    return max((study_day(moment, zone).toordinal() for moment in moments if moment is not None), default=0)


def _is_long_ago(moment: datetime, on: date, zone: ZoneInfo) -> bool:
    return on - study_day(moment, zone) >= timedelta(days=AGAIN_DAYS)
