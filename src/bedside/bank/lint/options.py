"""The set of options: how many, how long, distinct, and of one kind."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from bedside.bank.lint.kinds import Kind, asks_for_a_cause, kind_asked, kind_of
from bedside.bank.lint.rule import Check, Hit, Rule
from bedside.bank.lint.view import OptionView, View
from bedside.bank.lint.word_list import word_set
from bedside.findings import Severity, plural

FEWEST, MOST = 3, 6  # TC2: five preferred, three to six allowed
MEAN_WORDS, MOST_WORDS = 12, 25  # ID1
READ_OPTIONS = 26  # an item with more is broken; the reader says so

NUMBER_OF_OPTIONS = Rule(
    "number-of-options",
    "TC2",
    Severity.WARNING,
    "An item has three to six options; five is usual.",
    on_imported=True,
    needs_options=True,
)


def number_of_options(view: View) -> Iterator[Hit]:
    n = len(view.options)
    place = view.options[0].spot if view.options else view.lead_in.spot()
    if n < FEWEST:
        yield Hit(place, f"{plural(n, 'option')}; write three to six")
    elif n > MOST:
        yield Hit(place, f"{n} options; more than six cost reading time and gain nothing", Severity.NOTE)


LONG_OPTIONS = Rule(
    "long-options",
    "ID1",
    Severity.WARNING,
    "Options average more than 12 words, or one has more than 25.",
)


def long_options(view: View) -> Iterator[Hit]:
    if not view.options:
        return
    counts = [len(option.plain.split()) for option in view.options]
    longest = max(counts)
    mean = sum(counts) / len(counts)
    option = view.options[counts.index(longest)]
    if longest > MOST_WORDS:
        yield Hit(option.spot, f"{longest} words in one option (at most {MOST_WORDS}); move common text into the stem")
    elif mean > MEAN_WORDS and not option.plain.startswith(('"', "“")):
        yield Hit(option.spot, f"the options have {mean:.0f} words on average (at most {MEAN_WORDS}); shorten them")


NEAR_IDENTICAL = Rule(
    "near-identical-options",
    "TW12",
    Severity.WARNING,
    "Two options say the same in the same words, turned round or respelt.",
    on_imported=True,
)
_TOKEN = re.compile(r"[a-zà-ÿα-ω]+|[0-9]+(?:[.,][0-9]+)*|[<>≤≥=≠↑↓+]|[%−-](?=\s*[0-9])")
_EMPTY_WORDS = word_set("a an the of and in to for with by on is are")
# where the order of the words is the meaning, the same words are not the same answer
_ORDER_MATTERS = re.compile(
    r"\b(?:to|from|then|followed|before|after|than|versus|over|more|less|not|without|but|instead)\b|→|->|[↑↓<>:]"
)


def near_identical_options(view: View) -> Iterator[Hit]:
    openings = [frozenset([word[:4] for word in option.passage.words if word not in _EMPTY_WORDS]) for option in view.options]
    if len(set(openings)) == len(openings):
        return  # no two have their words in common
    seen: dict[tuple[str, ...], OptionView] = {}
    for option in view.options:
        lower = option.plain.lower()
        tokens = [_singular(token) for token in _TOKEN.findall(lower) if token not in _EMPTY_WORDS]
        if not tokens:
            continue
        is_ordered = _ORDER_MATTERS.search(lower) or any(not token[0].isalpha() for token in tokens)
        directed = sum(token in _DIRECTIONS for token in tokens) > 1
        form = tuple(tokens) if is_ordered or directed else tuple(sorted(set(tokens)))
        twin = seen.setdefault(form, option)
        if twin is not option and twin.plain.casefold() != option.plain.casefold():
            text = f'"{option.plain[:50]}" says the same as "{twin.plain[:50]}" (option {twin.letter}); replace one'
            yield Hit(option.spot, text)


_DIRECTIONS = word_set("increased decreased increase decrease high low higher lower elevated reduced normal positive negative")


def _singular(token: str) -> str:
    return token[:-1] if len(token) > 4 and token.endswith("s") and not token.endswith(("ss", "us", "is")) else token


NOT_HOMOGENEOUS = Rule(
    "not-homogeneous-options",
    "TW8",
    Severity.WARNING,
    "Options mix kinds: a diagnosis beside a test, a drug among diagnoses.",
)
_NAMES = {
    Kind.DIAGNOSIS: "a diagnosis",
    Kind.DRUG: "a drug",
    Kind.TEST: "a test",
    Kind.PROCEDURE: "a procedure",
}


def not_homogeneous_options(view: View) -> Iterator[Hit]:
    if len(view.options) < 3:
        return
    kinds = [kind_of(option.plain) for option in view.options]
    known = Counter(kind for kind in kinds if kind is not None)
    if len(known) < 2:
        return
    asked = kind_asked(view.lead_in.lower)
    if not asked and asks_for_a_cause(view.lead_in.lower):
        return  # a cause may be a drug as well as a disease
    for option, kind in zip(view.options, kinds, strict=True):
        if kind is None or kind in asked:
            continue
        others = len(view.options) - kinds.count(kind)
        fitting = sum(count for other, count in known.items() if (other in asked if asked else other is not kind))
        enough = fitting >= 2 if asked else others == len(view.options) - 1 and fitting == others and _far_apart(kind, known)
        if enough:
            text = f"this option is {_NAMES[kind]}, the others are not; give all options one kind, the one asked for"
            yield Hit(option.spot, text)
            return


def _far_apart(kind: Kind, known: Counter[Kind]) -> bool:
    """Without a kind asked for, only a diagnosis among actions or one action among diagnoses is odd."""
    others = [other for other in known if other is not kind]
    return kind is Kind.DIAGNOSIS or others == [Kind.DIAGNOSIS]


CHECKS = (
    Check(NUMBER_OF_OPTIONS, number_of_options),
    Check(LONG_OPTIONS, long_options),
    Check(NEAR_IDENTICAL, near_identical_options),
    Check(NOT_HOMOGENEOUS, not_homogeneous_options),
)
