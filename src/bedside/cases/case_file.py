"""What a case file holds, field by field. All times are whole seconds from the start of the case, all rates are per hour.

Expressions and guards are kept as text here; `guards` compiles them and the linter says what is wrong in them. The place of
every value in the file comes with the case, for findings.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Literal, Self

from pydantic import Discriminator, Field, GetJsonSchemaHandler, PrivateAttr, Tag, model_validator
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema

from bedside.cases.case_values import (
    CaseId,
    Clock,
    Expr,
    Guard,
    Kilograms,
    Location,
    Model,
    Month,
    Name,
    Number,
    Range,
    Relax,
    Source,
    TakeawayId,
    Targets,
    Text,
    Variation,
    WaiverCode,
)
from bedside.cases.durations import Duration, Span
from bedside.cases.rubric import RubricItem, Scoring
from bedside.errors import NotFoundError
from bedside.reading import Document, did_you_mean

DEAD = "dead"  # the state that every region may go to, and that ends the case
HISTORY = "history"  # the key in `results` that answers when the candidate asks again
EXAM = "exam:"  # starts the key in `results` of an examination part: `exam:abdomen`


class Meta(Model):
    """What editors need to know; a candidate sees none of it before the end."""

    key: Text = Field(description="The diagnosis.")
    synonyms: tuple[Text, ...] = Field(default=(), description="Other words for it; the title must hold none of them.")
    blueprint: tuple[Text, ...] = Field(description="Content areas.")
    level: Literal["step2", "step3"] = Field(description="The exam it is written for.")
    minutes: Literal[10, 20] = Field(description="Real time that a candidate has in exam mode.")
    status: Literal["draft", "cross_checked", "clinician_reviewed"] = Field(description="How far it has been reviewed.")
    authors: tuple[Text, ...] = Field(default=(), description="Who wrote it.")
    reviewers: tuple[Text, ...] = Field(default=(), description="Clinicians who reviewed it.")
    review_by: Month | None = Field(default=None, description="Month by which its medicine is to be read again: 2027-06.")
    license: Text | None = Field(default=None, description="License of the text.")


class Patient(Model):
    """Whom the case is about."""

    age_s: Span = Field(alias="age", description="Age: 24y, 10w, 18d.")
    sex: Literal["F", "M"] = Field(description="F or M; it chooses reference intervals.")
    weight_kg: Kilograms = Field(alias="weight", description="Weight with its unit: 60kg, 3400g.")
    allergies: tuple[Name, ...] = Field(default=(), description="Allergies; `sulfa` forbids what has contra `sulfa_allergy`.")
    conditions: tuple[Name, ...] = Field(default=(), description="Other contraindications of the catalogue: pregnancy.")

    @property
    def contraindications(self) -> tuple[str, ...]:
        """The names that the catalogue's `contra` uses for what this patient has."""
        return (*(f"{allergy}_allergy" for allergy in self.allergies), *self.conditions)


class Start(Model):
    """Where and when the case begins."""

    location: Location = Field(description="Where the patient is.")
    clock: Clock = Field(description="Weekday and time of the wall clock: Mon 07:40.")


class End(Model):
    """When the case ends, besides death and the candidate's own word."""

    virtual_s: Span = Field(alias="virtual", description="Virtual time after which it is over.")
    when: Guard | None = Field(default=None, description="Guard that ends it early, as reached.")


class Variable(Model):
    """A continuous truth of the body."""

    init: Number = Field(description="Value at the start.")
    min: Number = Field(description="Never below.")
    max: Number = Field(description="Never above.")
    unit: Text = Field(description="Unit, as reports show it; 1 where there is none.")

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        if self.min >= self.max:
            raise ValueError("min must be below max")
        return self


class Transition(Model):
    """A way out of a state: by a guard, after a dwell time, or after the guard has held that long."""

    go: Name = Field(description="The state it leads to; `dead` ends the case.")
    when: Guard | None = Field(default=None, description="Guard.")
    after_s: Span | None = Field(default=None, alias="after", description="Time in the state, or time the guard must hold.")

    @model_validator(mode="after")
    def _has_cause(self) -> Self:
        if self.when is None and self.after_s is None:
            raise ValueError("a transition needs `when`, `after` or both")
        return self


