"""A person's answers to the items of a step as the model of readiness takes them, in the order in which they were given.

They come from the log of reviews, which goes from machine to machine; of each it is told whether it was given against the
clock by the sitting it belongs to, or by what was said of it where it was given elsewhere.
"""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import numpy as np
from django.db.models import Q

from bedside.delivery import Mode
from bedside.measure import AnswerHistory
from bedside.site.accounts.models import User
from bedside.site.exam.models import Response
from bedside.site.passing.pool import StepPool
from bedside.site.study.models import StudyReview
from bedside.site.study.zones import second_of, study_days
from bedside.study import Grade, Kind, Origin

TIMED = (Mode.TIMED.value, Mode.EXAM.value)


def answers_of(user: User, pool: StepPool, zone: ZoneInfo, *, until: datetime) -> AnswerHistory:
    """The answers of a person up to an instant whose outcome they know, to items of the pool, without what was taken back."""
    standing = Q(withdrawal__isnull=True) | Q(withdrawal__at__gt=until)
    rows = StudyReview.objects.filter(standing, user=user, at__lte=until, origin=Origin.ITEM.value).order_by("at", "id")
    found: dict[tuple[str, str], int] = {}  # an item with two takeaways left two reviews, of one time
    for shown, second, grade in rows.annotate(second=second_of("at")).values_list("shown", "second", "grade"):
        if shown in pool.place:
            found.setdefault((shown, second), grade)
    timed = _timed(user) if found else set()
    return AnswerHistory.of(
        study_days(np.array([second for _item, second in found], dtype="datetime64[s]"), zone),
        np.array([pool.place[item] for item, _second in found], dtype=np.int32),
        np.array([grade != Grade.AGAIN for grade in found.values()], dtype=np.bool_),
        np.array([key in timed for key in found], dtype=np.bool_),
    )


def _timed(user: User) -> set[tuple[str, str]]:
    """Answers that were given against the clock: in a sitting, or elsewhere as part of a timed block."""
    here = Response.objects.filter(user=user, mode__in=TIMED).annotate(second=second_of("answered_at"))
    elsewhere = user.study_spent.filter(kind=Kind.BLOCK.value).annotate(second=second_of("at"))
    return {*here.values_list("item", "second"), *elsewhere.values_list("of", "second")}
