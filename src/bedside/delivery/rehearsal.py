"""What a sitting shows beyond its score: fatigue, pace, changed answers, what was left, and how sure the candidate was.

Every number says how many items it rests on and has an interval, and nothing is said to be so where the interval includes zero.
Items differ in difficulty, and no finding here is adjusted for that: a difference between two parts of a day may lie in the
items. Times are milliseconds as the candidate lived them; hours are of the exam's clock, which runs `form.pace` times faster
in a rehearsal under a compressed clock. An item without an answer counts as not right.

What each method is, and why, stands in `docs/explanation/what-a-report-rests-on.md`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from bedside.delivery.form import Form
from bedside.delivery.intervals import Estimate, difference, line, median_of, median_slope, net_gain, shift
from bedside.delivery.report import Share, wilson
from bedside.delivery.state import Sitting
from bedside.delivery.worked import Change, Worked

MIN_OF_A_THIRD = 5  # items; below it the interval of a difference says next to nothing
MIN_FOR_TREND = 30  # items; HC3 holds its level from about 25 on, Long & Ervin (2000)
MIN_FOR_QUARTERS = 20  # answered items
LAST_MS = 120_000  # of a block, on the exam's clock: the last two minutes
RUSHED_SHARE = (
    0.10  # of the time that the form gives an item: Wise & Ma (2012), the normative threshold NT10, there of the mean
)
RUSHED_MAX_MS = 10_000  # and never more than this, on the exam's clock: Wise & Ma (2012)
HOUR_MS = 3_600_000


@dataclass(frozen=True, slots=True)
class Part:
    """Some items together: a block, an hour, a quarter. `name` is its number, from 1.

    `pace` is the median time on an answered item, in milliseconds.
    """

    name: int
    share: Share
    n_answered: int
    pace: Estimate | None
    used_ms: int | None = None  # a block's own
    limit_ms: int | None = None
    closed_by: str | None = None


@dataclass(frozen=True, slots=True)
class Contrast:
    """Two groups of items, and the share of the first minus that of the other; None where one has too few items."""

    group: Share
    others: Share
    difference: Estimate | None


@dataclass(frozen=True, slots=True)
class Fatigue:
    """The last third of the items against the first, and trends over the hours.

    The verdict rests on `accuracy` alone, which was chosen before looking; the others stand beside it.
    """

    accuracy: Contrast  # the last third against the first
    trend: Estimate | None  # share right, per hour
    pace_first: Estimate | None  # median milliseconds
    pace_last: Estimate | None
    pace: Estimate | None  # milliseconds more on an item of the last third than on one of the first
    pace_trend: Estimate | None  # milliseconds, per hour

    @property
    def can_be_read(self) -> bool:
        """Were fewer right in the last third, beyond what chance among as many items would do?"""
        return self.accuracy.difference is not None and self.accuracy.difference.sign < 0


@dataclass(frozen=True, slots=True)
class TimeAndOutcome:
    """Time on answered items, by how they came out. Times in milliseconds."""

    right: Estimate | None  # median
    wrong: Estimate | None  # median
    longer_on_wrong: Estimate | None
    quarters: tuple[Part, ...]  # from the quickest fourth of the answered items to the slowest


@dataclass(frozen=True, slots=True)
class Changes:
    """Changed answers by how they came out. `net` is items gained by changing."""

    n: int
    wrong_to_right: int
    right_to_wrong: int
    wrong_to_wrong: int
    right_to_right: int
    net: Estimate
    gained: Share  # of all changed answers, those that went from wrong to right


@dataclass(frozen=True, slots=True)
class Blanks:
    """Items without an answer. `by_guessing` is how many of them a blind guess each would have got right on average."""

    share: Share
    by_guessing: float
    n_guessable: int  # those with options of which one is chosen


@dataclass(frozen=True, slots=True)
class Sureness:
    """What was marked sure and unsure, and what came of it; over answered items."""

    sure: Share
    unsure: Share
    unmarked: Share
    difference: Estimate | None  # sure minus unsure


@dataclass(frozen=True, slots=True)
class Findings:
    """All that is found in one sitting."""

    n_items: int
    n_answered: int
    blocks: tuple[Part, ...]
    hours: tuple[Part, ...]
    fatigue: Fatigue
    time: TimeAndOutcome
    last_minutes: Contrast | None  # answered in the last two minutes of a block, against before; None without a clock
    rushed: Contrast | None  # answered items quicker than `rushed_ms`, against the others
    rushed_ms: int | None
    changes: Changes
    blanks: Blanks
    flagged: Contrast
    sureness: Sureness


def findings_of(form: Form, sitting: Sitting, items: Sequence[Worked]) -> Findings:
    """The findings of a sitting; `items` is what `worked_items` gives for it."""
    answered = [one for one in items if one.is_answered]
    rushed_ms = _rushed_ms(form)
    return Findings(
        n_items=len(items),
        n_answered=len(answered),
        blocks=_blocks(form, sitting, items),
        hours=_hours(form, sitting, items),
        fatigue=_fatigue(form, sitting, items),
        time=_time(answered),
        last_minutes=_last_minutes(form, answered),
        rushed=None if rushed_ms is None else _split(answered, [one for one in answered if _ms(one) < rushed_ms]),
        rushed_ms=rushed_ms,
        changes=_changes(items),
        blanks=_blanks(items),
        flagged=_split(items, [one for one in items if one.is_flagged]),
        sureness=_sureness(answered),
    )


def share_of(items: Sequence[Worked]) -> Share:
    """The share right of these items, with Wilson's interval."""
    return wilson(sum(one.is_right for one in items), len(items))


