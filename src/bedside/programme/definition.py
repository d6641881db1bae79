"""A programme: an exam as its file describes it, over all its dates."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Literal

from pydantic import Field
from pydantic.dataclasses import dataclass

from bedside.programme.edition import Edition, in_force, step_on
from bedside.programme.scoring import PassRate
from bedside.programme.step import Step
from bedside.programme.values import (
    STRICT,
    Day,
    Fact,
    Fee,
    Happening,
    Myth,
    Name,
    Rule,
    Some,
    Source,
    Statement,
    Text,
)


@dataclass(frozen=True, slots=True, kw_only=True, config=STRICT)
class Programme:
    """An exam of one or several steps."""

    schema: Literal["programme/1"] = Field(description="`programme/1`.")
    name: Name = Field(description="The file's name without `.yaml`; used on the command line and in items.")
    title: Text = Field(description="Its name for people.")
    owner: Text = Field(description="Who holds the exam.")
    country: Text = Field(description="Where it leads.")
    summary: Text = Field(description="What it is, in a sentence or two.")
    checked_on: Day = Field(description="The day on which the file was last compared with its sources.")
    sources: Mapping[Name, Source] = Field(description="Key and Source of everything that the records name.")
    groups: Mapping[Name, Text] = Field(default_factory=dict, description="Code and label of groups of candidates.")
    steps: Some[Step] = Field(description="Its steps, see Step.")
    eligibility: tuple[Rule, ...] = Field(default=(), description="Who may sit, see Rule.")
    attempts: tuple[Rule, ...] = Field(default=(), description="How often, see Rule.")
    time_limits: tuple[Rule, ...] = Field(default=(), description="Within which time, see Rule.")
    rules: tuple[Rule, ...] = Field(default=(), description="What holds on the day and afterwards, see Rule.")
    fees: tuple[Fee, ...] = Field(default=(), description="What it costs, see Fee.")
    pass_rates: tuple[PassRate, ...] = Field(default=(), description="How many pass, see PassRate.")
    hours: tuple[Fact, ...] = Field(default=(), description="The time it takes beyond the forms, see Fact.")
    facts: tuple[Fact, ...] = Field(default=(), description="Other numbers: languages, sittings, candidates, see Fact.")
    events: tuple[Happening, ...] = Field(default=(), description="What changed, is announced or happened, see Happening.")
    myths: tuple[Myth, ...] = Field(default=(), description="What is often claimed and is not so, see Myth.")
    who_succeeds: tuple[Statement, ...] = Field(default=(), description="Short sourced sentences, see Statement.")
    why_hard: tuple[Statement, ...] = Field(default=(), description="Short sourced sentences, see Statement.")

    def step(self, name: str) -> Step | None:
        """The step of that name."""
        return next((step for step in self.steps if step.name == name), None)

    def on(self, day: date) -> Edition:
        """The exam as it is that day: forms, rules, marks, standards and fees that are known to be in force."""
        return Edition(
            name=self.name,
            title=self.title,
            owner=self.owner,
            country=self.country,
            summary=self.summary,
            on=day,
            steps=tuple(step_on(step, day, fees=self.fees, pass_rates=self.pass_rates) for step in self.steps),
            groups=self.groups,
            eligibility=in_force(self.eligibility, day),
            attempts=in_force(self.attempts, day),
            time_limits=in_force(self.time_limits, day),
            rules=in_force(self.rules, day),
            fees=in_force(self.fees, day),
            pass_rates=self.pass_rates,
            hours=in_force(self.hours, day),
            facts=in_force(self.facts, day),
            events=self.events,
            myths=self.myths,
            who_succeeds=self.who_succeeds,
            why_hard=self.why_hard,
            sources=tuple(self.sources.values()),
        )
