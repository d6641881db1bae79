"""The score of a run by the case's rubric.

`percent = 100 * max(0, credit + harm + parsimony) / possible`, then limited softly. What the design leaves open:
- A list or a group in an item means any of its members: the best of them is credited, one is enough for a harm.
- A window opens with its event; before that an action earns nothing, and so it does if the event never comes.
- An action that was refused, or an order for later that was stopped before its time, was not taken.
- `before`: both must have been done; of orders signed at one instant, the one that was entered first comes first.
- `watch`: of the interval, the share at which the last check (or its beginning) is no longer ago than `every`. Without
  an interval nothing is earned.
- `reach`: nothing is earned by a patient who has died by the end.
- A harm costs once, however often it was done.
- A critical item is missed where it earns nothing. Of several limits the lowest counts, and once.
- Parsimony counts every order taken that is neither neutral nor looked at by an item, in points; 2 and 3 of the catalogue's
  `inv` are intrusive. Examinations, moves and questions are not orders.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from bedside.cases.plans import Case, ItemPlan
from bedside.cases.record import ActionTaken, Record
from bedside.cases.rubric import Before, Do, Happened, Reach, Watch
from bedside.cases.targets import ORDER

BANDS = ((85.0, "very good"), (70.0, "good"), (50.0, "fair"), (25.0, "weak"), (0.0, "poor"))  # ours; no official standard
INTRUSIVE = 2  # of the catalogue's `inv`
DIED = "died"


@dataclass(frozen=True, slots=True)
class ScoreLine:
    """One item: points earned (negative: lost) of those possible, and the instant that decided it, None where nothing did."""

    id: str
    kind: str
    points: float
    possible: float
    at_s: int | None
    why: str | None
    dimension: str


@dataclass(frozen=True, slots=True)
class Cost:
    """What needless orders cost, in points, and which they were."""

    points: float  # zero or negative
    intrusive: tuple[str, ...]
    clutter: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Limit:
    """A reason for which the score is limited: the id of an item, or `died`."""

    id: str
    percent: float


@dataclass(frozen=True, slots=True)
class Score:
    """A score. `raw` and `possible` are points, `uncapped` what the percent would be without limits (`caps`)."""

    percent: float
    uncapped: float
    raw: float
    possible: float
    lines: tuple[ScoreLine, ...]
    harms: tuple[ScoreLine, ...]
    parsimony: Cost
    caps: tuple[Limit, ...]
    band: str

    def by_dimension(self) -> dict[str, tuple[float, float]]:
        """Points earned and possible of each part of the profile; harms lower what was earned."""
        found: dict[str, tuple[float, float]] = {}
        for line in (*self.lines, *self.harms):
            points, possible = found.get(line.dimension, (0.0, 0.0))
            found[line.dimension] = (points + line.points, possible + line.possible)
        return found


def score(case: Case, record: Record) -> Score:
    """Score a run, finished or not."""
    taken = _by_item(case, record)
    lines: list[ScoreLine] = []
    harms: list[ScoreLine] = []
    caps: list[Limit] = []
    scoring = case.file.scoring
    raw = possible = 0.0
    for plan, actions in zip(case.items, taken, strict=True):
        share, at_s = _judge(plan, actions, record)
        earned, is_credit = (share * plan.points if share else 0.0), plan.points > 0
        raw += earned
        possible += plan.points if is_credit else 0.0
        line = ScoreLine(plan.id, plan.kind, earned, plan.points if is_credit else 0.0, at_s, plan.why, plan.dimension)
        (lines if is_credit else harms).append(line)
        if plan.is_critical and not share:
            caps.append(Limit(plan.id, scoring.miss_critical_cap))
        elif plan.cap is not None and share:
            caps.append(Limit(plan.id, plan.cap))
    if record.has_died:
        caps.append(Limit(DIED, scoring.death_cap))
    cost = _parsimony(case, record)
    raw += cost.points
    uncapped = 100 * max(0.0, raw) / possible if possible else 0.0
    percent = _limited(uncapped, caps, scoring.soft)
    return Score(percent, uncapped, raw, possible, tuple(lines), tuple(harms), cost, tuple(caps), _band(percent))


def _by_item(case: Case, record: Record) -> list[list[tuple[int, ActionTaken]]]:
    """For each item the actions at which it looks, numbered in the order in which they were taken."""
    found: list[list[tuple[int, ActionTaken]]] = [[] for _ in case.items]
    for number, action in enumerate(record.taken()):
        for item in case.items_of.get((action.verb, action.target), ()):
            found[item].append((number, action))
    return found


def _judge(plan: ItemPlan, taken: Sequence[tuple[int, ActionTaken]], record: Record) -> tuple[float, int | None]:
    """The share of the points, and the instant that decided."""
    item = plan.item
    if isinstance(item, Reach):
        at_s = record.first_s[item.reach]
        return (0.0, at_s) if record.has_died or at_s is None else _best(item, [at_s], record)
    if isinstance(item, Happened):
        at_s = record.first_s[item.event]
        return float(at_s is not None), at_s
    if not taken:
        return (0.0, None) if not isinstance(item, Watch) else _watched(item, [], record)
    if isinstance(item, Do):
        return _best(item, [action.at_s for _, action in taken if _holds(plan, action)], record)
    if isinstance(item, Watch):
        return _watched(item, [action.at_s for _, action in taken], record)
    if isinstance(item, Before):
        return _first_before(plan, taken)
    at_s = next((action.at_s for _, action in taken if _holds(plan, action)), None)
    return float(at_s is not None), at_s


def _holds(plan: ItemPlan, action: ActionTaken) -> bool:
    return plan.guard is None or plan.guard.holds(action.truths)


def _best(item: Do | Reach, times_s: Sequence[int], record: Record) -> tuple[float, int | None]:
    """The share at the first instant that counts: credit only falls with time, so the first is the best."""
    opens_s = record.first_s[item.from_event] if item.from_event is not None else 0
    if opens_s is None:
        return 0.0, None
    at_s = next((at_s for at_s in times_s if at_s >= opens_s), None)
    if at_s is None:
        return 0.0, None
    if item.full_s is None or item.zero_s is None:
        return 1.0, at_s
    share = (item.zero_s - (at_s - opens_s)) / (item.zero_s - item.full_s)
    return min(1.0, max(0.0, share)), at_s


def _first_before(plan: ItemPlan, taken: Sequence[tuple[int, ActionTaken]]) -> tuple[float, int | None]:
    first = next(((number, action) for number, action in taken if (action.verb, action.target) in plan.actions), None)
    then = next((number for number, action in taken if (action.verb, action.target) in plan.then), None)
    if first is None or then is None:
        return 0.0, None
    return float(first[0] < then), first[1].at_s


def _watched(item: Watch, times_s: Sequence[int], record: Record) -> tuple[float, int | None]:
    opens_s = record.first_s[item.from_event] if item.from_event is not None else 0
    closes_s = record.first_s[item.until_event] if item.until_event is not None else None
    if closes_s is None:
        closes_s = record.end.at_s if record.end is not None else max(record.facts[-1][0], *times_s, 0)
    if opens_s is None or closes_s <= opens_s:
        return 0.0, None
    checks_s = [at_s for at_s in times_s if opens_s < at_s < closes_s]
    covered_s = sum(
        min(later_s - earlier_s, item.every_s)
        for earlier_s, later_s in zip([opens_s, *checks_s], [*checks_s, closes_s], strict=True)
    )
    return covered_s / (closes_s - opens_s), checks_s[0] if checks_s else None


def _parsimony(case: Case, record: Record) -> Cost:
    by_burden: defaultdict[bool, list[str]] = defaultdict(list)
    for action in record.taken():
        is_scored = action.verb != ORDER or (ORDER, action.target) in case.items_of
        if not is_scored and action.target not in case.neutral:
            by_burden[case.catalogue.orders[action.target].invasiveness >= INTRUSIVE].append(action.target)
    intrusive, clutter = case.file.scoring.intrusive, case.file.scoring.clutter
    points = min(intrusive.each * len(by_burden[True]), intrusive.max)
    points += min(clutter.each * max(0, len(by_burden[False]) - clutter.free), clutter.max)
    return Cost(0.0 - points, tuple(by_burden[True]), tuple(by_burden[False]))


def _limited(percent: float, caps: Sequence[Limit], soft: float) -> float:
    lowest = min((cap.percent for cap in caps), default=100.0)
    return percent if percent <= lowest else lowest + soft * (percent - lowest)


def _band(percent: float) -> str:
    return next((band for from_percent, band in BANDS if percent >= from_percent), BANDS[-1][1])
