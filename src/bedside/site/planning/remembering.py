"""What a person remembers, as of an instant: their memories with the day on which each falls due.

Made once a state of the log and kept in this process: of 100,000 memories it costs a second, and Today and the progress pages
ask for it again and again.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from threading import Lock
from uuid import UUID
from zoneinfo import ZoneInfo

import numpy as np
from django.db.models import Count, Exists, Max, OuterRef, Q
from numpy.typing import NDArray

from bedside.site.accounts.models import User
from bedside.site.blueprint import Blueprint
from bedside.site.cards.models import Card, CardSettings, Note
from bedside.site.content import Content
from bedside.site.planning.own_cards import OwnCards, own_cards, reviewed_here
from bedside.site.study.log import entries_of, memories_of, schedule_from
from bedside.site.study.models import StudyReview, StudyWithdrawal
from bedside.site.study.parameters import parameters_of
from bedside.site.study.queries import name_of
from bedside.study import (
    FirstAnswers,
    Grade,
    Levelling,
    Origin,
    Parameters,
    Schedule,
    Subject,
    due_days,
    replay,
    study_day,
    takeaway,
)

Days = NDArray[np.int32]  # ordinals
MOST_KEPT = 40  # people and steps


@dataclass(frozen=True, slots=True)
class LogState:
    """How much of a log there is up to an instant, and after it: the same numbers are the same log, which only grows."""

    n_reviews: int
    n_withdrawals: int
    n_later: int  # reviews and withdrawals after the instant
    began_at: datetime | None


@dataclass(frozen=True, slots=True)
class Remembered:
    """What is remembered, without what the bank no longer has, and without cards that can't be asked."""

    schedule: Schedule
    due: Days
    cards: OwnCards
    new_cards: tuple[Subject, ...]  # never met, one of each note, in the order in which they were made
    parameters: Parameters
    began: date  # the first study day
    log: LogState  # that this is of


@dataclass(frozen=True, slots=True)
class _Key:
    log: LogState
    cards: tuple[object, ...]
    on: date
    zone: str
    exam_on: date | None
    days_off: frozenset[int]
    parameters: Parameters


_KEPT: dict[tuple[UUID, str, str], tuple[_Key, Content, Blueprint, Remembered]] = {}
_LOCK = Lock()


def log_state(user_id: UUID, at: datetime) -> LogState:
    """How much of a person's log there is at an instant. Counts stay inside an index: nothing of the rows is read."""
    reviews = StudyReview.objects.filter(user_id=user_id)
    n_all, n_until = reviews.count(), reviews.filter(at__lte=at).count()
    mine = reviews.filter(pk=OuterRef("review_id"))
    taken_back = StudyWithdrawal.objects.filter(Exists(mine))
    back = taken_back.aggregate(n=Count("id", filter=Q(at__lte=at)), all=Count("id"))
    return LogState(n_until, back["n"], n_all - n_until + back["all"] - back["n"], began_at(user_id, at))


def began_at(user_id: UUID, at: datetime) -> datetime | None:
    """The instant of a person's first review here, where there was one by then; the past of a deck they brought is none."""
    here = StudyReview.objects.filter(user_id=user_id, at__lte=at).exclude(origin=Origin.IMPORTED.value)
    return here.order_by("at").values_list("at", flat=True).first()


def remembered_at(
    user: User,
    content: Content,
    blueprint: Blueprint,
    *,
    zone: ZoneInfo,
    exam_on: date | None,
    days_off: frozenset[int],
    at: datetime,
) -> Remembered:
    """What a person remembers at an instant, by what the log had then."""
    key = _Key(
        log_state(user.pk, at), _cards_state(user), study_day(at, zone), zone.key, exam_on, days_off, parameters_of(user.pk)
    )
    place = (user.pk, blueprint.programme, blueprint.step)
    kept = _KEPT.get(place)
    if kept is not None and kept[0] == key and kept[1] is content and kept[2] is blueprint:
        return kept[3]
    made = _made(user, content, blueprint, key, at)
    with _LOCK:
        _KEPT.pop(place, None)
        while len(_KEPT) >= MOST_KEPT:
            _KEPT.pop(next(iter(_KEPT)))
        _KEPT[place] = (key, content, blueprint, made)
    return made


