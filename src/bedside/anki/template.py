"""Anki's templates: `{{Field}}`, `{{filter:Field}}`, `{{#Field}}…{{/Field}}`, `{{^Field}}…{{/Field}}`, `{{FrontSide}}`.

After https://docs.ankiweb.net/templates/intro.html. A template that is wrong is drawn as far as it goes: a section that is not
closed ends with the template, a field that is not there is empty and is named.
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache

from bedside.anki import cloze
from bedside.anki.limits import MAX_DRAWN_CHARACTERS, MAX_TEMPLATE_DEPTH
from bedside.anki.readings import with_readings
from bedside.anki.visible import visible

_TAG = re.compile(r"\{\{\{?([^{}]{1,400})\}\}")  # of three opening braces Anki drops one
_OLD_SIGNS = re.compile(r"\s*\{\{=<% %>=\}\}")
_EMPTY = re.compile(r"(?:\s|</?(?:br|div) ?/?>)*", re.IGNORECASE)
_MARKUP = re.compile(r"<[^<>]*>")
_CARD_CONDITION = re.compile(r"c([0-9]{1,3})")


@dataclass(frozen=True, slots=True)
class _Value:
    filters: tuple[str, ...]  # in the order in which they are applied
    name: str


@dataclass(frozen=True, slots=True)
class _Section:
    name: str
    is_inverted: bool
    parts: list[_Part] = field(default_factory=list)


_Part = str | _Value | _Section


@dataclass(frozen=True, slots=True)
class Situation:
    """What one side of a card is drawn from. `number` is that of the card, from 1."""

    fields: Mapping[str, str]
    specials: Mapping[str, str]
    number: int
    is_question: bool
    is_cloze: bool
    front: str = ""
    missing: Callable[[str], None] = lambda _: None


@dataclass(slots=True)
class _Side:
    """What is drawn so far. A template may name a long field a thousand times: what is over the limit is cut off."""

    parts: list[str] = field(default_factory=list)
    room: int = MAX_DRAWN_CHARACTERS

    def add(self, text: str) -> None:
        self.parts.append(text[: self.room])
        self.room -= len(self.parts[-1])


def fill(template: str, situation: Situation) -> str:
    """The template with its fields put in: raw HTML, not yet safe."""
    found = _Side()
    _fill(_parsed(template), situation, found)
    return "".join(found.parts)


@lru_cache(maxsize=2_000)
def _parsed(template: str) -> list[_Part]:
    text = visible(template)
    if old := _OLD_SIGNS.match(text):
        text = text[old.end() :].replace("<%", "{{").replace("%>", "}}")
    top: list[_Part] = []
    opened: list[_Section] = []
    at = 0
    for tag in _TAG.finditer(text):
        inside = opened[-1].parts if opened else top
        inside.append(text[at : tag.start()])
        at = tag.end()
        word = tag[1].strip()
        kind, name = word[:1], word[1:].strip()
        if kind in {"#", "^"} and len(opened) < MAX_TEMPLATE_DEPTH:
            section = _Section(name, kind == "^")
            inside.append(section)
            opened.append(section)
        elif kind == "/":
            if any(section.name == name for section in opened):
                while opened.pop().name != name:
                    pass
        elif kind not in {"#", "^", "!"}:
            inside.append(_value(word))
    (opened[-1].parts if opened else top).append(text[at:])
    return top


def _value(word: str) -> _Value:
    *filters, name = word.split(":")
    return _Value(tuple(one.strip() for one in reversed(filters)), name.strip())


def _fill(parts: list[_Part], situation: Situation, found: _Side) -> None:
    for part in parts:
        if not found.room:
            return
        if isinstance(part, str):
            found.add(part)
        elif isinstance(part, _Value):
            found.add(_shown(part, situation))
        elif _holds(part.name, situation) is not part.is_inverted:
            _fill(part.parts, situation, found)


def _holds(name: str, situation: Situation) -> bool:
    if name in situation.fields:
        return not is_empty(situation.fields[name])
    if name in situation.specials:
        return not is_empty(situation.specials[name])
    if situation.is_cloze and (card := _CARD_CONDITION.fullmatch(name)):
        return int(card[1]) == situation.number
    situation.missing(name)
    return False


def is_empty(text: str) -> bool:
    """Is there nothing but blanks and line ends?"""
    return _EMPTY.fullmatch(text) is not None if len(text) < 10_000 else False


def _shown(value: _Value, situation: Situation) -> str:
    if value.name == "FrontSide":
        return situation.front
    if value.name in situation.fields:
        text = situation.fields[value.name]
    elif value.name in situation.specials:
        text = situation.specials[value.name]
    else:
        if value.name:
            situation.missing(value.name)
        return ""
    filters = value.filters
    if "type" in filters:
        return _to_type(text, filters, situation)
    number = next((int(one) for one in filters if one.isdecimal() and len(one) < 4), situation.number)
    for name in filters:
        text = _filtered(name, text, value.name, number, situation)
    return text


def _filtered(name: str, text: str, label: str, number: int, situation: Situation) -> str:
    match name:
        case "cloze":
            return cloze.drawn(text, number, is_question=situation.is_question)
        case "cloze-only":
            return cloze.only(text, number)
        case "text":
            return html.escape(plain(text), quote=False)
        case "hint":
            return "" if is_empty(text) else f"<details><summary>{html.escape(label)}</summary>{text}</details>"
        case "furigana":
            return with_readings(text, lambda word, reading: f"<ruby>{word}<rt>{reading}</rt></ruby>")
        case "kana":
            return with_readings(text, lambda _, reading: reading)
        case "kanji":
            return with_readings(text, lambda word, _: word)
        case _ if name.startswith("tts"):
            return ""  # a text to be spoken, not shown
        case _:
            return text  # an add-on's filter: Anki shows the text as it is


def _to_type(text: str, filters: tuple[str, ...], situation: Situation) -> str:
    """The place where an answer is typed: nothing on the front, the answer on the back."""
    if situation.is_question:
        return ""
    return cloze.only(text, situation.number) if "cloze" in filters else text


def plain(text: str) -> str:
    """HTML as the text it shows."""
    return " ".join(html.unescape(_MARKUP.sub(" ", text)).split())
