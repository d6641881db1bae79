"""Sittings and what came of them: exams of the pathway's record, whole forms in Bedside, practice tests from elsewhere."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Literal

from bedside.errors import UsageError
from bedside.journeys import Result
from bedside.site.accounts.models import User
from bedside.site.content import Content
from bedside.site.exam.models import ScoreVersion, Sitting
from bedside.site.passing.practice_scores import scores_of
from bedside.site.pathway.queries import record_of
from bedside.site.progress.base import Base
from bedside.study import study_day

WHOLE = "full"  # the kind of a sitting that is a whole form
PASS, FAIL, VALID = "pass", "fail", "valid"  # as the record has them


@dataclass(frozen=True, slots=True)
class Attempt:
    """An attempt whose result is out and stands."""

    step: str
    on: date
    known_on: date
    is_passed: bool


@dataclass(frozen=True, slots=True)
class Attempts:
    """Those at the step. `before`: the last day on which a step before it was passed, before this one was first sat."""

    told: tuple[Attempt, ...]
    before: date | None


def attempts_of(user: User, content: Content, base: Base) -> Attempts:
    """What the record of the pathway says of the step; nothing where it can't be read, which its own page says."""
    try:
        record = record_of(user)
    except UsageError:
        return Attempts((), None)
    programme, step = base.blueprint.programme, base.blueprint.step
    known = [
        Attempt(one.step, one.date, one.reported or one.date, one.result.value == PASS)
        for one in record.attempts
        if one.programme == programme and one.validity.value == VALID and one.result.value in (PASS, FAIL)
    ]
    known = sorted((one for one in known if one.known_on <= base.on), key=lambda one: one.on)
    mine = tuple(one for one in known if one.step == step)
    names = [one.name for one in content.programmes[programme].steps]
    earlier = set(names[: names.index(step)])
    first = min(
        (one.on for one in mine), default=date.max
    )  # where steps may be sat out of order, what came later is no beginning
    return Attempts(
        told=mine,
        before=max((one.on for one in known if one.is_passed and one.step in earlier and one.on < first), default=None),
    )


def results_of(
    user: User, base: Base, attempts: Attempts, *, since: date, until: date, week: Callable[[date], int]
) -> tuple[Result, ...]:
    """In the order of their days, from the first day of the journey to its last."""
    step = base.blueprint.step
    found = [
        *(Result(week(one.on), "exam", step, outcome=_outcome(one.is_passed), on=one.on) for one in attempts.told),
        *_forms(user, base, week),
        *(
            Result(week(one.on), "practice_test", step, outcome=_outcome(one.score >= one.cut), on=one.on)
            for one in scores_of(user, base.blueprint.programme, step)
        ),
    ]
    told = [(result.on, result) for result in found if result.on is not None and since <= result.on <= until]
    return tuple(result for _on, result in sorted(told, key=lambda one: one[0]))


def _outcome(is_passed: bool) -> Literal["pass", "fail"]:
    return "pass" if is_passed else "fail"


def _forms(user: User, base: Base, week: Callable[[date], int]) -> list[Result]:
    """Whole forms that have ended and whose report was opened, with the newest version of their score."""
    programme, step = base.blueprint.programme, base.blueprint.step
    rows = Sitting.objects.filter(
        user=user, programme=programme, step=step, kind=WHOLE, state="finished", is_disclosed=True, ended_at__lte=base.at
    )
    ended = dict(rows.values_list("pk", "ended_at"))
    scored = ScoreVersion.objects.filter(sitting__in=ended).order_by("number")
    shares = {pk: _share(n_right, n, dropped) for pk, n_right, n, dropped in scored.values_list(*_COUNTS)}
    found = []
    for pk, at in ended.items():
        assert at is not None  # it has ended
        on = study_day(at, base.zone)
        found.append(Result(week(on), "form", step, right=shares.get(pk), on=on))
    return found


_COUNTS = ("sitting_id", "score__n_right", "score__n_items", "score__n_dropped")


def _share(n_right: int, n_items: int, n_dropped: int) -> int | None:
    counted = n_items - n_dropped
    return round(1000 * n_right / counted) if counted > 0 else None
