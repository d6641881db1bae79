"""What a step asks, as the session and the plan reckon with it: its areas with their weights, and the items on takeaways."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

import numpy as np

from bedside.programme import Axis
from bedside.site.accounts.models import Profile, User
from bedside.site.accounts.page_queries import step_title
from bedside.site.accounts.queries import profile_of
from bedside.site.content import Content
from bedside.site.exam.stock import OWN, codes_of, serves
from bedside.site.practice.choice import kept_choice
from bedside.study import NO_AREA

PARTITION = "system"  # the axis by which areas are kept apart, where the step has it
MOST_KEPT = 24  # blueprints of steps on days, in this process


@dataclass(frozen=True, slots=True)
class Blueprint:
    """The areas of a step, the area of each takeaway that it asks, and its items by takeaway; empty without a step."""

    programme: str
    step: str
    title: str
    axis: str  # by which its areas are kept apart
    codes: tuple[str, ...]
    titles: tuple[str, ...]
    weights: tuple[float, ...]
    area_of: Mapping[str, int]  # takeaway → area
    families: Mapping[str, Sequence[str]]  # takeaway → the bank's own items of this step, parts of sets left out
    has_cases: bool  # patient cases belong to it
    models: Mapping[str, Sequence[str]] = field(default_factory=dict)  # takeaway → the bank's own question models of this step

    @property
    def asked(self) -> list[str]:
        """The takeaways that an item or a model asks, in order."""
        return sorted({*self.families, *self.models})

    def area(self, takeaway: str) -> int:
        """The area of a takeaway, or `NO_AREA`."""
        return self.area_of.get(takeaway, NO_AREA)


NOTHING = Blueprint("", "", "", "", (), (), (), {}, {}, has_cases=False)

_KEPT: dict[tuple[str, str, date], tuple[Content, Blueprint]] = {}


def step_of_person(user: User, content: Content, *, on: date) -> tuple[str, str] | None:
    """Programme and step that they study for: the exam that the profile names, else the one practised last."""
    return step_of_profile(profile_of(user), content, on=on)


def step_of_profile(profile: Profile, content: Content, *, on: date) -> tuple[str, str] | None:
    """The same of a profile."""
    known = content.programmes.get(profile.programme)
    if known is not None and known.step(profile.step) is not None:
        return profile.programme, profile.step
    choice = kept_choice(profile, content, on=on)
    return (choice.programme, choice.step) if choice else None


def blueprint_of(content: Content, step: tuple[str, str] | None, *, on: date) -> Blueprint:
    """The blueprint of a step as it is on that day."""
    if step is None or step[0] not in content.programmes or content.programmes[step[0]].step(step[1]) is None:
        return NOTHING
    kept = _KEPT.get((*step, on))
    if kept is not None and kept[0] is content:
        return kept[1]
    made = _made(content, *step, on=on)
    while len(_KEPT) >= MOST_KEPT:
        _KEPT.pop(next(iter(_KEPT)), None)
    _KEPT[*step, on] = content, made
    return made


def _made(content: Content, programme: str, step: str, *, on: date) -> Blueprint:
    known = content.programmes[programme]
    edition = known.on(on).step(step)
    axes = edition.axes if edition else ()
    axis = next((one for one in axes if one.name == PARTITION), next((one for one in axes if one.is_partition), None))
    codes = list(axis.codes) if axis else []
    place = {code: index for index, code in enumerate(codes)}
    area_of: dict[str, int] = {}
    families: dict[str, list[str]] = {}
    models: dict[str, list[str]] = {}
    for item in (*content.items.values(), *(model.head for model in content.bank.models.values())):
        if not serves(item, programme, step):
            continue
        found = codes_of(item, programme, step).get(axis.name, ()) if axis else ()
        for name in item.takeaways:
            if found and found[0] in place:
                area_of.setdefault(name, place[found[0]])
            if item.set is None and content.bank.collection_of[item.id] == OWN:
                (models if item.id in content.bank.models else families).setdefault(name, []).append(item.id)
    first = known.steps[0].name if known.steps else ""
    return Blueprint(
        programme,
        step,
        step_title(content, programme, step),
        axis.name if axis else "",
        tuple(codes),
        tuple(axis.codes.values()) if axis else (),
        _weights(axis, area_of) if axis else (),
        area_of,
        families,
        has_cases=step != first and bool(families),
        models=models,
    )


def _weights(axis: Axis, area_of: Mapping[str, int]) -> tuple[float, ...]:
    """The share of each code: the middle of its published range, else its share of the bank's takeaways."""
    found = {
        code: row.midpoint / 100 / len(row.covers) for row in axis.ranges if row.midpoint is not None for code in row.covers
    }
    if found:
        return tuple(found.get(code, 0.0) for code in axis.codes)
    counts = np.bincount(list(area_of.values()) or [0], minlength=len(axis.codes)).astype(float)
    return tuple((counts / max(1.0, counts.sum())).tolist())
