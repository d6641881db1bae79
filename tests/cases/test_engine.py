"""The engine: what a command does, when things happen, and what the candidate is told."""

from __future__ import annotations

import math

import pytest

from bedside.cases import (
    Advance,
    AdvanceToResult,
    AdvanceUntilCalled,
    Cancel,
    Collected,
    End,
    Ended,
    EventReached,
    Examine,
    Examined,
    History,
    Move,
    Moved,
    Note,
    Order,
    Placed,
    Refused,
    Resulted,
    Run,
    Started,
    StateEntered,
    Stopped,
)
from bedside.errors import NotFoundError, UsageError
from tests.support.case_files import small_catalogue
from tests.support.case_runs import HOUR, MINUTE, all_of, example_case, example_with_changes, machine_case, machine_with


def example() -> Run:
    return Run(example_case())


def machine(seed: int = 1) -> Run:
    return Run(machine_case(), seed=seed)  # 1 is the variant `middle`: level 10, heat 40


def reason(run: Run, order: Order | Cancel | Move | Examine) -> str:
    (refused,) = run.do(order)
    assert isinstance(refused, Refused)
    return refused.reason


# --- variables ---------------------------------------------------------------------------------------------------------


def test_a_variable_without_pull_is_a_line_and_with_one_an_exponential() -> None:
    run = example()
    run.advance_to(2 * HOUR)
    assert run.value("glucose") == pytest.approx(548 + 2 * 10)

    run = Run(machine_case(), seed=2)  # hot from the start: heat 41 to 41.5 in 2 h
    run.advance_to(HOUR)
    assert run.value("heat") == pytest.approx(41.5 - 0.5 * math.exp(-0.5))


def test_effects_states_and_phases_push_one_variable_together() -> None:
    run = example()
    run.do(Order("insulin_regular_iv"))
    run.advance_to(
        5 * MINUTE + 10 * MINUTE + 90 * MINUTE
    )  # started after 5 min, onset 10 min, one hour at -0.45 and half at -0.15

    # of its own -0.04 an hour all along
    assert run.value("k") == pytest.approx(3.1 - 0.04 * 1.75 - 0.45 - 0.15 / 2)


def test_two_orders_of_one_effect_never_add_up() -> None:
    one, two = example(), example()
    one.do(Order("ns_iv"))
    two.do(Order("ns_iv"))
    two.do(Order("lr_iv"))
    for run in (one, two):
        run.advance_to(8 * HOUR)

    assert one.value("deficit") == two.value("deficit")
    assert one.value("k") == two.value("k")


def test_an_effect_goes_on_until_its_last_order_is_stopped() -> None:
    run = machine(seed=0)
    run.do(Order("kcl_iv"))
    run.advance_to(20 * MINUTE)
    run.do(Order("insulin_regular_iv"))
    run.advance_to(40 * MINUTE)
    run.do(Cancel("kcl_iv"))
    run.advance_to(HOUR)
    # 15 min to the onset, then the phases run on although the first order has gone: +6 for 30 min, then -3
    assert run.value("level") == pytest.approx(4 + 1.5 + 6 * 0.5 - 3 * 0.25)
    before = run.history.course[0][-1]
    assert before.from_s == 45 * MINUTE  # the anchor of the second phase


def test_reading_and_slicing_an_advance_anchors_nothing_anew() -> None:
    run = example()
    anchors = [len(course) for course in run.history.course]
    for second in range(0, 600, 7):
        run.do(Advance(7))
        run.value("ph")
        run.values_at("k", second)

    assert [len(course) for course in run.history.course] == anchors


def test_a_dose_scales_rates_where_the_case_has_doses_and_not_where_it_has_none() -> None:
    low, usual, high = (machine(seed=0) for _ in range(3))
    low.do(Order("kcl_iv", dose="low"))
    usual.do(Order("kcl_iv"))
    high.do(Order("kcl_iv", dose="high"))
    for run in (low, usual, high):
        run.advance_to(45 * MINUTE)
    assert usual.value("sand") - 5 == pytest.approx(2 * 0.5)
    assert low.value("sand") - 5 == pytest.approx((usual.value("sand") - 5) / 2)
    assert high.value("sand") - 5 == pytest.approx((usual.value("sand") - 5) * 1.5)

    plain = example()
    plain.do(Order("insulin_regular_iv", dose="high"))
    plain.advance_to(HOUR)
    scaled = example()
    scaled.do(Order("insulin_regular_iv"))
    scaled.advance_to(HOUR)
    assert plain.value("glucose") == scaled.value("glucose")


