"""Guards and crossings: what the language of guards can say, and the exact second at which it turns."""

from __future__ import annotations

import math
from collections.abc import Callable

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from bedside.cases.facts import Asked, FactTable, Threshold, with_names_for_facts
from bedside.cases.guards import Guard, compile_guard
from bedside.cases.motion import NEVER, Anchor, anchored, crossing_s, value_at
from bedside.errors import ExpressionError, UsageError
from bedside.expressions import compile_expression

VARIABLES = ("k", "glucose")
NUMBERS = {"k": (2.0, 3.5, 5.0), "glucose": (60.0, 250.0)}


def accept(fact: Asked) -> None:
    if fact.what == "nowhere":
        raise UsageError("there is no such thing")


def guard_of(text: str) -> tuple[Guard, FactTable]:
    table = FactTable(accept)
    return compile_guard(text, variables=VARIABLES, facts=table), table


def bits_of(table: FactTable, *, true: set[str], values: dict[str, float], hours: dict[str, float]) -> int:
    """The bits for these discrete facts (`active(kcl)`), values of variables and hours on."""
    bits = sum(bit for fact, bit in table.bits.items() if f"{fact.function}({fact.what})" in true)
    for names, now in ((table.of_variables, values), (table.of_hours, hours)):
        for name, thresholds in names.items():
            bits |= sum(bit for threshold, bit in thresholds.items() if threshold.holds(now[name]))
    return bits


def holds(text: str, *true: str, hours: float = 0.0, **values: float) -> bool:
    guard, table = guard_of(text)
    return guard.holds(
        bits_of(table, true=set(true), values={"k": 0, "glucose": 0} | values, hours={"basal": hours, "kcl": hours})
    )


@pytest.mark.parametrize(
    ("text", "k", "expected"),
    [
        ("k >= 3.5", 3.5, True),
        ("k > 3.5", 3.5, False),
        ("k <= 3.5", 3.5, True),
        ("k < 3.5", 3.5, False),
        ("3.5 <= k", 3.5, True),
        ("3.5 > k", 3.4, True),
        ("3 <= k < 5", 5, False),
        ("3 <= k < 5", 3, True),
        ("not k < 3.5", 3.5, True),
        ("k >= -(1 + 2) * 2", -5, True),
        ("k < 3 or k > 5", 6, True),
        ("k < 3 or k > 5", 4, False),
        ("not (k < 3 or k > 5)", 4, True),
        ("k > 3 and k < 3", 3, False),
    ],
)
def test_a_variable_is_compared_with_a_constant(text: str, k: float, expected: bool) -> None:
    assert holds(text, k=k) is expected


def test_facts_are_joined_with_and_or_and_not() -> None:
    text = "seen(closed) and hours_on(basal) >= 2 and not active(insulin_iv) and (loc(ward) or loc(icu))"

    assert holds(text, "seen(closed)", "loc(icu)", hours=2)
    assert not holds(text, "seen(closed)", "loc(icu)", hours=1.99)
    assert not holds(text, "seen(closed)", "loc(ed)", hours=2)
    assert not holds(text, "seen(closed)", "loc(ward)", "active(insulin_iv)", hours=2)


def test_a_name_may_be_a_variable_and_what_a_fact_is_asked_of() -> None:
    assert holds("active(k) and k > 3", "active(k)", k=4)
    assert not holds("active(k) and k > 3", k=4)
    assert holds("done(exam:general)", "done(exam:general)")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("ph < 7", 'unknown name "ph"'),
        ("k == 3", "== can't be met"),
        ("k != 3", "== can't be met"),
        ("k < glucose", "with a constant"),
        ("k + 1 < 3", "with a constant"),
        ("k", "with a constant"),
        ("hours_on(basal)", "with a constant"),
        ("active(kcl) > 0", "is not compared"),
        ("3", "with a constant"),
        ("3 < 4", "with a constant"),
        ("True", "something that can change"),
        ("min(k, 3) < 2", 'unknown function "min"'),
        ("state(nowhere)", "there is no such thing"),
        ("hours_on(nowhere) > 1", "there is no such thing"),
        ("k < 'a'", "with a constant"),
        ("k in (1, 2)", "== can't be met"),
        ("k if k < 3 else k", "with a constant"),
        ("__import__(k)", "unknown function"),
    ],
)
def test_what_has_no_exact_instant_is_no_guard(text: str, words: str) -> None:
    with pytest.raises(UsageError, match=r"^(column|there)") as caught:
        guard_of(text)
    assert words in str(caught.value)


