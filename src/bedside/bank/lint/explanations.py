"""Explanations: there for every option, its own, and on the right side."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bedside.bank.lint.passage import plain
from bedside.bank.lint.rule import Check, Hit, Rule, Spot
from bedside.bank.lint.view import OptionView, View
from bedside.findings import Severity

SHORTEST_WORDS = 6

TOO_SHORT = Rule(
    "explanation-too-short",
    "TC11",
    Severity.WARNING,
    "An explanation is too short to give a reason.",
)


def explanation_too_short(view: View) -> Iterator[Hit]:
    for option in view.options:
        n = len(option.option.explanation.split())
        if 0 < n < SHORTEST_WORDS:
            yield Hit(_spot(option), f"the explanation of {option.letter} has {n} words; say why, for this patient")
    answer = view.item.answer
    if answer and 0 < (n := len(answer.explanation.split())) < SHORTEST_WORDS:
        yield Hit(Spot(answer.line + 1), f"the explanation of the answer has {n} words; show how it comes out")


SAME = Rule(
    "explanation-same-as-other",
    "TC11",
    Severity.WARNING,
    "Two options share one explanation.",
)


_OPENING = 4  # characters; explanations that are the same begin the same


def explanation_same_as_other(view: View) -> Iterator[Hit]:
    if len({option.option.explanation[:_OPENING].lower() for option in view.options}) == len(view.options):
        return
    seen: dict[str, str] = {}
    for option in view.options:
        text = re.sub(r"[^a-z0-9]+", " ", option.option.explanation.lower()).strip()
        if not text:
            continue
        twin = seen.setdefault(text, option.letter)
        if twin != option.letter:
            yield Hit(
                _spot(option),
                f"{option.letter} has the explanation of {twin}; each option is wrong or right for its own reason",
            )


CONTRADICTS = Rule(
    "explanation-contradicts-key",
    "TW12",
    Severity.ERROR,
    "An explanation calls a distractor right, or the key wrong.",
    on_imported=True,
)
_RIGHT = re.compile(
    r"^\W*(?:correct|right|true|yes)(?:\W*$|\W*[.!:;,–—-]\s|\s+(?:answer|choice|option)\b)|^\W*(?:this|that) is "
    r"(?:the )?(?:correct|right|best)(?: (?:answer|choice|option)|[.!])"
    r"|^\W*(?:the )?(?:correct|right|best) (?:answer|choice|option)\b"
)
_WRONG = re.compile(
    r"^\W*(?:incorrect|wrong|false|not correct|no)(?:\W*$|\W*[.!:;,–—-]\s|\s+(?:answer|choice|option)\b)|^\W*(?:this"
    r"|that) is (?:an? |the )?(?:incorrect|wrong|not (?:the )?(?:correct|right|best))(?: (?:answer|choice|option)|[.!])"
)


def explanation_contradicts_key(view: View) -> Iterator[Hit]:
    for option in view.options:
        lower = option.option.explanation[:80].lower()
        if not option.is_key and _RIGHT.search(lower):
            yield Hit(_spot(option), f"the explanation calls {option.letter} right, and it is not the key")
        elif option.is_key and _WRONG.search(lower):
            yield Hit(_spot(option), f"the explanation calls {option.letter} wrong, and it is the key")


NAMES_LETTER = Rule(
    "explanation-names-a-letter",
    "TC11",
    Severity.NOTE,
    "An explanation speaks of an option by its letter, which changes when options are shuffled.",
)
_LETTER = re.compile(r"\b(?:[Oo]ption|[Cc]hoice|[Aa]nswer)s? \(?(?P<letter>[A-F])\)?(?![A-Za-z'’-])")


def explanation_names_a_letter(view: View) -> Iterator[Hit]:
    if not any(word in view.told for word in ("option", "choice", "answer")):
        return
    for option in view.options:
        if match := _LETTER.search(option.option.explanation):
            yield Hit(_spot(option), f'"{match.group()}" depends on the order of the options; name what it says')


LABELLED = Rule(
    "option-labelled",
    "ID8",
    Severity.NOTE,
    "An option carries a letter or number of its own beside the one it is shown with.",
)
_LABEL = re.compile(r"^\W*\(?(?P<label>[A-Fa-f]|[1-9])[.):]\s+\S")


def option_labelled(view: View) -> Iterator[Hit]:
    labelled = [option for option in view.options if _LABEL.match(plain(option.option.text))]
    if labelled and len(labelled) >= len(view.options) - 1:
        yield Hit(labelled[0].spot, "letters are added when the options are shown; leave them out")


def _spot(option: OptionView) -> Spot:
    return Spot(option.option.line + 1)


CHECKS = (
    Check(TOO_SHORT, explanation_too_short),
    Check(SAME, explanation_same_as_other),
    Check(CONTRADICTS, explanation_contradicts_key),
    Check(NAMES_LETTER, explanation_names_a_letter),
    Check(LABELLED, option_labelled),
)
