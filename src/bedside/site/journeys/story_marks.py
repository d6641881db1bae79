"""Sittings as marks on a picture by week: a line down to the axis, with its word in a row above the picture.

Words have the size of the text and places are per cent, so that room is reckoned for a phone; wider, there is more of it. No
word lies over another, and no line goes through one.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from django.utils.translation import gettext as _

from bedside.journeys import Journey, Result

LETTER = 2.45  # per cent of the picture that a letter takes on a phone
APART = 1.5  # between a word and the next
MOST_LANES, MOST_WORDS = 4, 6
CAP_EM, FOOT_EM = 1.0, 0.3  # how far a word goes above its line, and below
LANE_EM, ROW_EM = 1.35, 1.5  # a row of words of marks, and the row below them for words of the picture itself


@dataclass(frozen=True, slots=True)
class Mark:
    """A mark at a place in per cent; its word, if any, in which row from above, and on which side of its line.

    `cut`: from where to where its line is left out for words of the picture, in em from above.
    """

    at: float
    text: str
    anchor: str = "end"
    lane: int = 0
    cut: tuple[float, float] | None = None

    @property
    def shift(self) -> str:
        return "0.3em" if self.anchor == "start" else "-0.3em"

    @property
    def text_em(self) -> float:
        return round(LANE_EM * self.lane + 1.0, 2)

    @property
    def top_em(self) -> float:
        return round(LANE_EM * self.lane + 0.1, 2)

    def reach(self) -> tuple[float, float]:
        """From where to where its word goes."""
        width = room_of(self.text)
        return (self.at, self.at + width) if self.anchor == "start" else (self.at - width, self.at)


@dataclass(frozen=True, slots=True)
class Frame:
    """Where the parts of a picture stand, in em from above: rows of marks, a row of words, the plot, and its axis."""

    n_lanes: int
    plot: float  # its height

    @property
    def top(self) -> float:
        return round(LANE_EM * self.n_lanes + ROW_EM, 2)

    @property
    def bottom(self) -> float:
        return round(self.top + self.plot, 2)

    @property
    def ticks(self) -> float:
        return round(self.bottom + 1.4, 2)

    @property
    def height(self) -> float:
        return round(self.bottom + 1.9, 2)


def room_of(text: str) -> float:
    """Per cent of the picture that words take on a phone."""
    return LETTER * len(text) + APART


def outcome_words(result: Result) -> str:
    """How an exam ended; empty where that is not told."""
    return {"pass": _("passed"), "fail": _("failed")}.get(result.outcome or "", "")


def sitting_words(result: Result) -> str:
    """The word of a sitting on a picture; empty for one that is not marked."""
    if result.kind == "exam":
        return outcome_words(result) or _("exam")
    return _("practice test") if result.kind == "practice_test" else ""


def sittings_by_week(journey: Journey, n_weeks: int) -> dict[int, list[str]]:
    """The words of the sittings of each of the first so many weeks."""
    found: dict[int, list[str]] = {}
    for result in sorted(journey.results, key=lambda one: (one.week, one.kind != "exam")):
        words = sitting_words(result)
        if words and result.week < n_weeks and words not in found.setdefault(result.week, []):
            found[result.week].append(words)
    return {week: words for week, words in found.items() if words}


def marks_of(journey: Journey, n_weeks: int, place: Callable[[int], float]) -> tuple[Mark, ...]:
    """The marks from left to right. Where there is no room for all words, those of exams and of late sittings are kept."""
    found = sittings_by_week(journey, n_weeks)
    tests = {_("practice test")}
    wanted = [(place(week), text, text in tests) for week, texts in found.items() for text in texts]
    kept: tuple[Mark, ...] = ()
    bare: list[Mark] = []
    for at, text, _is_test in sorted(wanted, key=lambda one: (one[2], -one[0])):
        more = _arranged([*((one.at, one.text) for one in kept), (at, text)]) if len(kept) < MOST_WORDS else None
        if more is None:
            bare.append(Mark(at, ""))
        else:
            kept = more
    return tuple(sorted([*kept, *bare], key=lambda one: one.at))


def cut_for(marks: Sequence[Mark], word: tuple[float, float], base_em: float) -> tuple[Mark, ...]:
    """The marks, with the lines left out where they would go through a word of the picture that stands on that line."""
    low, high = word
    cut = (round(base_em - CAP_EM, 2), round(base_em + FOOT_EM, 2))
    return tuple(replace(mark, cut=cut) if low < mark.at < high else mark for mark in marks)


def lanes_of(marks: Sequence[Mark]) -> int:
    """How many rows the words of these marks need."""
    return max((mark.lane + 1 for mark in marks), default=0)


def _arranged(wanted: Sequence[tuple[float, str]]) -> tuple[Mark, ...] | None:
    """All of these with their words in as few rows as they need; None: there is no room."""
    for n_lanes in range(1, MOST_LANES + 1):
        found = _placed(sorted(wanted), (), n_lanes)
        if found is not None:
            return found
    return None


def _placed(wanted: Sequence[tuple[float, str]], placed: tuple[Mark, ...], n_lanes: int) -> tuple[Mark, ...] | None:
    if not wanted:
        return placed
    (at, text), *others = wanted
    for lane in range(n_lanes):
        for anchor in ("start", "end") if at < 50 else ("end", "start"):
            mark = Mark(at, text, anchor, lane)
            low, high = mark.reach()
            if low < -APART or high > 100 + APART or any(_clash(mark, other) for other in placed):
                continue
            found = _placed(others, (*placed, mark), n_lanes)
            if found is not None:
                return found
    return None


def _clash(one: Mark, other: Mark) -> bool:
    """Does a word lie over the other, or the line of the upper one go through the word of the lower one?"""
    if one.lane == other.lane:
        (low, high), (from_, to) = one.reach(), other.reach()
        return low < to and from_ < high
    upper, lower = (one, other) if one.lane < other.lane else (other, one)
    low, high = lower.reach()
    return low < upper.at < high