def contrast(group: Sequence[Worked], others: Sequence[Worked]) -> Contrast:
    """Two groups of items against each other, with Newcombe's interval of the difference."""
    one, other = share_of(group), share_of(others)
    return Contrast(one, other, difference(other, one) if group and others else None)


def _split(items: Sequence[Worked], group: Sequence[Worked]) -> Contrast:
    inside = {one.item for one in group}
    return contrast(group, [one for one in items if one.item not in inside])


def _part(name: int, items: Sequence[Worked]) -> Part:
    answered = [one for one in items if one.is_answered]
    return Part(name, share_of(items), len(answered), median_of(_times(answered)))


def _blocks(form: Form, sitting: Sitting, items: Sequence[Worked]) -> tuple[Part, ...]:
    runs = {run.block: run for run in sitting.blocks}
    found = []
    for number, block in enumerate(form.blocks, start=1):
        if block.case is not None:
            continue
        part, run = _part(number, [one for one in items if one.block == number]), runs.get(number)
        found.append(
            Part(
                part.name,
                part.share,
                part.n_answered,
                part.pace,
                used_ms=run.used_ms if run else None,
                limit_ms=form.limit_ms(number),
                closed_by=run.closed_by if run else None,
            )
        )
    return tuple(found)


def _hours(form: Form, sitting: Sitting, items: Sequence[Worked]) -> tuple[Part, ...]:
    by_hour: dict[int, list[Worked]] = {}
    for one in items:
        if one.at is not None:
            by_hour.setdefault(int(_hour(form, sitting, one.at)) + 1, []).append(one)
    return tuple(_part(hour, by_hour[hour]) for hour in sorted(by_hour))


