"""Texts with places for values: `{age}`, `{ph:.2f}`, `{cause.drug}`; braces that are meant are written twice.

What stands behind the colon: `.2f` decimals, `,` thousands, `,.1f` both; `a` and `A` put the article before it (a 40, an 80),
`capital` makes the first letter large.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from bedside.bank.models.functions import MOST_DECIMALS, exact, rounded
from bedside.bank.models.shapes import Shape, Sort
from bedside.expressions import Value
from bedside.reading import did_you_mean

_PIECE = re.compile(r"(?P<literal>\{\{|\}\})|\{(?P<name>[^{}:\n]*)(?::(?P<form>[^{}\n]*))?\}|(?P<stray>[{}])")
_FORM = re.compile(r"(?P<grouped>,)?(?:\.(?P<decimals>\d{1,2})f)?")
_WORDS = frozenset({"a", "A", "capital"})
_LIKE_AN = re.compile(r"8|1[18](?![0-9])|(?:hour|honest|heir)|(?!eu|uni|use|usu|ut[ei]|one\b|once\b)[aeiou]", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Slot:
    """A place for a value. `decimals` None prints a number as it is written."""

    name: str  # as expressions know it
    decimals: int | None = None
    grouped: bool = False
    word: str = ""  # "a", "A" or "capital"

    def shown(self, value: Value) -> str:
        """The value as a person writes it."""
        text = value if isinstance(value, str) else number_text(value, self.decimals, grouped=self.grouped)
        if self.word == "capital":
            return text[:1].upper() + text[1:]
        if self.word:
            article = f"{self.word}n" if _LIKE_AN.match(text) else self.word
            return f"{article} {text}"
        return text


@dataclass(frozen=True, slots=True)
class Template:
    """A text in pieces."""

    text: str  # as written
    pieces: tuple[str | Slot, ...]

    def filled(self, values: Mapping[str, Value]) -> str:
        """The text with these values."""
        return "".join(piece if isinstance(piece, str) else piece.shown(values[piece.name]) for piece in self.pieces)

    @property
    def names(self) -> frozenset[str]:
        """The names whose values it shows."""
        return frozenset(piece.name for piece in self.pieces if isinstance(piece, Slot))


@dataclass(frozen=True, slots=True)
class TemplateProblem:
    """One thing wrong with a template: its rule, its offset in the text, and what."""

    rule: str
    offset: int
    text: str


def number_text(value: float, decimals: int | None, *, grouped: bool = False) -> str:
    """A number with so many decimals, half away from zero; with None as it is, without zeros at the end. Never "-0"."""
    number = exact(value)
    if decimals is not None:
        number = rounded(number, decimals)
    elif number == number.to_integral_value():
        number = rounded(number, 0)
    else:
        number = number.normalize()
    text = f"{number:,f}" if grouped else f"{number:f}"
    return text.removeprefix("-") if number == 0 else text


def read_template(text: str, names: Mapping[str, Shape]) -> tuple[Template, list[TemplateProblem]]:
    """The pieces of a text, and what is wrong with its places; a wrong one stays as it is written."""
    pieces: list[str | Slot] = []
    problems: list[TemplateProblem] = []
    at = 0
    for found in _PIECE.finditer(text):
        pieces.append(text[at : found.start()])
        at = found.end()
        if found["literal"]:
            pieces.append(found["literal"][0])
            continue
        read = "a brace alone; write {name}, or {{ for a brace that is meant" if found["stray"] else None
        slot = read or _slot(found["name"].strip(), found["form"], names)
        if isinstance(slot, Slot):
            pieces.append(slot)
        else:
            pieces.append(found[0])
            rule = "unknown-name" if slot.startswith("nothing is called") else "wrong-placeholder"
            problems.append(TemplateProblem(rule, found.start(), slot))
    pieces.append(text[at:])
    return Template(text, tuple(piece for piece in pieces if piece != "")), problems


def _slot(name: str, form: str | None, names: Mapping[str, Shape]) -> Slot | str:
    """The slot, or what is wrong with it."""
    own = name.replace(".", "_")
    if own not in names:
        return f'nothing is called "{name}"{did_you_mean(own, list(names))}'
    shape = names[own]
    if shape.sort is Sort.TRUTH:
        return f'"{name}" is a truth value, which has no words; choose a text by it: "yes" if {own} else "no"'
    form = (form or "").strip()
    word = form if form in _WORDS else ""
    if shape.sort is Sort.TEXT:
        return Slot(own, word=word) if form == word else f'"{name}" is text, which takes no format "{form}"'
    read = _FORM.fullmatch("" if word else form)
    if read is None or (word == "capital"):
        return f'"{form}" is no format of a number; write .1f, or a comma for thousands, or both: ,.1f'
    decimals = int(read["decimals"]) if read["decimals"] else None if shape.as_written else shape.decimals
    if decimals is None and not shape.as_written:
        return f'how many decimals has "{name}"? Write {{{name}:.1f}}, or compute it with round(…, 1)'
    if decimals is not None and decimals > MOST_DECIMALS:
        return f"a number is printed with at most {MOST_DECIMALS} decimals"
    return Slot(own, decimals, grouped=bool(read["grouped"]), word=word)
