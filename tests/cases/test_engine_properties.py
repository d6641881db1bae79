"""Laws that every run obeys, whatever the candidate does: random courses through the worked example and a small machine."""

from __future__ import annotations

import math
from collections import defaultdict
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bedside.cases import (
    Advance,
    AdvanceToResult,
    AdvanceUntilCalled,
    Cancel,
    Case,
    Collected,
    Command,
    Emitted,
    Examine,
    History,
    Line,
    Move,
    Order,
    Placed,
    Resulted,
    Run,
    Started,
    StateEntered,
    Stopped,
    digest_of,
    read_transcript,
    replay,
    score,
    transcript_of,
    write_transcript,
)
from tests.support.case_runs import HOUR, all_of, example_case, machine_case
from tests.support.examples import examples

CASES = {"endo-001": example_case, "synthetic": machine_case}
OFTEN = ("ns_iv", "lr_iv", "kcl_iv", "insulin_regular_iv", "glargine_sq", "bmp", "cmp", "d10w_iv", "magnesium_iv", "cbc", "vbg")


EVERY = sorted(example_case().catalogue.orders)


def ids() -> st.SearchStrategy[str]:
    return st.one_of(st.sampled_from(OFTEN), st.sampled_from(EVERY), st.just("nothing_of_the_kind"))


ORDERS = st.builds(
    Order,
    order=ids(),
    urgency=st.sampled_from(["routine", "stat"]),
    mode=st.sampled_from([None, None, "once", "continuous"]),
    dose=st.sampled_from(["usual", "low", "high"]),
    in_s=st.sampled_from([0, 0, 0, 60, 1800, 10_000]),
)
ADVANCES = st.builds(Advance, seconds=st.one_of(st.integers(0, 1200), st.integers(0, 5 * HOUR), st.just(-5)))
COMMANDS = st.one_of(
    ORDERS,
    ORDERS,
    ADVANCES,
    st.builds(Cancel, order=ids()),
    st.builds(Move, to=st.sampled_from(["ed", "ward", "icu", "home", "office", "nowhere"])),
    st.builds(Examine, part=st.sampled_from(["general", "abdomen", "heart", "soul"])),
    st.sampled_from([History(), AdvanceToResult(), AdvanceUntilCalled()]),
)
COURSES = st.lists(COMMANDS, max_size=25)


def run_of(case: Case, commands: list[Command], seed: int = 0) -> Run:
    run = Run(case, seed=seed)
    for command in commands:
        run.do(command)
    return run


def run_to_the_end(case: Case, commands: list[Command], seed: int = 0) -> Run:
    run = run_of(case, commands, seed)
    run.advance_to(case.end_s)
    return run


def everything_of(run: Run) -> tuple[object, ...]:
    """All of a run that can be told apart, to the last bit; how time was sliced is not part of it."""
    history = run.history
    return (
        run.now_s,
        run.location,
        run.end,
        [run.state_of(region.name) for region in run.case.regions],
        [run.value(name) for name in run.case.variables],
        history.course,
        history.first_s,
        history.actions,
        history.facts,
        history.turns,
        digest_of(history.emitted),
    )


@pytest.mark.parametrize("name", CASES)
@given(commands=COURSES, seed=st.integers(0, 5))
@settings(deadline=None, max_examples=examples(60))
def test_time_never_decreases_and_stops_at_the_end(name: str, commands: list[Command], seed: int) -> None:
    case = CASES[name]()
    run = Run(case, seed=seed)
    times = [run.now_s]
    for command in commands:
        before = everything_of(run) if run.is_over else None
        run.do(command)
        times.append(run.now_s)
        assert before is None or before == everything_of(run)
    run.advance_to(case.end_s + HOUR)

    assert times == sorted(times)
    assert run.is_over
    assert run.now_s <= case.end_s
    emitted_s = [one.at_s for one in run.history.emitted]
    assert emitted_s == sorted(emitted_s)
    assert run.end is not None
    assert emitted_s[-1] == run.end.at_s == run.now_s
    assert run.history.emitted.count(run.end) == 1
    assert all(action.at_s <= run.end.at_s for action in run.history.actions)


