"""The session for today by the core's `build_session`, from the same log and bank as the queue.

Cases and timed blocks are not offered here: what of them is there to be played is known elsewhere.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

import numpy as np
from numpy.typing import NDArray

from bedside.programme import Axis
from bedside.site.accounts.models import User
from bedside.site.accounts.queries import profile_of
from bedside.site.content import Content
from bedside.site.exam.sealed import see_unsealed
from bedside.site.exam.stock import codes_of, serves
from bedside.site.practice.choice import kept_choice
from bedside.site.study.log import entries_of
from bedside.site.study.queries import (
    CARD_MINUTES,
    Remembered,
    families_of,
    item_minutes,
    name_of,
    remembered_of,
)
from bedside.study import (
    NO_AREA,
    Area,
    FirstAnswers,
    Grade,
    Known,
    Origin,
    Review,
    Session,
    StudyState,
    Unmet,
    area_forecast,
    build_session,
    standing,
    study_day,
    takeaway,
)

USUAL_MINUTES = 30  # where the person said none
PARTITION = "system"  # the axis by which areas are kept apart, where the step has it


@dataclass(frozen=True, slots=True)
class Today:
    """A session, and the names of the areas that its pieces and what it leaves out point at."""

    session: Session
    area_titles: tuple[str, ...]
    zone: str

    def area(self, index: int | None) -> str:
        """The name of an area; empty for none."""
        return "" if index is None or index == NO_AREA else self.area_titles[index]


@dataclass(frozen=True, slots=True)
class _Blueprint:
    """The areas of a step: code and title of each, its weight, and the area of each takeaway that the step asks."""

    codes: tuple[str, ...]
    titles: tuple[str, ...]
    weights: tuple[float, ...]
    area_of: Mapping[str, int]  # takeaway → area


def session_today(user: User, content: Content, *, minutes: float | None, at: datetime) -> Today:
    """What to do on the study day of `at` with so many minutes; by default those that the person said.

    Raises:
        UsageError: the minutes are negative.
        SealedError: a proctored sitting of theirs is under way.
    """
    see_unsealed(user.pk, at)
    mine = remembered_of(user, content, at=at)
    blueprint = _blueprint_of(user, content, mine)
    state = _state(user, content, mine, blueprint)
    given = minutes if minutes is not None else float(profile_of(user).minutes_a_day or USUAL_MINUTES)
    session = build_session(state, given, mine.on, seed=mine.on.toordinal())
    return Today(session, blueprint.titles, mine.zone.key)


def _state(user: User, content: Content, mine: Remembered, blueprint: _Blueprint) -> StudyState:
    families = families_of(content)
    met = {name_of(subject) for subject in mine.schedule.subjects}
    unmet = sorted(name for name in blueprint.area_of if name not in met and families.get(name))
    known_area = np.array([_area(blueprint, name_of(one)) for one in mine.schedule.subjects], dtype=np.int16)
    sizes = [0] * len(blueprint.codes)
    for area in blueprint.area_of.values():
        sizes[area] += 1
    areas = tuple(map(Area, blueprint.codes, blueprint.weights, sizes))
    reviews = standing(entries_of(user.pk))
    answers = _first_answers(reviews, blueprint, mine)
    began = min((study_day(review.at, mine.zone) for review in reviews), default=mine.on).toordinal()
    return StudyState(
        areas=areas,
        known=Known(
            schedule=mine.schedule,
            area=known_area,
            minutes=np.full(len(mine.schedule), CARD_MINUTES),
            due_day=np.array(mine.due, dtype=np.int32),
        ),
        unmet=Unmet(
            subjects=tuple(takeaway(name) for name in unmet),
            area=np.array([blueprint.area_of[name] for name in unmet], dtype=np.int16),
            minutes=np.array([min(item_minutes(item, content) for item in families[name]) for name in unmet]),
        ),
        area_met_day=_met_days(mine, known_area, len(areas), began),
        p_unmet=area_forecast(areas, answers, mine.on).p_unmet(),
        exam_on=mine.exam_on,
    )


def _blueprint_of(user: User, content: Content, mine: Remembered) -> _Blueprint:
    """The areas of the step that the person practises; none where the content has no programme."""
    choice = kept_choice(profile_of(user), content, on=mine.on)
    edition = content.programmes[choice.programme].on(mine.on).step(choice.step) if choice else None
    axes = edition.axes if edition else ()
    axis = next((one for one in axes if one.name == PARTITION), next((one for one in axes if one.is_partition), None))
    if choice is None or axis is None:
        return _Blueprint((), (), (), {})
    codes = list(axis.codes)
    area_of: dict[str, int] = {}
    for item in content.items.values():
        found = codes_of(item, choice.programme, choice.step).get(axis.name, ())
        if serves(item, choice.programme, choice.step) and found and found[0] in codes:
            for name in item.takeaways:
                area_of.setdefault(name, codes.index(found[0]))
    return _Blueprint(tuple(codes), tuple(axis.codes.values()), _weights(axis, area_of), area_of)


def _weights(axis: Axis, area_of: Mapping[str, int]) -> tuple[float, ...]:
    """The share of each code: the middle of its published range, else its share of the bank's takeaways."""
    found = {
        code: row.midpoint / 100 / len(row.covers) for row in axis.ranges if row.midpoint is not None for code in row.covers
    }
    if found:
        return tuple(found.get(code, 0.0) for code in axis.codes)
    counts = np.bincount(list(area_of.values()) or [0], minlength=len(axis.codes)).astype(float)
    return tuple((counts / max(1.0, counts.sum())).tolist())


def _first_answers(reviews: Iterable[Review], blueprint: _Blueprint, mine: Remembered) -> FirstAnswers:
    """The first review of each takeaway, where it was an item's."""
    first: dict[str, Review] = {}
    for review in reviews:
        first.setdefault(name_of(review.subject), review)
    asked = [
        (blueprint.area_of[name], review.grade is not Grade.AGAIN, study_day(review.at, mine.zone).toordinal())
        for name, review in first.items()
        if review.origin is Origin.ITEM and name in blueprint.area_of
    ]
    return FirstAnswers(
        np.array([area for area, _, _ in asked], dtype=np.int16),
        np.array([is_right for _, is_right, _ in asked], dtype=np.bool_),
        np.array([day for _, _, day in asked], dtype=np.int32),
    )


def _met_days(mine: Remembered, area: NDArray[np.int16], n_areas: int, began: int) -> NDArray[np.int32]:
    met = np.full(n_areas, began, dtype=np.int32)
    for index, last in zip(area.tolist(), mine.schedule.last_day.tolist(), strict=True):
        if index != NO_AREA:
            met[index] = max(int(met[index]), last)
    return met


def _area(blueprint: _Blueprint, name: str) -> int:
    return blueprint.area_of.get(name, NO_AREA)
