"""Language: respectful, plain, current, and findings rather than their interpretation."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bedside.bank.lint.passage import Passage, passage
from bedside.bank.lint.phrases import OUTDATED as OUTDATED_PHRASES
from bedside.bank.lint.phrases import SHORTHAND_FORMS, STIGMATISING, Phrase, Phrasebook
from bedside.bank.lint.rule import Check, Hit, Rule
from bedside.bank.lint.view import View
from bedside.bank.lint.word_list import word_set
from bedside.bank.lint.wordlists import ALLOWED_ABBREVIATIONS, BRANDS, BRITISH, INTERPRETIVE, SHORTHAND
from bedside.findings import Severity

_EXPLANATION_COLUMN = 5  # an explanation's text starts behind "  : "

STIGMA = Rule(
    "stigmatising-words",
    "ID14",
    Severity.WARNING,
    "A word makes a person a disease, blames, or demeans.",
)


def stigmatising_words(view: View) -> Iterator[Hit]:
    for text, offset, phrase in _phrases(view, STIGMATISING):
        found = phrase.pattern.match(text.lower, offset)
        words = found.group() if found else ""
        yield Hit(text.spot(offset), f'"{words}": write {phrase.better}')


OUTDATED = Rule(
    "outdated-term",
    "ID14",
    Severity.WARNING,
    "A name that the literature has given up.",
)


def outdated_term(view: View) -> Iterator[Hit]:
    for text, offset, phrase in _phrases(view, OUTDATED_PHRASES):
        found = phrase.pattern.match(text.lower, offset)
        yield Hit(text.spot(offset), f'"{found.group() if found else ""}" is out of date: write {phrase.better}')


def _phrases(view: View, book: Phrasebook) -> Iterator[tuple[Passage, int, Phrase]]:
    """Each phrase found, with the passage and the offset; every phrase once a passage."""
    likely = book.likely(view.openings)
    if likely:
        everything = f"{view.asked}\n{view.told}"
        likely = [phrase for phrase in likely if phrase.is_in(everything)]
    if not likely:
        return
    for text in _passages(view):
        for phrase in likely:
            if match := phrase.pattern.search(text.lower):
                yield text, match.start(), phrase


def _passages(view: View) -> Iterator[Passage]:
    yield view.stem
    yield view.lead_in
    for option in view.options:
        yield option.passage
        yield passage(option.option.explanation, line=option.option.line + 1, column=_EXPLANATION_COLUMN)


INTERPRETATION = Rule(
    "interpretive-words",
    "TC7",
    Severity.WARNING,
    "The stem interprets a finding instead of giving it.",
)
_INTERPRETS = re.compile(
    r"\b(?:within normal limits|vital signs are (?:stable|normal)|(?:jaundiced|toxic|septic|cushingoid|marfanoid"
    r"|cachectic) appear(?:ance|ing)"
    r"|signs of (?:heart failure|shock|meningitis|sepsis|respiratory distress|dehydration|infection)"
    r"|consistent with|suggestive of|suspicious for|indicative of|typical (?:of|for|appearance|findings|features|rash|lesions?)"
    r"|(?<!statistically )(?<!clinically )(?:is|are|notable and|otherwise) significant for|significant (?:finding|past"
    r"|medical|family|history|weight)\w*"
    r"|abnormal (?:findings?|results?|appearance|values?|laboratory|electrolytes|liver function))\b"
)
_INTERPRETS_TRIGGERS = word_set(
    "limits stable vital appearance appearing signs consistent suggestive suspicious indicative typical significant abnormal"
)


def interpretive_words(view: View) -> Iterator[Hit]:
    stem = view.stem
    if not view.patient.is_present:
        return
    for word in sorted(stem.vocabulary & INTERPRETIVE.keys()):
        offset = stem.starts[stem.words.index(word)]
        if _names_a_thing(stem, offset, word):
            continue
        yield Hit(stem.spot(offset), f'"{word}" interprets; give {INTERPRETIVE[word]} instead')
    if not _INTERPRETS_TRIGGERS.isdisjoint(stem.vocabulary):
        for match in _INTERPRETS.finditer(stem.lower):
            yield Hit(stem.spot(match.start()), f'"{match.group()}" interprets; give what was found')


_THINGS = re.compile(
    r"(?:febrile|afebrile) (?:seizure|neutropenia|nonhemolytic|illness)|febrile nonhemolytic|classic(?:al)? "
    r"(?:galactosemia|hemophilia|music|literature|conditioning|ballet)"
    r"|hypothermic (?:circulatory|machine)"
)


def _names_a_thing(stem: Passage, offset: int, word: str) -> bool:
    return bool(_THINGS.match(stem.lower, offset)) or (word == "febrile" and "febrile seizure" in stem.lower)


ABBREVIATION = Rule(
    "unexplained-abbreviation",
    "ID12",
    Severity.WARNING,
    "An abbreviation is neither on the list of allowed ones nor explained.",
)
_CAPITALS = re.compile(r"(?<![A-Za-z0-9\-‑])[A-Z]{2,6}s?(?![A-Za-z0-9]|['’][a-z]{2}|[-‑–][0-9])")
_EMPHASISED = word_set(
    "NOT EXCEPT LEAST MOST BEST ALL NONE AND OR FALSE TRUE NO IS ONLY MUST NEVER ALWAYS INCORRECT CORRECT THE OF TO "
    "IN ON FIRST NEXT A AN"
)

_EXPECTED = ALLOWED_ABBREVIATIONS | _EMPHASISED
_RUN_OF_CAPITALS = re.compile(r"[A-Z]{2,}")  # a quick look before the strict one


_SHORTHAND_WORDS = frozenset({"hx", "dx", "tx", "rx", "sx", "pt", "pts", "abx", "yo", "h", "w", "y", "b", "r", "s"})
_SHORTHAND_SIGNS = ("c/o", "f/u", "n/v", ".i.d", "q.d.", "p.r.n")


def unexplained_abbreviation(view: View) -> Iterator[Hit]:
    passages = (view.stem, view.lead_in, *(option.passage for option in view.options))
    if not _EXPECTED.issuperset(_RUN_OF_CAPITALS.findall("\n".join(text.prose for text in passages))):
        seen = set(_EXPECTED)
        for text in passages:
            yield from _capitals(view, text, seen)
    if not _SHORTHAND_WORDS.isdisjoint(view.openings) or any(form in view.asked for form in _SHORTHAND_SIGNS):
        for text in passages:
            for match in SHORTHAND_FORMS.pattern.finditer(text.prose):
                yield Hit(text.spot(match.start()), f'"{match.group()}" is shorthand; write {SHORTHAND_FORMS.better}')


def _capitals(view: View, text: Passage, seen: set[str]) -> Iterator[Hit]:
    for match in _CAPITALS.finditer(text.prose):
        short = match.group().removesuffix("s")
        if short in seen:
            continue
        seen.add(short)
        if not _is_explained(short, view) and not _is_shouting(text, match.start()):
            full = SHORTHAND.get(short)
            advice = f'write "{full}"' if full else "write it out"
            yield Hit(text.spot(match.start()), f'"{match.group()}" is not explained; {advice}')


def _is_explained(short: str, view: View) -> bool:
    """Is it in brackets behind its words, or before them, or a name that the reference values list?"""
    item = view.item
    before = (*item.earlier, item.stimulus.text if item.stimulus else "")  # what the candidate has read before the stem
    text = "\n".join((*before, item.stem, item.lead_in, *(option.plain for option in view.options)))
    if f"({short})" in text or f"({short};" in text or re.search(rf"\b{short}s? \([A-Za-z]", text):
        return True
    return view.reference.name_at((short.lower(),), 0) is not None


def _is_shouting(text: Passage, offset: int) -> bool:
    """A run of words in capitals is emphasis or a heading, not a row of abbreviations."""
    around = text.prose[max(offset - 25, 0) : offset + 30]
    return len(re.findall(r"\b[A-Z]{3,}\b", around)) >= 3


BRAND = Rule(
    "brand-name-drug",
    "ID12",
    Severity.WARNING,
    "A drug is called by a brand name.",
)


def brand_name_drug(view: View) -> Iterator[Hit]:
    yield from _listed(view, BRANDS, lambda word: f'"{word}" is a brand; write {BRANDS[word]}')


SPELLING = Rule(
    "spelling-not-american",
    "ID14",
    Severity.NOTE,
    "A British spelling or name; the examinations use American English.",
)


def spelling_not_american(view: View) -> Iterator[Hit]:
    yield from _listed(view, BRITISH, lambda word: f'"{word}": write {BRITISH[word]}')


def _listed(view: View, words: dict[str, str], tell: object) -> Iterator[Hit]:
    assert callable(tell)
    for text in (view.stem, view.lead_in, *(option.passage for option in view.options)):
        if words.keys().isdisjoint(text.vocabulary):
            continue
        for word in sorted(text.vocabulary & words.keys()):
            yield Hit(text.spot(text.starts[text.words.index(word)]), tell(word))


CHECKS = (
    Check(STIGMA, stigmatising_words),
    Check(OUTDATED, outdated_term),
    Check(INTERPRETATION, interpretive_words),
    Check(ABBREVIATION, unexplained_abbreviation),
    Check(BRAND, brand_name_drug),
    Check(SPELLING, spelling_not_american),
)