def test_a_refusal_has_the_column_in_the_text_as_it_was_written() -> None:
    with pytest.raises(ExpressionError) as caught:
        guard_of(" active(kcl) and k == 3")
    assert caught.value.column == 18


def test_a_guard_depends_on_the_facts_it_asks_for_and_on_no_other() -> None:
    table = FactTable(accept)
    one = compile_guard("k < 3 and active(kcl)", variables=VARIABLES, facts=table)
    other = compile_guard("k >= 3 or seen(closed)", variables=VARIABLES, facts=table)

    assert one.mask & other.mask == table.of_variables["k"][Threshold(3, is_strict=False)]
    assert one.mask.bit_count() == other.mask.bit_count() == 2


def test_names_for_facts_are_as_wide_as_what_they_replace() -> None:
    text = "k < 3 and active( insulin_iv ) or state(vt)"

    named, asked = with_names_for_facts(text)

    assert len(named) == len(text)
    assert set(asked.values()) == {Asked("active", "insulin_iv"), Asked("state", "vt")}


ATOMS = st.one_of(
    st.sampled_from(["active(kcl)", "seen(closed)", "state(vt)", "loc(icu)"]),
    st.builds(
        lambda name, op, place: f"{name} {op} {NUMBERS[name][place % len(NUMBERS[name])]}",
        st.sampled_from(VARIABLES),
        st.sampled_from(["<", "<=", ">", ">="]),
        st.integers(0, 5),
    ),
    st.builds(lambda op, hours: f"hours_on(kcl) {op} {hours}", st.sampled_from(["<", ">="]), st.sampled_from([0.5, 1, 2])),
)
GUARDS = st.recursive(
    ATOMS,
    lambda inner: st.one_of(
        st.builds(lambda parts: f"({' and '.join(parts)})", st.lists(inner, min_size=2, max_size=4)),
        st.builds(lambda parts: f"({' or '.join(parts)})", st.lists(inner, min_size=2, max_size=4)),
        inner.map(lambda part: f"not {part}"),
    ),
    max_leaves=10,
)


@given(
    text=GUARDS,
    true=st.sets(st.sampled_from(["active(kcl)", "seen(closed)", "state(vt)", "loc(icu)"])),
    k=st.sampled_from([1.0, 2.0, 3.0, 3.5, 5.0, 7.0]),
    glucose=st.sampled_from([10.0, 60.0, 100.0, 250.0, 900.0]),
    hours=st.sampled_from([0.0, 0.5, 0.75, 1.0, 2.0, 3.0]),
)
def test_a_guard_is_as_true_as_the_expression_it_is(text: str, true: set[str], k: float, glucose: float, hours: float) -> None:
    guard, table = guard_of(text)
    named, asked = with_names_for_facts(text)
    expression = compile_expression(named, names={*VARIABLES, *asked}, functions={})
    values = {
        name: hours if fact.function == "hours_on" else f"{fact.function}({fact.what})" in true for name, fact in asked.items()
    }
    bits = bits_of(table, true=true, values={"k": k, "glucose": glucose}, hours={"kcl": hours})

    assert guard.holds(bits) is expression.evaluate({"k": k, "glucose": glucose} | values)


@pytest.mark.parametrize(
    ("value", "is_strict", "expected_s"), [(2, False, 7200), (2, True, 7201), (0, False, 0), (0, True, 1), (-1, True, 0)]
)
def test_a_clock_meets_a_number_of_hours_at_a_whole_second(value: float, is_strict: bool, expected_s: int) -> None:
    assert Threshold(value, is_strict).due_s() == expected_s


