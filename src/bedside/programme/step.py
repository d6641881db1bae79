"""One step of a programme, over all its dates."""

from __future__ import annotations

from collections.abc import Mapping

from pydantic import Field
from pydantic.dataclasses import dataclass

from bedside.programme.blueprint import Axis
from bedside.programme.form import Form
from bedside.programme.scoring import (
    ItemKind,
    Marking,
    Mean,
    MeasurementError,
    NormTable,
    Scale,
    Standard,
    Weighting,
)
from bedside.programme.values import STRICT, Name, Some, Text, Whole


@dataclass(frozen=True, slots=True, kw_only=True, config=STRICT)
class Step:
    """A part of the exam with a result of its own."""

    name: Name = Field(description="Code of the step, in addresses and items.")
    title: Text = Field(description="Its name for people.")
    summary: Text | None = Field(default=None, description="What it is about, in a sentence.")
    days: Whole = Field(default=1, ge=1, description="Days that it takes.")
    sections: Mapping[Name, Text] = Field(default_factory=dict, description="Code and title of the sections of its forms.")
    item_kinds: Some[ItemKind] = Field(description="Kinds of items, see ItemKind.")
    forms: Some[Form] = Field(description="Its days by date, see Form.")
    axes: tuple[Axis, ...] = Field(default=(), description="Its blueprint, see Axis.")
    marking: Some[Marking] = Field(description="Marks by kind of item, see Marking.")
    weights: tuple[Weighting, ...] = Field(default=(), description="Shares of components, see Weighting.")
    scales: tuple[Scale, ...] = Field(default=(), description="How results are reported, see Scale.")
    standards: Some[Standard] = Field(description="What it takes to pass, see Standard.")
    errors: tuple[MeasurementError, ...] = Field(default=(), description="Published standard errors, see MeasurementError.")
    means: tuple[Mean, ...] = Field(default=(), description="Published means, see Mean.")
    norms: tuple[NormTable, ...] = Field(default=(), description="Published norm tables, see NormTable.")

    def axis(self, name: str) -> Axis | None:
        """The axis of that name."""
        return next((axis for axis in self.axes if axis.name == name), None)
