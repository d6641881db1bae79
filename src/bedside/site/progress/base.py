"""What all progress pages rest on: who asks and when, the blueprint of their step, and what they remember."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

import numpy as np

from bedside.programme import Axis, StepEdition
from bedside.site.accounts.models import User
from bedside.site.accounts.queries import profile_of
from bedside.site.blueprint import PARTITION, Blueprint, blueprint_of, step_of_profile
from bedside.site.content import Content
from bedside.site.exam.stock import serves
from bedside.site.passing.state import Passing, passing_of
from bedside.site.planning.calendars import Times, times_of
from bedside.site.planning.remembering import Remembered, remembered_at
from bedside.site.progress.mastery import Step
from bedside.site.study.zones import zone_of
from bedside.study import Area, Areas, Subject, study_day

GONE = -2  # the area of what is no longer kept in memory


@dataclass(frozen=True, slots=True)
class Base:
    """A person at an instant. `exam_on` is None where no exam lies ahead, `axis` where the step has none."""

    user: User
    content: Content
    at: datetime
    on: date
    zone: ZoneInfo
    exam_on: date | None
    blueprint: Blueprint
    areas: tuple[Area, ...]
    edition: StepEdition | None
    axis: Axis | None
    times: Times

    @property
    def is_of_a_step(self) -> bool:
        return bool(self.blueprint.step)

    def step(self) -> Step:
        """The items of the step that the blueprint is of."""
        programme, name = self.blueprint.programme, self.blueprint.step
        return Step(programme, name, [item for item in self.content.items.values() if serves(item, programme, name)])


def base_of(user: User, content: Content, *, at: datetime) -> Base:
    """Read what every page needs."""
    zone = zone_of(user.pk)
    on = study_day(at, zone)
    profile = profile_of(user)
    exam_on = profile.exam_on if profile.exam_on and profile.exam_on >= on else None
    blueprint = blueprint_of(content, step_of_profile(profile, content, on=on), on=on)
    edition = content.programmes[blueprint.programme].on(on).step(blueprint.step) if blueprint.programme else None
    times = times_of(user, profile)
    return Base(user, content, at, on, zone, exam_on, blueprint, _areas(blueprint), edition, partition_of(edition), times)


def partition_of(edition: StepEdition | None) -> Axis | None:
    """The axis by which areas are kept apart, the same as the session's."""
    axes = edition.axes if edition else ()
    return next((one for one in axes if one.name == PARTITION), next((one for one in axes if one.is_partition), None))


def memories_of(base: Base) -> Remembered:
    """What the person remembers now, the same as the session and the plan have it."""
    days_off = base.times.ordinals_off(base.on)
    return remembered_at(
        base.user, base.content, base.blueprint, zone=base.zone, exam_on=base.exam_on, days_off=days_off, at=base.at
    )


def subject_areas(base: Base, mine: Remembered, subjects: Iterable[Subject]) -> Areas:
    """The area of each subject; `GONE` for what is not kept in memory any longer."""
    kept = set(mine.schedule.subjects)
    own, blueprint = mine.cards.area, base.blueprint
    found = (GONE if one not in kept else own[one] if one in own else blueprint.area(one.partition(":")[2]) for one in subjects)
    return np.array(list(found), dtype=np.int16)


def passing_at(base: Base, mine: Remembered) -> Passing | None:
    """Where the person stands before the exam, the same as the session and the plan have it."""
    return passing_of(base.user, base.content, base.blueprint, zone=base.zone, on=base.on, at=base.at, log=mine.log)


def _areas(blueprint: Blueprint) -> tuple[Area, ...]:
    sizes = np.bincount(list(blueprint.area_of.values()) or [0], minlength=len(blueprint.codes)).tolist()
    return tuple(Area(*one) for one in zip(blueprint.codes, blueprint.weights, sizes, strict=False))
