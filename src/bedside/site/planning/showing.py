"""By which item a takeaway would be asked today, and how long that takes; without one it is asked as a flashcard."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db.models import Max

from bedside.site.accounts.accommodations import accommodation_of
from bedside.site.accounts.models import User
from bedside.site.blueprint import Blueprint
from bedside.site.content import Content
from bedside.site.exam.models import SittingItem
from bedside.site.study.models import StudyReview
from bedside.site.study.queries import EXPLANATION_MINUTES, subject_minutes
from bedside.study import Subject, showing_of, study_day, takeaway

DAY_BEGINS = time(4)  # as `bedside.study.study_day` has it


@dataclass(frozen=True, slots=True)
class Showings:
    """The item, or the question model, of each takeaway that has one to be asked by, and minutes."""

    items: Mapping[Subject, str]
    minutes: Mapping[Subject, float]  # of those
    n_cards_met_today: int  # own cards met for the first time on this study day

    def minutes_of(self, subject: Subject) -> float:
        """Minutes that asking a subject takes."""
        return self.minutes.get(subject) or subject_minutes(subject)


def showings_of(user: User, content: Content, blueprint: Blueprint, *, zone: ZoneInfo, on: date, at: datetime) -> Showings:
    """How each takeaway of the step would be asked on a study day, by the items that were seen up to an instant."""
    seen = {item: study_day(moment, zone) for item, moment in seen_until(user, at).items()}
    factor = float(accommodation_of(user, is_proctored=False).time_factor)
    items: dict[Subject, str] = {}
    minutes: dict[Subject, float] = {}
    for name in blueprint.asked:
        family, models = blueprint.families.get(name, ()), blueprint.models.get(name, ())
        showing = showing_of(family, models, seen, on, seed=on.toordinal())
        about = content.about(showing.name) if showing.name else None
        if about is not None:
            items[takeaway(name)] = about.id
            minutes[takeaway(name)] = about.seconds / 60 * factor + EXPLANATION_MINUTES
    return Showings(items, minutes, _cards_met_since(user, day_start(on, zone), at))


def seen_until(user: User, at: datetime) -> dict[str, datetime]:
    """The items that a person was given in a sitting or answered elsewhere, and when they last were, up to an instant."""
    given = SittingItem.objects.filter(sitting__user=user, sitting__created_at__lte=at).exclude(sitting__state="created")
    seen = dict(given.values_list("item").annotate(last=Max("sitting__created_at")))
    answered = StudyReview.objects.filter(user=user, origin="item", at__lte=at)
    for item, last in answered.values_list("shown").annotate(last=Max("at")):
        seen[item] = max(last, seen.get(item, last))
    return seen


def day_start(on: date, zone: ZoneInfo) -> datetime:
    """The instant at which a study day begins."""
    return datetime.combine(on, DAY_BEGINS, tzinfo=zone)


def day_end(on: date, zone: ZoneInfo) -> datetime:
    """The instant at which the next one begins."""
    return day_start(on + timedelta(days=1), zone)


def _cards_met_since(user: User, since: datetime, at: datetime) -> int:
    today = StudyReview.objects.filter(user=user, subject__startswith="card:", at__gte=since, at__lte=at)
    subjects = list(today.values_list("subject", flat=True).distinct())
    before = StudyReview.objects.filter(user=user, subject__in=subjects, at__lt=since)
    return len(subjects) - before.values("subject").distinct().count()
