"""What if: a run again, with an action at another time, one left out or one added. Both answers are exact replays.

- *Fixed times*: everything else happens at the instant at which it was done.
- *Reaction-anchored*: an action that was a reaction keeps its lag to what it answered, which may come earlier or later now.

An action is read as a reaction by this rule. It answers the last note of a state or an alert before it, if it was done within
the window (a 24th of the case's time, half an hour at least) and in the first moment in which anything was done after the
note (a moment ends with the first gap of more than ten minutes). Else, in the same way, it answers the last report. Else it
answers nothing and stands at its own time. Notes go first because they call for somebody, and reports of routine tests come
all the time. Events are no triggers, as a candidate does not see them, nor is the note that a move has stopped something.

In the replay the n-th note of these words stands for the n-th. What answered a note that is not spoken any more is not done:
there is nothing to react to. What answered a report follows the instant at which the report is due; where that test is left
out or refused, it is done at its own time, as dropping a routine test should not drop what happened to come after it. What
somebody moved or added stands where they put it. An action that others have delayed (examinations take time) follows at once.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from heapq import heapify, heappop, heappush

from bedside.cases.commands import Advance, AdvanceToResult, AdvanceUntilCalled, Command, Order
from bedside.cases.emitted import Emitted, Note, Placed, Refused, Resulted
from bedside.cases.engine import Run
from bedside.cases.plans import Case
from bedside.cases.scoring import Score, score
from bedside.errors import UsageError

WINDOW_SHARE = 24
LEAST_WINDOW_S = 1_800
MOMENT_S = 600


@dataclass(frozen=True, slots=True)
class OfNote:
    """The n-th time, from 0, that these words were spoken."""

    text: str
    nth: int


@dataclass(frozen=True, slots=True)
class OfReport:
    """The report of what was ordered by an act, by its number."""

    act: int


Trigger = OfNote | OfReport


@dataclass(frozen=True, slots=True)
class Act:
    """A command other than letting time pass, and what it answered, if anything, `lag_s` before."""

    at_s: int
    command: Command
    was_refused: bool = False
    answers: Trigger | None = None
    lag_s: int = 0


@dataclass(frozen=True, slots=True)
class Played:
    """A run as its acts, numbered from 0. `until_s`: where it stopped without an end, None where it came to one."""

    case: Case
    seed: int
    acts: tuple[Act, ...]
    until_s: int | None


@dataclass(frozen=True, slots=True)
class Retime:
    """That act at another time; of all at that instant the first where `is_first`."""

    act: int
    to_s: int
    is_first: bool = False


@dataclass(frozen=True, slots=True)
class Drop:
    """Without that act."""

    act: int


@dataclass(frozen=True, slots=True)
class Add:
    """One more act; of all at that instant the first where `is_first`."""

    command: Command
    at_s: int
    is_first: bool = False


Edit = Retime | Drop | Add


@dataclass(frozen=True, slots=True)
class Replayed:
    """A run again. `done_s` has for each act of the played run when it was done, None where it was not."""

    run: Run
    score: Score
    done_s: tuple[int | None, ...]


def acts_of(run: Run) -> Played:
    """The acts of a run, finished or not, and what each answered."""
    return _Reader(run).read()


def window_s(case: Case) -> int:
    """Within how many seconds an action may answer something."""
    return max(LEAST_WINDOW_S, case.end_s // WINDOW_SHARE)


def play_again(course: Played, edits: Sequence[Edit] = (), *, anchored: bool = False) -> Replayed:
    """The run with these edits; without any it is the played run to the last bit.

    Raises:
        UsageError: an edit of an act that is not there, at a time outside the case, or of letting time pass.
    """
    _check(course, edits)
    replay = _Replay(course, edits, anchored=anchored)
    replay.go()
    run = replay.run
    return Replayed(run, score(course.case, run.history), tuple(replay.done_s[: len(course.acts)]))


@dataclass(slots=True)
class _Moment:
    """What was said last, and the end of the moment in which anything was first done after it."""

    trigger: Trigger
    at_s: int
    until_s: int | None = None

    def lag_of(self, at_s: int, within_s: int) -> int | None:
        """The lag of an act, None where it does not answer this any more."""
        if self.until_s is None:
            self.until_s = at_s + MOMENT_S if at_s - self.at_s <= within_s else -1
        if at_s > self.until_s:
            return None
        self.until_s = max(self.until_s, at_s + MOMENT_S)
        return at_s - self.at_s


class _Reader:
    """Runs the commands again to see what came before each."""

    def __init__(self, run: Run) -> None:
        self.source = run
        self.run = Run(run.case, seed=run.seed)
        self.acts: list[Act] = []
        self.note: _Moment | None = None
        self.report: _Moment | None = None
        self.spoken: Counter[str] = Counter()
        self.ordered: dict[int, tuple[int, int]] = {}  # the act and when its report is due, by number of the placement
        self.seen = 0

    def read(self) -> Played:
        run, source = self.run, self.source
        for at_s, command in source.history.commands:
            if at_s > run.now_s:
                run.advance_to(at_s)
            self._listen()
            emitted = run.do(command)
            if not isinstance(command, Advance | AdvanceToResult | AdvanceUntilCalled):
                self._add(at_s, command, emitted)
        return Played(source.case, source.seed, tuple(self.acts), None if source.is_over else source.now_s)

    def _add(self, at_s: int, command: Command, emitted: Sequence[Emitted]) -> None:
        placed = _placed(command, emitted)
        if placed is not None and placed.due_s is not None:
            self.ordered[placed.number] = (len(self.acts), placed.due_s)
        was_refused = _is_refused(emitted)
        for moment in (self.note, self.report):
            lag_s = moment.lag_of(at_s, window_s(self.source.case)) if moment is not None else None
            if moment is not None and lag_s is not None:
                self.acts.append(Act(at_s, command, was_refused, moment.trigger, lag_s))
                return
        self.acts.append(Act(at_s, command, was_refused))

    def _listen(self) -> None:
        emitted = self.run.history.emitted
        for one in emitted[self.seen :]:
            if isinstance(one, Note) and one.source != "orders":
                self.note = _Moment(OfNote(one.text, self.spoken[one.text]), one.at_s)
                self.spoken[one.text] += 1
            elif isinstance(one, Resulted) and one.number in self.ordered:
                act, due_s = self.ordered[one.number]
                self.report = _Moment(OfReport(act), due_s)
        self.seen = len(emitted)


class _Replay:
    """The acts on their way; those that were added have the numbers after the played ones."""

    def __init__(self, course: Played, edits: Sequence[Edit], *, anchored: bool) -> None:
        added = [edit for edit in edits if isinstance(edit, Add)]
        put = {edit.act: edit for edit in edits if isinstance(edit, Retime)}
        dropped = {edit.act for edit in edits if isinstance(edit, Drop)}
        self.course = course
        self.run = Run(course.case, seed=course.seed)
        self.commands = [act.command for act in course.acts] + [edit.command for edit in added]
        self.done_s: list[int | None] = [None] * len(self.commands)
        self.queue = [(edit.at_s, int(not edit.is_first), len(course.acts) + place) for place, edit in enumerate(added)]
        self.waiting: defaultdict[Trigger, list[int]] = defaultdict(list)
        self.spoken: Counter[str] = Counter()
        self.seen = 0
        for number, act in enumerate(course.acts):
            if number in dropped:
                continue
            if number in put:
                self.queue.append((put[number].to_s, int(not put[number].is_first), number))
                continue
            trigger = act.answers if anchored else None
            if trigger is None or (isinstance(trigger, OfReport) and trigger.act in dropped):
                self.queue.append((act.at_s, 1, number))
            else:
                self.waiting[trigger].append(number)
        heapify(self.queue)

    def go(self) -> None:
        """Do every act when it is due, to the end, or to where the played run stopped."""
        run, queue = self.run, self.queue
        last_s = run.case.end_s if self.course.until_s is None else self.course.until_s
        while not run.is_over:
            self._listen()
            if queue and queue[0][0] <= run.now_s:
                self._do(heappop(queue)[2])
            elif run.now_s >= last_s:
                break
            else:
                # a note on the way may bring an act that is due earlier
                run.advance_to(min(queue[0][0], last_s) if queue else last_s, until_note=bool(self.waiting))

    def _do(self, number: int) -> None:
        acts, command, now_s = self.course.acts, self.commands[number], self.run.now_s
        emitted = self.run.do(command)
        if not _is_refused(emitted):
            self.done_s[number] = now_s
        placed = _placed(command, emitted)
        for follower in self.waiting.pop(OfReport(number), ()):
            due_s = placed.due_s if placed is not None else None
            heappush(self.queue, (acts[follower].at_s if due_s is None else due_s + acts[follower].lag_s, 1, follower))

    def _listen(self) -> None:
        emitted = self.run.history.emitted
        for one in emitted[self.seen :]:
            if isinstance(one, Note) and one.source != "orders":
                for follower in self.waiting.pop(OfNote(one.text, self.spoken[one.text]), ()):
                    heappush(self.queue, (one.at_s + self.course.acts[follower].lag_s, 1, follower))
                self.spoken[one.text] += 1
        self.seen = len(emitted)


def _is_refused(emitted: Sequence[Emitted]) -> bool:
    return any(isinstance(one, Refused) for one in emitted)


def _placed(command: Command, emitted: Sequence[Emitted]) -> Placed | None:
    """What an order placed; nothing where it was refused, or the command is none."""
    first = emitted[0] if emitted and isinstance(command, Order) else None
    return first if isinstance(first, Placed) else None


def _check(course: Played, edits: Sequence[Edit]) -> None:
    case = course.case
    for edit in edits:
        if isinstance(edit, Retime | Drop) and not 0 <= edit.act < len(course.acts):
            raise UsageError(f"{case.id}: the run has {len(course.acts)} actions, and none of the number {edit.act}")
        if isinstance(edit, Add) and isinstance(edit.command, Advance | AdvanceToResult | AdvanceUntilCalled):
            raise UsageError("letting time pass is no action")
        at_s = edit.to_s if isinstance(edit, Retime) else edit.at_s if isinstance(edit, Add) else 0
        if not 0 <= at_s <= case.end_s:
            raise UsageError(f"{case.id} runs from 0 to {case.end_s} s; {at_s} s is outside")
