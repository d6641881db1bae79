"""How variables move in a run: lines and exponentials, effects that push them, doses, variants, and the past."""

from __future__ import annotations

import math

import pytest

from bedside.cases import (
    Advance,
    Cancel,
    Order,
    Run,
)
from bedside.errors import NotFoundError, UsageError
from tests.support.case_runs import HOUR, MINUTE, example_run, machine_case, machine_run


def test_a_variable_without_pull_is_a_line_and_with_one_an_exponential() -> None:
    run = example_run()
    run.advance_to(2 * HOUR)
    assert run.value("glucose") == pytest.approx(548 + 2 * 10)

    run = Run(machine_case(), seed=2)  # hot from the start: heat 41 to 41.5 in 2 h
    run.advance_to(HOUR)
    assert run.value("heat") == pytest.approx(41.5 - 0.5 * math.exp(-0.5))


def test_effects_states_and_phases_push_one_variable_together() -> None:
    run = example_run()
    run.do(Order("insulin_regular_iv"))
    run.advance_to(
        5 * MINUTE + 10 * MINUTE + 90 * MINUTE
    )  # started after 5 min, onset 10 min, one hour at -0.45 and half at -0.15

    # of its own -0.04 an hour all along
    assert run.value("k") == pytest.approx(3.1 - 0.04 * 1.75 - 0.45 - 0.15 / 2)


def test_two_orders_of_one_effect_never_add_up() -> None:
    one, two = example_run(), example_run()
    one.do(Order("ns_iv"))
    two.do(Order("ns_iv"))
    two.do(Order("lr_iv"))
    for run in (one, two):
        run.advance_to(8 * HOUR)

    assert one.value("deficit") == two.value("deficit")
    assert one.value("k") == two.value("k")


def test_an_effect_goes_on_until_its_last_order_is_stopped() -> None:
    run = machine_run(seed=0)
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
    run = example_run()
    anchors = [len(course) for course in run.history.course]
    for second in range(0, 600, 7):
        run.do(Advance(7))
        run.value("ph")
        run.values_at("k", second)

    assert [len(course) for course in run.history.course] == anchors


def test_a_dose_scales_rates_where_the_case_has_doses_and_not_where_it_has_none() -> None:
    low, usual, high = (machine_run(seed=0) for _ in range(3))
    low.do(Order("kcl_iv", dose="low"))
    usual.do(Order("kcl_iv"))
    high.do(Order("kcl_iv", dose="high"))
    for run in (low, usual, high):
        run.advance_to(45 * MINUTE)
    assert usual.value("sand") - 5 == pytest.approx(2 * 0.5)
    assert low.value("sand") - 5 == pytest.approx((usual.value("sand") - 5) / 2)
    assert high.value("sand") - 5 == pytest.approx((usual.value("sand") - 5) * 1.5)

    plain = example_run()
    plain.do(Order("insulin_regular_iv", dose="high"))
    plain.advance_to(HOUR)
    scaled = example_run()
    scaled.do(Order("insulin_regular_iv"))
    scaled.advance_to(HOUR)
    assert plain.value("glucose") == scaled.value("glucose")


def test_of_one_order_given_again_the_last_dose_counts_and_of_two_orders_the_larger() -> None:
    again, two = machine_run(seed=0), machine_run(seed=0)
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
    run, read = machine_run(), {}
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
