"""The report of an order that the case says nothing about: normal for the patient's age and sex."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from bedside.cases.catalogue import Catalogue
from bedside.cases.order import Order
from bedside.cases.order_analytes import CaseAnalyte

Flag = Literal["L", "H", ""]


@dataclass(frozen=True, slots=True)
class Line:
    """A number of a report. `low` and `high` are the reference interval, None where it is open; `digits` follow the point."""

    analyte: str
    name: str
    value: float
    digits: int
    unit: str
    low: float | None
    high: float | None
    flag: Flag

    @property
    def shown(self) -> str:
        """The value as a chart prints it."""
        return f"{self.value:.{self.digits}f}"


Report = tuple[Line, ...] | str


def report_line(analyte: CaseAnalyte, value: float, *, age_s: int, sex: str) -> Line:
    """One number as it is reported: rounded, then flagged, so that what is printed and what is marked agree."""
    interval = analyte.interval(age_s=age_s, sex=sex)
    rounded = analyte.rounded(value)
    flag: Flag = ""
    if interval.low is not None and rounded < interval.low:
        flag = "L"
    elif interval.high is not None and rounded > interval.high:
        flag = "H"
    return Line(analyte.id, analyte.name, rounded, analyte.digits, analyte.unit, interval.low, interval.high, flag)


def normal_report(catalogue: Catalogue, order: Order, *, age_s: int, sex: str) -> Report | None:
    """The normal report of an order, or None where nothing comes back. `age_s` is the age in seconds, `sex` F or M."""
    if order.analytes:
        analytes = (catalogue.analytes[name] for name in order.analytes)
        return tuple(report_line(one, one.typical_value(age_s=age_s, sex=sex), age_s=age_s, sex=sex) for one in analytes)
    return next((branch.text for branch in order.normal if branch.holds(age_s=age_s, sex=sex)), None)
