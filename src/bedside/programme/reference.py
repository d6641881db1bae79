"""The tables of the file format's documentation, made from the records themselves."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator

from pydantic.fields import FieldInfo

from bedside.programme.blueprint import Axis, OtherRange, Range
from bedside.programme.checks import RULES
from bedside.programme.definition import Programme
from bedside.programme.form import Activity, BlockGroup, FixedBreak, Form, Part
from bedside.programme.scoring import (
    ItemKind,
    Marking,
    Mean,
    MeasurementError,
    NormTable,
    Partial,
    PassRate,
    Rate,
    Scale,
    Standard,
    Weighting,
)
from bedside.programme.step import Step
from bedside.programme.values import Dated, Fact, Fee, Happening, Myth, Record, Rule, Source, Statement

DESCRIBED: tuple[type, ...] = (
    *(Programme, Source, Record, Dated),
    *(Step, ItemKind, Form, BlockGroup, Part, FixedBreak, Activity),
    *(Axis, Range, OtherRange),
    *(Marking, Partial, Weighting, Scale, Standard, MeasurementError, Mean, NormTable),
    *(Rule, Fact, Fee, PassRate, Rate, Happening, Myth, Statement),
)


def field_tables() -> str:
    """A section for each record: what it is, and a table of its fields. Fields of Record and Dated are told once."""
    return "\n".join(line for record in DESCRIBED for line in _section(record))


def rule_table() -> str:
    """A table of the rules that a file is held to."""
    rows = [f"| `{name}` | {check.severity.value} | {check.text} |" for name, check in sorted(RULES.items())]
    return "\n".join(["| rule | severity | when |", "|---|---|---|", *rows])


def _section(record: type) -> Iterator[str]:
    yield f"### {record.__name__}"
    yield ""
    kin = next((base.__name__ for base in (Dated, Record) if issubclass(record, base) and record is not base), None)
    yield (record.__doc__ or "").strip().splitlines()[0] + (f" Has all fields of {kin}." if kin else "")
    yield ""
    yield "| field | needed | meaning |"
    yield "|---|---|---|"
    told = {field.name for base in record.__mro__[1:] if dataclasses.is_dataclass(base) for field in dataclasses.fields(base)}
    for field in dataclasses.fields(record):
        if field.name not in told:
            yield _row(field)
    yield ""


def _row(field: dataclasses.Field[object]) -> str:
    info = field.default
    assert isinstance(info, FieldInfo), f"{field.name} has no description"
    needed = "yes" if info.is_required() else _default(info)
    return f"| `{field.name}` | {needed} | {info.description} |"


def _default(info: FieldInfo) -> str:
    value = info.get_default(call_default_factory=True, validated_data={})
    if value is None or (isinstance(value, tuple | dict) and not value):
        return "no"
    shown = str(value).lower() if isinstance(value, bool) else str(value)
    return f"no; `{shown}`"
