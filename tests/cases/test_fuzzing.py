"""Fuzzing: every run is looked at, work can be shared out in any way, and what breaks is made short."""

from __future__ import annotations

import pytest

from bedside.cases import (
    Advance,
    Failure,
    Order,
    Resulted,
    Run,
    StateEntered,
    added_up,
    failure_of,
    fuzzing,
    references,
    shrunk,
)
from bedside.cases.emitted import Collected, Placed
from bedside.cases.fuzzing import Tally, candidate_run, fuzz
from bedside.cases.invariants import broken, broken_by_replay, repeat
from bedside.cases.policies import Reference
from bedside.errors import UsageError
from tests.support.case_runs import example_case, example_with_changes

SEED = 4


def plain(tally: Tally):
    return {name: getattr(tally, name) for name in Tally.__slots__}


def ended_run() -> Run:
    run = Run(example_case())
    for command in (Order("bmp"), Order("vbg"), Order("ns_iv"), Advance(7200)):
        run.do(command)
    run.advance_to(example_case().end_s)
    return run


def test_a_sound_run_breaks_nothing():
    run = ended_run()

    assert [*broken(run), *broken_by_replay(run)] == []


def test_a_run_that_has_not_ended_is_said_to_be_so():
    assert "it does not end" in list(broken(Run(example_case())))


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda one: one.insert(0, StateEntered(99_999, "neuro", "coma")), "time runs back"),
        (lambda one: one.insert(0, Collected(0, 77, "bmp")), "bmp is collected before it was ordered"),
        (lambda one: one[:0] != [] or one.insert(0, Resulted(0, 77, "cbc", "x")), "cbc is reported before it was collected"),
        (lambda one: one.append(Placed(one[-1].at_s, 9, "bmp", None)), "something happens after the end"),
    ],
)
def test_what_is_out_of_order_is_seen(change, words):
    run = ended_run()
    change(run.history.emitted)

    assert any(words in text for text in broken(run))


def test_a_value_outside_its_bounds_is_seen():
    run = ended_run()
    course = run.history.course[0]
    course[0] = course[0]._replace(value=float("nan"))

    assert any("glucose is nan" in text for text in broken(run))


def test_two_reports_of_one_instant_that_differ_are_seen():
    run = ended_run()
    one = next(one for one in run.history.results if one.order == "vbg")
    run.history.emitted[run.history.emitted.index(one)] = Resulted(
        one.at_s, one.number, one.order, tuple(_higher(line) for line in one.report)
    )

    assert any("k drawn at 0 s" in text for text in broken(run))


def _higher(line):
    return type(line)(line.analyte, line.name, line.value + 1, line.digits, line.unit, line.low, line.high, line.flag)


def test_a_run_that_another_replay_does_not_match_is_seen():
    run = ended_run()
    run.history.commands.pop(0)

    assert list(broken_by_replay(run)) != []


def test_shares_of_the_work_add_up_to_the_whole():
    found = references(example_case())
    whole = fuzz(found, range(40), SEED)
    shares = [fuzz(found, numbers, SEED) for numbers in (range(30, 40), range(30))]

    assert plain(added_up(reversed(shares))) == plain(whole)
    assert plain(added_up(shares)) == plain(whole)
    assert whole.n == 40
    assert whole.n_by_chance == 10
    assert whole.n_failures == 0


def test_one_candidate_of_many_can_be_run_again():
    found = references(example_case())
    one = candidate_run(found, 23, SEED)

    assert one.is_over
    assert candidate_run(found, 23, SEED).history.emitted == one.history.emitted


ROUND = (
    '{go: shock, when: "deficit >= 8"}',
    '{go: shock, when: "deficit >= 8 or active(ns_iv)"}, {go: filled, when: active(ns_iv)}',
)
BACK = ('{go: dry, when: "deficit >= 4"}', '{go: dry, when: "deficit >= 4 or active(ns_iv)"}')
AGAIN = ('{go: dry, when: "deficit <= 6.5"}', '{go: dry, when: "deficit <= 6.5 or active(ns_iv)"}')


def restless_case():
    """The example with states that lead to each other in no time once saline runs."""
    return example_with_changes(ROUND, BACK, AGAIN)


def test_a_failing_run_is_kept_and_made_as_short_as_it_can_be():
    case = restless_case()
    commands = ((0, Order("bmp")), (0, Order("cbc")), (600, Order("ns_iv")), (900, Order("vbg")))
    failure = Failure(0, "biased", 0, "", commands)
    short = shrunk(case, failure)

    assert [command for _, command in short.commands] == [Order("ns_iv")]
    assert "do not settle" in short.text
    assert failure_of(case, 0, short.commands[1:]) is None
    with pytest.raises(UsageError, match="do not settle"):
        repeat(case, 0, short.commands, to_s=case.end_s)


def test_fuzzing_counts_runs_that_fail_and_goes_on(monkeypatch):
    found = references(example_case())

    def walk(run: Run, policy: str, reference: Reference, chance: object) -> None:
        run.do(Order("bmp"))
        raise ZeroDivisionError("no")

    monkeypatch.setattr(fuzzing, "walk", walk)
    tally = fuzz(found, range(3), SEED)

    assert tally.n_failures == 3
    assert tally.failures[0].text == "ZeroDivisionError: no"
    assert tally.failures[0].commands == ((0, Order("bmp")),)


@pytest.mark.slow
def test_a_thousand_candidates_of_the_worked_example_break_nothing():
    tally = fuzz(references(example_case()), range(1000), SEED)

    assert tally.failures == []
    assert tally.best_by_chance <= 70
    assert {"vt", "coma", "shock", "rebound", "seizing", "closed"} <= tally.states
