"""The answers that a journey tells of: those to items of the step whose outcome the person knows, from the log of reviews."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

import numpy as np
from django.db.models import Q

from bedside.site.accounts.models import User
from bedside.site.exam.stock import codes_of, serves
from bedside.site.progress.base import Base
from bedside.site.study.models import StudyReview
from bedside.site.study.zones import second_of, study_days
from bedside.study import Grade, Origin


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer on a study day."""

    on: date
    item: str
    is_right: bool


def areas_of(base: Base, answers: Iterable[Answer]) -> dict[str, int]:
    """How many were given to items of each area of the step; items of none, and those known no longer, are left out."""
    blueprint, found = base.blueprint, Counter[str]()
    for item, n in Counter(answer.item for answer in answers).items():
        about = base.content.about(item)
        codes = codes_of(about, blueprint.programme, blueprint.step) if about is not None else {}
        for code in codes.get(blueprint.axis, ())[:1]:
            if code in blueprint.codes:
                found[code] += n
    return dict(sorted(found.items()))


def is_of_step(base: Base, item: str) -> bool:
    """Does an item belong to the step? One that names none, or is known no longer, belongs to whatever was studied."""
    about = base.content.about(item)
    return about is None or not about.blueprint or serves(about, base.blueprint.programme, base.blueprint.step)


def shares_by_day(base: Base, answers: Iterable[Answer], days: Iterable[date]) -> dict[date, float]:
    """Which share of a day's answers went to the step: who studies for two steps in turn tells each its own hours.

    A day without answers is like the last one before it that has some, or the first that has; without any all is the step's.
    """
    mine, every = Counter[date](), Counter[date]()
    known: dict[str, bool] = {}
    for answer in answers:
        every[answer.on] += 1
        mine[answer.on] += known.setdefault(answer.item, is_of_step(base, answer.item))
    known_days = sorted(every)
    found = {on: mine[on] / every[on] for on in known_days}
    for on in set(days) - found.keys():
        place = max(0, bisect_right(known_days, on) - 1)
        found[on] = mine[known_days[place]] / every[known_days[place]] if known_days else 1.0
    return found


def answers_until(user: User, zone: ZoneInfo, until: datetime) -> list[Answer]:
    """In the order in which they were given, without what was taken back."""
    standing = Q(withdrawal__isnull=True) | Q(withdrawal__at__gt=until)
    rows = StudyReview.objects.filter(standing, user=user, at__lte=until, origin=Origin.ITEM.value).order_by("at", "id")
    found: dict[tuple[str, str], int] = {}  # an item with two takeaways left two reviews, of one time
    for shown, second, grade in rows.annotate(second=second_of("at")).values_list("shown", "second", "grade"):
        found.setdefault((shown, second), grade)
    days = study_days(np.array([second for _item, second in found], dtype="datetime64[s]"), zone)
    return [
        Answer(date.fromordinal(day), item, grade != Grade.AGAIN)
        for ((item, _second), grade), day in zip(found.items(), days.tolist(), strict=True)
    ]
