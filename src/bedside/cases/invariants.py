"""What must hold of every run, looked at after the fact. `engine` says why each holds; here nothing is trusted.

Not looked at: that an order neither running nor within its time has no effect, which can't be seen from a record; the tests of
the engine cover it.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

from bedside.cases.commands import Command, History
from bedside.cases.emitted import Collected, Ended, Placed, Refused, Resulted
from bedside.cases.engine import Run
from bedside.cases.plans import Case
from bedside.cases.transcript import digest_of

TimedCommand = tuple[int, Command]


def broken(run: Run) -> Iterator[str]:
    """What is broken in a run that has ended, in plain words."""
    yield from _order_of_time(run)
    yield from _bounds(run)
    yield from _states(run)
    yield from _agreement(run)
    yield from _after_the_end(run)


def broken_by_replay(run: Run) -> Iterator[str]:
    """Is it the same when it is run again, and when every pass of time is cut in two? Costs two more runs."""
    digest = digest_of(run.history.emitted)
    steps = run.history.commands
    for is_cut, what in ((False, "another course when it is replayed"), (True, "another course when time passes in halves")):
        again = repeat(run.case, run.seed, steps, to_s=run.now_s, is_cut=is_cut)
        if (again.now_s, digest_of(again.history.emitted)) != (run.now_s, digest):
            yield what


def repeat(case: Case, seed: int, steps: Sequence[TimedCommand], *, to_s: int, is_cut: bool = False) -> Run:
    """Run these commands, each at its time, on to `to_s`."""
    run = Run(case, seed=seed)
    for at_s, command in steps:
        if at_s > run.now_s:
            if is_cut:
                run.advance_to((run.now_s + at_s) // 2)
            run.advance_to(at_s)
        run.do(command)
    if is_cut:
        run.advance_to((run.now_s + to_s) // 2)
    run.advance_to(to_s)
    return run


def _order_of_time(run: Run) -> Iterator[str]:
    now_s = 0
    placed: set[int] = set()
    collected: set[int] = set()
    for one in run.history.emitted:
        if one.at_s < now_s:
            yield f"time runs back from {now_s} to {one.at_s} s"
        now_s = one.at_s
        match one:
            case Placed():
                placed.add(one.number)
            case Collected():
                collected.add(one.number)
                if one.number not in placed:
                    yield f"{one.order} is collected before it was ordered"
            case Resulted() if one.number not in collected:
                yield f"{one.order} is reported before it was collected"
            case _:
                pass
    if run.end is None:
        yield "it does not end"
    elif run.end.at_s > run.case.end_s or run.now_s != run.end.at_s:
        yield f"it ends at {run.end.at_s} s, and time is {run.now_s} s"


def _bounds(run: Run) -> Iterator[str]:
    case = run.case
    for name, low, high, course in zip(case.variables, case.lows, case.highs, run.history.course, strict=True):
        values = [*(anchor.value for anchor in course), run.value(name)]
        wrong = next((value for value in values if not math.isfinite(value) or not low <= value <= high), None)
        if wrong is not None:
            yield f"{name} is {wrong}, outside {low:g} to {high:g}"


def _states(run: Run) -> Iterator[str]:
    for region in run.case.regions:
        bits = {state.bit for state in region.states if state.bit and not state.is_dead}
        for at_s, facts in run.history.facts:
            if sum(bool(facts & bit) for bit in bits) > 1:
                yield f"{region.name} is in two states at {at_s} s"
                break


def _agreement(run: Run) -> Iterator[str]:
    """Reports of an analyte read one expression, or are the same normal value, so what is drawn at one instant agrees."""
    drawn_s: dict[int, int] = {}
    seen: dict[tuple[int, str], tuple[float | None, str]] = {}
    for one in run.history.emitted:
        if isinstance(one, Collected):
            drawn_s[one.number] = one.at_s
        elif isinstance(one, Resulted) and not isinstance(one.report, str):
            for line in one.report:
                at_s = drawn_s.get(one.number, -1)
                value, order = seen.setdefault((at_s, line.analyte), (line.value, one.order))
                if value != line.value:
                    yield f"{line.analyte} drawn at {at_s} s is {value} by {order} and {line.value} by {one.order}"


def _after_the_end(run: Run) -> Iterator[str]:
    if not run.is_over:
        return
    ends = [one for one in run.history.emitted if isinstance(one, Ended)]
    if len(ends) != 1 or run.history.emitted[-1] is not ends[0]:
        yield "something happens after the end"
    length = len(run.history.emitted)
    answer = run.do(History())
    if len(run.history.emitted) != length or not all(isinstance(one, Refused) for one in answer):
        yield "a command after the end has an effect"
