"""What goes out of the API of what is known: programmes and reference values."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from pydantic import BaseModel

from bedside.bank import Analyte


class ProgrammeOut(BaseModel):
    name: str
    title: str
    owner: str
    country: str
    summary: str
    steps: list[str]


class ProgrammesOut(BaseModel):
    programmes: list[ProgrammeOut]


class IntervalOut(BaseModel):
    low: float | None
    high: float | None
    op: str | None
    unit: str


class AnalyteOut(BaseModel):
    """One analyte under one condition, in conventional and in SI units."""

    id: str
    name: str
    names: list[str]
    group: str
    specimen: str
    condition: str | None
    conventional: IntervalOut
    si: IntervalOut
    note: str | None
    source: str
    as_of: str


class AnalytesOut(BaseModel):
    analytes: list[AnalyteOut]


def analyte_json(analyte: Analyte) -> dict[str, Any]:
    """A reference value as the API answers it."""
    values = asdict(analyte)
    return {name: values[name] for name in AnalyteOut.model_fields} | {"as_of": analyte.as_of.isoformat()}