@pytest.mark.parametrize("name", CASES)
@given(commands=COURSES, seed=st.integers(0, 5))
@settings(deadline=None, max_examples=examples(60))
def test_orders_go_their_way_in_order(name: str, commands: list[Command], seed: int) -> None:
    run = run_to_the_end(CASES[name](), commands, seed)
    steps: dict[int, list[Emitted]] = defaultdict(list)
    for one in run.history.emitted:
        if isinstance(one, Placed | Started | Collected | Resulted | Stopped):
            steps[one.number].append(one)

    for number, way in steps.items():
        kinds = [type(one) for one in way]
        assert kinds[0] is Placed
        assert [kinds.count(kind) for kind in set(kinds)] == [1] * len(set(kinds)), number
        if Resulted in kinds:
            assert kinds.index(Collected) < kinds.index(Resulted)
        if Collected in kinds and Started in kinds:
            assert kinds.index(Started) < kinds.index(Collected)
        if Stopped in kinds:
            assert Started not in kinds[kinds.index(Stopped) :]


@pytest.mark.parametrize("name", CASES)
@given(commands=COURSES, seed=st.integers(0, 5), looks=st.lists(st.integers(0, 36 * HOUR), max_size=10))
@settings(deadline=None, max_examples=examples(60))
def test_every_variable_is_finite_and_within_its_bounds(
    name: str, commands: list[Command], seed: int, looks: list[int]
) -> None:
    run = run_to_the_end(CASES[name](), commands, seed)
    case = run.case
    for variable, low, high in zip(case.variables, case.lows, case.highs, strict=True):
        for at_s in (0, run.now_s, *(look for look in looks if look <= run.now_s)):
            assert low <= run.values_at(variable, at_s) <= high
    for course in run.history.course:
        assert [anchor.from_s for anchor in course] == sorted({anchor.from_s for anchor in course})
        # anchored anew only where a coefficient changed
        assert all(before[2:] != after[2:] for before, after in pairwise(course) if after.from_s > before.from_s) or not course


@pytest.mark.parametrize("name", CASES)
@given(commands=COURSES, seed=st.integers(0, 5))
@settings(deadline=None, max_examples=examples(60))
def test_a_replay_is_the_same_to_the_last_bit(name: str, commands: list[Command], seed: int) -> None:
    case = CASES[name]()
    run = run_of(case, commands, seed)

    assert everything_of(run_of(case, commands, seed)) == everything_of(run)
    transcript = read_transcript(write_transcript(transcript_of(run)))
    assert everything_of(replay(case, transcript)) == everything_of(run)


@pytest.mark.parametrize("name", CASES)
@given(commands=COURSES, seed=st.integers(0, 5), slices=st.lists(st.integers(0, 9_000), max_size=8))
@settings(deadline=None, max_examples=examples(60))
def test_how_time_is_sliced_makes_no_difference(name: str, commands: list[Command], seed: int, slices: list[int]) -> None:
    case = CASES[name]()
    whole = run_of(case, commands, seed)
    sliced = whole.fork()
    for seconds in slices:
        # a note may cut it short, as it does the whole
        target_s = sliced.now_s + seconds
        while sliced.now_s < target_s and not sliced.is_over:
            sliced.do(Advance(target_s - sliced.now_s))
        for variable in case.variables:
            sliced.value(variable)
    whole.advance_to(whole.now_s + sum(slices))

    assert everything_of(sliced) == everything_of(whole)
    assert score(case, sliced.history) == score(case, whole.history)


@pytest.mark.parametrize("name", CASES)
@given(commands=COURSES, later=COURSES, seed=st.integers(0, 5))
@settings(deadline=None, max_examples=examples(40))
def test_a_fork_is_a_run_of_its_own(name: str, commands: list[Command], later: list[Command], seed: int) -> None:
    case = CASES[name]()
    run = run_of(case, commands, seed)
    before = everything_of(run)
    fork = run.fork()
    for command in later:
        fork.do(command)

    assert everything_of(run) == before
    assert everything_of(fork) == everything_of(run_of(case, [*commands, *later], seed))


@pytest.mark.parametrize("name", CASES)
@given(commands=COURSES, seed=st.integers(0, 5))
@settings(deadline=None, max_examples=examples(60))
def test_a_region_is_in_one_state_and_facts_are_what_they_say(name: str, commands: list[Command], seed: int) -> None:
    case = CASES[name]()
    run = Run(case, seed=seed)
    for command in commands:
        run.do(command)
        if run.is_over:
            break
        facts = run.history.facts[-1][1]
        for region in case.regions:
            on = [state.name for state in region.states if state.bit and facts & state.bit and not state.is_dead]
            assert set(on) <= {run.state_of(region.name)}
        for variable, thresholds in zip(case.variables, case.watched, strict=True):
            value = run.value(variable)
            for threshold, (below, above) in zip(thresholds.thresholds, pairwise(thresholds.masks), strict=True):
                assert (facts & (above ^ below) != 0) == threshold.holds(value), (variable, threshold, value)


