"""Cloze deletions: `{{c1::text::hint}}`, one inside another, several numbers at once (`{{c1,2::text}}`).

What is hidden on a card follows Anki's manual (https://docs.ankiweb.net/editing.html#cloze-deletion): the deletions of its
number are hidden, those of other numbers are shown as plain text.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from bedside.anki.formulas import each_formula
from bedside.anki.limits import MAX_CARDS_A_NOTE, MAX_CLOZE_DEPTH

_TOKEN = re.compile(r"\{\{c([0-9]{1,4}(?:,[0-9]{1,4})*)::|\}\}")
_OPEN, _CLOSE = "\x01", "\x02"  # stand for the marks until it is known where the formulas are


@dataclass(slots=True)
class Deletion:
    """One deletion and what stands in it: texts and deletions."""

    numbers: frozenset[int]
    parts: list[str | Deletion] = field(default_factory=list)
    hint: str | None = None
    opening: str = ""

    def text(self) -> str:
        """All that stands in it, without marks."""
        return "".join(part if isinstance(part, str) else part.text() for part in self.parts)


def parse(text: str) -> list[str | Deletion]:
    """A text as its plain parts and deletions. What is not closed is plain text."""
    found: list[str | Deletion] = []
    opened: list[Deletion] = []
    at = 0
    for token in _TOKEN.finditer(text):
        _put(text[at : token.start()], opened, found)
        at = token.end()
        if token[1] is not None and len(opened) < MAX_CLOZE_DEPTH:
            opened.append(Deletion(frozenset(map(int, token[1].split(","))), opening=token[0]))
        elif token[1] is None and opened:
            closed = opened.pop()
            (opened[-1].parts if opened else found).append(closed)
        else:
            _put(token[0], opened, found)
    _put(text[at:], opened, found)
    while opened:
        unclosed = opened.pop()
        plain: list[str | Deletion] = [unclosed.opening, *unclosed.parts]
        if unclosed.hint is not None:
            plain.append(f"::{unclosed.hint}")
        (opened[-1].parts if opened else found).extend(plain)
    return found


def numbers_in(fields: Iterable[str]) -> list[int]:
    """The cards that the deletions of these fields make, counted from 0, in order."""
    numbers: set[int] = set()
    for text in fields:
        if "{{c" in text:
            _collect(parse(text), numbers)
    return sorted(number - 1 for number in numbers if 0 < number <= MAX_CARDS_A_NOTE)


def drawn(text: str, number: int, *, is_question: bool) -> str:
    """The text as card `number` (from 1) shows it; empty where it has no deletion of that number."""
    parts = parse(text)
    if not _has(parts, number):
        return ""
    shown = "".join(_part(part, number, is_question=is_question) for part in parts)
    # inside a formula a mark would be taken for its text
    shown = each_formula(shown, lambda formula: formula.replace(_OPEN, "").replace(_CLOSE, ""))
    return shown.replace(_OPEN, '<span class="cloze">').replace(_CLOSE, "</span>")


def only(text: str, number: int) -> str:
    """What is hidden on card `number`, parted by commas: what is to be typed. The same text several times is said once."""
    found: list[str] = []
    _answers(parse(text), number, found)
    return found[0] if len(set(found)) == 1 else ", ".join(found)


def _put(text: str, opened: list[Deletion], found: list[str | Deletion]) -> None:
    if not text:
        return
    if not opened:
        found.append(text)
        return
    head, sign, hint = text.partition("::")
    if head:
        opened[-1].parts.append(head)
    if sign:
        opened[-1].hint = hint


def _part(part: str | Deletion, number: int, *, is_question: bool) -> str:
    if isinstance(part, str):
        return part.replace(_OPEN, "").replace(_CLOSE, "")
    is_own = number in part.numbers
    if is_own and is_question:
        shown = "[...]" if part.hint is None else f"[{part.hint}]"
    else:
        shown = "".join(_part(inner, number, is_question=is_question) for inner in part.parts)
    return f"{_OPEN}{shown}{_CLOSE}" if is_own else shown


def _has(parts: Iterable[str | Deletion], number: int) -> bool:
    return any(isinstance(part, Deletion) and (number in part.numbers or _has(part.parts, number)) for part in parts)


def _collect(parts: Iterable[str | Deletion], numbers: set[int]) -> None:
    for part in parts:
        if isinstance(part, Deletion):
            numbers |= part.numbers
            _collect(part.parts, numbers)


def _answers(parts: Iterable[str | Deletion], number: int, found: list[str]) -> None:
    for part in parts:
        if isinstance(part, Deletion):
            if number in part.numbers:
                found.append(part.text())
            else:
                _answers(part.parts, number, found)