def test_of_one_order_given_again_the_last_dose_counts_and_of_two_orders_the_larger() -> None:
    again, two = machine(seed=0), machine(seed=0)
    again.do(Order("kcl_iv", dose="high"))
    again.do(Order("kcl_iv", dose="low"))
    two.do(Order("insulin_regular_iv", dose="high"))
    two.do(Order("kcl_iv", dose="low"))
    for run in (again, two):
        run.advance_to(45 * MINUTE)

    assert again.value("sand") == pytest.approx(5 + 0.5 * 2 * 0.5)
    assert two.value("sand") == pytest.approx(5 + 1.5 * 2 * 0.5)


def test_the_seed_chooses_the_variant() -> None:
    assert [Run(machine_case(), seed=seed).value("level") for seed in range(4)] == [4, 10, 16, 4]
    assert [Run(machine_case(), seed=seed).variant for seed in (0, 5)] == ["low", "high"]


def test_a_past_value_is_read_from_what_is_kept() -> None:
    run, read = machine(), {}
    for command in (Order("ns_iv"), Advance(HOUR), Order("kcl_iv"), Cancel("ns_iv"), Advance(HOUR), Order("bmp")):
        run.do(command)
        read[run.now_s] = {name: run.value(name) for name in ("level", "heat", "sum", "ready", "waited")}
    run.advance_to(10 * HOUR)

    for at_s, values in read.items():
        assert {name: run.values_at(name, at_s) for name in values} == values
    with pytest.raises(UsageError, match="outside"):
        run.values_at("level", 10 * HOUR + 1)
    for ask in (lambda: run.value("nothing"), lambda: run.values_at("nothing", 0)):
        with pytest.raises(NotFoundError, match='no variable or derived name "nothing"'):
            ask()


# --- automata ----------------------------------------------------------------------------------------------------------


def test_a_threshold_turns_its_guard_at_the_exact_second() -> None:
    run = machine()
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
    run = machine()
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
    run = machine()
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
    run = example()
    run.advance_to(36 * HOUR)
    assert run.end == all_of(Ended, run)[-1]
    assert run.end is not None
    assert run.end.reason == "died"
    kept = (run.now_s, len(run.history.emitted), len(run.history.actions), run.value("k"))

    assert run.do(Order("bmp")) == [Refused(run.now_s, "Order", "the case is over")]
    run.advance_to(40 * HOUR)

    assert kept == (run.now_s, len(run.history.emitted), len(run.history.actions), run.value("k"))


def test_a_case_ends_by_its_guard_by_time_or_by_the_candidate() -> None:
    met = machine()
    for order in ("cbc", "ns_iv"):
        met.do(Order(order))
    met.advance_to(12 * HOUR)
    assert met.end is not None
    assert (met.end.reason, met.end.at_s) == ("met", met.history.first_s["calm"])

    late = machine()
    late.advance_to(100 * HOUR)
    assert late.end == Ended(12 * HOUR, "time")
    assert late.now_s == 12 * HOUR

    said = machine()
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
    run = machine()
    run.advance_to(12 * HOUR - 40 * MINUTE)
    run.do(Order("bmp"))
    run.advance_to(13 * HOUR)

    assert [type(one) for one in run.history.emitted[-3:]] == [Resulted, EventReached, Ended]
    assert run.end == Ended(12 * HOUR, "time")


# --- orders ------------------------------------------------------------------------------------------------------------


def test_a_test_is_collected_when_ordered_and_reported_after_its_turn_around() -> None:
    run = example()
    out = run.do(Order("bmp"))
    assert [type(one) for one in out] == [Placed, Collected]
    out = run.do(AdvanceToResult())

    (result,) = all_of(Resulted, out)
    assert result.at_s == run.now_s == 40 * MINUTE
    assert isinstance(result.report, tuple)
    shown = {line.analyte: line.shown for line in result.report}
    assert (shown["k"], shown["glucose"], shown["na"]) == ("3.1", "548", "131")  # of the collection, not of now


def test_an_urgent_test_takes_less_time_and_the_place_counts() -> None:
    run = example()
    run.do(Order("bmp", urgency="stat"))
    run.do(AdvanceToResult())
    assert run.now_s == 20 * MINUTE
    run.do(Move("ward"))
    at_s = run.now_s
    run.do(Order("bmp"))
    run.advance_to(at_s + 90 * MINUTE)
    assert all_of(Resulted, run)[-1].at_s == at_s + 90 * MINUTE


def test_reports_drawn_at_one_instant_agree() -> None:
    run = example()
    run.advance_to(123)
    for order in ("bmp", "cmp", "vbg", "abg"):
        run.do(Order(order))
    run.advance_to(2 * HOUR)
    found: dict[str, set[float]] = {}
    for result in all_of(Resulted, run):
        assert isinstance(result.report, tuple)
        for line in result.report:
            found.setdefault(line.analyte, set()).add(line.value)

    assert {name for name, values in found.items() if len(values) > 1} == set()