def test_a_line_meets_a_threshold_at_the_second_after_the_solution() -> None:
    anchor = anchored(0, 10.0, rate=-0.3, pull=0.0, weighted_targets=0.0)

    # 10 - 0.3 t = 5 at 16.67 s; equal at none
    assert crossing_s(anchor, Threshold(5, is_strict=True), after_s=0, until_s=100, low=0, high=20) == 17
    # 10 - 0.5 t = 5 at 10 s exactly: there x > 5 turns false and x >= 5 still holds
    even = anchored(0, 10.0, rate=-0.5, pull=0.0, weighted_targets=0.0)
    assert crossing_s(even, Threshold(5, is_strict=True), after_s=0, until_s=100, low=0, high=20) == 10
    assert crossing_s(even, Threshold(5, is_strict=False), after_s=0, until_s=100, low=0, high=20) == 11


def test_an_exponential_meets_a_threshold_where_its_logarithm_says() -> None:
    # from 548 to 200 in 20 h: 300 after tau * ln(348 / 100) = 89785.8 s
    anchor = anchored(0, 548.0, rate=0.0, pull=1 / 72_000, weighted_targets=200 / 72_000)

    assert crossing_s(anchor, Threshold(300, is_strict=True), after_s=0, until_s=10**6, low=0, high=1200) == math.ceil(
        72_000 * math.log(3.48)
    )


def test_several_pulls_and_a_rate_are_one_exponential() -> None:
    anchor = anchored(0, 10.0, rate=2 / 3600, pull=1 / 3600 + 1 / 7200, weighted_targets=4 / 3600 + 6 / 7200)
    step_s, x = 0.5, 10.0
    for _ in range(7200):
        x += step_s * (2 / 3600 + (4 - x) / 3600 + (6 - x) / 7200)

    assert value_at(anchor, 3600, 0, 100) == pytest.approx(x, rel=1e-4)
    assert anchor.goal == pytest.approx((2 + 4 + 3) / 1.5)


def test_a_variable_stays_within_its_bounds_and_meets_nothing_beyond() -> None:
    anchor = anchored(0, 10.0, rate=1.0, pull=0.0, weighted_targets=0.0)

    assert value_at(anchor, 50, 0, 20) == 20
    assert crossing_s(anchor, Threshold(20, is_strict=True), after_s=0, until_s=1000, low=0, high=20) == NEVER
    assert crossing_s(anchor, Threshold(20, is_strict=False), after_s=0, until_s=1000, low=0, high=20) == 10


def first_turn(truth: Callable[[int], bool], from_s: int, until_s: int) -> int:
    was = truth(from_s)
    return next((second for second in range(from_s + 1, until_s + 1) if truth(second) != was), NEVER)


NUMBER = st.floats(-50, 50, allow_nan=False).map(lambda x: round(x, 3))


@given(
    value=NUMBER,
    rate=st.floats(-0.5, 0.5).map(lambda x: round(x, 4)),
    tau_s=st.sampled_from([0, 50, 400, 3600]),
    target=NUMBER,
    threshold=NUMBER,
    is_strict=st.booleans(),
    after_s=st.integers(0, 200),
)
@example(value=10, rate=0, tau_s=50, target=5, threshold=5, is_strict=False, after_s=0)
@example(value=5, rate=0, tau_s=50, target=5, threshold=5, is_strict=True, after_s=0)
@example(value=-50, rate=0.1, tau_s=0, target=0, threshold=-50, is_strict=True, after_s=0)
def test_a_crossing_is_the_first_second_at_which_looking_would_find_it(
    *, value: float, rate: float, tau_s: int, target: float, threshold: float, is_strict: bool, after_s: int
) -> None:
    low, high, until_s = -40.0, 40.0, 600
    assume(low <= value <= high)
    anchor = anchored(0, value, rate=rate, pull=1 / tau_s if tau_s else 0.0, weighted_targets=target / tau_s if tau_s else 0.0)
    bound = Threshold(threshold, is_strict)

    found = crossing_s(anchor, bound, after_s=after_s, until_s=until_s, low=low, high=high)

    assert found == first_turn(lambda second: bound.holds(value_at(anchor, second, low, high)), after_s, until_s)


def test_reading_at_the_anchor_gives_its_value_to_the_last_bit() -> None:
    anchor = Anchor(5, 0.1 + 0.2, 0.0, 1 / 7, 1 / 3)

    assert value_at(anchor, 5, 0, 1) == 0.1 + 0.2
