"""Options that are numbers: read into intervals with unit and precision, or not read at all."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from functools import lru_cache

_NUMBER = r"[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]{1,9})?|[0-9]{0,12}\.[0-9]{1,9}|[0-9]{1,12}"
_BELOW = r"<=?|≤|less than(?: or equal to)?|fewer than|under|below|up to|at most|no more than|younger than|within|before"
_ABOVE = r">=?|≥|(?:more|greater|higher|larger) than(?: or equal to)?|over|above|at least|older than|after|beyond"
_UNIT = (
    r"(?:[%‰]|°\s?[CF]|percent|mm ?Hg|cm ?H2?O|[µμ]?[A-Za-z][A-Za-z0-9]{0,9}(?:/[A-Za-zµμ0-9.]{1,10}){1,3}"
    r"|(?:seconds?|minutes?|hours?|days?|weeks?|months?|years?|decades?)(?: old| of age)?"
    r"|(?:mg|g|kg|mcg|µg|μg|ng|pg|mEq|mmol|µmol|μmol|umol|nmol|pmol|mOsm|U|IU|mIU|mL|dL|L|fL|mm|cm|m|µm|nm|J|kcal|mV"
    r"|Hz|kPa|h|s|min)"
    r"(?:\s?/\s?[A-Za-zµμ0-9.]{1,10}){0,2}|/[A-Za-zµμ0-9³2]{1,10}|percentile|times|fold|x|×)"
)
_INTERVAL = re.compile(
    rf"(?:\b(?P<about>about|approximately|around|roughly|nearly|between|from)\s+)?"
    rf"(?:(?P<below>{_BELOW})\s*|(?P<above>{_ABOVE})\s*)?"
    rf"(?P<sign>(?<![\w)])[-−–+])?(?<![\w.])(?P<low>{_NUMBER})(?P<plus>\+)?"
    rf"(?:\s*(?P<lowunit>{_UNIT})?\s*(?:-|‑|–|—|\bto\b|\band\b)\s*(?P<high>{_NUMBER}))?"
    rf"(?P<over>\s*(?:/|:|\s(?:in|out of|per|of)\s)\s*(?P<den>{_NUMBER}))?"
    rf"(?:\s*[-‑]?\s*(?P<unit>{_UNIT})(?![A-Za-z]))?"
    rf"(?P<tail>\s+(?:or|and) (?:more|less|fewer|older|younger|over|under|above|below|higher|lower|greater)\b)?",
    re.IGNORECASE,
)
_TIME_IN_DAYS = {
    "second": 1 / 86400,
    "minute": 1 / 1440,
    "hour": 1 / 24,
    "day": 1.0,
    "week": 7.0,
    "month": 30.44,
    "year": 365.25,
}
_TIME_IN_DAYS |= {"h": 1 / 24, "s": 1 / 86400, "min": 1 / 1440, "decade": 3652.5}
_MORE = ("more", "older", "over", "above", "higher", "greater")


@dataclass(frozen=True, slots=True)
class Quantity:
    """An option read as a number. `low` and `high` bound it (equal for a point); an open bound does not belong to it."""

    low: float
    high: float
    low_is_open: bool
    high_is_open: bool
    unit: str
    decimals: int
    form: str  # "number", "fraction", "ratio"
    frame: str  # the words around the number

    @property
    def is_range(self) -> bool:
        return self.low != self.high

    @property
    def order(self) -> tuple[float, float]:
        """Sorting place, with times of different units made comparable."""
        scale = _TIME_IN_DAYS.get(self.unit, 1.0)
        low = self.low if math.isfinite(self.low) else self.high - 1e-9
        return low * scale, self.high * scale

    @property
    def is_time(self) -> bool:
        return self.unit in _TIME_IN_DAYS


@lru_cache(maxsize=64)
def read_quantities(texts: tuple[str, ...]) -> tuple[Quantity, ...] | None:
    """The options as quantities in one frame of words, or None where they are not a set of numbers."""
    if not all(_DIGIT.search(text) for text in texts):
        return None
    read = [_read(text) for text in texts]
    found = tuple(quantity for quantity in read if quantity is not None)
    if len(found) < len(texts) or len({quantity.frame for quantity in found}) > 1:
        return None
    return found


_DIGIT = re.compile(r"[0-9]")


def _read(text: str) -> Quantity | None:
    if len(text) > 100:
        return None
    matches = list(_INTERVAL.finditer(text))
    if len(matches) != 1:
        return None
    match = matches[0]
    frame = " ".join(f"{text[: match.start()]} # {text[match.end() :]}".lower().split()).strip(" .")
    frame = re.sub(r"\b(?:of age|old|ages?|aged)\b", "", frame).strip()
    low = _value(match["low"]) * (-1 if match["sign"] in {"-", "−", "–"} else 1)
    unit = _unit(match["unit"] or match["lowunit"])
    if match["den"] is not None:
        return _fraction(match, low, unit, frame)
    decimals = max(_decimals(match["low"]), _decimals(match["high"]))
    tail = (match["tail"] or "").split()
    if match["high"] is not None:
        high = _value(match["high"])
        return Quantity(min(low, high), max(low, high), False, False, unit, decimals, "number", frame)
    if match["below"]:
        inclusive = match["below"].lower() in {"<=", "≤", "up to", "at most", "no more than", "less than or equal to", "within"}
        return Quantity(-math.inf, low, True, not inclusive, unit, decimals, "number", frame)
    if match["above"] or match["plus"] or (tail and tail[-1] in _MORE):
        strict = bool(match["above"]) and match["above"].lower() not in {">=", "≥", "at least", "more than or equal to"}
        return Quantity(
            low, math.inf, strict and not match["above"].endswith("equal to"), True, unit, decimals, "number", frame
        )
    if tail:
        return Quantity(-math.inf, low, True, False, unit, decimals, "number", frame)
    return Quantity(low, low, False, False, unit, decimals, "number", frame)


def _fraction(match: re.Match[str], low: float, unit: str, frame: str) -> Quantity | None:
    below = _value(match["den"])
    if match["high"] is not None or below == 0:
        return None
    over = match["over"].strip()
    form = "ratio" if over.startswith(":") else "fraction"
    return Quantity(low / below, low / below, False, False, unit, 0, form, frame)


def _value(text: str) -> float:
    return float(text.replace(",", ""))


def _decimals(text: str | None) -> int:
    return len(text.partition(".")[2]) if text else 0


def _unit(text: str | None) -> str:
    unit = re.sub(r"\s+", "", (text or "")).replace("μ", "µ")
    lower = re.sub(r"(?:old|ofage)$", "", unit.lower())
    if lower.rstrip("s") in _TIME_IN_DAYS:
        return lower.rstrip("s") or lower
    return "%" if lower == "percent" else unit


def overlap(first: Quantity, second: Quantity) -> bool:
    """Do the two share a value?"""
    if first.low > second.low or (first.low == second.low and first.low_is_open):
        first, second = second, first
    if first.high > second.low:
        return True
    return first.high == second.low and not first.high_is_open and not second.low_is_open
