"""Laboratory values: with a unit, within what is possible, and known."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bedside.bank.lint.reference import EMPTY
from bedside.bank.lint.rule import Check, Hit, Rule
from bedside.bank.lint.values import resolve, tables
from bedside.bank.lint.view import View
from bedside.bank.lint.vitals import impossible_vitals
from bedside.findings import Severity

MISSING_UNITS = Rule(
    "missing-units",
    "ID13",
    Severity.ERROR,
    "A laboratory value or vital sign stands without its unit.",
)


def missing_units(view: View) -> Iterator[Hit]:
    for value in view.values:
        if not value.unit and not value.named.is_unitless:
            text = f"{value.named.name} {_shown(value.number)} has no unit"
            yield Hit(view.stem.spot(value.offset), text)
    for vital in view.vitals:
        if not vital.unit and vital.name in _UNITS:
            text = f"{vital.name} has no unit; write {_UNITS[vital.name]}"
            yield Hit(view.stem.spot(vital.offset), text)


_UNITS = {
    "temperature": "degrees in both scales, as 38.4°C (101.1°F)",
    "pulse": "beats a minute, as 112/min",
    "respirations": "breaths a minute, as 24/min",
    "blood pressure": "mm Hg, as 92/58 mm Hg",
    "oxygen saturation": "per cent, as 93%",
}

IMPOSSIBLE_VALUE = Rule(
    "impossible-value",
    "TC10",
    Severity.ERROR,
    "A value is outside what a living patient can have, or two readings of it contradict each other.",
    on_imported=True,
)


def impossible_value(view: View) -> Iterator[Hit]:
    for value in view.values:
        if (not value.unit and not value.named.is_unitless) or value.other_fluid:
            continue
        outside = value.named.are_possible(value.number, value.unit)
        if outside is not None:
            bounds = f"{_shown(outside.low)} to {_shown(outside.high)} {outside.unit}"
            text = f"{value.named.name} {_shown(value.number)} {value.unit} is not possible (known range {bounds})"
            yield Hit(view.stem.spot(value.offset), " ".join(text.split()))
    for offset, text in impossible_vitals(view.stem, view.vitals):
        yield Hit(view.stem.spot(offset), text)
    for aged in view.patient.ages:
        if aged.years > OLDEST:
            yield Hit(view.stem.spot(aged.offset), f'"{aged.text}": nobody has been that old')


OLDEST = 122  # years; the greatest age on record (Jeanne Calment, 1875-1997)

UNKNOWN_ANALYTE = Rule(
    "unknown-analyte",
    "ID13",
    Severity.NOTE,
    "A table gives a value that is not among the reference values and has no interval beside it.",
)
_MEASURED = re.compile(r"^[<>≤≥]?\s*[0-9][0-9,.]*\s*(?:%|/|[a-zµμ]{1,5}/[a-zµμ0-9]+|g|mg|U|mm ?Hg|s\b)", re.IGNORECASE)
_INTERVAL_BESIDE = re.compile(
    r"\b(?:n|ref|reference|normal|interval|range)\b|\([^)]*[0-9]\s*(?:-|–|to)\s*[0-9][^)]*\)|[<>≤≥]", re.IGNORECASE
)
_NOT_ANALYTES = re.compile(
    r"\b(?:temperature|pulse|heart rate|respirat|blood pressure|oxygen saturation|weight|height|body mass|age|dose"
    r"|time|risk|group|"
    r"pressure|output|index|resistance|volume|fraction|capacity|fev|fvc|dlco|ratio|rate|gradient|day|week|month|hour|p value)",
    re.IGNORECASE,
)


def unknown_analyte(view: View) -> Iterator[Hit]:
    if view.reference is EMPTY:
        return
    for table in tables(view.stem):
        known = [resolve(row[0].text, view.reference) is not None for row in table if row]
        if sum(known) < 2:
            continue  # not a table of laboratory values
        for row, is_known in zip([row for row in table if row], known, strict=True):
            values = [cell.text for cell in row[1:]]
            if is_known or not row[0].text or not any(_MEASURED.match(value) for value in values):
                continue
            if not _INTERVAL_BESIDE.search(" ".join([row[0].text, *values])) and not _NOT_ANALYTES.search(row[0].text):
                text = f'"{row[0].text}" is not among the reference values; print its interval beside the result'
                yield Hit(view.stem.spot(row[0].offset), text)


VITAL_SIGN_ORDER = Rule(
    "vital-sign-order",
    "TC3",
    Severity.NOTE,
    "Vital signs stand in one order: temperature, pulse, respirations, blood pressure, oxygen saturation.",
)
_ORDER = ("temperature", "pulse", "respirations", "blood pressure", "oxygen saturation")


def vital_sign_order(view: View) -> Iterator[Hit]:
    run: list[tuple[int, str, int]] = []
    for vital in sorted(view.vitals, key=lambda vital: vital.start):
        rank = _ORDER.index(vital.name)
        is_far = run and vital.start - run[-1][2] > _NEAR
        if is_far or any(vital.name == name for _, name, _ in run):
            run = []  # a new set of readings
        if run and rank < run[-1][0]:
            text = f"{vital.name} stands behind {run[-1][1]}; the order is {', '.join(_ORDER)}"
            yield Hit(view.stem.spot(vital.start), text)
            return
        run.append((rank, vital.name, vital.start))


_NEAR = 120  # characters between two signs of one set of readings

ONE_SCALE = Rule(
    "temperature-in-one-scale",
    "TC3",
    Severity.NOTE,
    "A temperature is given in Celsius or Fahrenheit only.",
)


def temperature_in_one_scale(view: View) -> Iterator[Hit]:
    for vital in view.vitals:
        if vital.name == "temperature" and vital.unit and vital.second is None:
            yield Hit(view.stem.spot(vital.offset), "give the temperature in both scales, as 38.4°C (101.1°F)")
            return


def _shown(number: float) -> str:
    return f"{number:,.10g}"


CHECKS = (
    Check(MISSING_UNITS, missing_units),
    Check(IMPOSSIBLE_VALUE, impossible_value),
    Check(UNKNOWN_ANALYTE, unknown_analyte),
    Check(VITAL_SIGN_ORDER, vital_sign_order),
    Check(ONE_SCALE, temperature_in_one_scale),
)
