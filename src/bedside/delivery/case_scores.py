"""Scores of the cases of a sitting: what each came to, and their mean. They never enter the score of the items.

A case is scored by its own rubric, which the case's engine applies; this package only takes what came out. Cases differ far
more from each other than items do, so that the mean of a few of them says little: below `RELIABLE_FROM` that is said.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from math import sqrt
from statistics import fmean, stdev

from bedside.delivery.canonical_json import decimal_text
from bedside.delivery.case_events import CaseCommanded
from bedside.delivery.event_parts import CommandFields
from bedside.delivery.events import Event
from bedside.delivery.intervals import Estimate, t_quantile
from bedside.delivery.report import Z_95
from bedside.delivery.state import Sitting

RELIABLE_FROM = 8  # cases: with an inter-case correlation of 0.15 a mean of 8 has a reliability of 0.59 (Spearman-Brown)
INTERVAL_FROM = 5  # cases; below it the interval of a mean is so wide that the range says more
DIGITS = 4


@dataclass(frozen=True, slots=True)
class CaseScore:
    """What one case came to, 0 to 100; None where it can't be scored any more."""

    block: int
    case: str
    percent: str | None  # decimal text
    band: str


def percent_text(percent: float) -> str:
    """A per cent as it is written in files, the same wherever it was reckoned."""
    return decimal_text(round(Decimal(repr(percent)), DIGITS))


def mean_of(percents: Sequence[float]) -> Estimate | None:
    """The mean of case scores, with Student's 95% interval where there are enough of them, else with their range.

    None without any case.
    """
    if not percents:
        return None
    n, mean = len(percents), fmean(percents)
    if n < INTERVAL_FROM:
        return Estimate(mean, min(percents), max(percents), n)
    half = t_quantile(Z_95, n - 1) * stdev(percents) / sqrt(n)
    return Estimate(mean, max(0.0, mean - half), min(100.0, mean + half), n)


def commands_by_case(events: Iterable[Event], sitting: Sitting) -> dict[str, list[CommandFields]]:
    """The commands that count, by case, in the order of their numbers; `sitting` is the fold of the events."""
    refused = {(refusal.writer, refusal.seq) for refusal in sitting.refusals}
    counting = [
        event.body
        for event in {event.identity: event for event in events}.values()
        if isinstance(event.body, CaseCommanded) and event.identity not in refused
    ]
    found: dict[str, list[CommandFields]] = {}
    for body in sorted(counting, key=lambda body: body.n):
        found.setdefault(body.case, []).append(body.command)
    return found
