"""A programme as it is on one day."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import TypeVar

from bedside.programme.blueprint import Axis
from bedside.programme.form import Block, Form, total
from bedside.programme.plain import Plain, plain, plain_object
from bedside.programme.scoring import ItemKind, Marking, PassRate, Scale, Standard, Weighting
from bedside.programme.step import Step
from bedside.programme.values import UNKNOWN, Dated, Fact, Fee, Happening, Myth, Rule, Source, Statement, Unknown

DatedT = TypeVar("DatedT", bound=Dated)


@dataclass(frozen=True, slots=True, kw_only=True)
class StepEdition:
    """A step as it is on one day: `forms` one a day of the step, and only what is in force."""

    step: Step
    item_kinds: tuple[ItemKind, ...]
    forms: tuple[Form, ...]
    axes: tuple[Axis, ...]
    marking: tuple[Marking, ...]
    weights: tuple[Weighting, ...]
    scales: tuple[Scale, ...]
    standards: tuple[Standard, ...]
    fees: tuple[Fee, ...]
    pass_rates: tuple[PassRate, ...]

    @property
    def standard(self) -> Standard | None:
        """The standard for everyone, or that of the first group; None where none is known to be in force."""
        return next((one for one in self.standards if one.group is None), next(iter(self.standards), None))

    @property
    def scale(self) -> Scale | None:
        """How the result is reported; None where nothing is known to be in force."""
        return next(iter(self.scales), None)

    @property
    def session_minutes(self) -> int | Unknown:
        """Minutes of all days as published; unknown where one is not, or no form is in force."""
        if not self.forms:
            return UNKNOWN
        return total([UNKNOWN if form.session_minutes is None else form.session_minutes for form in self.forms])

    def as_dict(self) -> dict[str, Plain]:
        """The step as JSON."""
        step = self.step
        return {
            "step": step.name,
            "title": step.title,
            "summary": step.summary,
            "days": step.days,
            "session_minutes": plain(self.session_minutes),
            "sections": plain(step.sections),
            "forms": [form_as_dict(form) for form in self.forms],
            "item_kinds": plain(self.item_kinds),
            "axes": plain(self.axes),
            "marking": plain(self.marking),
            "weights": plain(self.weights),
            "scale": plain(self.scale),
            "scales": plain(self.scales),
            "standard": plain(self.standard),
            "standards": plain(self.standards),
            "standards_history": plain(step.standards),
            "fees": plain(self.fees),
            "pass_rates": plain(self.pass_rates),
            "errors": plain(step.errors),
            "means": plain(step.means),
            "norms": plain(step.norms),
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Edition:
    """A programme as it is on one day. What is published about the past, and what is announced, is all there."""

    name: str
    title: str
    owner: str
    country: str
    summary: str
    on: date
    steps: tuple[StepEdition, ...]
    groups: Mapping[str, str]
    eligibility: tuple[Rule, ...]
    attempts: tuple[Rule, ...]
    time_limits: tuple[Rule, ...]
    rules: tuple[Rule, ...]
    fees: tuple[Fee, ...]
    pass_rates: tuple[PassRate, ...]
    hours: tuple[Fact, ...]
    facts: tuple[Fact, ...]
    events: tuple[Happening, ...]
    myths: tuple[Myth, ...]
    who_succeeds: tuple[Statement, ...]
    why_hard: tuple[Statement, ...]
    sources: tuple[Source, ...]

    def step(self, name: str) -> StepEdition | None:
        """The step of that name."""
        return next((edition for edition in self.steps if edition.step.name == name), None)

    def as_dict(self) -> dict[str, Plain]:
        """The edition as the JSON object that `bedside programme show NAME --on DATE --json` prints."""
        others = (
            "groups eligibility attempts time_limits rules fees pass_rates hours facts events myths "
            "who_succeeds why_hard sources"
        )
        return {
            "name": self.name,
            "title": self.title,
            "owner": self.owner,
            "country": self.country,
            "summary": self.summary,
            "on": self.on.isoformat(),
            "steps": [step.as_dict() for step in self.steps],
            **{key: plain(getattr(self, key)) for key in others.split()},
        }


def in_force(records: Iterable[DatedT], on: date) -> tuple[DatedT, ...]:
    """Those known to be in force that day, in their order."""
    return tuple(record for record in records if record.is_in_force(on))


def step_on(step: Step, on: date, *, fees: tuple[Fee, ...], pass_rates: tuple[PassRate, ...]) -> StepEdition:
    """The step that day. `fees` and `pass_rates` are the programme's."""
    return StepEdition(
        step=step,
        item_kinds=in_force(step.item_kinds, on),
        forms=tuple(sorted(in_force(step.forms, on), key=lambda form: form.day)),
        axes=tuple(
            replace(axis, ranges=in_force(axis.ranges, on))
            for axis in step.axes
            if axis.valid_from is None or (not isinstance(axis.valid_from, Unknown) and axis.valid_from <= on)
        ),
        marking=in_force(step.marking, on),
        weights=in_force(step.weights, on),
        scales=in_force(step.scales, on),
        standards=in_force(step.standards, on),
        fees=tuple(fee for fee in in_force(fees, on) if step.name in fee.steps),
        pass_rates=tuple(rate for rate in pass_rates if rate.step == step.name),
    )


def form_as_dict(form: Form) -> dict[str, Plain]:
    """A form as JSON: the totals under the names of the contract, then everything that the file says.

    `minutes` is that of one block where all have the same, else null. `block_list` has every block where they are not all
    alike, else it is null. `clock_minutes` is the clock of the whole form where blocks have none.
    """
    blocks = form.blocks
    everything = plain_object(form)
    del everything["layout"]
    totals: dict[str, Plain] = {
        "day": form.day,
        "blocks": len(blocks),
        "minutes": plain(_same([block.minutes for block in blocks])),
        "items": plain(form.n_items),
        "items_per_block_min": plain(_least([block.n_items_min for block in blocks])),
        "items_per_block_max": plain(_most([block.n_items_max for block in blocks])),
        "clock_minutes": everything.pop("minutes"),
        "block_minutes_total": plain(form.block_minutes),
        "block_list": None if _are_alike(blocks) else plain(blocks),
    }
    return totals | {key: value for key, value in everything.items() if key not in totals}


def _are_alike(blocks: tuple[Block, ...]) -> bool:
    return all(replace(block, number=0) == replace(blocks[0], number=0) for block in blocks)


def _same(values: list[int | Unknown | None]) -> int | Unknown | None:
    return values[0] if values and all(value == values[0] for value in values) else None


def _least(values: list[int | Unknown]) -> int | Unknown | None:
    known = [value for value in values if value is not UNKNOWN]
    return min(known, default=None) if len(known) == len(values) else UNKNOWN


def _most(values: list[int | Unknown]) -> int | Unknown | None:
    known = [value for value in values if value is not UNKNOWN]
    return max(known, default=None) if len(known) == len(values) else UNKNOWN
