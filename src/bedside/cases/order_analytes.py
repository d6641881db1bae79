"""The numbers that tests report: unit, digits and the reference interval for a patient's age and sex."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bedside.bank import Analyte
from bedside.cases.order_file import AnalyteEntry, NormalInterval

_MENOPAUSE = "51y"  # about the mean age in the United States; only chooses between intervals

# Conditions of the bank's reference values that say who is meant; others (fasting, at 8 a.m.) say when it was drawn.
_WHO: dict[str | None, dict[str, object]] = {
    "male": {"sex": "M"},
    "female": {"sex": "F"},
    "female, premenopause": {"sex": "F", "to": _MENOPAUSE},
    "female, follicular phase": {"sex": "F", "to": _MENOPAUSE},
    "female, postmenopause": {"sex": "F"},
}
_FOR_ALL = (None, "normal", "adult", "fasting", "0800 h")  # the record that holds for everybody, the best first


@dataclass(frozen=True, slots=True)
class CaseAnalyte:
    """An analyte of the catalogue. `intervals`: the first that holds is meant, and the last holds for everybody."""

    id: str
    name: str
    unit: str
    digits: int
    intervals: tuple[NormalInterval, ...]
    typical: float | None
    source: str | None

    def interval(self, *, age_s: int, sex: str) -> NormalInterval:
        """The reference interval for a patient."""
        return next(one for one in self.intervals if one.holds(age_s=age_s, sex=sex))

    def typical_value(self, *, age_s: int, sex: str) -> float:
        """What a normal report shows: the typical value where it is given and normal at that age, else the middle."""
        interval = self.interval(age_s=age_s, sex=sex)
        if interval.typical is not None:
            return self.rounded(interval.typical)
        low, high = interval.low, interval.high
        if self.typical is not None and (low is None or low <= self.typical) and (high is None or self.typical <= high):
            return self.rounded(self.typical)
        if low is not None and high is not None:
            return self.rounded((low + high) / 2)
        # one bound is open: well inside, and never on it
        return self.rounded(high / 2 if high is not None else (low or 0) * 1.25)

    def rounded(self, value: float) -> float:
        """The value as it is reported."""
        return round(value, self.digits) + 0.0  # no minus before a zero


def build_analyte(key: str, entry: AnalyteEntry, reference: Sequence[Analyte]) -> tuple[CaseAnalyte | None, str | None]:
    """The analyte, or None and what is wrong. `reference` are the records that its `ref` names."""
    intervals = entry.normal
    source = entry.source
    if intervals is None:
        if not reference:
            return None, f'no reference value "{entry.ref}"'
        found = _intervals(reference, entry.unit)
        if found is None:
            return None, f'the unit "{entry.unit}" is none of those of the reference value ({reference[0].conventional.unit})'
        intervals, source = found, reference[0].source
    return CaseAnalyte(key, entry.name, entry.unit, entry.digits, intervals, entry.typical, source), None


def referenced(ref: str | None, by_id: dict[str, Analyte]) -> tuple[Analyte, ...]:
    """The records that `ref` names: the one of that id, or all its conditions (`hemoglobin.male`, `hemoglobin.female`)."""
    if ref is None:
        return ()
    if ref in by_id:
        return (by_id[ref],)
    return tuple(analyte for name, analyte in by_id.items() if name.startswith(f"{ref}."))


def _intervals(reference: Sequence[Analyte], unit: str) -> tuple[NormalInterval, ...] | None:
    bounds = {analyte.id: _bounds(analyte, unit) for analyte in reference}
    if None in bounds.values():
        return None
    branches = [
        NormalInterval.model_validate({**_WHO[analyte.condition], **(bounds[analyte.id] or {})})
        for condition in _WHO
        for analyte in reference
        if analyte.condition == condition
    ]
    for_all = min(reference, key=lambda analyte: _rank(analyte.condition))
    last = NormalInterval.model_validate(bounds[for_all.id] or {})
    return (*(branch for branch in branches if len(reference) > 1), last)


def _rank(condition: str | None) -> int:
    if condition in _FOR_ALL:
        return _FOR_ALL.index(condition)
    return len(_FOR_ALL) + (0 if condition == "male" else 1)


def _bounds(analyte: Analyte, unit: str) -> dict[str, object] | None:
    """The interval in that unit, or None where the record does not have the unit."""
    for interval, units in (
        (analyte.conventional, {analyte.conventional.unit, *analyte.other_units}),
        (analyte.si, {analyte.si.unit}),
    ):
        if unit in units:
            return {"low": interval.low, "high": interval.high}
    return None
