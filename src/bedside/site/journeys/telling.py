"""A person's own record as a journey: everything that may be told, before the owner chooses what to let go.

A journey begins with the first day of study for the step, or, of a later step, with the first one after the step before was
passed. It ends on the day on which it was known that the exam was passed, or it goes on today. Answers count where the person
was told whether they were right. Minutes are kept by day: of a day on which questions of several steps were answered the step
is told the share of its answers, and a day without answers is taken to be like the last one that had some.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from uuid import UUID

from bedside.errors import ConflictError
from bedside.journeys import (
    LEVEL_ANSWERS,
    MAX_NOTES,
    MAX_RESULTS,
    MAX_WEEKS,
    Chance,
    Journey,
    JourneyWeek,
    Note,
    Start,
)
from bedside.site.accounts.models import User
from bedside.site.content import Content
from bedside.site.journeys.answered import Answer, answers_until, areas_of, is_of_step, shares_by_day
from bedside.site.journeys.chances import chances_of
from bedside.site.journeys.models import JourneyNote, JourneyStart
from bedside.site.journeys.results import Attempts, attempts_of, results_of
from bedside.site.journeys.writing import start_of
from bedside.site.planning.spent import spent_before, spent_between
from bedside.site.progress.base import Base, base_of, memories_of, passing_at
from bedside.study import Spent

NO_ID, NO_KEY, NO_SIGNATURE = UUID(int=0), "0" * 64, "0" * 128
MINUTES_A_WEEK = 7 * 24 * 60
WEEK = timedelta(weeks=1)


@dataclass(frozen=True, slots=True)
class Span:
    """From which day to which the journey goes; `after` is the day on which the step before was passed."""

    begun_on: date
    until: date
    after: date | None

    def week(self, on: date) -> int:
        """The week of a day since the first; what was before it stands with the first week."""
        return max(0, (on - self.begun_on).days // 7)

    def end(self, week: int) -> date:
        """The last day of a week, or of the journey."""
        return min(self.begun_on + (week + 1) * WEEK - timedelta(days=1), self.until)


def journey_of(user: User, content: Content, *, at: datetime) -> Journey:
    """The journey of a person towards the step of their profile, with name, text and dates, unsigned (id and key are zeros).

    Answers that were not taken into the log of study yet are not in it; pages take them in before they ask.

    Raises:
        ConflictError: there is nothing to tell yet.
    """
    base = base_of(user, content, at=at)
    if not base.is_of_a_step:
        raise ConflictError("a journey leads to an exam: choose yours under Me first")
    attempts = attempts_of(user, content, base)
    spent = [
        *spent_before(user, content, base.zone, base.on, n_days=None),
        *spent_between(user, content, base.zone, since=base.on, at=at),
    ]
    every = answers_until(user, base.zone, at)
    share = shares_by_day(base, every, [one.on for one in spent])
    spent = [replace(one, minutes=one.minutes * share[one.on]) for one in spent]
    answers = [one for one in every if share[one.on] and is_of_step(base, one.item)]
    span = _span(base, attempts, [*(one.on for one in spent if one.minutes > 0), *(one.on for one in answers)])
    answers = [one for one in answers if span.begun_on <= one.on <= span.until]
    weeks = _weeks(base, span, spent, answers)
    results = results_of(user, base, attempts, since=span.begun_on, until=span.until, week=span.week)[-MAX_RESULTS:]
    # notes make no weeks: where they are left out, their weeks must not tell of them
    last = min(MAX_WEEKS - 1, max(span.week(span.until), *(one.week for one in results), 0))
    notes = _notes(base, span, last)
    return Journey(
        format="bedside-journey/1",
        id=NO_ID,
        revision=1,
        is_example=False,
        programme=base.blueprint.programme,
        step=base.blueprint.step,
        n_weeks=last + 1,
        start=_start(user, answers[:LEVEL_ANSWERS]),
        weeks=weeks,
        results=results,
        notes=notes,
        public_key=NO_KEY,
        signature=NO_SIGNATURE,
        name=start_of(user).name or None,  # the name to sign in with is nobody's business
        begun_on=span.begun_on,
        shared_on=base.on,
    )


def _span(base: Base, attempts: Attempts, days: Sequence[date]) -> Span:
    earliest = base.on - (MAX_WEEKS - 1) * WEEK
    told = [day for day in days if earliest <= day <= base.on and (attempts.before is None or day > attempts.before)]
    if not told:
        raise ConflictError("your journey begins with the first day of study here; there is nothing to tell yet")
    begun_on = min(told)
    # an exam that was sat before all study here is not what this way led to
    passed = [one.known_on for one in attempts.told if one.is_passed and one.on >= begun_on]
    return Span(begun_on, min(passed, default=base.on), attempts.before)


def _weeks(base: Base, span: Span, spent: Iterable[Spent], answers: Sequence[Answer]) -> tuple[JourneyWeek, ...]:
    """The weeks in which something was done."""
    seconds: dict[int, Counter[str]] = {}
    days: dict[int, set[date]] = {}
    for one in spent:
        if span.begun_on <= one.on <= span.until and one.minutes > 0:
            seconds.setdefault(span.week(one.on), Counter())[one.kind.value] += round(60 * one.minutes)
            days.setdefault(span.week(one.on), set()).add(one.on)
    given: dict[int, list[Answer]] = {}
    for answer in answers:
        given.setdefault(span.week(answer.on), []).append(answer)
        days.setdefault(span.week(answer.on), set()).add(answer.on)
    numbers = sorted(days)
    chances = _chances(base, span, numbers)
    return tuple(
        JourneyWeek(
            week=number,
            minutes={kind: _minutes(told) for kind, told in sorted(seconds.get(number, Counter()).items())},  # type: ignore[misc]  # the kinds are the same words
            days=len(days[number]),
            answers=len(given.get(number, ())),
            right=sum(one.is_right for one in given.get(number, ())),
            areas=areas_of(base, given.get(number, ())),
            chance=chances.get(number),
        )
        for number in numbers
    )


def _minutes(seconds: int) -> int:
    return min(MINUTES_A_WEEK, round(seconds / 60))


def _chances(base: Base, span: Span, weeks: Sequence[int]) -> dict[int, Chance]:
    passing = passing_at(base, memories_of(base))
    if passing is None:
        return {}
    return chances_of(base, passing, {week: span.end(week) for week in weeks})


def _start(user: User, first: Sequence[Answer]) -> Start:
    row = JourneyStart.objects.filter(pk=user.pk).first() or JourneyStart()
    level = round(1000 * sum(one.is_right for one in first) / LEVEL_ANSWERS) if len(first) == LEVEL_ANSWERS else None
    return Start(
        age=row.age or None,  # type: ignore[arg-type]  # one of the choices, as the table sees to
        trained_in=row.trained_in or None,
        years_since_graduation=row.years_since_graduation or None,  # type: ignore[arg-type]  # as above
        work_hours=row.work_hours or None,  # type: ignore[arg-type]  # as above
        language=row.language or None,
        coaching=row.coaching or None,  # type: ignore[arg-type]  # as above
        career=row.career or None,  # type: ignore[arg-type]  # as above
        tries=row.tries or None,  # type: ignore[arg-type]  # as above
        level=level,
    )


def _notes(base: Base, span: Span, last: int) -> tuple[Note, ...]:
    """What was written up to today; what was written after the end, as the last word often is, stands with the last week."""
    rows = JourneyNote.objects.filter(user=base.user, removed_at__isnull=True, on__lte=base.on).exclude(text="")
    if span.after is not None:
        rows = rows.filter(on__gt=span.after)
    told = rows.order_by("on", "changed_at").values_list("on", "text")
    return tuple(Note(week=min(last, span.week(on)), text=text, on=on) for on, text in told)[-MAX_NOTES:]
