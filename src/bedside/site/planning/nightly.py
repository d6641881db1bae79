"""What is done once a study day for a person: fit what they remember by, make the plan, and note the days that were kept."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from bedside.errors import StoreError
from bedside.site.accounts.models import User
from bedside.site.content import Content
from bedside.site.database import is_store_failure
from bedside.site.planning.models import KeptPlan, StudyCalendar, StudySpent
from bedside.site.planning.planned import keep_plan
from bedside.site.study.fits import keep_snapshot, refresh
from bedside.site.study.log import n_reviews_of
from bedside.site.study.models import StudyReview
from bedside.site.study.taking_in import take_in_answers
from bedside.site.study.zones import zone_of
from bedside.study import study_day

logger = logging.getLogger(__name__)

MOST_FITTED_AT_ONCE = 50_000  # reviews, to which parameters are fitted while a page is waited for: below two seconds


@dataclass(frozen=True, slots=True)
class Rebuilt:
    """Of how many people plans were made, and of how many none could be; the log says why."""

    n_people: int
    n_failed: int = 0


def rebuild_all(content: Content, *, at: datetime, told: Callable[[User], None] = lambda _user: None) -> Rebuilt:
    """Make the plans of all who study; who never answered anything and set nothing has none. A failure stops nobody else's.

    Raises:
        StoreError: the store refused; those before stand.
    """
    n = n_failed = 0
    for user in _people():
        try:
            rebuild(user, content, at=at)
        except Exception as error:
            if isinstance(error, StoreError) or is_store_failure(error):
                raise
            logger.exception("the plan of user %s could not be made", user.pk)
            n_failed += 1
            continue
        told(user)
        n += 1
    return Rebuilt(n, n_failed)


def first_look(user: User, content: Content, *, at: datetime) -> None:
    """What is made once a study day when a person looks first, where no timer made it in the night.

    A fit to a very long log is left to the timer: nobody waits ten seconds for a page.

    Raises:
        StoreError: the store refused.
    """
    on = study_day(at, zone_of(user.pk))
    if KeptPlan.objects.filter(user=user, on=on).exists():
        return
    if n_reviews_of(user.pk) <= MOST_FITTED_AT_ONCE:
        refresh(user, at=at)
    else:
        keep_snapshot(user)
    keep_plan(user, content, at=at)


def rebuild(user: User, content: Content, *, at: datetime) -> None:
    """Take in what was answered, fit where that is due, and make the plan of the study day.

    Raises:
        StoreError: the store refused; what came before it stands.
    """
    take_in_answers(user, content, at=at)
    refresh(user, at=at)
    keep_plan(user, content, at=at)


def _people() -> list[User]:
    rows = StudyReview.objects.values_list("user_id", flat=True).distinct()
    ids = {*rows, *StudyCalendar.objects.values_list("pk", flat=True), *StudySpent.objects.values_list("user_id", flat=True)}
    dated = User.objects.filter(profile__exam_on__isnull=False).values_list("pk", flat=True)
    return list(User.objects.filter(pk__in=ids | set(dated), is_active=True).order_by("username"))
