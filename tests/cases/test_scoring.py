"""Scoring: each kind of item by hand, parsimony, limits, and laws of the whole."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bedside.cases import Case, Limit, Move, Order, Run, Score, compile_case, run_script, score
from bedside.cases.scoring import BANDS
from tests.support.case_files import read_example, small_catalogue
from tests.support.case_runs import HOUR, MINUTE, example_case, example_with_changes, machine_case, machine_scored_by
from tests.support.examples import examples


def scored(case: Case, script: str, seed: int = 0) -> Score:
    return score(case, run_script(case, script, seed=seed).history)


def points(item: str, script: str, seed: int = 0) -> float:
    """What one item earns or costs."""
    result = scored(machine_scored_by(item, "{id: other, do: vbg, pts: 1}"), script, seed)
    return next(line.points for line in (*result.lines, *result.harms) if line.id == "x")


@pytest.mark.parametrize(
    ("script", "expected"),
    [
        ("0m order bmp", 8),
        ("30m order bmp", 8),
        ("75m order bmp", 4),  # half way from 30 min to 2 h
        ("2h order bmp", 0),
        ("3h order bmp", 0),
        ("75m order bmp; 30m order cmp", 8),  # the best of a group
        ("0m order vbg", 0),
        ("0m history", 0),
    ],
)
def test_credit_is_full_and_then_falls_linearly(script: str, expected: float) -> None:
    assert points("{id: x, do: chem, full: 30m, zero: 2h, pts: 8}", script) == pytest.approx(expected)


def test_without_a_window_any_time_will_do() -> None:
    assert points("{id: x, do: chem, pts: 8}", "11h order bmp") == 8


def test_of_a_list_one_is_enough() -> None:
    assert points("{id: x, do: [cbc, ua], pts: 8}", "0m order ua") == 8


@pytest.mark.parametrize(
    ("script", "expected"),
    [
        ("0m order ns_iv; 35m order bmp", 8),  # the pump is on from 5 min
        ("0m order ns_iv; 80m order bmp", 4),
        ("0m order bmp; 0m order ns_iv", 0),  # before the window opens
        ("0m order bmp", 0),  # it never does
        ("0m order bmp ns_iv; 35m order bmp", 8),
    ],
)
def test_a_window_opens_with_its_event(script: str, expected: float) -> None:
    assert points("{id: x, do: chem, from: pumped, full: 30m, zero: 2h, pts: 8}", script) == pytest.approx(expected)


def test_the_guard_is_judged_at_the_moment_of_the_action() -> None:
    item = "{id: x, do: kcl_iv, when: 'level < 5.5', pts: 4}"  # level 4, and 1.5 more each hour

    assert points(item, "59m order kcl_iv") == 4
    assert points(item, "60m order kcl_iv") == 0
    assert points("{id: x, do: 'cancel:pump', when: 'hours_on(pump) >= 1', pts: 3}", "0m order ns_iv; 65m cancel ns_iv") == 3
    assert points("{id: x, do: 'cancel:pump', when: 'hours_on(pump) >= 1', pts: 3}", "0m order ns_iv; 64m cancel ns_iv") == 0


def test_the_guard_is_judged_before_the_action_has_any_effect() -> None:
    assert points("{id: x, do: 'cancel:ns_iv', when: active(pump), pts: 3}", "0m order ns_iv; 1h cancel ns_iv") == 3


def test_a_refused_action_neither_earns_nor_harms() -> None:
    assert points("{id: x, do: 'cancel:ns_iv', pts: 3}", "0m cancel ns_iv") == 0
    assert points("{id: x, avoid: 'move:ed', pts: -3}", "0m move ed") == 0


def test_an_order_for_later_counts_when_its_time_comes_and_not_if_it_was_stopped() -> None:
    case = machine_scored_by("{id: x, do: bmp, full: 30m, zero: 2h, pts: 8}")
    run = Run(case)
    run.do(Order("bmp", in_s=75 * MINUTE))
    assert score(case, run.history).percent == 0
    run.advance_to(3 * HOUR)
    assert score(case, run.history).percent == pytest.approx(50)


@pytest.mark.parametrize(
    ("script", "expected"),
    [
        ("0m order bmp; 1h order ns_iv", 3),
        ("0m order ns_iv; 1h order bmp", 0),
        ("0m order bmp ns_iv", 3),  # entered first
        ("0m order ns_iv bmp", 0),
        ("0m order bmp", 0),
        ("0m order ns_iv", 0),
        ("0m order bmp; 1h order ns_iv; 2h order bmp", 3),
    ],
)
def test_before_compares_the_first_of_each(script: str, expected: float) -> None:
    assert points("{id: x, before: [chem, pump], pts: 3}", script) == expected


@pytest.mark.parametrize(
    ("script", "expected"),
    [
        # from 5 min on to the end at 12 h: 715 min, of which each check covers the next 60
        ("0m order ns_iv", 60 / 715),
        ("0m order ns_iv; 65m order bmp", 120 / 715),
        ("0m order ns_iv; 35m order bmp; 65m order cmp", 120 / 715),
        ("0m order ns_iv bmp", 60 / 715),  # before the interval
        ("0m order ns_iv; 11h30m order bmp", (60 + 30) / 715),
        ("0m order bmp", 0),
    ],
)
def test_watching_earns_the_share_without_a_longer_gap(script: str, expected: float) -> None:
    assert points("{id: x, watch: chem, from: pumped, every: 1h, pts: 10}", script) == pytest.approx(10 * expected)


def test_watching_ends_with_its_event() -> None:
    item = "{id: x, watch: chem, until: pumped, every: 1h, pts: 10}"

    assert points(item, "4h order ns_iv; 1h order bmp") == pytest.approx(10 * 120 / 245)
    assert points(item, "0m order bmp; 1h order bmp cmp; 2h order bmp; 3h order bmp; 4h order bmp; 4h order ns_iv") == 10


def test_reaching_earns_by_the_time_of_the_event() -> None:
    run = run_script(machine_case(), "0m order ns_iv", seed=1)
    at_s = run.history.first_s["calm"]
    assert at_s is not None
    item = "{id: x, reach: calm, full: 30m, zero: 8h, pts: 6}"

    assert points(item, "0m order ns_iv", seed=1) == pytest.approx(6 * (8 * HOUR - at_s) / (7.5 * HOUR))
    assert points(item, "0m history", seed=1) == 0


def test_reaching_earns_nothing_for_a_patient_who_has_died() -> None:
    case = example_with_changes(
        ("{id: closure, reach: closed, full: 16h, zero: 30h, pts: 8}", "{id: closure, reach: vt, pts: 8}")
    )
    result = scored(case, "0m order insulin_regular_iv")

    assert next(line.points for line in result.lines if line.id == "closure") == 0
    assert Limit("died", 20) in result.caps


def test_a_harm_costs_once() -> None:
    item = "{id: x, avoid: [kcl_iv, cbc], when: 'level < 5.5', pts: -4}"

    assert points(item, "0m order kcl_iv; 10m order cbc; 20m order cbc") == -4
    assert points(item, "2h order kcl_iv") == 0
    assert points("{id: x, event: pumped, pts: -4}", "0m order ns_iv") == -4
    assert points("{id: x, event: pumped, pts: -4}", "0m history") == 0


def test_a_score_is_never_below_nothing() -> None:
    case = machine_scored_by("{id: a, do: vbg, pts: 1}", "{id: b, avoid: kcl_iv, pts: -50}")
    result = scored(case, "0m order vbg kcl_iv")

    assert (result.raw, result.percent) == (-49, 0)


def test_a_limit_is_soft() -> None:
    case = machine_scored_by(
        "{id: a, do: vbg, pts: 9}", "{id: b, do: kcl_iv, tier: critical, pts: 1}", "{id: c, avoid: cbc, cap: 20, pts: -1}"
    )
    missed = scored(case, "0m order vbg")
    assert (missed.uncapped, missed.caps) == (90, (Limit("b", 60),))
    assert missed.percent == pytest.approx(60 + 0.3 * 30)

    both = scored(case, "0m order vbg cbc")  # the lowest counts, and once
    assert both.uncapped == 80
    assert both.percent == pytest.approx(20 + 0.3 * 60)

    low = scored(case, "0m order cbc")
    assert low.percent == 0


def test_a_critical_item_that_earned_something_was_not_missed() -> None:
    case = machine_scored_by("{id: a, do: vbg, pts: 9}", "{id: b, do: kcl_iv, full: 1h, zero: 2h, tier: critical, pts: 1}")

    assert scored(case, "0m order vbg; 119m order kcl_iv").caps == ()
    assert scored(case, "0m order vbg; 120m order kcl_iv").caps == (Limit("b", 60),)


def test_needless_orders_cost_after_the_free_ones() -> None:
    needless = ["bmp", "cmp", "cbc", "ua", "ns_iv", "lr_iv", "kcl_iv", "phosphate"]
    case = machine_scored_by(
        "{id: a, do: vbg, pts: 10}", scoring="{neutral: [magnesium, cbc], clutter: {free: 4, each: 1, max: 2}}"
    )

    few = scored(case, f"0m order vbg magnesium {' '.join(needless[:5])}")  # cbc is neutral
    assert (few.parsimony.points, few.percent) == (0, 100)
    more = scored(case, f"0m order vbg {' '.join(needless[:6])}; 1h order vbg magnesium")
    assert (more.parsimony.points, more.percent) == (-1, 90)
    most = scored(case, f"0m order vbg {' '.join(needless)} {' '.join(needless)}")
    assert (most.parsimony.points, most.percent) == (-2, 80)
    assert most.parsimony.clutter.count("bmp") == 2


def test_what_an_item_looks_at_examinations_and_refused_orders_cost_nothing() -> None:
    figures = "{clutter: {free: 0, each: 1, max: 9}}"
    case = machine_scored_by(
        "{id: a, do: vbg, pts: 10}", "{id: b, avoid: kcl_iv, when: 'level > 15', pts: -5}", scoring=figures
    )

    assert scored(case, "0m order vbg vbg kcl_iv; 0m exam heart; 0m move office; 2h order telemetry").percent == 100


def test_an_intrusive_order_costs_more_and_has_no_free_ones() -> None:
    plain = small_catalogue()
    orders = dict(plain.orders) | {
        name: replace(plain.orders[name], invasiveness=grade) for name, grade in (("cxr", 2), ("lipase", 3), ("osmolality", 1))
    }
    case = compile_case(machine_case().file, replace(plain, orders=orders))

    assert scored(case, "0m order cxr lipase osmolality").parsimony.points == -10
    assert scored(case, "0m order cxr lipase cxr lipase cxr").parsimony.points == -20


def test_lines_say_what_decided_why_and_to_which_part_it_counts() -> None:
    case = example_case()
    result = scored(case, read_example().scripts["late"])
    lines = {line.id: line for line in (*result.lines, *result.harms)}

    assert (lines["fluids"].at_s, lines["fluids"].why) == (
        90 * MINUTE,
        "Restores perfusion and lowers glucose before any insulin.",
    )
    assert {name: lines[name].dimension for name in ("chemistry", "fluids", "monitor", "k_checks", "potassium_first")} == {
        "chemistry": "diagnosis",
        "fluids": "therapy",
        "monitor": "monitoring",
        "k_checks": "monitoring",
        "potassium_first": "sequence",
    }
    assert {
        name: lines[name].dimension for name in ("closure", "icu", "teaching", "exam", "h_sent_home", "h_vt", "overlap")
    } == {
        "closure": "timing",
        "icu": "location",
        "teaching": "communication",
        "exam": "diagnosis",
        "h_sent_home": "location",
        "h_vt": "therapy",
        "overlap": "therapy",
    }
    assert sum(possible for _, possible in result.by_dimension().values()) == result.possible
    assert sum(earned for earned, _ in result.by_dimension().values()) == pytest.approx(result.raw - result.parsimony.points)


def test_a_band_goes_with_the_percent() -> None:
    assert scored(example_case(), read_example().scripts["expert"]).band == BANDS[0][1]
    assert scored(example_case(), "0m history").band == BANDS[-1][1]


def test_a_run_can_be_scored_before_its_end() -> None:
    run = Run(example_case())
    run.do(Order("ns_iv"))
    first = score(example_case(), run.history)
    run.do(Move("icu"))

    assert first.raw == 12
    assert score(example_case(), run.history).raw == 16


EVERY = sorted(order for order in example_case().catalogue.orders if "exam" not in order)
ORDERS = st.lists(st.tuples(st.integers(0, 12 * HOUR), st.sampled_from(EVERY)), max_size=20)


@given(orders=ORDERS)
@settings(deadline=None, max_examples=examples(80))
def test_a_score_adds_up_and_stays_between_nothing_and_everything(orders: list[tuple[int, str]]) -> None:
    case = example_case()
    run = Run(case)
    for at_s, order in sorted(orders):
        run.advance_to(at_s)
        run.do(Order(order))
    run.advance_to(case.end_s)
    result = score(case, run.history)

    assert 0 <= result.percent <= result.uncapped <= 100
    assert all(0 <= line.points <= line.possible for line in result.lines)
    assert all(line.points <= 0 == line.possible for line in result.harms)
    total = sum(line.points for line in (*result.lines, *result.harms)) + result.parsimony.points
    assert result.raw == pytest.approx(total)
    assert result.uncapped == pytest.approx(100 * max(0, total) / result.possible)
    assert -30 <= result.parsimony.points <= 0


@given(at_s=st.integers(0, 20 * HOUR), later_s=st.integers(0, 10 * HOUR))
@settings(deadline=None, max_examples=examples(60))
def test_the_same_action_later_never_earns_more(at_s: int, later_s: int) -> None:
    item = "{id: x, do: bmp, full: 2h, zero: 9h, pts: 8}"

    assert points(item, f"{at_s}s order bmp") >= points(item, f"{at_s + later_s}s order bmp")
