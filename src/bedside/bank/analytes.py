"""Reference values: `reference/analytes.yaml`, one record an analyte and condition. Shown in the player, used by the linter."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from bedside.bank.records import error_at, read_record
from bedside.findings import Finding
from bedside.reading import parse_yaml, read_text

Comparator = Literal["<", "<=", ">", ">="]


@dataclass(frozen=True, slots=True)
class Interval:
    """A reference interval; a bound that is None is open, and `op` is then the comparator printed before the other."""

    low: float | None
    high: float | None
    op: Comparator | None
    unit: str


@dataclass(frozen=True, slots=True)
class PossibleRange:
    """What a living patient can have, in conventional units, with where that comes from ("assumed" where nobody measured)."""

    low: float
    high: float
    basis: str


@dataclass(frozen=True, slots=True)
class Analyte:
    """One analyte under one condition. `names` are the words by which vignettes call it, lower case, the longest first."""

    id: str
    name: str
    names: tuple[str, ...]
    group: str
    specimen: str
    condition: str | None
    conventional: Interval
    si: Interval
    possible: PossibleRange
    other_units: tuple[str, ...]  # further spellings of the conventional unit that mean the same number
    note: str | None
    source: str
    as_of: date
    confidence: str


@dataclass(frozen=True, slots=True)
class Analytes:
    """All reference values in file order, and what is wrong with the file; a record with an error is left out."""

    by_id: Mapping[str, Analyte]
    findings: tuple[Finding, ...] = ()

    def named(self, name: str) -> tuple[Analyte, ...]:
        """The records that a vignette may mean by `name`."""
        wanted = name.casefold()
        return tuple(analyte for analyte in self.by_id.values() if wanted in analyte.names)


_STRICT = ConfigDict(extra="forbid", strict=True)
_Text = Annotated[str, Field(min_length=1, max_length=1000)]


class _Interval(BaseModel):
    model_config = _STRICT
    low: float | None
    high: float | None
    op: Comparator | None
    unit: _Text

    @model_validator(mode="after")
    def _is_an_interval(self) -> _Interval:
        if self.low is None and self.high is None:
            raise ValueError("an interval needs a bound")
        if self.low is not None and self.high is not None and self.low >= self.high:
            raise ValueError("low must be below high")
        if (self.op is None) == (self.low is None or self.high is None):
            raise ValueError("a comparator stands exactly where one bound is open")
        return self


class _Possible(BaseModel):
    model_config = _STRICT
    low: float
    high: float
    basis: _Text


class _Analyte(BaseModel):
    model_config = _STRICT
    id: _Text
    name: _Text
    names: Annotated[list[_Text], Field(min_length=1)]
    group: _Text
    specimen: _Text
    condition: _Text | None
    conventional: _Interval
    si: _Interval
    possible: _Possible
    other_units: list[_Text] = []
    note: _Text | None = None
    source: _Text
    as_of: Annotated[str, Field(pattern=r"^\d{4}-\d{2}-\d{2}$")]
    confidence: Literal["high", "medium", "low"]


class _Source(BaseModel):
    model_config = _STRICT
    title: _Text
    url: _Text
    kind: _Text


class _File(BaseModel):
    model_config = _STRICT
    schema_: Annotated[Literal["analytes/1"], Field(alias="schema")]
    about: _Text
    sources: dict[str, _Source]
    analytes: list[Any]


def read_analytes(path: Path) -> Analytes:
    """Read the reference values.

    Raises:
        ReadError: the file can't be read at all.
        OSError: as the system says.
    """
    document = parse_yaml(read_text(path))
    record, findings = read_record(_File, document, (), document.value)
    findings += document.findings
    by_id: dict[str, Analyte] = {}
    for n, value in enumerate(record.analytes if record else ()):
        entry, problems = read_record(_Analyte, document, ("analytes", n), value)
        if entry is not None and record is not None:
            place = ("analytes", n, "id")
            if entry.id in by_id:
                problems.append(error_at(document, place, "duplicate-id", f'the analyte "{entry.id}" stands there already'))
            if entry.source not in record.sources:
                problems.append(error_at(document, place, "no-source", f'"{entry.source}" is none of the sources'))
            bounds = [b for b in (entry.conventional.low, entry.conventional.high) if b is not None]
            if min(bounds) < entry.possible.low or max(bounds) > entry.possible.high:
                problems.append(error_at(document, place, "wrong-value", "the reference interval is not all possible"))
        findings += problems
        if entry is not None and not problems:
            by_id[entry.id] = _analyte(entry)
    return Analytes(by_id, tuple(findings))


def _analyte(entry: _Analyte) -> Analyte:
    def interval(read: _Interval) -> Interval:
        return Interval(read.low, read.high, read.op, read.unit)

    names = sorted({name.casefold() for name in entry.names}, key=lambda name: (-len(name), name))
    return Analyte(
        id=entry.id,
        name=entry.name,
        names=tuple(names),
        group=entry.group,
        specimen=entry.specimen,
        condition=entry.condition,
        conventional=interval(entry.conventional),
        si=interval(entry.si),
        possible=PossibleRange(entry.possible.low, entry.possible.high, entry.possible.basis),
        other_units=tuple(entry.other_units),
        note=entry.note,
        source=entry.source,
        as_of=date.fromisoformat(entry.as_of),
        confidence=entry.confidence,
    )
