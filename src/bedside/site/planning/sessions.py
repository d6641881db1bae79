"""The session of a study day: made once, kept, and followed until it is done.

It is the same all day. Only as long as nothing of it is done is it made again where what it rests on has changed: the log of
the days before, the exam, the minutes. A missed day makes the next one lighter, and nothing makes one longer than the minutes
there are.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from hashlib import sha256
from typing import Any
from zoneinfo import ZoneInfo

from django.db import IntegrityError
from django.db.models import Min

from bedside.errors import UsageError
from bedside.site.accounts.models import User
from bedside.site.accounts.queries import profile_of
from bedside.site.blueprint import Blueprint, blueprint_of, step_of_profile
from bedside.site.content import Content
from bedside.site.database import one_write
from bedside.site.passing.practice_scores import scores_state
from bedside.site.passing.telling import passing_json
from bedside.site.planning.calendars import USUAL_MINUTES, times_of
from bedside.site.planning.following import DayPiece, followed
from bedside.site.planning.idle import idle_before, note_idle, noted_idle
from bedside.site.planning.keeping_days import Days
from bedside.site.planning.models import DaySession, StudySpent
from bedside.site.planning.queries import days_of, recent_spent
from bedside.site.planning.remembering import log_state
from bedside.site.planning.session_json import (
    KeptLeftOut,
    left_out_from,
    pieces_from,
    session_json,
)
from bedside.site.planning.showing import day_end, day_start
from bedside.site.planning.spent import by_day
from bedside.site.planning.standing import standing_of
from bedside.site.study.models import StudyReview
from bedside.site.study.zones import zone_of
from bedside.study import StudyState, build_session, lighter, study_day

MOST_MINUTES = 24 * 60.0
MOST_OF_LIGHTER = 0.6  # of a lighter day, for a case; assumed
MOST_NUMBER = 20  # sessions of one day
MOST_NOTED = 60  # days of one file of answers; a session is made again for each


@dataclass(frozen=True, slots=True)
class Day:
    """The session of a study day as it stands."""

    on: date
    zone: ZoneInfo
    number: int
    minutes: float  # that it was made for
    usual_minutes: float  # that the calendar gives for the day
    is_asked: bool  # the person said these minutes for this day
    pieces: tuple[DayPiece, ...]
    left_out: tuple[KeptLeftOut, ...]
    spent_minutes: float  # on this day so far
    is_finished: bool
    exam_on: date | None
    days: Days
    blueprint: Blueprint
    made_at: datetime
    passing: Mapping[str, Any] | None  # "would I pass?" as it was when the session was made, as JSON

    @property
    def planned_minutes(self) -> float:
        return sum(one.piece.minutes for one in self.pieces)

    @property
    def left_minutes(self) -> float:
        return sum(one.piece.minutes for one in self.pieces if not one.is_done)

    @property
    def planned_whole(self) -> int:
        return round(self.planned_minutes)

    @property
    def left_whole(self) -> int:
        return max(1, round(self.left_minutes))

    @property
    def spent_whole(self) -> int:
        return round(self.spent_minutes)

    @property
    def minutes_whole(self) -> int:
        return round(self.minutes)

    @property
    def offered_minutes(self) -> int:
        """What stands in the field for other minutes."""
        return self.minutes_whole or USUAL_MINUTES

    @property
    def usual_whole(self) -> int:
        return round(self.usual_minutes)

    @property
    def n_done(self) -> int:
        return sum(one.is_done for one in self.pieces)

    @property
    def is_day_off(self) -> bool:
        return self.usual_minutes <= 0

    @property
    def is_lighter(self) -> bool:
        """Is it shorter than usual, since days were missed?"""
        return not self.is_asked and self.number == 1 and 0 < self.minutes < self.usual_minutes

    @property
    def is_first(self) -> bool:
        """Was nothing ever studied before?"""
        return not self.days.finished and self.days.n_missed == 0 and self.spent_minutes == 0


def day_of(user: User, content: Content, *, at: datetime, minutes: float | None = None) -> Day:
    """The session of the study day of `at`: the kept one, else made now and not kept. With `minutes` it is made for so many.

    Raises:
        UsageError: the minutes are no minutes of a day.
    """
    row = _made_or_kept(user, content, at=at, minutes=minutes)
    return _stand(user, content, row, at=at)


def keep_day(user: User, content: Content, *, at: datetime, minutes: float | None = None, again: bool = False) -> Day:
    """The same, kept for the day; a session that was finished is noted. With `again` another one follows.

    Raises:
        UsageError: the minutes are no minutes of a day, or there were too many sessions.
        StoreError: the store refused; nothing was written.
    """
    row = _another(user, content, at=at, minutes=minutes) if again else _made_or_kept(user, content, at=at, minutes=minutes)
    if row._state.adding:
        row = _kept(user, row, at=at)
    day = _stand(user, content, row, at=at)
    _note(user, row, day, at=at)
    return day


def _kept(user: User, row: DaySession, *, at: datetime) -> DaySession:
    """The session in the store; where another page was first, the one that it kept."""
    try:
        with one_write():
            note_idle(user, _idle(row), at=at)
            DaySession.objects.filter(user=user, on=row.on, number=row.number).delete()
            row.save(force_insert=True)
    except IntegrityError:
        return DaySession.objects.get(user=user, on=row.on, number=row.number)
    return row


def note_days(user: User, content: Content, days: Collection[date], *, at: datetime) -> None:
    """Note of days in the past, of which answers were told, whether the session that each had then was finished with them.

    Raises:
        StoreError: the store refused; some of the days may be noted.
    """
    zone = zone_of(user.pk)
    for on in sorted(days)[-MOST_NOTED:]:
        first = _first_at(user, on, zone)
        if first is None or DaySession.objects.filter(user=user, on=on, finished_at__isnull=False).exists():
            continue
        row = _made_or_kept(user, content, at=first - timedelta(microseconds=1), minutes=None)
        pieces = followed(user, pieces_from(row.session), on, zone, at=at)
        if pieces and all(one.is_done for one in pieces):
            row.finished_at = min(at, day_end(on, zone))
            with one_write():
                note_idle(user, _idle(row), at=at)
                row.save()


def _first_at(user: User, on: date, zone: ZoneInfo) -> datetime | None:
    since, until = day_start(on, zone), day_end(on, zone)
    reviews = StudyReview.objects.filter(user=user, at__gte=since, at__lt=until).aggregate(first=Min("at"))["first"]
    spent = StudySpent.objects.filter(user=user, at__gte=since, at__lt=until).aggregate(first=Min("at"))["first"]
    return min((one for one in (reviews, spent) if one is not None), default=None)


def _note(user: User, row: DaySession, day: Day, *, at: datetime) -> None:
    """Note the finished session, and days before it that were kept, so that they need no adding up again."""
    noted = set(
        DaySession.objects.filter(user=user, on__in=day.days.finished, finished_at__isnull=False).values_list("on", flat=True)
    )
    new = sorted(one for one in day.days.finished - noted if one < day.on)
    is_new = day.is_finished and row.finished_at is None
    if not new and not is_new:
        return
    with one_write():
        if is_new:
            DaySession.objects.filter(pk=row.pk).update(finished_at=at)
        for on in new:
            empty = {"made_at": at, "inputs": "", "minutes": 0.0, "session": {"pieces": [], "left_out": []}, "finished_at": at}
            DaySession.objects.update_or_create(user=user, on=on, number=1, defaults={"finished_at": at}, create_defaults=empty)


def _made_or_kept(user: User, content: Content, *, at: datetime, minutes: float | None) -> DaySession:
    on = study_day(at, zone_of(user.pk))
    kept = DaySession.objects.filter(user=user, on=on, made_at__lte=at).exclude(inputs="").order_by("-number").first()
    if kept is not None and (kept.number > 1 or kept.finished_at is not None) and minutes is None:
        return kept
    asked = minutes if minutes is not None else (kept.session.get("asked_minutes") if kept else None)
    inputs = _inputs(user, content, at=at, minutes=asked)
    if kept is not None and (kept.inputs == inputs or (minutes is None and _is_begun(user, kept, at=at))):
        return kept
    return _made(user, content, at=at, minutes=asked, inputs=inputs, number=kept.number if kept else 1)


def _is_begun(user: User, row: DaySession, *, at: datetime) -> bool:
    pieces = followed(user, pieces_from(row.session), row.on, zone_of(user.pk), at=at)
    return any(one.is_done for one in pieces)


def _another(user: User, content: Content, *, at: datetime, minutes: float | None) -> DaySession:
    on = study_day(at, zone_of(user.pk))
    last = DaySession.objects.filter(user=user, on=on).order_by("-number").first()
    number = last.number + 1 if last else 1
    if number > MOST_NUMBER:
        raise UsageError(f"there were {MOST_NUMBER} sessions today already")
    inputs = _inputs(user, content, at=at, minutes=minutes)
    return _made(user, content, at=at, minutes=minutes, inputs=inputs, number=number)


def _made(user: User, content: Content, *, at: datetime, minutes: float | None, inputs: str, number: int) -> DaySession:
    """A session that is not kept yet."""
    standing = standing_of(user, content, at=at)
    usual = standing.times.minutes_on(standing.on)
    spent = recent_spent(user, content, standing.zone, at=at)
    idle = idle_before(user, content, standing) - noted_idle(user, standing.on)
    days = days_of(user, spent, standing.times, standing.zone, at=at, idle=idle)
    given = _given(minutes, usual, days, number)
    state = standing.state if minutes is not None or given >= usual else _without_long_cases(standing.state, given)
    session = build_session(state, given, standing.on, seed=standing.on.toordinal() * MOST_NUMBER + number - 1)
    told = {**session_json(session, standing), "asked_minutes": minutes, "idle": sorted(day.isoformat() for day in idle)}
    told["passing"] = passing_json(standing.passing, standing.area_codes)
    return DaySession(user=user, on=standing.on, number=number, made_at=at, inputs=inputs, minutes=given, session=told)


def _without_long_cases(state: StudyState, minutes: float) -> StudyState:
    """On a day that is lighter, a case that would fill most of it waits: what fell due meanwhile comes first."""
    return replace(state, cases=tuple(case for case in state.cases if case.minutes <= MOST_OF_LIGHTER * minutes))


def _given(minutes: float | None, usual: float, days: Days, number: int) -> float:
    """The minutes of a session: those that were said, else the calendar's, lighter after missed days."""
    if minutes is not None:
        if not 0 <= minutes <= MOST_MINUTES:
            raise UsageError("the minutes of a session lie between 0 and 1440")
        return float(minutes)
    if number > 1:
        return usual or float(USUAL_MINUTES)
    return lighter(usual, days.n_missed)


