"""Which study days were kept: those with a finished session, or with about as many minutes as were meant for the day."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta

from bedside import study
from bedside.site.accounts.models import User
from bedside.site.planning.calendars import Times
from bedside.site.planning.models import DaySession
from bedside.study import CatchUp, DaysKept, catch_up, days_missed, lighter

KEPT_SHARE = 0.8  # of the minutes meant, which counts as the day where no session was looked at; assumed
PUT_AWAY_DAYS = 14  # for which a catch-up that was put away is not offered again; assumed
WEEK_DAYS = 7


@dataclass(frozen=True, slots=True)
class Days:
    """The days of a person up to one: what was kept, what was missed just before, and the offer to make up for it."""

    on: date
    finished: frozenset[date]
    kept: DaysKept
    n_missed: int
    n_of_last_week: int  # days kept of the last seven, this one among them
    catch_up: CatchUp | None


def days_until(
    on: date,
    times: Times,
    spent: Mapping[date, float],
    sessions: Collection[date],
    *,
    began: date | None,
    exam_on: date | None,
    idle: Collection[date] = (),
) -> Days:
    """The days up to `on`, from minutes by day and finished sessions. On `idle` days there was nothing to do."""
    finished = finished_days(on, times, spent, sessions, began=began, idle=idle)
    first = min(finished, default=on)
    off = times.days_off(first, on) | set(idle)
    n_missed = days_missed(finished, on, off)
    last_week = {on - timedelta(days=n) for n in range(WEEK_DAYS)}
    return Days(
        on,
        finished,
        study.days_kept(finished, on, off),
        n_missed,
        len(finished & last_week),
        _until_exam(_catch_up(on, times, spent, finished | set(idle), began), on, exam_on),
    )


def finished_days(
    on: date,
    times: Times,
    spent: Mapping[date, float],
    sessions: Collection[date],
    *,
    began: date | None,
    idle: Collection[date] = (),
) -> frozenset[date]:
    """The days kept. After missed days fewer minutes are meant, and these are what counts."""
    found = {day for day in sessions if day <= on}
    first = min([*spent, *found, began or on])
    n_missed = 0
    for n in range((on - first).days + 1):
        day = first + timedelta(days=n)
        meant = lighter(times.calendar.minutes_on(day), n_missed)
        if day in found or (meant > 0 and spent.get(day, 0.0) >= KEPT_SHARE * meant):
            found.add(day)
            n_missed = 0
        elif meant > 0 and found and day not in idle:
            n_missed += 1
    return frozenset(found)


def finished_sessions(user: User, on: date) -> set[date]:
    """The days up to one whose session was finished, as it was noted."""
    rows = DaySession.objects.filter(user=user, number=1, on__lte=on, finished_at__isnull=False)
    return set(rows.values_list("on", flat=True))


def _until_exam(offer: CatchUp | None, on: date, exam_on: date | None) -> CatchUp | None:
    """No more minutes are offered than there are days before the exam."""
    if offer is None or exam_on is None or exam_on < on or offer.until < exam_on:
        return offer
    last = exam_on - timedelta(days=1)
    return replace(offer, until=last) if last >= on else None


def _catch_up(
    on: date, times: Times, spent: Mapping[date, float], finished: Collection[date], began: date | None
) -> CatchUp | None:
    """The offer of a day. A day that was kept owes nothing, whatever its minutes were; none is made while one is accepted.

    Nothing is owed for days before the calendar was last changed: what was meant for them is not known any more.
    """
    if began is None or (times.extra is not None and times.extra.first <= on <= times.extra.last):
        return None
    if times.put_away_on is not None and 0 <= (on - times.put_away_on).days < PUT_AWAY_DAYS:
        return None
    done = {
        day: max(spent.get(day, 0.0), times.calendar.minutes_on(day) if day in finished else 0.0) for day in (*spent, *finished)
    }
    said_on = times.said_on if times.said_on is not None and times.said_on <= on else began
    return catch_up(times.calendar, done, max(began, said_on), on)
