"""Orders in a run: collected, reported, started, stopped, refused."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from bedside.cases import (
    AdvanceToResult,
    Cancel,
    Collected,
    Examine,
    Examined,
    History,
    Move,
    Order,
    Placed,
    Refused,
    Resulted,
    Run,
    Started,
    Stopped,
)
from bedside.cases.case_values import LOCATIONS
from tests.support.case_files import small_catalogue
from tests.support.case_runs import (
    HOUR,
    MINUTE,
    all_of,
    case_with_order,
    example_run,
    example_with_changes,
    machine_run,
    reason_of,
)


def test_a_test_is_collected_when_ordered_and_reported_after_its_turn_around() -> None:
    run = example_run()
    out = run.do(Order("bmp"))
    assert [type(one) for one in out] == [Placed, Collected]
    out = run.do(AdvanceToResult())

    (result,) = all_of(Resulted, out)
    assert result.at_s == run.now_s == 40 * MINUTE
    assert isinstance(result.report, tuple)
    shown = {line.analyte: line.shown for line in result.report}
    assert (shown["k"], shown["glucose"], shown["na"]) == ("3.1", "548", "131")  # of the collection, not of now


def test_an_urgent_test_takes_less_time_and_the_place_counts() -> None:
    run = example_run()
    run.do(Order("bmp", urgency="stat"))
    run.do(AdvanceToResult())
    assert run.now_s == 20 * MINUTE
    run.do(Move("ward"))
    at_s = run.now_s
    run.do(Order("bmp"))
    run.advance_to(at_s + 90 * MINUTE)
    assert all_of(Resulted, run)[-1].at_s == at_s + 90 * MINUTE


def test_reports_drawn_at_one_instant_agree() -> None:
    run = example_run()
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
    run = example_run()
    (out,) = all_of(Examined, run.do(Examine("abdomen")))
    assert out.report == "Diffusely tender without guarding or rebound; bowel sounds reduced."
    (asked,) = all_of(Examined, run.do(History()))
    assert asked == Examined(run.now_s, "history", "Still nauseated and very thirsty; no new pain.", run.now_s)


def test_what_the_case_says_nothing_of_is_normal_for_age_and_sex() -> None:
    run = example_run()
    run.do(Order("cxr"))
    out = run.do(Examine("heart"))
    assert all_of(Examined, out)[0].report == "Regular rhythm without murmur."
    run.advance_to(HOUR)
    assert all_of(Resulted, run)[0].report == "Lungs clear; heart size normal."


def test_a_treatment_starts_after_its_time_and_then_has_its_onset() -> None:
    run = machine_run()
    out = run.do(Order("ns_iv"))
    assert [type(one) for one in out] == [Placed]
    run.advance_to(20 * MINUTE)

    assert all_of(Started, run) == [Started(5 * MINUTE, 0, "ns_iv")]
    assert [anchor.from_s for anchor in run.history.course[1]] == [0, 10 * MINUTE]


def test_a_cancel_ends_what_runs_and_what_has_not_begun() -> None:
    run = machine_run()
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
    run = machine_run(seed=0)
    run.do(Order("glargine_sq"))
    run.advance_to(10 * MINUTE)
    assert reason_of(run, Cancel("glargine_sq")) == "nothing of it runs or waits"
    run.advance_to(4 * HOUR)

    # started at 5 min, works from 20 min for 2 h at -2 an hour; of its own +1.5
    assert [anchor.from_s for anchor in run.history.course[0]] == [0, 20 * MINUTE, 140 * MINUTE]
    assert run.value("level") == pytest.approx(4 + 4 * 1.5 - 2 * 2)


def test_what_is_given_continuously_works_until_it_is_stopped() -> None:
    run = machine_run(seed=0)
    run.do(Order("glargine_sq", mode="continuous"))
    run.advance_to(5 * HOUR)
    assert run.value("level") == pytest.approx(4 + 20 / 60 * 1.5 - 0.5 * (5 - 20 / 60))
    run.do(Cancel("glargine_sq"))
    run.advance_to(6 * HOUR)
    assert run.value("level") == pytest.approx(run.values_at("level", 5 * HOUR), abs=1.6)


def test_an_effect_without_an_end_runs_until_it_is_stopped_even_where_one_dose_was_said() -> None:
    run = example_run()
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
    run = example_run()
    run.do(Order("bmp"))
    assert reason_of(run, Cancel("bmp")) == "nothing of it runs or waits"
    run.do(Order("cbc", in_s=HOUR))
    assert [type(one) for one in run.do(Cancel("cbc"))] == [Stopped]
    run.advance_to(3 * HOUR)
    assert [one.order for one in all_of(Collected, run)] == ["bmp"]


def test_an_order_for_later_is_taken_when_its_time_comes() -> None:
    run = example_run()
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
    run = example_run()
    assert reason_of(run, command) == words
    assert [action.was_refused for action in run.history.actions] == [True]
    assert run.now_s == 0


def test_an_order_must_be_possible_in_the_place() -> None:
    run = example_run()
    run.do(Move("office"))
    assert reason_of(run, Order("telemetry")) == f"not available {small_catalogue().places['office'].at}"


# --- a bolus, a watch, an appointment ----------------------------------------------------------------------------------


def test_a_bolus_ends_by_itself_and_an_infusion_does_not() -> None:
    bolus, infusion, stopped = example_run(), example_run(), example_run()
    bolus.do(Order("ns_iv", mode="once"))
    for run in (infusion, stopped):
        run.do(Order("ns_iv"))
    stopped.advance_to(5 * MINUTE + HOUR)
    stopped.do(Cancel("ns_iv"))
    for run in (bolus, infusion, stopped):
        run.advance_to(4 * HOUR)

    assert all_of(Stopped, bolus) == [Stopped(5 * MINUTE + HOUR, 0, "ns_iv")]
    assert all_of(Stopped, infusion) == []
    assert bolus.value("deficit") == stopped.value("deficit") > infusion.value("deficit")
    assert bolus.active_orders == ()


def test_a_bolus_can_be_stopped_while_it_runs_and_then_does_not_end_again() -> None:
    run = example_run()
    run.do(Order("ns_iv", mode="once"))
    run.advance_to(20 * MINUTE)
    assert [one.status for one in run.active_orders] == ["running"]
    run.do(Cancel("ns_iv"))
    run.advance_to(4 * HOUR)

    assert all_of(Stopped, run) == [Stopped(20 * MINUTE, 0, "ns_iv")]


def test_a_second_bolus_goes_on_where_the_first_ends() -> None:
    run = example_run()
    run.do(Order("ns_iv", mode="once"))
    run.advance_to(30 * MINUTE)
    run.do(Order("ns_iv", mode="once"))
    run.advance_to(4 * HOUR)

    assert [one.at_s for one in all_of(Stopped, run)] == [65 * MINUTE, 95 * MINUTE]
    turned = [one.from_s for one in run.history.course[run.case.variables.index("deficit")]]
    assert turned[:3] == [0, 10 * MINUTE, 95 * MINUTE]


def test_what_watches_finds_what_is_there_when_its_report_comes() -> None:
    at_once, watching = Run(case_with_order("bmp")), Run(case_with_order("bmp", watches=True))
    for run in (at_once, watching):
        run.do(Order("bmp"))
        run.do(AdvanceToResult())

    assert all_of(Collected, at_once)[0].at_s == 0
    assert all_of(Collected, watching)[0].at_s == at_once.now_s == watching.now_s == 40 * MINUTE
    assert (glucose_of(at_once), glucose_of(watching)) == (548, round(548 + 10 * 40 / 60))


def glucose_of(run: Run) -> float:
    (report,) = (one.report for one in all_of(Resulted, run))
    assert not isinstance(report, str)
    return next(line.value for line in report if line.analyte == "glucose")


def test_a_watch_that_is_stopped_reports_nothing_and_nobody_waits_for_it() -> None:
    times = dict.fromkeys(LOCATIONS, 4 * HOUR)
    late = Run(case_with_order("telemetry", watches=True, modes=("continuous",), reports_s=times))
    late.do(Order("telemetry"))
    late.advance_to(HOUR)
    assert late.next_result_s == 4 * HOUR
    late.do(Cancel("telemetry"))

    assert late.next_result_s is None
    (refused,) = late.do(AdvanceToResult())
    assert refused == Refused(HOUR, "result", "no report is awaited")
    late.advance_to(6 * HOUR)
    assert all_of(Resulted, late) == []


def test_a_procedure_ordered_in_the_office_waits_for_its_appointment_and_finds_what_is_then() -> None:
    days = {**dict.fromkeys(LOCATIONS, HOUR), "office": 14 * 24 * HOUR, "home": 14 * 24 * HOUR}
    case = case_with_order(
        "iv_access",
        ("location: ed", "location: office"),
        ("end: {virtual: 36h", "end: {virtual: 30d"),
        ("dka: {rate: {glucose: 10, bohb: 0.35, k: -0.04, deficit: 0.25}", "dka: {rate: {glucose: 1}"),
        reports_s=days,
        places=frozenset(LOCATIONS),
    )
    run = Run(case)
    run.do(Order("iv_access"))
    run.do(Move("home"))
    assert [one.status for one in run.active_orders] == ["placed"]
    run.advance_to(20 * 24 * HOUR)

    wait_s = 14 * 24 * HOUR - HOUR
    start_s = case.catalogue.orders["iv_access"].start_s
    assert [one.at_s for one in all_of(Started, run)] == [wait_s + start_s]
    assert [one.at_s for one in all_of(Collected, run)] == [wait_s + start_s]
    assert [one.at_s for one in all_of(Resulted, run)] == [14 * 24 * HOUR]


@pytest.mark.parametrize(
    ("fields", "wait_s"),
    [
        ({}, 0),
        ({"reports_s": {**dict.fromkeys(LOCATIONS, HOUR), "office": 2 * HOUR}}, 0),  # less than a day is no appointment
        ({"reports_s": {**dict.fromkeys(LOCATIONS, HOUR), "office": 25 * HOUR}}, 24 * HOUR),
        ({"reports_s": dict.fromkeys(LOCATIONS, 48 * HOUR), "places": frozenset({"office"})}, 48 * HOUR - 300),
        ({"reports_s": dict.fromkeys(LOCATIONS, 48 * HOUR), "places": frozenset({"office"}), "start_s": 24 * HOUR}, 0),
        ({"reports_s": {**dict.fromkeys(LOCATIONS, HOUR), "office": 25 * HOUR}, "category": "lab.chemistry"}, 0),
    ],
)
def test_an_appointment_is_what_a_report_takes_longer_outside_of_a_hospital(fields: dict[str, Any], wait_s: int) -> None:
    order = replace(small_catalogue().orders["iv_access"], **{"places": frozenset(LOCATIONS), **fields})

    assert order.wait_s("office") == wait_s
    assert order.wait_s("ed") == 0


def test_a_report_is_due_by_the_place_in_which_it_was_ordered() -> None:
    run = example_run()
    (placed,) = all_of(Placed, run.do(Order("telemetry")))
    run.do(Move("icu"))
    run.advance_to(4 * HOUR)

    assert [one.at_s for one in all_of(Resulted, run)] == [placed.due_s]
