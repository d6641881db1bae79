"""What the days before today say of a person, kept in this process with what it rests on: the past seldom changes.

What a new answer changes is today's alone, and that is reckoned each time.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from threading import Lock
from typing import TypeVar
from uuid import UUID

import numpy as np
from django.db.models import Exists, OuterRef

from bedside.site.blueprint import Blueprint
from bedside.site.cases.models import CaseRun
from bedside.site.content import Content
from bedside.site.exam.models import Response
from bedside.site.passing.practice_scores import scores_state
from bedside.site.passing.state import Passing
from bedside.site.planning.models import StudySpent
from bedside.site.planning.remembering import Remembered
from bedside.site.planning.showing import day_start
from bedside.site.planning.spent import by_day, spent_between
from bedside.site.progress.base import Base, subject_areas
from bedside.site.progress.day_picture import first_day
from bedside.site.progress.readiness import OverTime, Point, past_of
from bedside.site.study.models import StudyReview, StudyWithdrawal
from bedside.study import Areas, Known, Spent

MOST_KEPT = 50  # people
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class _Rests:
    """What the past rests on: the same numbers are the same rows, since those of past days are only added to."""

    on: date
    zone: str
    rows: tuple[object, ...]


@dataclass(frozen=True, slots=True)
class _Kept:
    rests: _Rests
    blueprint: Blueprint
    content: Content
    past: tuple[Point, ...]
    spent: tuple[Spent, ...]


_KEPT: dict[UUID, _Kept] = {}
_AREAS: dict[UUID, tuple[Remembered, Blueprint, Areas]] = {}
_LOCK = Lock()


def readiness_of(base: Base, passing: Passing) -> OverTime:
    """The readiness of a person up to now."""
    return OverTime((*_past(base, passing).past, Point(base.on, passing.found)))


def spent_by_day(base: Base, passing: Passing | None) -> tuple[Mapping[date, float], tuple[Spent, ...]]:
    """Minutes by study day of the calendar, and all that was spent in it."""
    today = spent_between(base.user, base.content, base.zone, since=base.on, at=base.at)
    spent = (*_past(base, passing).spent, *today)
    return by_day(spent), spent


def known_now(base: Base, mine: Remembered) -> Known:
    """The memories of now with their areas, as the core has them. Of minutes nothing is said."""
    kept = _AREAS.get(base.user.pk)
    if kept is None or kept[0] is not mine or kept[1] is not base.blueprint:
        kept = mine, base.blueprint, subject_areas(base, mine, mine.schedule.subjects)
        _keep(_AREAS, base.user.pk, kept)
    return Known(mine.schedule, kept[2], np.zeros(len(mine.schedule)), mine.due.astype(np.int32))


def _past(base: Base, passing: Passing | None) -> _Kept:
    rests = _Rests(base.on, base.zone.key, _rows_before_today(base))
    kept = _KEPT.get(base.user.pk)
    if kept and kept.rests == rests and kept.blueprint is base.blueprint and kept.content is base.content:
        return kept
    midnight = day_start(base.on, base.zone) - timedelta(microseconds=1)
    spent = spent_between(base.user, base.content, base.zone, since=first_day(base.on), at=midnight)
    made = _Kept(rests, base.blueprint, base.content, past_of(passing) if passing else (), tuple(spent))
    _keep(_KEPT, base.user.pk, made)
    return made


def _rows_before_today(base: Base) -> tuple[object, ...]:
    user, start = base.user, day_start(base.on, base.zone)
    mine = StudyReview.objects.filter(user=user)
    withdrawn = StudyWithdrawal.objects.filter(Exists(mine.filter(pk=OuterRef("review_id"), at__lt=start)))
    return (
        mine.filter(at__lt=start).count(),
        withdrawn.count(),
        Response.objects.filter(user=user, answered_at__lt=start).count(),
        StudySpent.objects.filter(user=user, at__lt=start).count(),
        CaseRun.objects.filter(user=user, ended_at__lt=start).count(),
        scores_state(user),
    )


def _keep(kept: dict[UUID, T], key: UUID, made: T) -> None:
    with _LOCK:
        kept.pop(key, None)
        while len(kept) >= MOST_KEPT:
            kept.pop(next(iter(kept)))
        kept[key] = made
