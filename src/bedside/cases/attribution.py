"""Where the points went: each line that lost some, with the run again in which only that line is repaired.

Everything else stands at its own time. How a line is repaired:
- `do`: the candidate's own action is moved into its window, or the expert's is added: at the window's opening, with the
  expert's lag, and at the end of full credit; the best of these is kept.
- `before`: what should come first is put just before the other, or the other a minute after it.
- `watch`: a check is added wherever a gap is longer than allowed.
- `avoid`: the actions that did the harm are left out.
- `event` and `reach` are no actions. For a harm the one treatment without which it does not happen is looked for; else such a
  line names the repairs of other lines that mend it.
- needless orders are left out, all of them.

A repair may cost points elsewhere, and one alone may gain nothing while a limit stands. Both are told and not hidden.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from bedside.cases.commands import Cancel, Move, Order
from bedside.cases.counterfactual import Add, Drop, Edit, Played, Replayed, Retime, play_again
from bedside.cases.courses import action_of, command_of
from bedside.cases.plans import ItemPlan
from bedside.cases.record import ActionTaken
from bedside.cases.rubric import Avoid, Before, Do, Happened, Reach, Watch
from bedside.cases.scoring import Score, ScoreLine
from bedside.cases.targets import Action

PARSIMONY = "parsimony"  # in place of an item's id; items have a name of their own
MAX_CHECKS = 100  # added to one `watch`
MAX_CAUSES = 60  # treatments that are left out in turn to find what caused an event
_LATER_S = 60
_TINY = 1e-9


@dataclass(frozen=True, slots=True)
class Change:
    """Points that another line gains (or loses: negative) by a repair."""

    id: str
    points: float


@dataclass(frozen=True, slots=True)
class Loss:
    """A line that lost points.

    `edits` repair it, none where nothing does alone; `gained` are the points of this line that come back, `replayed` is the
    whole run with the repair, `also` what it does to other lines. `mended_by` are the lines whose repair brings points of this
    one back.
    """

    id: str
    points: float  # lost, a positive number
    edits: tuple[Edit, ...] = ()
    gained: float = 0.0
    replayed: Replayed | None = None
    also: tuple[Change, ...] = ()
    mended_by: tuple[str, ...] = ()

    @property
    def percent(self) -> float | None:
        """The score with this repaired, None where nothing repairs it alone."""
        return self.replayed.score.percent if self.replayed is not None else None


def losses_of(course: Played, as_played: Replayed, expert: Replayed) -> tuple[Loss, ...]:
    """What every line lost, in the order of the rubric, and the needless orders last. Lines in full are left out."""
    finder = _Finder(course, as_played, expert)
    found = [finder.loss(plan) for plan in course.case.items if finder.lost(plan.id) > _TINY]
    if as_played.score.parsimony.points < 0:
        found.append(finder.needless())
    return tuple(_mended(one, found) for one in found)


@dataclass(slots=True)
class _Finder:
    course: Played
    as_played: Replayed
    expert: Replayed

    def lost(self, item: str) -> float:
        line = _line(self.as_played.score, item)
        return line.possible - line.points

    def loss(self, plan: ItemPlan) -> Loss:
        return self._best(plan.id, self.lost(plan.id), self._repairs(plan))

    def needless(self) -> Loss:
        cost = self.as_played.score.parsimony
        needless = {*cost.intrusive, *cost.clutter}
        drops = [Drop(number) for number, action, _ in self._taken() if action[0] == "order" and action[1] in needless]
        return self._best(PARSIMONY, -cost.points, [drops])

    def _best(self, item: str, lost: float, repairs: Iterable[Sequence[Edit]]) -> Loss:
        """The repair that brings back most of the line, and of equals the best score."""
        best = Loss(item, lost)
        for edits in repairs:
            replayed = play_again(self.course, edits)
            gained = _points(replayed.score, item) - _points(self.as_played.score, item)
            if gained <= _TINY:
                continue
            is_more = gained > best.gained + _TINY
            if is_more or (gained > best.gained - _TINY and replayed.score.percent > (best.percent or 0.0) + _TINY):
                best = Loss(item, lost, tuple(edits), gained, replayed, self._also(item, replayed.score))
        return best

    def _also(self, item: str, score: Score) -> tuple[Change, ...]:
        changes = (Change(other, _points(score, other) - _points(self.as_played.score, other)) for other in _ids(score))
        return tuple(change for change in changes if change.id != item and abs(change.points) > _TINY)

    def _repairs(self, plan: ItemPlan) -> Iterator[Sequence[Edit]]:
        match plan.item:
            case Do():
                yield from self._in_window(plan, plan.item)
            case Before():
                yield from self._in_order(plan)
            case Watch():
                yield from self._watched(plan, plan.item)
            case Avoid():
                yield self._without(plan)
            case Happened():
                yield from self._without_cause(plan.item)
            case Reach():
                return

    def _in_window(self, plan: ItemPlan, item: Do) -> Iterator[Sequence[Edit]]:
        opens_s = self._first_s(self.as_played, item.from_event)
        if opens_s is None:
            return
        mine = [number for number, action, _ in self._taken() if action in plan.actions]
        late = [number for number in mine if self.course.acts[number].at_s >= opens_s]
        for at_s in self._instants(plan, item, opens_s):
            if mine:
                yield [Retime(late[0] if late else mine[-1], at_s)]
            yield [Add(command_of(self._experts(plan.actions)), at_s)]

    def _instants(self, plan: ItemPlan, item: Do, opens_s: int) -> list[int]:
        """Instants in the window at which the expert's action is tried."""
        line, theirs_s = _line(self.expert.score, plan.id), self._first_s(self.expert, item.from_event)
        lag_s = max(0, line.at_s - theirs_s) if line.at_s is not None and theirs_s is not None else 0
        full_s = item.full_s if item.full_s is not None else lag_s
        latest_s = self.as_played.run.now_s
        return sorted({min(opens_s + wait_s, latest_s) for wait_s in (0, min(lag_s, full_s), full_s)})

    def _in_order(self, plan: ItemPlan) -> Iterator[Sequence[Edit]]:
        taken = self._taken()
        first = [number for number, action, _ in taken if action in plan.actions]
        then = [number for number, action, _ in taken if action in plan.then]
        if not then:
            return
        at_s = self.course.acts[then[0]].at_s
        if first:
            yield [Retime(first[0], at_s, is_first=True)]
            yield [Retime(number, self.course.acts[first[0]].at_s + _LATER_S) for number in then if number < first[0]]
        else:
            yield [Add(command_of(self._experts(plan.actions)), at_s, is_first=True)]

    def _watched(self, plan: ItemPlan, item: Watch) -> Iterator[Sequence[Edit]]:
        opens_s = self._first_s(self.as_played, item.from_event)
        closes_s = self._first_s(self.as_played, item.until_event) if item.until_event is not None else None
        if opens_s is None:
            return
        closes_s = closes_s if closes_s is not None else self.as_played.run.now_s
        checks_s = sorted(at_s for _, action, at_s in self._taken() if action in plan.actions and opens_s < at_s < closes_s)
        missing: list[int] = []
        for earlier_s, later_s in zip([opens_s, *checks_s], [*checks_s, closes_s], strict=True):
            missing += range(earlier_s + item.every_s, later_s, item.every_s)
        check = command_of(self._experts(plan.actions))
        yield [Add(check, at_s) for at_s in missing[:MAX_CHECKS]]

    def _without(self, plan: ItemPlan) -> Sequence[Edit]:
        harmful = {(one.verb, one.target, one.at_s) for one in self._record_taken() if _did_harm(plan, one)}
        return [Drop(number) for number, (verb, target), at_s in self._taken() if (verb, target, at_s) in harmful]

    def _without_cause(self, item: Happened) -> Iterator[Sequence[Edit]]:
        """Each treatment before the event left out by itself, the last first."""
        at_s = self.as_played.run.history.first_s[item.event]
        before = [number for number, _, done_s in self._taken() if at_s is not None and done_s <= at_s]
        causes = [number for number in before if self._may_matter(number)]
        for number in reversed(causes[-MAX_CAUSES:]):
            yield [Drop(number)]

    def _may_matter(self, number: int) -> bool:
        command = self.course.acts[number].command
        if isinstance(command, Order):
            plan = self.course.case.orders.get(command.order)
            return plan is not None and (bool(plan.effects) or bool(plan.given))
        return isinstance(command, Cancel | Move)

    def _taken(self) -> list[tuple[int, Action, int]]:
        """The acts that were done, with the instant at which each counts."""
        found = []
        for number, act in enumerate(self.course.acts):
            action = action_of(act.command)
            if action is not None and not act.was_refused:
                later_s = act.command.in_s if isinstance(act.command, Order) else 0
                found.append((number, action, act.at_s + later_s))
        return found

    def _record_taken(self) -> Iterator[ActionTaken]:
        return self.as_played.run.history.taken()

    def _experts(self, actions: frozenset[Action]) -> Action:
        """The one of these that the expert took, else the first by name."""
        taken = ((one.verb, one.target) for one in self.expert.run.history.taken())
        return next((action for action in taken if action in actions), min(actions))

    def _first_s(self, replayed: Replayed, event: str | None) -> int | None:
        return 0 if event is None else replayed.run.history.first_s[event]


def _did_harm(plan: ItemPlan, action: ActionTaken) -> bool:
    return (action.verb, action.target) in plan.actions and (plan.guard is None or plan.guard.holds(action.truths))


def _mended(loss: Loss, others: Sequence[Loss]) -> Loss:
    by = tuple(
        other.id for other in others if other.id != loss.id and any(one.id == loss.id and one.points > 0 for one in other.also)
    )
    return Loss(loss.id, loss.points, loss.edits, loss.gained, loss.replayed, loss.also, by) if by else loss


def _ids(score: Score) -> Iterator[str]:
    yield from (line.id for line in (*score.lines, *score.harms))
    yield PARSIMONY


def _line(score: Score, item: str) -> ScoreLine:
    return next(line for line in (*score.lines, *score.harms) if line.id == item)


def _points(score: Score, item: str) -> float:
    return score.parsimony.points if item == PARSIMONY else _line(score, item).points