class State(Model):
    """One state of a region."""

    rate: Mapping[Name, Number] = Field(default_factory=dict, description="Change per hour of a variable.")
    relax: Mapping[Name, Relax] = Field(default_factory=dict, description="[target, time constant] of a variable.")
    note: Text | None = Field(default=None, description="What the nurse says when it is entered.")
    to: tuple[Transition, ...] = Field(default=(), description="Ways out; the first that is open is taken.")


class Region(Model):
    """One of the automata that run side by side. In the file its states stand beside `initial`, each under its name."""

    initial: Name = Field(description="The state at the start.")
    states: Mapping[Name, State]

    @model_validator(mode="before")
    @classmethod
    def _gather(cls, value: Any) -> Any:
        if not isinstance(value, dict):
            return value
        states = {name: state for name, state in value.items() if name != "initial"}
        return {key: value[key] for key in ("initial",) if key in value} | {"states": states}

    @classmethod
    def __get_pydantic_json_schema__(cls, schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        written = handler.resolve_ref_schema(handler(schema))
        states = written["properties"].pop("states")
        # `initial` is such a name itself, so its neighbours can't be told by a pattern
        (written["additionalProperties"],) = states["patternProperties"].values()
        written["required"] = ["initial"]
        return written


class Phase(Model):
    """Part of an effect's course, from its onset on; the last one lasts as long as the effect."""

    for_s: Span | None = Field(default=None, alias="for", description="How long it lasts.")
    rate: Mapping[Name, Number] = Field(default_factory=dict, description="Change per hour, beside the effect's own.")
    relax: Mapping[Name, Relax] = Field(default_factory=dict, description="[target, time constant], beside the effect's own.")


class Effect(Model):
    """What treatment does. Two orders that cause the same effect never add up."""

    by: tuple[Name, ...] = Field(min_length=1, description="Ids of the orders that cause it.")
    onset_s: Duration = Field(default=0, alias="onset", description="Time from the start of an order to its effect.")
    lasts_s: Span | None = Field(
        default=None, alias="lasts", description="How long one dose works. Absent: while the order runs."
    )
    rate: Mapping[Name, Number] = Field(default_factory=dict, description="Change per hour of a variable.")
    relax: Mapping[Name, Relax] = Field(default_factory=dict, description="[target, time constant] of a variable.")
    phases: tuple[Phase, ...] = Field(default=(), description="Changes that differ over its course.")

    @model_validator(mode="after")
    def _phases_end(self) -> Self:
        if any(phase.for_s is None for phase in self.phases[:-1]):
            raise ValueError("only the last phase may go without `for`")
        return self


class Alert(Model):
    """What the nurse says when a guard turns true."""

    when: Guard = Field(description="Guard.")
    note: Text = Field(description="The words.")


class Refusal(Model):
    """What can't be done while a guard holds: no way home in cardiac arrest."""

    refuse: Targets = Field(description="Target or list of targets: an order, a group, or `verb:what`, as in the rubric.")
    when: Guard | None = Field(default=None, description="Guard, judged when it is tried. Absent: always.")
    text: Text = Field(description="What the candidate is told.")


class Branch(Model):
    """One answer of a finding, given where its guard holds and none above did. The last has no guard."""

    when: Guard | None = Field(default=None, description="Guard; derived names are allowed here.")
    text: Text | None = Field(default=None, description="The finding as text.")
    panel: Mapping[Name, Expr] | None = Field(default=None, description="Or as analytes, each with its expression.")

    @model_validator(mode="after")
    def _has_one(self) -> Self:
        if (self.text is None) == (self.panel is None):
            raise ValueError("a branch has either `text` or `panel`")
        return self


Panel = Mapping[Name, Expr]


def _kind_of_finding(value: Any) -> str:
    if isinstance(value, str):
        return "<text>"
    return "<branches>" if isinstance(value, list | tuple) else "<panel>"


Finding = Annotated[
    Annotated[Text, Tag("<text>")]
    | Annotated[Panel, Tag("<panel>")]
    | Annotated[tuple[Branch, ...], Field(min_length=1), Tag("<branches>")],
    Discriminator(_kind_of_finding),
]
"""What an order, an examination or a question finds: one text, analytes by expression, or branches of which one answers."""

Event = Guard
"""An event is the first time its guard is true; it then stays seen."""


class Debrief(Model):
    """What the candidate reads afterwards."""

    summary: Text = Field(description="The case in a sentence or two.")
    why: Mapping[Name, Text] = Field(default_factory=dict, description="Reason by id of a rubric item.")
    sources: tuple[Text, ...] = Field(default=(), description="Publications, with their year.")
    takeaways: tuple[TakeawayId, ...] = Field(default=(), description="Ids of takeaways of the bank.")


class CaseFile(Model):
    """A whole case."""

    schema_: Literal["case/1"] = Field(alias="schema", description="`case/1`.")
    id: CaseId = Field(description="The file's name without `.yaml`.")
    title: Text = Field(description="What the candidate sees in the list; it never names the diagnosis.")
    meta: Meta
    patient: Patient
    start: Start
    end: End
    opening: Text = Field(description="What the candidate reads first.")
    doses: bool = Field(default=False, strict=True, description="May orders be given low or high? They then scale rates.")
    variables: Mapping[Name, Variable] = Field(min_length=1)
    variants: Mapping[Name, Mapping[Name, Number]] = Field(
        default_factory=dict, description="Other values at the start by name of the variant; the run's seed picks one."
    )
    derived: Mapping[Name, Expr] = Field(default_factory=dict, description="Names computed from variables, never stored.")
    regions: Mapping[Name, Region] = Field(min_length=1)
    groups: Mapping[Name, tuple[Name, ...]] = Field(default_factory=dict, description="Orders under one name.")
    effects: Mapping[Name, Effect] = Field(default_factory=dict)
    events: Mapping[Name, Event] = Field(default_factory=dict)
    alerts: tuple[Alert, ...] = ()
    refusals: tuple[Refusal, ...] = Field(default=(), description="What is refused by the patient's state, and in which words.")
    noise: Mapping[Name, Variation] = Field(
        default_factory=dict, description="Coefficient of variation of a reported analyte: `k: 0.02`. Absent: exact."
    )
    results: Mapping[Source, Finding] = Field(default_factory=dict)
    rubric: tuple[RubricItem, ...] = Field(min_length=1)
    scoring: Scoring = Field(default_factory=Scoring)
    scripts: Mapping[Name, Text] = Field(default_factory=dict, description="Steps separated by `;`: time, verb, arguments.")
    expect: Mapping[Name, Range] = Field(default_factory=dict, description="Lowest and highest score of a script.")
    debrief: Debrief
    waivers: Mapping[WaiverCode, Text] = Field(
        default_factory=dict, description="Reason by code of a warning that does not apply here."
    )

    _document: Document | None = PrivateAttr(default=None)

    @property
    def document(self) -> Document:
        """The places of all values, and the name of the file; without places where the case was not read from a file."""
        return self._document or Document(f"{self.id}.yaml", None, {}, {})

    def read_from(self, document: Document) -> Self:
        """The same case, with the places of its values."""
        case = self.model_copy()
        case._document = document
        return case

    def initial_values(self, variant: str | None = None) -> dict[str, float]:
        """The value of every variable at the start.

        Raises:
            NotFoundError: no variant of that name.
        """
        values = {name: variable.init for name, variable in self.variables.items()}
        if variant is None:
            return values
        if variant not in self.variants:
            raise NotFoundError(f'no variant "{variant}" of the case {self.id}{did_you_mean(variant, list(self.variants))}')
        return values | dict(self.variants[variant])

    @property
    def critical(self) -> tuple[RubricItem, ...]:
        """Items whose loss limits the whole score."""
        return tuple(item for item in self.rubric if item.tier == "critical")
