"""A record in which the sittings that are planned are passed, each result as late as the programme lets it come."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from bedside.pathway.days import NEVER
from bedside.pathway.entries import About
from bedside.pathway.folder import Pathway
from bedside.pathway.moment import Moment
from bedside.pathway.record import Attempt, Record, Result
from bedside.pathway.saying import is_forbidden


def as_planned(pathway: Pathway, record: Record, on: date, without: str) -> Record | None:
    """The record with every planned sitting passed, from the day asked about on, but those of one step.

    A sitting that some rule is known to forbid on its day is none, nor one of a step that is passed. None where no sitting is
    left, or where no source says how late a result may come.
    """
    if pathway.results is None:
        return None
    exam, planned = pathway.exam, record
    sittings = [(day, step) for step, day in record.goals.sit.items() if day >= on and step in exam.steps and step != without]
    for day, step in sorted(sittings):
        moment = Moment(planned, exam, day.toordinal(), step)
        if not is_forbidden(pathway.rules_about(About.STEP, step), moment):
            reported = date.fromordinal(min(day.toordinal() + pathway.results.latest_days, NEVER))
            attempt = Attempt(programme=exam.programme, step=step, date=day, result=Result.PASS, reported=reported)
            planned = replace(planned, attempts=(*planned.attempts, attempt))
    return None if planned is record else planned
