"""Whether the exam of the plan may be sat on its day, for the page of the plan."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from bedside.errors import BedsideError
from bedside.pathway import StepStatus, check_step
from bedside.site.accounts.models import User
from bedside.site.accounts.queries import profile_of
from bedside.site.pathway.queries import row_of, rules
from bedside.site.pathway.shapes import record_from_kept


@dataclass(frozen=True, slots=True)
class PlannedStep:
    """A step that a rule forbids on the day for which it is planned. `first` is the first later day, where one is known."""

    title: str
    on: date
    first: date | None
    is_never: bool


def planned_step(user: User) -> PlannedStep | None:
    """The step of the plan, where the person has a record and a rule is known to stand against it on its day."""
    profile, row = profile_of(user), row_of(user)
    if row is None or not profile.programme or profile.exam_on is None:
        return None
    try:
        pathway = rules(profile.programme)
        if profile.step not in pathway.exam.steps:
            return None
        found = check_step(pathway, record_from_kept(row.record), profile.exam_on, profile.step)
    except BedsideError:  # the page of the pathway says what is wrong with rules or record
        return None
    is_against = any(reason.is_met is False for reason in found.reasons)
    if found.status not in {StepStatus.NOT_YET, StepStatus.NEVER} or not is_against:
        return None
    return PlannedStep(found.title, profile.exam_on, found.earliest, found.status is StepStatus.NEVER)