def _inputs(user: User, content: Content, *, at: datetime, minutes: float | None) -> str:
    """What the session of a day rests on, as a digest; nothing that is done on the day itself."""
    zone, profile = zone_of(user.pk), profile_of(user)
    on = study_day(at, zone)
    log = log_state(user.pk, day_start(on, zone))
    usual = times_of(user, profile).minutes_on(on)
    step, reviews = step_of_profile(profile, content, on=on), (log.n_reviews, log.n_withdrawals)
    parts = (on, step, profile.exam_on, usual, minutes, reviews, scores_state(user))
    return sha256(repr(parts).encode()).hexdigest()


def _idle(row: DaySession) -> frozenset[date]:
    """The days before it without anything to do, as they were found when it was made."""
    return frozenset(map(date.fromisoformat, row.session.get("idle", ())))


def _stand(user: User, content: Content, row: DaySession, *, at: datetime) -> Day:
    """A session with what of it is done, and the days around it."""
    zone, profile = zone_of(user.pk), profile_of(user)
    times = times_of(user, profile)
    spent = recent_spent(user, content, zone, at=at)
    minutes = by_day(spent).get(row.on, 0.0)
    pieces = followed(user, pieces_from(row.session), row.on, zone, at=at)
    is_done = bool(pieces) and all(one.is_done for one in pieces)
    is_finished = row.finished_at is not None or is_done or (row.number == 1 and 0 < row.minutes <= minutes)
    also = {row.on} if is_finished else set()
    days = days_of(user, spent, times, zone, at=at, also=also, idle=_idle(row))
    if not row.session.get("n_unmet", 1):
        days = replace(days, catch_up=None)  # there is nothing left to catch up with
    step = (row.session["programme"], row.session["step"]) if row.session.get("programme") else None
    return Day(
        on=row.on,
        zone=zone,
        number=row.number,
        minutes=row.minutes,
        usual_minutes=times.minutes_on(row.on),
        is_asked=row.session.get("asked_minutes") is not None,
        pieces=pieces,
        left_out=left_out_from(row.session),
        spent_minutes=minutes,
        is_finished=is_finished,
        exam_on=profile.exam_on,
        days=days,
        blueprint=blueprint_of(content, step or step_of_profile(profile, content, on=row.on), on=row.on),
        made_at=row.made_at,
        passing=row.session.get("passing"),
    )
