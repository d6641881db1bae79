"""Gaps in the text of a note, written as Anki writes them: `{{c1::what is asked for::a hint}}`; gaps may lie within gaps.

What is not a whole gap is text, and so is one that lies too deep. Nothing is lost in reading: the parts written out again are
the text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

MAX_GAPS = 100  # of one note, by number; each number is a card
MAX_DEPTH = 12  # gaps within gaps

_MARK = re.compile(r"\{\{c([1-9][0-9]{0,2})::|\}\}")


@dataclass(frozen=True, slots=True)
class Gap:
    """What one card asks for. Gaps of one number are asked for together."""

    number: int
    inside: tuple[Part, ...]
    hint: str | None


Part = str | Gap


@dataclass(slots=True)
class _Open:
    """A gap whose end was not met yet; `mark` is how it began."""

    mark: str
    number: int
    parts: list[Part]


def gaps_in(text: str) -> tuple[Part, ...]:
    """The text as its parts. A gap that is never closed, and an end without a beginning, are text."""
    stack = [_Open("", 0, [])]
    at = 0
    for mark in _MARK.finditer(text):
        _add_text(stack[-1].parts, text[at : mark.start()])
        at = mark.end()
        if mark[1] and len(stack) > MAX_DEPTH:
            _add_text(stack[-1].parts, mark[0])
        elif mark[1]:
            stack.append(_Open(mark[0], int(mark[1]), []))
        elif len(stack) == 1:
            _add_text(stack[-1].parts, mark[0])
        else:
            closed = stack.pop()
            stack[-1].parts.append(_gap(closed))
    _add_text(stack[-1].parts, text[at:])
    while len(stack) > 1:
        unclosed = stack.pop()
        _add_text(stack[-1].parts, unclosed.mark)
        for part in unclosed.parts:
            _add(stack[-1].parts, part)
    return tuple(stack[0].parts)


def written(parts: Sequence[Part]) -> str:
    """The parts as they were written."""
    return "".join(part if isinstance(part, str) else _written_gap(part) for part in parts)


def numbers_in(parts: Sequence[Part]) -> tuple[int, ...]:
    """The numbers of the gaps, the smallest first; each is a card."""
    return tuple(sorted(set(_numbers(parts))))


def asked(parts: Sequence[Part], number: int, *, begin: str, end: str) -> str:
    """The text with the gaps of that number closed, each as its hint or an ellipsis between `begin` and `end`."""
    return "".join(_asked(part, number, begin, end) for part in parts)


def answered(parts: Sequence[Part], number: int, *, begin: str, end: str) -> str:
    """The text with every gap open, those of that number between `begin` and `end`."""
    found = []
    for part in parts:
        if isinstance(part, str):
            found.append(part)
        else:
            inside = answered(part.inside, number, begin=begin, end=end)
            found.append(f"{begin}{inside}{end}" if part.number == number else inside)
    return "".join(found)


def _asked(part: Part, number: int, begin: str, end: str) -> str:
    if isinstance(part, str):
        return part
    if part.number == number:
        return f"{begin}[{part.hint or '…'}]{end}"
    return asked(part.inside, number, begin=begin, end=end)


def _numbers(parts: Sequence[Part]) -> Iterator[int]:
    for part in parts:
        if isinstance(part, Gap):
            yield part.number
            yield from _numbers(part.inside)


def _gap(closed: _Open) -> Gap:
    """The hint stands after the last part of text, behind two colons."""
    parts, hint = closed.parts, None
    if parts and isinstance(parts[-1], str) and "::" in parts[-1]:
        text, _, hint = parts[-1].partition("::")
        parts = [*parts[:-1], text] if text else parts[:-1]
    return Gap(closed.number, tuple(parts), hint)


def _written_gap(gap: Gap) -> str:
    hint = "" if gap.hint is None else f"::{gap.hint}"
    return f"{{{{c{gap.number}::{written(gap.inside)}{hint}}}}}"


def _add(parts: list[Part], part: Part) -> None:
    if isinstance(part, str):
        _add_text(parts, part)
    else:
        parts.append(part)


def _add_text(parts: list[Part], text: str) -> None:
    if not text:
        return
    if parts and isinstance(parts[-1], str):
        parts[-1] += text
    else:
        parts.append(text)
