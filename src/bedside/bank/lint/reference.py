"""The reference values turned into what the rules ask: which words name an analyte, in which units, within which bounds."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bedside.bank.analytes import Analyte, Analytes

_UNITLESS = frozenset({"", "1", "ratio", "ph", "index", "none", "titer", "score"})
_SAME_SCALE = 0.15  # both bounds of an interval must convert by the same factor, else the scales differ by more than a factor


@dataclass(frozen=True, slots=True)
class Bounds:
    """What a living patient can have, in one unit."""

    low: float
    high: float
    unit: str


@dataclass(frozen=True, slots=True)
class Named:
    """What a name may mean: bounds by normalised unit, and whether it is given without a unit."""

    name: str
    bounds: Mapping[str, tuple[Bounds, ...]]
    is_unitless: bool

    def are_possible(self, value: float, unit: str) -> Bounds | None:
        """None where the value is possible or can't be judged, else the widest bounds that it is outside of."""
        known = self.bounds.get(normal_unit(unit))
        if not unit and self.is_unitless:
            known = next(iter(self.bounds.values()))
        if not known or any(bounds.low <= value <= bounds.high for bounds in known):
            return None
        return max(known, key=lambda bounds: bounds.high - bounds.low)


@dataclass(frozen=True, slots=True)
class Reference:
    """Names of analytes by their first word, the longest first: each with all its words and what it means."""

    by_first_word: Mapping[str, tuple[tuple[tuple[str, ...], Named], ...]]

    def name_at(self, words: Sequence[str], index: int) -> tuple[int, Named] | None:
        """The longest name that starts at this word: how many words it takes, and what it means."""
        for name, named in self.by_first_word.get(words[index], ()):
            if tuple(words[index : index + len(name)]) == name:
                return len(name), named
        return None


EMPTY = Reference({})
_WORDS = re.compile(r"[a-zà-ÿα-ω0-9]+(?:['’\-][a-z0-9]+)*")


def words_of(text: str) -> tuple[str, ...]:
    """The words of a name, as `Passage.words` cuts them."""
    return tuple(_WORDS.findall(text.casefold()))


def reference(analytes: Analytes | None) -> Reference:
    """Index the reference values by name; nothing without any."""
    if analytes is None:
        return EMPTY
    by_name: dict[tuple[str, ...], list[Analyte]] = {}
    for analyte in analytes.by_id.values():
        for name in {analyte.name.casefold(), *analyte.names}:
            if words := words_of(name):
                by_name.setdefault(words, []).append(analyte)
    by_first: dict[str, list[tuple[tuple[str, ...], Named]]] = {}
    for words, records in by_name.items():
        by_first.setdefault(words[0], []).append((words, _named(" ".join(words), records)))
    return Reference({first: tuple(sorted(names, key=lambda pair: -len(pair[0]))) for first, names in by_first.items()})


def _named(name: str, records: Sequence[Analyte]) -> Named:
    bounds: dict[str, list[Bounds]] = {}
    for record in records:
        possible = record.possible
        for unit in (record.conventional.unit, *record.other_units):
            bounds.setdefault(normal_unit(unit), []).append(Bounds(possible.low, possible.high, record.conventional.unit))
        factor = _si_factor(record)
        if factor is not None:
            low, high = possible.low * factor, possible.high * factor
            bounds.setdefault(normal_unit(record.si.unit), []).append(Bounds(low, high, record.si.unit))
    is_unitless = any(record.conventional.unit.casefold() in _UNITLESS for record in records)
    return Named(name, {unit: tuple(found) for unit, found in bounds.items()}, is_unitless)


def _si_factor(record: Analyte) -> float | None:
    """From the conventional to the SI unit, where the two differ and only by a factor."""
    conventional, si = record.conventional, record.si
    if normal_unit(si.unit) == normal_unit(conventional.unit) or "fraction" in si.unit:
        return None
    pairs = ((conventional.low, si.low), (conventional.high, si.high))
    factors = [after / before for before, after in pairs if before and after]
    if not factors or max(factors) > min(factors) * (1 + _SAME_SCALE):
        return None
    return factors[-1]


def normal_unit(unit: str) -> str:
    """One spelling a unit: no spaces, micro as u, cubic as digits, litres and powers alike."""
    text = re.sub(r"[\s·]+", "", unit.replace("µ", "u").replace("μ", "u").replace("³", "3").replace("²", "2").replace("×", "x"))
    text = text.lower().replace("mcg", "ug").replace("mmhg", "mmhg").replace("cu mm", "mm3").removeprefix("x")
    text = text.replace("10⁹", "10^9").replace("10⁶", "10^6").replace("10⁹/l", "10^9/l")
    text = re.sub(r"\bpercent\b", "%", text)
    return {
        "um3": "fl",
        "seconds": "s",
        "sec": "s",
        "cells/mm3": "/mm3",
        "/ul": "/mm3",
        "cells/ul": "/mm3",
        "mosm/kg": "mosmol/kgh2o",
    }.get(text, text)
