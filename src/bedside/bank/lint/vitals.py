"""Vital signs and body measures of the stem, and whether they can be."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bedside.bank.lint.passage import Passage

# between a name and its number no other name may stand
_GAP = r"(?:(?!pressure|respirat|saturation|temperature|puls|rate\b|oximet)[^.;0-9\n]){0,45}?"
_DEGREES = r"\s*(?:°|º|˚|deg(?:rees)?)?\s*"
_TEMPERATURE = re.compile(
    rf"\b(?:temperature|temp)\b(?!s?\s(?:sens|loss|control|regul)){_GAP}(?P<n>[0-9]{{2,3}}(?:\.[0-9]{{1,2}})?)(?![0-9/])"
    rf"{_DEGREES}(?P<u>[cf](?:elsius|ahrenheit)?\b|[℃℉])?"
    rf"(?:\s*[(/,]\s*(?P<n2>[0-9]{{2,3}}(?:\.[0-9]{{1,2}})?){_DEGREES}(?P<u2>[cf](?![a-z])|[℃℉]))?"
)
_RANGE = r"(?:\s?(?:-|–|to)\s?[0-9]{1,3})?"
_PULSE = re.compile(
    rf"(?<!fetal )\b(?:pulse|heart rate)\b(?! (?:press|oxi|wave|dose|width|deficit|therapy"
    rf"|steroid)){_GAP}(?<![\w/])(?P<n>[0-9]{{1,4}})"
    rf"(?![0-9]|[+./][0-9]|\+){_RANGE}(?P<u>\s*(?:/\s?min|/\s?minute|per min|beats|bpm|/m\b))?"
)
_RESPIRATIONS = re.compile(
    rf"\b(?:respirations|respiratory rate|breathing rate)\b{_GAP}(?<![\w/])(?P<n>[0-9]{{1,4}})(?![0-9]|[./][0-9]){_RANGE}"
    r"(?P<u>\s*(?:/\s?min|/\s?minute|per min|breaths|/m\b))?"
)
_PRESSURE = re.compile(
    rf"\b(?:blood pressure|bp)\b{_GAP}(?<![\w/])(?P<n>[0-9]{{2,4}})\s?/\s?(?P<n2>[0-9]{{1,4}})(?![0-9])"
    r"(?P<u>\s*mm\s?hg|(?=[^.;]{0,45}mm\s?hg))?"
)
_ANY_PRESSURE = re.compile(r"(?<![\w/])(?P<n>[0-9]{2,4})\s?/\s?(?P<n2>[0-9]{1,4})(?![0-9])(?P<u>\s*mm\s?hg)")
_SATURATION = re.compile(
    r"\b(?:oxygen saturation|spo2|sao2|pulse oximetry|o2 "
    r"saturation)\b(?:[^.;0-9\n]){0,50}?(?<![\w/])(?P<n>[0-9]{1,3}(?:\.[0-9])?)"
    r"(?![0-9]|\s*l(?:it(?:er|re)s?)?\b|\s?-?\s?(?:min|hour|day|week))"
    r"(?:\s?(?:-|–|to)\s?[0-9]{1,3})?(?P<u>\s*(?:%|percent|per cent))?"
)
# where a sign may be named, and the pattern that is then tried there
_SIGNS = (
    ("temperature", "temp", _TEMPERATURE),
    ("pulse", "pulse", _PULSE),
    ("pulse", "heart rate", _PULSE),
    ("respirations", "respirat", _RESPIRATIONS),
    ("respirations", "breathing rate", _RESPIRATIONS),
    ("blood pressure", "blood pressure", _PRESSURE),
    ("blood pressure", "bp", _PRESSURE),
    ("oxygen saturation", "oxygen saturation", _SATURATION),
    ("oxygen saturation", "o2 saturation", _SATURATION),
    ("oxygen saturation", "pulse oximetry", _SATURATION),
    ("oxygen saturation", "spo2", _SATURATION),
    ("oxygen saturation", "sao2", _SATURATION),
)
# what living patients have been recorded with, rounded outward
_POSSIBLE = {
    # survivors of 13.7 °C (Gilbert et al., Lancet 2000;355:375) and 46.5 °C (Slovis et al., Ann Emerg Med 1982;11:269)
    "temperature": (13.0, 47.0),
    "pulse": (0.0, 350.0),  # 1:1 conducted flutter and the fetal range lie below; assumed
    "respirations": (0.0, 150.0),  # newborns in distress breathe up to about 120/min; assumed
    # assumed for a patient at rest; lifters in effort reach 320/250 mm Hg (MacDougall et al., J Appl Physiol 1985;58:785)
    "systolic": (0.0, 350.0),
    "oxygen saturation": (0.0, 100.0),  # by definition
}
FAHRENHEIT_TOLERANCE = 0.2  # °F; both scales are rounded to a tenth, which makes at most 0.14
WHOLE_FAHRENHEIT_TOLERANCE = 0.6  # °F; the Fahrenheit reading is rounded to a degree
WHOLE_CELSIUS_TOLERANCE = 1.4  # °F; both are


@dataclass(frozen=True, slots=True)
class Vital:
    """One vital sign with a number: `second` is the diastolic pressure, or the temperature in the other scale."""

    name: str
    number: float
    unit: str
    second: float | None
    second_unit: str
    offset: int  # of the number
    start: int  # of the name


def find_vitals(stem: Passage) -> list[Vital]:
    """All vital signs that have a number, in sentences and in tables."""
    lower = stem.lower if "|" not in stem.text else _with_tables(stem)
    found: dict[int, Vital] = {}
    for name, trigger, pattern in _SIGNS:
        start = lower.find(trigger)
        while start >= 0:
            if match := pattern.match(lower, start):
                vital = _vital(name, match)
                found[vital.offset] = vital
            start = lower.find(trigger, start + 1)
    return list(found.values())


def _vital(name: str, match: re.Match[str]) -> Vital:
    groups = match.groupdict()
    unit = (groups["u"] or "").strip().replace("℃", "c").replace("℉", "f")
    if name == "blood pressure" and groups["u"] is not None:
        unit = "mm hg"  # here or, for a row of readings, behind the last
    second = float(groups["n2"]) if groups.get("n2") else None
    second_unit = (groups.get("u2") or "").replace("℃", "c").replace("℉", "f")
    return Vital(name, float(match["n"]), unit, second, second_unit, match.start("n"), match.start())


def _with_tables(stem: Passage) -> str:
    lowered = stem.text.lower()
    return lowered if len(lowered) == len(stem.text) else stem.lower


def impossible_vitals(stem: Passage, vitals: Sequence[Vital]) -> Iterator[tuple[int, str]]:
    """What is impossible in the vital signs and body measures: offset and reason."""
    for vital in vitals:
        if vital.name == "temperature":
            yield from _temperature(vital)
        elif vital.name == "blood pressure":
            yield from _pressure(vital.number, vital.second or 0.0, vital.offset)
        else:
            low, high = _POSSIBLE[vital.name]
            if not low <= vital.number <= high:
                yield vital.offset, f"{vital.name} {vital.number:g}{vital.unit} is not possible"
    named = {vital.offset for vital in vitals if vital.name == "blood pressure"}
    if stem.lower.count("hg") > len(named):
        for match in _ANY_PRESSURE.finditer(stem.lower):
            if match.start("n") not in named:
                yield from _pressure(float(match["n"]), float(match["n2"]), match.start("n"))
    yield from _measures(stem.lower)


def _temperature(vital: Vital) -> Iterator[tuple[int, str]]:
    unit = vital.unit[:1]
    celsius = vital.number if unit == "c" else (vital.number - 32) / 1.8 if unit == "f" else None
    if celsius is None:
        return
    low, high = _POSSIBLE["temperature"]
    if not low <= celsius <= high:
        yield vital.offset, f"a temperature of {vital.number:g}°{unit.upper()} is not possible"
        return
    if vital.second is None or vital.second_unit == unit:
        return
    first_f = vital.number * 1.8 + 32 if unit == "c" else vital.number
    second_f = vital.second * 1.8 + 32 if vital.second_unit == "c" else vital.second
    are_whole = vital.number.is_integer(), vital.second.is_integer()
    in_whole_f = are_whole[0] if unit == "f" else are_whole[1]
    tolerance = (
        WHOLE_CELSIUS_TOLERANCE if all(are_whole) else WHOLE_FAHRENHEIT_TOLERANCE if in_whole_f else FAHRENHEIT_TOLERANCE
    )
    if abs(first_f - second_f) > tolerance + 1e-9:
        right = f"{first_f:.1f}°F" if unit == "c" else f"{(vital.number - 32) / 1.8:.1f}°C"
        yield vital.offset, f"{vital.number:g}°{unit.upper()} is {right}, not {vital.second:g}°{vital.second_unit.upper()}"


def _pressure(systolic: float, diastolic: float, offset: int) -> Iterator[tuple[int, str]]:
    if systolic > _POSSIBLE["systolic"][1]:
        yield offset, f"a systolic pressure of {systolic:g} mm Hg is not possible"
    elif diastolic >= systolic:
        yield offset, f"in {systolic:g}/{diastolic:g} mm Hg the diastolic pressure is not below the systolic"


_N = r"(?P<n>[0-9]{1,4}(?:\.[0-9]{1,2})?)"
_WEIGHT = re.compile(
    rf"(?<![\w.]){_N}[- ]?kg\b(?![/ ]*m)(?:\s*\(\s*(?P<lb>[0-9]{{1,4}}(?:\.[0-9]{{1,2}})?)\s*-?\s*(?:lbs?"
    rf"|pounds?)\b(?:\s*(?P<oz>[0-9]{{1,2}})\s*(?:oz|ounces?))?)?"
)
_HEIGHT = re.compile(
    rf"(?<![\w.]){_N}\s*cm\b\s*(?:tall\s*)?\(\s*(?:(?P<ft>[0-9])\s*(?:ft|feet|foot"
    rf"|['’′])\s*)?(?:(?P<in>[0-9]{{1,2}}(?:\.[0-9])?)\s*(?:in(?:ches)?\b|[\"”″]|['’′]{{2}}))?"
)
_TALL = re.compile(
    r"\b(?:height (?:is|of)|is)\s+(?P<n>[0-9]{2,3}(?:\.[0-9])?)\s*cm\b(?=[^.]{0,30}\btall\b|[^.]{0,60}\bweighs?\b"
    r"|[^.]{0,60}\bkg\b|[^.]{0,40}\bbmi\b|[^.]{0,60}\bbody mass index\b)"
)
_BMI = re.compile(r"\b(?:body mass index|bmi)\b[^.;0-9]{0,30}(?P<n>[0-9]{1,3}(?:\.[0-9]{1,2})?)\s*kg/m")
_WEIGHS = re.compile(r"\b(?:weighs|weight is|weight of)\s+(?P<n>[0-9]{1,3}(?:\.[0-9])?)\s*kg\b")
LB_PER_KG = 2.20462
CM_PER_INCH = 2.54
_WEIGHT_TOLERANCE_LB = 1.2  # kilograms are rounded to whole numbers
_SMALL_LB = 30
_ROUND_TOLERANCE_LB = 0.8  # a loss of weight is told in round pounds: 3.5 kg (7 lb)
_LENGTH_TOLERANCE_IN = 0.6
_BMI_TOLERANCE = 0.8  # kg/m²; from rounding height to 1 cm and weight to 1 kg
_BMI_POSSIBLE = (6.0, 210.0)  # 7.5 and 204 are on record; assumed, rounded outward


def _measures(lower: str) -> Iterator[tuple[int, str]]:
    if "kg" not in lower and "cm" not in lower:
        return
    for match in _WEIGHT.finditer(lower):
        if match["lb"]:
            pounds = float(match["lb"]) + float(match["oz"] or 0) / 16
            expected = float(match["n"]) * LB_PER_KG
            tolerance = _WEIGHT_TOLERANCE_LB if expected > _SMALL_LB else 0.3 if match["oz"] else _ROUND_TOLERANCE_LB
            if abs(pounds - expected) > max(tolerance, 0.02 * expected):
                yield match.start("n"), f"{match['n']} kg is {expected:.1f} lb, not {pounds:g} lb"
    for match in _HEIGHT.finditer(lower):
        if match["ft"] or match["in"]:
            inches = 12 * float(match["ft"] or 0) + float(match["in"] or 0)
            expected = float(match["n"]) / CM_PER_INCH
            if abs(inches - expected) > max(_LENGTH_TOLERANCE_IN, 0.02 * expected):
                yield match.start("n"), f"{match['n']} cm is {expected:.1f} in, not {inches:g} in"
    yield from _body_mass_index(lower)


def _body_mass_index(lower: str) -> Iterator[tuple[int, str]]:
    match = _BMI.search(lower)
    if not match:
        return
    index = float(match["n"])
    if not _BMI_POSSIBLE[0] <= index <= _BMI_POSSIBLE[1]:
        yield match.start("n"), f"a body mass index of {index:g} kg/m² is not possible"
        return
    heights, weights = _TALL.findall(lower), _WEIGHS.findall(lower)
    if len(heights) == 1 and len(weights) == 1 and float(heights[0]) > 0:
        computed = float(weights[0]) / (float(heights[0]) / 100) ** 2
        if abs(computed - index) > max(_BMI_TOLERANCE, 0.03 * index):
            yield (
                match.start("n"),
                f"{weights[0]} kg at {heights[0]} cm is a body mass index of {computed:.1f} kg/m², not {index:g}",
            )