@pytest.mark.parametrize("name", CASES)
@given(commands=COURSES, seed=st.integers(0, 5))
@settings(deadline=None, max_examples=examples(40))
def test_a_threshold_turns_at_its_second_and_not_one_earlier(name: str, commands: list[Command], seed: int) -> None:
    run = run_to_the_end(CASES[name](), commands, seed)
    case, kept = run.case, [*run.history.facts, (run.now_s + 1, 0)]
    for (from_s, facts), (next_s, _) in pairwise(kept):
        for at_s in {from_s, next_s - 1} if next_s > from_s else ():
            for variable, thresholds in zip(case.variables, case.watched, strict=True):
                value = run.values_at(variable, at_s)
                for threshold, (below, above) in zip(thresholds.thresholds, pairwise(thresholds.masks), strict=True):
                    assert (facts & (above ^ below) != 0) == threshold.holds(value), (variable, threshold, at_s, value)


@pytest.mark.parametrize("name", CASES)
@given(commands=COURSES, seed=st.integers(0, 5))
@settings(deadline=None, max_examples=examples(40))
def test_a_transition_without_dwell_time_never_waits(name: str, commands: list[Command], seed: int) -> None:
    run = run_of(CASES[name](), commands, seed)
    if run.is_over:
        return
    facts = run.history.facts[-1][1]
    for region in run.case.regions:
        state = next(state for state in region.states if state.name == run.state_of(region.name))
        assert not any(way.guard is not None and way.guard.holds(facts) for way in state.ways if not way.after_s)
    for number, event in enumerate(run.case.events):
        assert run.history.first_s[event.name] is not None or not event.guard.holds(facts), number


@given(commands=COURSES, at_s=st.integers(0, 20 * HOUR))
@settings(deadline=None, max_examples=examples(40))
def test_reports_that_are_drawn_at_one_instant_agree(commands: list[Command], at_s: int) -> None:
    run = run_of(example_case(), commands)
    run.advance_to(at_s)
    if run.is_over:
        return
    placed = [all_of(Placed, run.do(Order(order))) for order in ("bmp", "cmp", "vbg", "abg", "bohb_serum")]
    drawn = {one.number for some in placed for one in some}
    run.advance_to(36 * HOUR)
    found: dict[str, set[float]] = defaultdict(set)
    for result in all_of(Resulted, run):
        if result.number in drawn and isinstance(result.report, tuple):
            for line in result.report:
                assert isinstance(line, Line)
                assert math.isfinite(line.value)
                found[line.analyte].add(line.value)

    assert all(len(values) == 1 for values in found.values()), found


@given(commands=COURSES, seed=st.integers(0, 5))
@settings(deadline=None, max_examples=examples(100))
def test_orders_that_neither_run_nor_work_on_have_no_effect(commands: list[Command], seed: int) -> None:
    run = run_of(machine_case(), [one for one in commands if not isinstance(one, AdvanceUntilCalled)], seed)
    if run.is_over:
        return
    for placement in run.active_orders:
        run.do(Cancel(placement.plan.order.id))
    run.advance_to(run.now_s + 3 * HOUR)  # one dose starts within half an hour, and works for 2 h after 15 min
    if run.is_over:
        return

    assert run.active_orders == ()
    for variable in range(len(run.case.variables)):
        states = [next(one for one in region.states if one.name == run.state_of(region.name)) for region in run.case.regions]
        pushes = [state.pushes.get(variable, (0.0, 0.0, 0.0)) for state in states]
        anchor = run.history.course[variable][-1]
        assert anchor.rate == pytest.approx(sum(push[0] for push in pushes), abs=1e-15)
        assert anchor.pull == pytest.approx(sum(push[1] for push in pushes), abs=1e-15)


@given(commands=COURSES, seed=st.integers(0, 5), order=st.sampled_from(OFTEN), in_s=st.integers(1, 5 * HOUR))
@settings(deadline=None, max_examples=examples(60))
def test_an_order_for_later_that_is_stopped_before_its_time_leaves_no_trace(
    commands: list[Command], seed: int, order: str, in_s: int
) -> None:
    run = run_of(machine_case(), commands, seed)
    if run.is_over or any(one.plan.order.id == order for one in run.active_orders):
        return
    plain = run.fork()
    if all_of(Placed, run.do(Order(order, in_s=in_s))):
        assert [type(one) for one in run.do(Cancel(order))][-1] is Stopped
    for other in (run, plain):
        other.advance_to(12 * HOUR)

    assert run.history.course == plain.history.course
    assert all_of(StateEntered, run) == all_of(StateEntered, plain)
