"""The regions of a run: when they turn, what is said, what is reached, and how a case ends."""

from __future__ import annotations

import pytest

from bedside.cases import (
    Advance,
    Cancel,
    End,
    Ended,
    EventReached,
    Note,
    Order,
    Refused,
    Resulted,
    Run,
    StateEntered,
)
from bedside.errors import UsageError
from tests.support.case_runs import HOUR, MINUTE, all_of, example_run, machine_case, machine_run, machine_with


def test_a_threshold_turns_its_guard_at_the_exact_second() -> None:
    run = machine_run()
    run.advance_to(12 * HOUR)
    # level 10 + 1.5 an hour meets 12 after 80 min exactly
    assert all_of(StateEntered, run)[0] == StateEntered(80 * MINUTE, "mood", "hot")


def test_a_transition_with_guard_and_dwell_time_needs_the_guard_throughout() -> None:
    run = Run(machine_with(('when: "level < 8", after: 20m', 'when: "not active(pump)", after: 20m')), seed=2)
    run.do(Advance(10 * MINUTE))
    run.do(Order("ns_iv"))
    run.do(Advance(10 * MINUTE))  # starts at 15 min and breaks the dwell time
    run.advance_to(30 * MINUTE)
    run.do(Cancel("ns_iv"))
    run.advance_to(HOUR)

    # 20 min after the stop; and back at once, as the level is above 12
    entered = [one for one in all_of(StateEntered, run) if one.region == "mood"]
    assert [(one.at_s, one.state) for one in entered] == [
        (0, "hot"),
        (50 * MINUTE, "calm_at_first"),
        (50 * MINUTE, "hot"),
    ]


def test_the_first_open_way_is_taken_and_its_note_spoken() -> None:
    run = machine_run()
    run.do(Order("ns_iv"))
    out = run.do(Advance(HOUR))

    # active from 5 min on, and active for half an hour 30 min later
    assert out[-2:] == [StateEntered(35 * MINUTE, "flow", "open"), Note(35 * MINUTE, "It flows.", "state")]
    assert run.now_s == 35 * MINUTE


def test_regions_move_together_on_what_was_true_before_any_of_them_moved() -> None:
    # both leave at once although each has gone from the state that the other asks for
    run = Run(
        machine_with(
            ('{go: hot, when: "level >= 12"}', '{go: hot, when: "level >= 12 and state(shut)"}'),
            (
                '{go: open, when: "active(pump) and hours_on(pump) >= 0.5"}',
                '{go: open, when: "level >= 12 and state(calm_at_first)"}',
            ),
        ),
        seed=1,
    )
    run.advance_to(80 * MINUTE)

    assert all_of(StateEntered, run)[:2] == [
        StateEntered(80 * MINUTE, "mood", "hot"),
        StateEntered(80 * MINUTE, "flow", "open"),
    ]


def test_states_that_lead_to_each_other_in_no_time_are_an_error() -> None:
    case = machine_with(
        ('{go: open, when: "active(pump) and hours_on(pump) >= 0.5"}', '{go: open, when: "level >= 12"}'),
        ('{go: shut, when: "not active(pump)"}', '{go: shut, when: "level >= 12"}'),
    )
    run = Run(case, seed=1)
    with pytest.raises(UsageError, match=f"do not settle within 20 rounds at {80 * MINUTE} s"):
        run.advance_to(2 * HOUR)


def test_an_event_is_reached_once() -> None:
    run = machine_run()
    for _ in range(3):
        run.do(Order("ns_iv"))
        run.advance_to(run.now_s + HOUR)
        run.do(Cancel("ns_iv"))
        run.advance_to(run.now_s + HOUR)

    assert run.history.first_s["pumped"] == 5 * MINUTE
    assert [one for one in all_of(EventReached, run) if one.event == "pumped"] == [EventReached(5 * MINUTE, "pumped")]


def test_an_event_that_is_true_at_the_start_is_reached_there() -> None:
    assert Run(machine_case(), seed=2).history.first_s["brim"] == 0


def test_an_alert_is_spoken_each_time_its_guard_turns_true() -> None:
    run = Run(machine_case(), seed=2)  # heat 41
    assert [note.text for note in run.history.notes] == ["It runs hot.", "Nurse: it is hot."]
    run.do(Order("ns_iv"))
    run.advance_to(6 * MINUTE)
    run.do(Cancel("ns_iv"))
    assert [note.at_s for note in run.history.notes if note.source == "alert"] == [0, 6 * MINUTE]


def test_death_ends_the_case_and_nothing_changes_afterwards() -> None:
    run = example_run()
    run.advance_to(36 * HOUR)
    assert run.end == all_of(Ended, run)[-1]
    assert run.end is not None
    assert run.end.reason == "died"
    kept = (run.now_s, len(run.history.emitted), len(run.history.actions), run.value("k"))

    assert run.do(Order("bmp")) == [Refused(run.now_s, "Order", "the case is over")]
    run.advance_to(40 * HOUR)

    assert kept == (run.now_s, len(run.history.emitted), len(run.history.actions), run.value("k"))


def test_a_case_ends_by_its_guard_by_time_or_by_the_candidate() -> None:
    met = machine_run()
    for order in ("cbc", "ns_iv"):
        met.do(Order(order))
    met.advance_to(12 * HOUR)
    assert met.end is not None
    assert (met.end.reason, met.end.at_s) == ("met", met.history.first_s["calm"])

    late = machine_run()
    late.advance_to(100 * HOUR)
    assert late.end == Ended(12 * HOUR, "time")
    assert late.now_s == 12 * HOUR

    said = machine_run()
    assert said.do(End("a diagnosis")) == [Ended(0, "candidate", "a diagnosis")]


def test_death_comes_before_the_guard_that_ends_the_case() -> None:
    case = machine_with(
        ("{go: late, after: 5h}", "{go: dead, after: 2h}"),
        ('{go: hot, when: "level >= 12"}', '{go: hot, when: "level >= 20"}'),
        ('when: "done(cbc) and seen(calm)"', 'when: "state(dead)"'),
    )
    run = Run(case, seed=1)
    run.advance_to(3 * HOUR)
    assert run.end == Ended(2 * HOUR, "died")


def test_what_is_due_at_the_last_second_still_happens() -> None:
    run = machine_run()
    run.advance_to(12 * HOUR - 40 * MINUTE)
    run.do(Order("bmp"))
    run.advance_to(13 * HOUR)

    assert [type(one) for one in run.history.emitted[-3:]] == [Resulted, EventReached, Ended]
    assert run.end == Ended(12 * HOUR, "time")
