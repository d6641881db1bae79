"""Scores of practice tests from elsewhere: kept, removed, and read as evidence about ability.

How far such a test's scale lies from this bank's standard nobody has measured; `OutsideScore.of_scaled` adds that doubt.
"""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from math import isfinite
from uuid import UUID, uuid4

from django.db.models import Count, Max, QuerySet

from bedside.errors import NotFoundError, UsageError
from bedside.measure import OutsideScore
from bedside.programme import StandardKind, StepEdition
from bedside.site.accounts.days import FIRST_DAY
from bedside.site.accounts.models import User
from bedside.site.content import Content
from bedside.site.database import one_write
from bedside.site.exam.stock import step_of
from bedside.site.passing.models import PracticeScore

MOST_SCORES = 60  # of one person; a test every week of a year
MOST_POINTS = 100_000.0  # on any scale
MOST_NAME = 80
LEAST_SPREAD = 0.01
FARTHEST = 8.0  # spreads between a score and its cut; beyond, one of the numbers is of another scale


def see_points(value: float) -> None:
    """See that a number can be points of a scale.

    Raises:
        ValueError: it can't.
    """
    if not isfinite(value) or abs(value) > MOST_POINTS:
        raise ValueError(f"must be points of a scale, at most {MOST_POINTS:,.0f}")


def see_error(value: float) -> None:
    """See that points can be a standard error, as `see_points`."""
    see_points(value)
    if value < 0:
        raise ValueError("must not be below 0")


def see_spread(value: float) -> None:
    """See that points can be a standard deviation, as `see_points`."""
    see_points(value)
    if value < LEAST_SPREAD:
        raise ValueError(f"must be at least {LEAST_SPREAD}")


@dataclass(frozen=True, slots=True)
class TypedScore:
    """A practice test as a person types it in: all four numbers in points of the test's own scale."""

    name: str
    on: date
    score: float
    cut: float
    error: float  # standard error of measurement
    spread: float  # standard deviation between candidates

    def __post_init__(self) -> None:
        try:
            for see, value in (
                (see_points, self.score),
                (see_points, self.cut),
                (see_error, self.error),
                (see_spread, self.spread),
            ):
                see(value)
        except ValueError as error:
            raise UsageError(f"a number of a practice test {error}") from None
        if not self.name.strip() or len(self.name) > MOST_NAME:
            raise UsageError(f"a practice test has a name of at most {MOST_NAME} letters")
        if abs(self.score - self.cut) > FARTHEST * self.spread:
            raise UsageError("the score lies so far from what passes that they can't be on one scale")


@dataclass(frozen=True, slots=True)
class ScaleOfStep:
    """What is published of the scale of a step, to begin from; None where it is not."""

    cut: float | None
    error: float | None
    spread: float | None


def scale_of(edition: StepEdition | None) -> ScaleOfStep:
    """The passing score, the standard error of measurement and the newest standard deviation of a step's scaled score."""
    if edition is None:
        return ScaleOfStep(None, None, None)
    standard = edition.standard
    cut = _number(standard.score) if standard and standard.kind is StandardKind.SCALED_SCORE else None
    errors = [_number(one.value) for one in edition.step.errors if one.kind == "sem"]
    spreads = [_number(one.sd) for one in edition.step.means]  # the years in their order
    return ScaleOfStep(cut, next(iter(errors), None), next(reversed(spreads), None))


def add_score(user: User, content: Content, typed: TypedScore, *, programme: str, step: str, today: date, at: datetime) -> UUID:
    """Keep a practice test's score; answers its key.

    Raises:
        UsageError: there is no such step, the day lies ahead or centuries away, or there are too many.
        StoreError: the store refused; nothing was kept.
    """
    step_of(content, programme, step)
    if not FIRST_DAY <= typed.on <= today:
        raise UsageError(f"a practice test was sat between {FIRST_DAY} and today, not on {typed.on}")
    with one_write():
        if _standing(user).count() >= MOST_SCORES:
            raise UsageError(f"there are {MOST_SCORES} practice tests already; take one away first")
        key = uuid4()
        PracticeScore.objects.create(
            user=user,
            key=key,
            programme=programme,
            step=step,
            name=typed.name.strip(),
            on=typed.on,
            score=typed.score,
            cut=typed.cut,
            error=typed.error,
            spread=typed.spread,
            changed_at=at,
        )
    return key


def remove_score(user: User, key: UUID, *, at: datetime) -> None:
    """Take a practice test away; it stays as removed, so that another machine hears of it.

    Raises:
        NotFoundError: there is no such test of theirs.
        StoreError: the store refused; nothing was changed.
    """
    with one_write():
        row = _standing(user).select_for_update().filter(key=key).first()
        if row is None:
            raise NotFoundError("you have no such practice test")
        row.removed_at = row.changed_at = max(at, row.changed_at + timedelta(microseconds=1))
        row.save()


def scores_of(user: User, programme: str, step: str) -> list[PracticeScore]:
    """The practice tests of a step, the newest first."""
    return list(_standing(user).filter(programme=programme, step=step).order_by("-on", "-changed_at"))


def outside_scores(user: User, programme: str, step: str, *, until: date) -> tuple[OutsideScore, ...]:
    """The same as evidence, in the order of their days, without any of a later day."""
    rows = _standing(user).filter(programme=programme, step=step, on__lte=until).order_by("on", "changed_at")
    return tuple(
        OutsideScore.of_scaled(day=row.on.toordinal(), score=row.score, cut=row.cut, error=row.error, score_sd=row.spread)
        for row in rows
        if abs(row.score - row.cut) <= FARTHEST * row.spread  # a file from elsewhere may hold what nobody could type in
    )


def scores_state(user: User) -> Hashable:
    """The same numbers are the same scores."""
    found = PracticeScore.objects.filter(user=user).aggregate(n=Count("id"), last=Max("changed_at"))
    return found["n"], found["last"]


def _standing(user: User) -> QuerySet[PracticeScore]:
    return PracticeScore.objects.filter(user=user, removed_at__isnull=True)


def _number(value: object) -> float | None:
    return float(value) if isinstance(value, int | float) else None