def test_a_finding_is_answered_by_the_first_branch_that_holds() -> None:
    run = example()
    (out,) = all_of(Examined, run.do(Examine("abdomen")))
    assert out.report == "Diffusely tender without guarding or rebound; bowel sounds reduced."
    (asked,) = all_of(Examined, run.do(History()))
    assert asked == Examined(run.now_s, "history", "Still nauseated and very thirsty; no new pain.", run.now_s)


def test_what_the_case_says_nothing_of_is_normal_for_age_and_sex() -> None:
    run = example()
    run.do(Order("cxr"))
    out = run.do(Examine("heart"))
    assert all_of(Examined, out)[0].report == "Regular rhythm without murmur."
    run.advance_to(HOUR)
    assert all_of(Resulted, run)[0].report == "Lungs clear; heart size normal."


def test_a_treatment_starts_after_its_time_and_then_has_its_onset() -> None:
    run = machine()
    out = run.do(Order("ns_iv"))
    assert [type(one) for one in out] == [Placed]
    run.advance_to(20 * MINUTE)

    assert all_of(Started, run) == [Started(5 * MINUTE, 0, "ns_iv")]
    assert [anchor.from_s for anchor in run.history.course[1]] == [0, 10 * MINUTE]


def test_a_cancel_ends_what_runs_and_what_has_not_begun() -> None:
    run = machine()
    run.do(Order("ns_iv"))
    run.do(Order("ns_iv", in_s=HOUR))
    run.advance_to(20 * MINUTE)
    out = run.do(Cancel("ns_iv"))
    assert [one.number for one in all_of(Stopped, out)] == [0, 1]
    heat = run.value("heat")
    run.advance_to(3 * HOUR)

    # nothing but the machine's own state moves heat, and that is calm for 80 min of its 10 + 1.5 an hour
    assert run.values_at("heat", 79 * MINUTE) == heat
    assert len(all_of(Started, run)) == 1


def test_a_dose_that_was_given_runs_out_and_can_not_be_taken_back() -> None:
    run = machine(seed=0)
    run.do(Order("glargine_sq"))
    run.advance_to(10 * MINUTE)
    assert reason(run, Cancel("glargine_sq")) == "nothing of it runs or waits"
    run.advance_to(4 * HOUR)

    # started at 5 min, works from 20 min for 2 h at -2 an hour; of its own +1.5
    assert [anchor.from_s for anchor in run.history.course[0]] == [0, 20 * MINUTE, 140 * MINUTE]
    assert run.value("level") == pytest.approx(4 + 4 * 1.5 - 2 * 2)


def test_what_is_given_continuously_works_until_it_is_stopped() -> None:
    run = machine(seed=0)
    run.do(Order("glargine_sq", mode="continuous"))
    run.advance_to(5 * HOUR)
    assert run.value("level") == pytest.approx(4 + 20 / 60 * 1.5 - 0.5 * (5 - 20 / 60))
    run.do(Cancel("glargine_sq"))
    run.advance_to(6 * HOUR)
    assert run.value("level") == pytest.approx(run.values_at("level", 5 * HOUR), abs=1.6)


def test_an_effect_without_an_end_runs_until_it_is_stopped_even_where_one_dose_was_said() -> None:
    run = example()
    run.do(Order("d50_iv"))
    run.advance_to(HOUR)
    assert run.value("glucose") > 548 + 50
    assert all_of(Stopped, run.do(Cancel("d50_iv")))


def test_a_dose_without_effect_was_given_and_is_not_active() -> None:
    case = example_with_changes(
        ("events: {k_safe", "events: {had_magnesium: given(magnesium_iv), has: active(magnesium_iv), k_safe")
    )
    run = Run(case)
    run.do(Order("magnesium_iv"))
    run.advance_to(HOUR)

    assert run.history.first_s["had_magnesium"] == 5 * MINUTE
    assert run.history.first_s["has"] is None


def test_a_test_that_was_collected_can_not_be_cancelled() -> None:
    run = example()
    run.do(Order("bmp"))
    assert reason(run, Cancel("bmp")) == "nothing of it runs or waits"
    run.do(Order("cbc", in_s=HOUR))
    assert [type(one) for one in run.do(Cancel("cbc"))] == [Stopped]
    run.advance_to(3 * HOUR)
    assert [one.order for one in all_of(Collected, run)] == ["bmp"]


