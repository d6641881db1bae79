"""Minutes really spent, by study day and kind: from answers, reviews of cards, cases played, and what was told of elsewhere.

An answer says how long it took. How long its explanation was read is the gap to the next answer of the block; a card took the
gap since the one before. Longer gaps than `READING_MOST_S` and `CARD_MOST_S` are pauses, and count as what is usual.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime, timedelta
from itertools import pairwise
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Min

from bedside.site.accounts.models import User
from bedside.site.cases.models import CaseRun
from bedside.site.content import Content
from bedside.site.exam.models import Response
from bedside.site.planning.models import StudySpent
from bedside.site.planning.showing import day_start
from bedside.site.study.models import StudyReview
from bedside.site.study.queries import CARD_MINUTES, EXPLANATION_MINUTES
from bedside.study import Kind, Origin, Spent, study_day, takeaway

READING_MOST_S = 300  # of an explanation; assumed
CARD_MOST_S = 120  # of a card; assumed
CASE_MOST = timedelta(hours=1)  # of a case that was left open; assumed
TUTOR = "tutor"

Seconds = Counter[tuple[date, Kind]]

MOST_KEPT = 200  # people
_KEPT: dict[tuple[UUID, int | None], tuple[tuple[object, ...], tuple[Spent, ...]]] = {}


def spent_between(user: User, content: Content, zone: ZoneInfo, *, since: date | None, at: datetime) -> list[Spent]:
    """What was spent from a study day (None: the first) up to an instant, in the order of days."""
    begins = day_start(since, zone) if since is not None else None
    seconds: Seconds = Counter()
    for moment, kind, spent_s in (
        *_answers(user, content, zone, begins, at),
        *_cards(user, begins, at),
        *_cases(user, begins, at),
        *_told(user, begins, at),
    ):
        seconds[study_day(moment, zone), kind] += round(spent_s)
    return [Spent(on, kind, total / 60) for (on, kind), total in sorted(seconds.items())]


def spent_before(user: User, content: Content, zone: ZoneInfo, on: date, *, n_days: int | None) -> list[Spent]:
    """What was spent in so many days before one (None: in all). Kept here, as days that are over seldom change."""
    until = day_start(on, zone)
    key = (
        on,
        zone.key,
        n_days,
        StudyReview.objects.filter(user=user, at__lt=until).count(),
        Response.objects.filter(user=user).count(),
        StudySpent.objects.filter(user=user, at__lt=until).count(),
        CaseRun.objects.filter(user=user, ended_at__lt=until).count(),
    )
    place = (user.pk, n_days)
    kept = _KEPT.get(place)
    if kept is None or kept[0] != key:
        since = None if n_days is None else on - timedelta(days=n_days)
        found = spent_between(user, content, zone, since=since, at=until - timedelta(microseconds=1))
        while len(_KEPT) >= MOST_KEPT:
            _KEPT.pop(next(iter(_KEPT)), None)
        kept = _KEPT[place] = (key, tuple(found))
    return list(kept[1])


def by_day(spent: Iterable[Spent]) -> dict[date, float]:
    """Minutes by study day."""
    found: dict[date, float] = {}
    for one in spent:
        found[one.on] = found.get(one.on, 0.0) + one.minutes
    return found


_Row = tuple[datetime, Kind, float]


def _answers(user: User, content: Content, zone: ZoneInfo, begins: datetime | None, at: datetime) -> Iterator[_Row]:
    rows = Response.objects.filter(user=user, answered_at__lte=at).exclude(sitting__state="voided")
    if begins is not None:
        rows = rows.filter(answered_at__gte=begins)
    found = list(rows.order_by("sitting_id", "answered_at").values_list("sitting_id", "mode", "item", "ms", "answered_at"))
    first_met = _first_met(user, zone) if any(mode == TUTOR for _, mode, _, _, _ in found) else {}
    for row, after in pairwise((*found, None)):
        assert row is not None
        sitting, mode, item, ms, moment = row
        if mode != TUTOR:
            yield moment, Kind.BLOCK, ms / 1000
            continue
        read_s = EXPLANATION_MINUTES * 60
        if after is not None and after[0] == sitting:
            gap_s = (after[4] - moment).total_seconds() - after[3] / 1000
            read_s = max(0.0, gap_s) if gap_s <= READING_MOST_S else read_s
        known = content.about(item)
        days = [first_met.get(takeaway(name)) for name in known.takeaways] if known else []
        is_new = study_day(moment, zone) in days
        yield moment, Kind.NEW if is_new else Kind.REVIEW, ms / 1000 + read_s


def _first_met(user: User, zone: ZoneInfo) -> Mapping[str, date]:
    rows = StudyReview.objects.filter(user=user, subject__startswith=takeaway(""))
    first = rows.values_list("subject").annotate(first=Min("at"))
    return {subject: study_day(moment, zone) for subject, moment in first}


def _cards(user: User, begins: datetime | None, at: datetime) -> Iterator[_Row]:
    """Recalls of cards and takeaways in the queue; those that were told of elsewhere brought their own time."""
    rows = StudyReview.objects.filter(user=user, origin=Origin.CARD.value, at__lte=at)
    told = StudySpent.objects.filter(user=user, at__lte=at)
    if begins is not None:
        rows, told = rows.filter(at__gte=begins), told.filter(at__gte=begins)
    known = set(told.values_list("id", flat=True))
    last: datetime | None = None
    moments = rows.order_by("at")
    # the ids are read only where something was told: of many reviews they cost more than all the rest
    pairs = moments.values_list("id", "at") if known else ((None, moment) for moment in moments.values_list("at", flat=True))
    for uuid, moment in pairs:
        gap_s = (moment - last).total_seconds() if last is not None else None
        last = moment
        if uuid not in known:
            yield moment, Kind.REVIEW, gap_s if gap_s is not None and gap_s <= CARD_MOST_S else CARD_MINUTES * 60


def _cases(user: User, begins: datetime | None, at: datetime) -> Iterator[_Row]:
    rows = CaseRun.objects.filter(user=user, sitting__isnull=True, ended_at__lte=at).exclude(end_reason="left")
    if begins is not None:
        rows = rows.filter(ended_at__gte=begins)
    for started, ended in rows.values_list("started_at", "ended_at"):
        if ended is not None:
            yield ended, Kind.CASE, min(ended - started, CASE_MOST).total_seconds()


def _told(user: User, begins: datetime | None, at: datetime) -> Iterator[_Row]:
    rows = StudySpent.objects.filter(user=user, at__lte=at)
    if begins is not None:
        rows = rows.filter(at__gte=begins)
    for moment, kind, seconds in rows.values_list("at", "kind", "seconds"):
        yield moment, Kind(kind), float(seconds)