def _fatigue(form: Form, sitting: Sitting, items: Sequence[Worked]) -> Fatigue:
    third = len(items) // 3
    first, last = items[:third], items[len(items) - third :]
    is_enough = third >= MIN_OF_A_THIRD
    accuracy = contrast(last, first)
    timed = [(_hour(form, sitting, one.at), one) for one in items if one.at is not None]
    worked = [(hour, one) for hour, one in timed if one.is_answered]
    return Fatigue(
        accuracy=accuracy if is_enough else Contrast(accuracy.group, accuracy.others, None),
        trend=line([hour for hour, _ in timed], [float(one.is_right) for _, one in timed]) if _is_trend(timed) else None,
        pace_first=median_of(_times(first)),
        pace_last=median_of(_times(last)),
        pace=shift(_times(first), _times(last)) if is_enough else None,
        pace_trend=median_slope([hour for hour, _ in worked], _times(one for _, one in worked)) if _is_trend(worked) else None,
    )


def _is_trend(points: Sequence[object]) -> bool:
    return len(points) >= MIN_FOR_TREND


def _hour(form: Form, sitting: Sitting, at: datetime) -> float:
    """Hours of the exam's clock since the first block was opened."""
    since = at - (sitting.blocks[0].opened_at if sitting.blocks else at)
    return max(0.0, since.total_seconds() * 1000 * float(form.pace) / HOUR_MS)


def _time(answered: Sequence[Worked]) -> TimeAndOutcome:
    right = _times(one for one in answered if one.is_right)
    wrong = _times(one for one in answered if not one.is_right)
    quarters: list[Part] = []
    if len(answered) >= MIN_FOR_QUARTERS:
        ordered = sorted(answered, key=lambda one: (_ms(one), one.position))
        edges = [len(ordered) * quarter // 4 for quarter in range(5)]
        quarters = [_part(n, ordered[edges[n - 1] : edges[n]]) for n in range(1, 5)]
    return TimeAndOutcome(median_of(right), median_of(wrong), shift(right, wrong), tuple(quarters))


def _last_minutes(form: Form, answered: Sequence[Worked]) -> Contrast | None:
    clocked = [one for one in answered if one.left_ms is not None]
    if not clocked:
        return None
    bound_ms = LAST_MS / float(form.pace)
    return _split(clocked, [one for one in clocked if one.left_ms is not None and one.left_ms <= bound_ms])


def _rushed_ms(form: Form) -> int | None:
    """Below which an answer was rushed: a tenth of an item's time without any accommodation, None without a clock."""
    n_items = sum(len(block.items) for block in form.blocks)
    limits = [block.limit_s for block in form.blocks if block.case is None]
    total_s = form.limit_s if form.limit_s is not None else sum(limit for limit in limits if limit is not None)
    if form.limit_s is None and None in limits:
        return None
    return int(min(RUSHED_MAX_MS / float(form.pace), RUSHED_SHARE * total_s * 1000 / n_items))


def _changes(items: Sequence[Worked]) -> Changes:
    kinds = Counter(one.change for one in items if one.change is not None)
    gained, lost = kinds[Change.WRONG_TO_RIGHT], kinds[Change.RIGHT_TO_WRONG]
    n = sum(kinds.values())
    return Changes(
        n=n,
        wrong_to_right=gained,
        right_to_wrong=lost,
        wrong_to_wrong=kinds[Change.WRONG_TO_WRONG],
        right_to_right=kinds[Change.RIGHT_TO_RIGHT],
        net=net_gain(gained, lost),
        gained=wilson(gained, n),
    )


def _blanks(items: Sequence[Worked]) -> Blanks:
    blank = [one for one in items if not one.is_answered]
    chances = [1 / one.n_options for one in blank if one.n_options]
    return Blanks(wilson(len(blank), len(items)), sum(chances), len(chances))


def _sureness(answered: Sequence[Worked]) -> Sureness:
    sure, unsure, unmarked = ([one for one in answered if one.confidence == name] for name in ("sure", "unsure", None))
    return Sureness(share_of(sure), share_of(unsure), share_of(unmarked), contrast(sure, unsure).difference)


def _times(items: Iterable[Worked]) -> list[float]:
    return [float(one.ms) for one in items if one.ms is not None]


def _ms(one: Worked) -> int:
    assert one.ms is not None  # an answered item has its time
    return one.ms
