"""What the answers of an exam say of its items: read from finished sittings, analysed, drawn.

Only exams count whose keys were given out; of a person the first one. Names of people are nowhere in it: where answers are
compared, a sitting stands by the first digits of its id, which the proctor's list has too.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from threading import Lock
from uuid import UUID

import numpy as np
from django.db.models import QuerySet

from bedside.delivery import Mode
from bedside.errors import BedsideError
from bedside.measure import Misconduct, Report, Responses, analyse, chances_picture, likeness_picture, misconduct
from bedside.measure.pictures import (
    Picture,
    information_curve,
    item_curve,
    observed_shares,
    wright_map,
)
from bedside.site.exam.models import KeyChange, Response, Sitting

FEWEST = 30  # finished sittings; below, an item's figures say nothing
MOST = 5_000  # sittings that are read, the newest
MOST_CURVES = 12  # items that are drawn, those that fit least
RASCH_BELOW = 200  # sittings; with fewer the slope of an item is not known well enough to be told
MOST_COMPARED = 400  # sittings whose answers are compared with each other
ID_DIGITS = 8


@dataclass(frozen=True, slots=True)
class Measured:
    """An exam's figures. `report` is None where there are too few sittings or they tell nothing; `problem` says what then."""

    n_sittings: int
    report: Report | None
    problem: str
    curves: tuple[Picture, ...] = ()
    wright: Picture | None = None
    information: Picture | None = None
    chances: Picture | None = None
    alike: Picture | None = None
    n_pairs_flagged: int = 0


_KEPT: dict[tuple[str, str], tuple[tuple[object, ...], Measured]] = {}
_LOCK = Lock()


def measured(programme: str, step: str) -> Measured:
    """The figures of a step, kept in this process for as long as no further sitting has ended and no key was changed."""
    rows = exams(programme, step)
    newest = rows.order_by("-created_at").values_list("pk", flat=True).first()
    state = (rows.count(), newest, KeyChange.objects.count())
    kept = _KEPT.get((programme, step))
    if kept is not None and kept[0] == state:
        return kept[1]
    made = _measured(rows)
    with _LOCK:
        _KEPT[programme, step] = (state, made)
    return made


def exams(programme: str, step: str) -> QuerySet[Sitting]:
    """The sittings whose answers count."""
    found = Sitting.objects.filter(programme=programme, step=step, mode=Mode.EXAM.value, is_disclosed=True)
    return found.exclude(state="voided")


def responses_of(rows: QuerySet[Sitting]) -> Responses:
    """The answers of these sittings, of each person those of their first sitting, as columns; persons are sittings by id."""
    first: dict[UUID, UUID] = {}
    for pk, user in rows.order_by("-created_at").values_list("pk", "user_id")[:MOST]:
        first[user] = pk  # from the newest on, so that the first one stays
    chosen = list(first.values())
    answers = Response.objects.filter(sitting_id__in=chosen).order_by("sitting_id", "item")
    told = list(answers.values_list("sitting_id", "item", "correct", "choice", "ms"))
    sittings, names, right, choices, ms = zip(*told, strict=True) if told else ((),) * 5
    items = sorted(set(names))
    item_place = {name: n for n, name in enumerate(items)}
    persons, starts = np.unique(np.array([str(one) for one in sittings]), return_index=True)
    letters = sorted({choice for choice in choices if choice})
    letter_place = {letter: n for n, letter in enumerate(letters)}
    return Responses(
        persons=np.array([one[:ID_DIGITS] for one in persons], dtype=object),
        items=np.array(items, dtype=object),
        starts=np.append(starts, len(told)).astype(np.int64),
        item=np.array([item_place[name] for name in names], dtype=np.int32),
        correct=np.array(right, dtype=np.uint8),
        choices=tuple(letters),
        choice=np.array([letter_place.get(choice, -1) for choice in choices], dtype=np.int16),
        ms=np.array(ms, dtype=np.int32),
    )


def _measured(rows: QuerySet[Sitting]) -> Measured:
    responses = responses_of(rows)
    n = responses.n_persons
    if n < FEWEST:
        return Measured(n, None, "")
    try:
        report = analyse(responses, model="rasch" if n < RASCH_BELOW else "2pl")
    except BedsideError as error:
        return Measured(n, None, str(error))
    scores, items = report.scores, report.calibration.items
    alike, n_flagged = _alike(responses)
    return Measured(
        n,
        report,
        "",
        _curves(report),
        wright_map(scores.theta, items.difficulty, items.ids),
        information_curve(items),
        chances_picture(report),
        alike,
        n_flagged,
    )


def _curves(report: Report) -> tuple[Picture, ...]:
    """Of the items that fit least: by how far infit and outfit lie from 1."""
    items, responses = report.calibration.items, report.responses
    off = np.maximum(np.abs(np.log(report.fit.infit)), np.abs(np.log(report.fit.outfit)))
    order = np.argsort(-np.nan_to_num(off), kind="stable")[:MOST_CURVES]
    place = {str(name): n for n, name in enumerate(responses.items)}
    person = responses.person()
    found = []
    for n in order.tolist():
        rows = np.flatnonzero(responses.item == place[items.ids[n]])
        right = responses.correct[rows].astype(np.float64)
        found.append(item_curve(items, n, observed_shares(report.scores.theta[person[rows]], right)))
    return tuple(found)


def _alike(responses: Responses) -> tuple[Picture | None, int]:
    """How alike the answers of each two are, where there are few enough to compare all."""
    if responses.n_persons > MOST_COMPARED:
        return None, 0
    found = _or_none(lambda: misconduct(responses))
    if found is None or found.pairs is None:
        return None, 0
    return likeness_picture(found), int(found.pair_flagged.sum())


def _or_none(find: Callable[[], Misconduct]) -> Misconduct | None:
    try:
        return find()
    except BedsideError:
        return None  # too little in common to compare