def _cards_state(user: User) -> tuple[object, ...]:
    cards = Card.objects.filter(user=user).aggregate(n=Count("id"), last=Max("changed_at"))
    notes = Note.objects.filter(user=user).aggregate(last=Max("changed_at"))
    settings = CardSettings.objects.filter(pk=user.pk).values_list("new_a_day", flat=True).first()
    return cards["n"], cards["last"], notes["last"], settings


def _made(user: User, content: Content, blueprint: Blueprint, key: _Key, at: datetime) -> Remembered:
    zone = ZoneInfo(key.zone)
    whole = _schedule(user.pk, key, zone, at)
    cards = own_cards(user, blueprint.codes)
    asked = {takeaway(name) for name in content.bank.takeaways} | cards.area.keys()
    schedule = _only(whole, asked)
    due = due_days(schedule, key.parameters, key.exam_on, levelling=Levelling(days_off=key.days_off)).copy()
    _keep_imported(user, schedule, due, cards)
    in_memory = set(whole.subjects)
    waits = {one for one, day in cards.due_on.items() if day > key.on}
    new = [one for one in cards.area if one not in in_memory and one not in waits]
    first_of_note = {cards.note[one]: one for one in reversed(new)}  # the others of a note would be given away
    return Remembered(
        schedule,
        due,
        cards,
        tuple(reversed(first_of_note.values())),
        key.parameters,
        study_day(key.log.began_at, zone) if key.log.began_at else key.on,
        key.log,
    )


def _schedule(user_id: UUID, key: _Key, zone: ZoneInfo, at: datetime) -> Schedule:
    if not key.log.n_later:
        return schedule_from(memories_of(user_id, zone))
    return replay((entry for entry in entries_of(user_id) if entry.at <= at), key.parameters, zone)


def _only(schedule: Schedule, wanted: set[Subject]) -> Schedule:
    rows = [row for row, subject in enumerate(schedule.subjects) if subject in wanted]
    if len(rows) == len(schedule):
        return schedule
    return Schedule(
        tuple(schedule.subjects[row] for row in rows),
        schedule.stability_days[rows],
        schedule.difficulty[rows],
        schedule.last_day[rows],
        schedule.n_reviews[rows],
        schedule.n_lapses[rows],
    )


def _keep_imported(user: User, schedule: Schedule, due: Days, cards: OwnCards) -> None:
    """The day that an import set holds until the card's first review here."""
    if not cards.due_on:
        return
    here = reviewed_here(user)
    for row, subject in enumerate(schedule.subjects):
        day = cards.due_on.get(subject)
        if day is not None and subject not in here:
            due[row] = day.toordinal()


def first_answers(user_id: UUID, blueprint: Blueprint, zone: ZoneInfo, at: datetime) -> FirstAnswers:
    """The first review of each takeaway of the step, where it was an item's."""
    rows = StudyReview.objects.filter(user_id=user_id, at__lte=at, subject__startswith=takeaway(""))
    standing = rows.filter(Q(withdrawal__isnull=True) | Q(withdrawal__at__gt=at)).order_by("at", "id")
    first: dict[str, tuple[int, datetime, str]] = {}
    for subject, grade, moment, origin in standing.values_list("subject", "grade", "at", "origin").iterator(chunk_size=5000):
        first.setdefault(name_of(subject), (grade, moment, origin))
    return _as_columns(
        (blueprint.area_of[name], grade != Grade.AGAIN, study_day(moment, zone).toordinal())
        for name, (grade, moment, origin) in first.items()
        if origin == Origin.ITEM.value and name in blueprint.area_of
    )


def _as_columns(rows: Iterable[tuple[int, bool, int]]) -> FirstAnswers:
    found = list(rows)
    return FirstAnswers(
        np.array([area for area, _, _ in found], dtype=np.int16),
        np.array([is_right for _, is_right, _ in found], dtype=np.bool_),
        np.array([day for _, _, day in found], dtype=np.int32),
    )
