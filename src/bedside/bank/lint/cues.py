"""Cues to the testwise: marks by which the key can be told from the distractors without knowing the subject."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from bedside.bank.exhibits import exhibits_in
from bedside.bank.lint.passage import passage
from bedside.bank.lint.roots import root, roots
from bedside.bank.lint.rule import Check, Hit, Rule
from bedside.bank.lint.view import OptionView, View
from bedside.bank.lint.word_list import word_set
from bedside.findings import Severity

KEY_LONGEST_RATIO = 1.3  # key to mean of the distractors; TW4 of the list of flaws
_LEAST_DIFFERENCE = 10  # characters; below it a longer name is only a longer name

KEY_LONGEST = Rule(
    "key-longest",
    "TW4",
    Severity.WARNING,
    "The key is the longest option, by more than 1.3 times the mean of the distractors.",
)


def key_longest(view: View) -> Iterator[Hit]:
    key = view.key
    if key is None or len(view.distractors) < 2:
        return
    lengths = [len(option.plain) for option in view.distractors]
    mean = sum(lengths) / len(lengths)
    length = len(key.plain)
    if length <= max(lengths) or length <= KEY_LONGEST_RATIO * mean or length - mean < _LEAST_DIFFERENCE:
        return
    if len(key.plain.split()) > 1:
        times = f"{length / mean:.1f} times" if mean else "far above"
        text = f"the key is the longest option, {times} the mean of the distractors; even out the lengths"
        yield Hit(key.spot, text)


WORD_REPEAT = Rule(
    "word-repeat",
    "TW5",
    Severity.WARNING,
    "A word of the stem or the lead-in, or its root, comes back in the key alone.",
)


def word_repeat(view: View) -> Iterator[Hit]:
    key = view.key
    if key is None or len(view.distractors) < 2:
        return
    if (spot := _stands_in_stem(view, key)) is not None:
        yield spot
        return
    of_key = roots(key.passage.words)
    others = [roots(option.passage.words) for option in view.distractors]
    asked = _asked(view, of_key.union(*others))
    in_key = of_key & asked
    if not in_key:
        return
    alone = in_key.difference(*others)
    if not alone or len(alone) <= max(len((other & asked) - in_key) for other in others):
        return  # distractors ring as loudly
    for word, start in zip(key.passage.words, key.passage.starts, strict=True):
        if root(word) in alone:
            text = (
                f'"{word}" of the key rings with the {_where(view, root(word))} and stands in no distractor; reword one of them'
            )
            yield Hit(key.passage.spot(start), text)
            return


EXHIBIT_NAMES_ANSWER = Rule(
    "exhibit-names-answer",
    "TW5",
    Severity.WARNING,
    "The alternative text of an exhibit says what the key says.",
)


def exhibit_names_answer(view: View) -> Iterator[Hit]:
    key = view.key
    wanted = roots(key.passage.words) if key else frozenset()
    if key is None or not wanted:
        return
    others = [roots(option.passage.words) for option in view.distractors]
    for shown in exhibits_in(view.item.stem):
        told = roots(passage(shown.alternative, line=1).words)
        if wanted <= told and not any(other and other <= told for other in others):
            text = (
                f'the alternative text "{shown.alternative}" says the key, "{key.plain}"; '
                "describe what is shown, not what it means"
            )
            yield Hit(view.stem.spot(shown.offset), text)


def _stands_in_stem(view: View, key: OptionView) -> Hit | None:
    """The whole key, word for word, in stem or lead-in, and no distractor."""
    if key.passage.words and key.passage.words[0] not in view.stem.vocabulary | view.lead_in.vocabulary:
        return None
    text = f" {' '.join(view.stem.words)} . {' '.join(view.lead_in.words)} "
    words = key.passage.words
    if sum(map(len, words)) < _LONG_ROOT + 1 or not roots(words) or f" {' '.join(words)} " not in text:
        return None
    if any(option.passage.words and f" {' '.join(option.passage.words)} " in text for option in view.distractors):
        return None
    return Hit(
        key.spot, f'the key, "{key.plain}", stands in the stem or the lead-in, and no distractor does; reword one of them'
    )


def _asked(view: View, wanted: frozenset[str]) -> frozenset[str]:
    """The wanted roots that ring with a word of stem or lead-in."""
    by_start: dict[str, list[str]] = {}
    for one in wanted:
        by_start.setdefault(one[:4], []).append(one)
    found: set[str] = set()
    words = view.stem.vocabulary | view.lead_in.vocabulary
    for word in [word for word in words if word[:4] in by_start or "-" in word]:
        if (heard := root(word)) is not None:
            found.update(one for one in by_start.get(heard[:4], ()) if _rings(one, heard))
    return frozenset(found)


def _rings(first: str, second: str) -> bool:
    """The same root, or one that goes on in the other (crystal, crystalluria)."""
    if first == second:
        return True
    short, long = sorted((first, second), key=len)
    return len(short) >= _LONG_ROOT and long.startswith(short)


_LONG_ROOT = 5  # letters


def _where(view: View, wanted: str | None) -> str:
    for name, part in (("lead-in", view.lead_in), ("stem", view.stem)):
        for word in part.words:
            if (heard := root(word)) is not None and wanted is not None and _rings(heard, wanted):
                return f'{name} ("{word}")'
    return "question"


CONVERGENCE = Rule(
    "convergence",
    "TW6",
    Severity.WARNING,
    "Options are combinations, and the key shares the most parts with the others.",
)
_PARTS = re.compile(r"\s*(?:,\s*and\s|,\s*but\s|[,;+&]|\band\b|\bplus\b|\bwith\b(?!out)|\bbut\b|\bfollowed by\b|\bthen\b)\s*")


def convergence(view: View) -> Iterator[Hit]:
    key = view.key
    if key is None or len(view.options) < 4:
        return
    if sum([_may_combine(option.passage.lower) for option in view.options]) < len(view.options) - 1:
        return
    parts = [_parts(option) for option in view.options]
    if sum(len(one) > 1 for one in parts) < len(parts) - 1:
        return
    counts = Counter(part for one in parts for part in one)
    scores = [sum(counts[part] - 1 for part in one) for one in parts]
    own = scores[view.options.index(key)]
    shared = all(counts[part] > 1 for part in parts[view.options.index(key)])
    if shared and own > 0 and scores.count(own) == 1 and own == max(scores):
        text = "the key shares more parts with the other options than any of them; balance how often each part occurs"
        yield Hit(key.spot, text)


def _may_combine(lower: str) -> bool:
    return any(join in lower for join in (" and ", " with ", ",", "+", " plus ", ";", "&", " but ", " then ", "followed"))


def _parts(option: OptionView) -> tuple[str, ...]:
    pieces = (piece.strip(" .()") for piece in _PARTS.split(option.plain.lower()))
    return tuple(dict.fromkeys(piece for piece in pieces if piece))


LOGICAL_CUE = Rule(
    "logical-cue",
    "TW2",
    Severity.WARNING,
    "Some options exhaust the possibilities (more, less, unchanged), so that the others can be dismissed.",
)
_UP = word_set("increase increases increased increasing elevated higher high raised rise rises up more greater longer gain")
_DOWN = word_set("decrease decreases decreased decreasing reduced reduction lower low fall falls down less fewer shorter loss")
_SAME = word_set("unchanged unaffected unaltered same normal equal")
_SAME_PHRASE = re.compile(
    r"\bno (?:change|effect|difference|alteration)s?\b|\bdoes not change\b|\bremains? (?:the same|stable|normal)\b"
)
_FILLER = word_set("in of the a an no change changes effect on is are will be does not remain remains stay stays its their")


def logical_cue(view: View) -> Iterator[Hit]:
    if len(view.options) < 4:
        return
    subjects: dict[frozenset[str], dict[str, OptionView]] = {}
    bare: dict[str, OptionView] = {}
    for option in view.options:
        direction = _direction(option)
        if direction is None:
            continue
        rest = frozenset(option.passage.words) - _UP - _DOWN - _SAME - _FILLER
        subjects.setdefault(rest, {})[direction] = option
        if not rest:
            bare[direction] = option
    for ways in subjects.values():
        same = ways.get("same") or bare.get("same")
        if "up" not in ways or "down" not in ways:
            continue
        closed = {id(option) for option in ways.values()} | ({id(same)} if same else set())
        left = len(view.options) - len(closed)
        others = sum(1 for other in subjects.values() if "up" in other and "down" in other)
        has_key = view.key is not None and id(view.key) in closed
        if left == 0 or others > 1 or not (has_key or same):
            continue
        text = "these options leave no other possibility, so that the rest can be dismissed; make all options of one set"
        yield Hit(ways["up"].spot, text, None if same else Severity.NOTE)


def _direction(option: OptionView) -> str | None:
    vocabulary = option.passage.vocabulary
    up, down = not _UP.isdisjoint(vocabulary), not _DOWN.isdisjoint(vocabulary)
    same = not _SAME.isdisjoint(vocabulary) or bool(_SAME_PHRASE.search(option.passage.lower))
    if up + down + same != 1:
        return None
    return "up" if up else "down" if down else "same"


FORMAT_CUE = Rule(
    "format-cue",
    "TW4",
    Severity.WARNING,
    "The key alone carries a mark of form: emphasis, a bracket, a full stop, a small initial.",
)
_MARKS = (
    ("emphasis", re.compile(r"\*\*?\S|(?<!\w)_\S|`")),
    ("brackets", re.compile(r"\([^)]*\)")),
    ("a full stop at its end", re.compile(r"\.\s*$")),
    ("a small initial", re.compile(r"^[a-z]+(?=[ ,.]|$)(?!-)")),
    ("quotation marks", re.compile(r"[\"“]")),
    ("a clause of reason", re.compile(r"\b(?:because|since|so that|in order to)\b")),
)


def format_cue(view: View) -> Iterator[Hit]:
    key = view.key
    if key is None or len(view.distractors) < 2:
        return
    for name, pattern in _MARKS:
        if pattern.search(key.option.text) and not any(pattern.search(option.option.text) for option in view.distractors):
            yield Hit(key.spot, f"the key alone has {name}; give all options one form")


CHECKS = (
    Check(KEY_LONGEST, key_longest),
    Check(WORD_REPEAT, word_repeat),
    Check(EXHIBIT_NAMES_ANSWER, exhibit_names_answer),
    Check(CONVERGENCE, convergence),
    Check(LOGICAL_CUE, logical_cue),
    Check(FORMAT_CUE, format_cue),
)