def test_an_order_for_later_is_taken_when_its_time_comes() -> None:
    run = example()
    run.do(Order("bmp", in_s=2 * HOUR))
    assert run.history.actions == []
    run.advance_to(3 * HOUR)

    assert [(action.at_s, action.target) for action in run.history.actions] == [(2 * HOUR, "bmp")]
    assert all_of(Collected, run)[0].at_s == 2 * HOUR
    assert all_of(Resulted, run)[0].at_s == 2 * HOUR + 40 * MINUTE


@pytest.mark.parametrize(
    ("command", "words"),
    [
        (Order("nothing"), "there is no such order"),
        (Order("exam_general"), "an examination is done, not ordered"),
        (Order("d50_iv", mode="continuous"), "not given continuously"),
        (Order("metformin_po", mode="once"), "not given once"),
        (Order("bmp", in_s=-1), "the time has passed"),
        (Cancel("bmp"), "nothing of it runs or waits"),
        (Move("moon"), "there is no such place"),
        (Move("ed"), "the patient is there"),
        (Examine("soul"), "there is no such examination"),
    ],
)
def test_what_can_not_be_done_is_refused_with_the_reason_and_kept(command: Order | Cancel | Move | Examine, words: str) -> None:
    run = example()
    assert reason(run, command) == words
    assert [action.was_refused for action in run.history.actions] == [True]
    assert run.now_s == 0


def test_an_order_must_be_possible_in_the_place() -> None:
    run = example()
    run.do(Move("office"))
    assert reason(run, Order("telemetry")) == f"not available {small_catalogue().places['office'].at}"


# --- time --------------------------------------------------------------------------------------------------------------


def test_a_note_cuts_an_advance_short_and_a_report_does_not() -> None:
    run = example()
    for order in ("bmp", "insulin_regular_iv"):
        run.do(Order(order))
    out = run.do(Advance(36 * HOUR))

    assert out[-1] == Note(run.now_s, "Nurse: frequent ventricular ectopics since the insulin was started.", "alert")
    assert all_of(Resulted, run) == [] or run.now_s > 40 * MINUTE


def test_waiting_until_called_ends_with_a_note_a_report_or_the_case() -> None:
    run = example()
    run.do(Order("bmp"))
    assert isinstance(run.do(AdvanceUntilCalled())[-1], Resulted)
    while not run.is_over:
        out = run.do(AdvanceUntilCalled())
        assert any(isinstance(one, Note | Resulted | Ended) for one in out)


def test_advancing_to_a_report_needs_one_that_is_awaited() -> None:
    run = example()
    (refused,) = run.do(AdvanceToResult())
    assert refused == Refused(0, "result", "no report is awaited")
    (refused,) = run.do(Advance(-1))
    assert refused == Refused(0, "-1", "time does not go back")
    run.do(Order("cbc", in_s=HOUR))
    assert all_of(Resulted, run.do(AdvanceToResult()))


def test_an_examination_takes_its_time_and_finds_what_was_at_its_beginning() -> None:
    run = Run(machine_with(("{go: late, after: 5h}", "{go: hot, after: 30s}")))
    (found,) = all_of(Examined, run.do(Examine("abdomen")))

    assert (found.report, found.collected_s, found.at_s, run.now_s) == ("Cold.", 0, MINUTE, MINUTE)
    assert run.state_of("mood") == "hot"
    assert run.history.first_s["checked"] == MINUTE


def test_a_move_takes_its_time_and_stops_what_is_not_possible_there() -> None:
    run = example()
    run.do(Order("ns_iv"))
    run.advance_to(HOUR)
    catalogue = small_catalogue()
    takes_s = catalogue.move_s("ed", "home")
    out = run.do(Move("home"))

    assert [one for one in out if isinstance(one, Moved | Stopped)] == [
        Moved(HOUR + takes_s, "home"),
        Stopped(HOUR + takes_s, 0, "ns_iv"),
    ]
    assert [note.source for note in all_of(Note, out)] == ["orders"]
    assert catalogue.orders["ns_iv"].name in all_of(Note, out)[0].text
    assert run.location == "home"


def test_a_fork_goes_its_own_way() -> None:
    run = example()
    run.do(Order("ns_iv"))
    run.do(Advance(HOUR))
    fork = run.fork()
    fork.do(Cancel("ns_iv"))
    fork.advance_to(5 * HOUR)
    run.advance_to(5 * HOUR)

    straight = example()
    straight.do(Order("ns_iv"))
    straight.do(Advance(HOUR))
    straight.advance_to(5 * HOUR)
    assert run.history.emitted == straight.history.emitted
    assert run.value("deficit") == straight.value("deficit") < fork.value("deficit")
