"""How answers become a result: marks, weights, scale, standard; and what is published about results."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from pydantic import Field
from pydantic.dataclasses import dataclass

from bedside.programme.values import (
    STRICT,
    Dated,
    MaybeNumber,
    MaybePercent,
    MaybeWhole,
    Name,
    Number,
    Record,
    Some,
    Text,
    Whole,
)


class ItemForm(StrEnum):
    """How an item is answered, whatever the exam calls it."""

    ONE_BEST_ANSWER = "one_best_answer"
    MULTIPLE_SELECT = "multiple_select"
    NUMERIC = "numeric"
    MATCHING = "matching"
    SEQUENTIAL_SET = "sequential_set"  # several items about one patient, locked after moving on
    SHARED_STIMULUS_SET = "shared_stimulus_set"  # several items about one abstract, chart or advertisement
    TASK = "task"  # a simulation, an essay, a performance task
    PATIENT_CASE = "patient_case"


@dataclass(frozen=True, slots=True, kw_only=True, config=STRICT)
class ItemKind(Dated):
    """A kind of item that the step has."""

    code: Name = Field(description="Its code in `parts` and `marking`.")
    title: Text = Field(description="Its name for people.")
    form: ItemForm = Field(
        description="How it is answered: `one_best_answer`, `multiple_select`, `numeric`, `matching`, `sequential_set`, "
        "`shared_stimulus_set`, `task`, `patient_case`."
    )
    options: MaybeWhole | None = Field(default=None, description="Options an item has, where all have as many.")
    choose: Whole | None = Field(default=None, ge=1, description="How many options are to be chosen, where it is fixed.")
    media: tuple[Name, ...] = Field(default=(), description="What it may carry: `audio`, `video`, `chart`, `image`.")


@dataclass(frozen=True, slots=True, kw_only=True, config=STRICT)
class Partial:
    """Credit for a part of a multiple-select item."""

    per_right_option: Number = Field(description="Marks for each right option chosen, while none is wrong.")
    any_wrong_option: Number = Field(description="Marks once a wrong option is chosen.")


@dataclass(frozen=True, slots=True, kw_only=True, config=STRICT)
class Marking(Dated):
    """The marks of one item of some kinds."""

    kinds: Some[Name] = Field(description="Codes of the step's `item_kinds`.")
    correct: MaybeNumber = Field(description="Marks for a right answer.")
    wrong: MaybeNumber = Field(description="Marks for a wrong answer.")
    blank: MaybeNumber = Field(default=0, description="Marks for no answer.")
    partial: Partial | None = Field(default=None, description="Credit for a part, see Partial.")


@dataclass(frozen=True, slots=True, kw_only=True, config=STRICT)
class Weighting(Dated):
    """The shares that components have in the score."""

    shares: Mapping[Name, Number] = Field(min_length=1, description="Component and its share, 0 to 1; they add to 1.")


@dataclass(frozen=True, slots=True, kw_only=True, config=STRICT)
class Scale(Dated):
    """The numbers or words in which the result is reported."""

    kind: Name = Field(description="`scaled`, `raw`, `percentile` or `pass_fail`.")
    low: MaybeNumber | None = Field(default=None, description="Lowest number of the scale.")
    high: MaybeNumber | None = Field(default=None, description="Highest number of the scale.")
    mean: Number | None = Field(default=None, description="Mean of the group on which the scale was set.")
    sd: Number | None = Field(default=None, description="Standard deviation of that group.")
    reports: tuple[Text, ...] = Field(default=(), description="The words reported, where no number is.")
    text: Text | None = Field(default=None, description="How the score comes about.")


class StandardKind(StrEnum):
    """What a standard is a bound on."""

    SCALED_SCORE = "scaled_score"
    RAW_SCORE = "raw_score"
    PERCENTILE = "percentile"
    PER_FORM = "per_form"  # set anew for each form
    ELSEWHERE = "elsewhere"  # set by each jurisdiction or user of the score
    NONE = "none"


@dataclass(frozen=True, slots=True, kw_only=True, config=STRICT)
class Standard(Dated):
    """What it takes to pass."""

    kind: StandardKind = Field(
        description="`scaled_score`, `raw_score`, `percentile`, `per_form`, `elsewhere` (each jurisdiction) or `none`."
    )
    score: MaybeNumber | None = Field(default=None, description="The lowest passing score, where there is one.")
    group: Name | None = Field(default=None, description="The candidates it is for, where groups differ; code of `groups`.")
    text: Text | None = Field(default=None, description="The rule in words.")


@dataclass(frozen=True, slots=True, kw_only=True, config=STRICT)
class MeasurementError(Record):
    """A published standard error, in points of the scale."""

    kind: Name = Field(
        description="`sem` (of measurement), `see` (of estimate: two thirds of retests fall within one of it) or `sed` (of "
        "the difference of two scores)."
    )
    value: MaybeNumber = Field(description="Points of the scale.")
    alternates: tuple[Number, ...] = Field(default=(), description="Other values that are reported.")


@dataclass(frozen=True, slots=True, kw_only=True, config=STRICT)
class Mean(Record):
    """Mean and spread of a group's scores."""

    period: Text = Field(description="When they sat.")
    group: Name = Field(description="Code of `groups`.")
    mean: MaybeNumber = Field(description="Points of the scale.")
    sd: MaybeNumber = Field(description="Points of the scale.")


@dataclass(frozen=True, slots=True, kw_only=True, config=STRICT)
class NormTable(Record):
    """The per cent of a cohort that scored lower, by score."""

    cohort: Text = Field(description="Who they are.")
    n: MaybeWhole = Field(description="How many they are.")
    percent_lower: Mapping[Whole, MaybePercent] = Field(
        min_length=1, description="Score and the per cent of the cohort below it."
    )


@dataclass(frozen=True, slots=True, kw_only=True, config=STRICT)
class Rate:
    """How many of a group passed."""

    n: MaybeWhole | None = Field(default=None, description="How many sat.")
    percent: MaybePercent = Field(description="Per cent of them who passed.")
    percent_high: MaybePercent | None = Field(default=None, description="Upper end, where a range is published.")


@dataclass(frozen=True, slots=True, kw_only=True, config=STRICT)
class PassRate(Record):
    """Published pass rates of one period."""

    step: Name = Field(description="The step.")
    period: Text = Field(description="When they sat.")
    rates: Mapping[Name, Rate] = Field(min_length=1, description="Code of `groups` and its Rate.")
