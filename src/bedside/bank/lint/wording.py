"""Words in options that give themselves away or say nothing exact."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bedside.bank.lint.rule import Check, Hit, Rule
from bedside.bank.lint.view import OptionView, View
from bedside.bank.lint.word_list import word_set
from bedside.findings import Severity

_THINGS = r"(?:above|these|those|them|foregoing|preceding|listed|following|options?|answers?|choices?|statements?)"
_ALL_PHRASE = re.compile(
    r"\b(?:any|both|either|each|two|three|some|most|one or more|more than one|several) (?:of (?:the )?|the )(?:above"
    r"|foregoing|preceding)\b"
    r"|\ball (?:of )?(?:the )?(?:above|foregoing|preceding)\b"
    rf"|^\W*(?:all|any|both|either)(?: of)? (?:the )?{_THINGS}(?: (?:are|is)(?: (?:correct|true|right|appropriate"
    rf"|possible|likely))?)?\W*$"
    r"|^\W*(?:all|both|more than one|any)(?: (?:answers?|options?|choices?|statements?))? (?:is|are) (?:correct|true|right)\W*$"
)
_LETTER = r"\(?[a-z]\)?"
_JOIN = r"(?:\s*,\s*(?:and\s+)?|\s+and\s+|\s*&\s*|\s+or\s+|\s*[-‑–+/]\s*|\s+to\s+|\s+through\s+)"
_LETTERS_ALONE = re.compile(
    rf"\W*(?:both |either |only )?{_LETTER}(?:{_JOIN}{_LETTER})+(?: only| are (?:correct|true)| above| together)?\W*"
)
_DIGITS_ALONE = re.compile(
    r"\W*(?:both |only )?[1-9](?:(?:\s*,\s*(?:and\s+)?|\s+and\s+|\s*&\s*)[1-9])+(?: only| are (?:correct|true))\W*"
)
_LETTERS_NAMED = re.compile(rf"\b(?:options?|answers?|choices?|statements?|both) {_LETTER}(?:{_JOIN}{_LETTER})+(?![a-z])")
_DIGITS_NAMED = re.compile(
    r"\b(?:options?|answers?|choices?|statements?) [1-9](?:(?:\s*,\s*(?:and\s+)?|\s+and\s+"
    r"|\s*&\s*|\s*[-–]\s*)[1-9])+\b"
)
_LETTER_NAMED = re.compile(r"\b(?:options?|answers?|choices?) \(?[a-f]\)?(?![a-z'’-])")

ALL_OF_THE_ABOVE = Rule(
    "all-of-the-above",
    "TW9",
    Severity.ERROR,
    "An option is made of other options: all of the above, both A and B, A and C.",
    on_imported=True,
)


def all_of_the_above(view: View) -> Iterator[Hit]:
    combined = [option for option in view.options if _is_combined(option.plain.lower())]
    only_letters = [option for option in combined if _LETTERS_ALONE.fullmatch(option.plain.lower())]
    if len(only_letters) == len(view.options):
        return  # every option is a pair of letters: names of the subject (vitamins, blood groups), not of options
    for option in combined:
        yield Hit(option.spot, f'"{_cut(option)}" combines other options; give each option one answer of its own')


_COMBINES = word_set(
    "all any both either each two three some most above foregoing preceding option options answer answers choice "
    "choices statement statements one more correct true"
)


def _is_combined(text: str) -> bool:
    if len(text) > 120 or (len(text) > 12 and _COMBINES.isdisjoint(text.replace("(", " ").split())):
        return False
    return bool(
        _ALL_PHRASE.search(text)
        or _LETTERS_ALONE.fullmatch(text)
        or _DIGITS_ALONE.fullmatch(text)
        or _LETTERS_NAMED.search(text)
        or _LETTER_NAMED.search(text)
        or _DIGITS_NAMED.search(text)
    )


_NONE_PHRASE = re.compile(
    rf"\b(?:none|neither|not any|no one)(?: of)? (?:the )?(?:above|foregoing|preceding|options?|answers?|choices?"
    rf"|statements?)\b"
    rf"|^\W*(?:none|neither) of (?:the )?{_THINGS}\b|^\W*none(?: (?:is|are) (?:correct|true|right|listed|appropriate))\W*$"
    r"|\b(?:no|not a) (?:correct|right|true) (?:answer|option|choice)\b|^\W*(?:not listed|other than (?:the )?above)\b"
    r"|^\W*something else\W*$"
)

NONE_OF_THE_ABOVE = Rule(
    "none-of-the-above",
    "ID7",
    Severity.ERROR,
    "An option says that no other option is right.",
    on_imported=True,
)


_DENIES = word_set("none neither no not one other something")


def none_of_the_above(view: View) -> Iterator[Hit]:
    for option in view.options:
        lower = option.plain.lower()
        if _DENIES.isdisjoint(option.passage.vocabulary):
            continue
        if _NONE_PHRASE.search(lower):
            yield Hit(option.spot, f'"{_cut(option)}" leaves open what would be right; replace it with an answer')
        elif option.passage.words == ("none",) and len(lower) < 8:
            text = f'"{_cut(option)}" reads like "none of the above"; say what is not done or not there'
            yield Hit(option.spot, text, Severity.WARNING)


_CLAIMS = frozenset({"always", "never", "invariably", "impossible", "absolutely", "certainly", "definitely", "undoubtedly"})
_ABSOLUTE = _CLAIMS | word_set("all none only every must completely entirely exclusively solely totally everyone nobody")
_SPOKEN = frozenset({"always", "never", "invariably"})
_QUOTES = ('"', "“", "‘", "'", "«")

ABSOLUTE = Rule(
    "absolute-terms",
    "TW3",
    Severity.WARNING,
    "An option claims too much: always, never, all, only, none.",
)


def absolute_terms(view: View) -> Iterator[Hit]:
    found = [(option, offset, word) for option in view.options if (hit := _absolute(option)) for offset, word in (hit,)]
    if not found or len(found) == len(view.options):
        return  # a word that every option shares marks none of them
    in_key = any(option.is_key for option, _, _ in found)
    for option, offset, word in found:
        is_cue = not in_key and word in _CLAIMS and not option.plain.startswith(_QUOTES)
        text = f'"{word}" is absolute; readers dismiss such an option unread. Say what is claimed, without it'
        yield Hit(option.passage.spot(offset), text, Severity.ERROR if is_cue else None)


_INTERVAL = re.compile(
    r"every (?:[0-9]|other|two|three|four|six|eight|twelve|hour|day|night|week|month|year|morning|evening|few)"
)


def _absolute(option: OptionView) -> tuple[int, str] | None:
    passage = option.passage
    if _ABSOLUTE.isdisjoint(passage.vocabulary) or _is_combined(option.plain.lower()):
        return None
    if _NONE_PHRASE.search(option.plain.lower()) or passage.words == ("none",):
        return None
    known = _SPOKEN if option.plain.startswith(_QUOTES) else _ABSOLUTE
    for word, start in zip(passage.words, passage.starts, strict=True):
        if word not in known or (word == "all" and passage.prose[start : start + 3] == "ALL"):
            continue
        if word != "every" or not _INTERVAL.match(passage.lower, start):
            return start, word
    return None


_VAGUE = word_set(
    "usually often frequently sometimes occasionally rarely generally typically commonly seldom infrequently mostly "
    "probably possibly perhaps"
)
_VAGUE_PHRASE = re.compile(
    r"\b(?:(?:is|are|be|being|been) (?:\w+ )?associated with|tends? to|at times|in (?:many|some|most|certain) (?:cases"
    r"|patients|people)"
    r"|many (?:cases|patients)|from time to time|now and then|more or less)\b"
)
_VAGUE_TRIGGERS = frozenset({"associated", "tend", "tends", "times", "cases", "patients", "people", "time", "now", "more"})

VAGUE = Rule(
    "vague-frequency",
    "ID5",
    Severity.WARNING,
    "An option uses a word of frequency that everyone reads differently.",
)


def vague_frequency(view: View) -> Iterator[Hit]:
    for option in view.options:
        passage = option.passage
        if option.plain.startswith(_QUOTES):
            continue
        if not _VAGUE.isdisjoint(passage.vocabulary):
            for word, start in zip(passage.words, passage.starts, strict=True):
                if word in _VAGUE:
                    yield _vague(option, start, word)
                    break
        elif not _VAGUE_TRIGGERS.isdisjoint(passage.vocabulary) and (match := _VAGUE_PHRASE.search(passage.lower)):
            yield _vague(option, match.start(), match.group())


def _vague(option: OptionView, offset: int, words: str) -> Hit:
    return Hit(option.passage.spot(offset), f'"{words}" has no agreed meaning; give a number, or say what happens')


_MODAL = re.compile(r"\b(?:may|can|could|might)\b(?! (?:[0-9]|19|20))")
_MODALS = frozenset({"may", "can", "could", "might"})

MODAL = Rule(
    "modal-verb-in-option",
    "ID5",
    Severity.WARNING,
    'An option says "may", "can", "could" or "might", which is hardly ever false.',
)


def modal_verb_in_option(view: View) -> Iterator[Hit]:
    for option in view.options:
        if _MODALS.isdisjoint(option.passage.vocabulary) or option.plain.startswith(_QUOTES):
            continue
        if match := _MODAL.search(option.passage.lower):
            text = f'"{match.group()}" can hardly be false; say what is so, or what to do'
            yield Hit(option.passage.spot(match.start()), text)


_NEGATED = re.compile(
    r"\b(?:not|no|never|without)\s+(?:an?\s+)?(?:un(?!it|iform|ion|ique|der|ilateral|iversal)\w+|infrequent\w*|impossible"
    r"|improbable|inappropriate"
    r"|irrelevant|insignificant|ineffective|abnormal|dis(?:similar|agree)\w*|without)\b"
    r"|(?:\bnot|\bcannot|\bnever|n['’]t)\b(?:(?!\b(?:and|or|nor|but|because|if|that)\b)[^.,;?]){0,50}\b(?:not|no"
    r"|without|absence|lack|neither|except)\b"
)
_NEGATIVES = word_set("not no never without cannot can't don't doesn't isn't won't wouldn't shouldn't")

DOUBLE_NEGATIVE = Rule(
    "double-negative",
    "ID2",
    Severity.WARNING,
    "Two negatives have to be turned round in the head.",
)


def double_negative(view: View) -> Iterator[Hit]:
    for passage in (view.lead_in, *(option.passage for option in view.options)):
        if not _NEGATIVES.isdisjoint(passage.vocabulary) and (match := _NEGATED.search(passage.lower)):
            text = f'"{" ".join(match.group().split())}" is a double negative; say it positively'
            yield Hit(passage.spot(match.start()), text)


def _cut(option: OptionView) -> str:
    return option.plain if len(option.plain) <= 50 else option.plain[:49] + "…"


CHECKS = (
    Check(ALL_OF_THE_ABOVE, all_of_the_above),
    Check(NONE_OF_THE_ABOVE, none_of_the_above),
    Check(ABSOLUTE, absolute_terms),
    Check(VAGUE, vague_frequency),
    Check(MODAL, modal_verb_in_option),
    Check(DOUBLE_NEGATIVE, double_negative),
)
