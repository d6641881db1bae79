from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bedside.cases.compiled import compile_case
from bedside.cases.lint.language import parse, unsolvable
from bedside.cases.lint.logic import alternatives, is_possible, together
from bedside.errors import UsageError
from bedside.expressions import compile_expression
from tests.support.case_files import lint_findings, read_example, small_catalogue

BOUNDS = {"k": (1.0, 6.0), "glucose": (0.0, 4.0)}
# between, at and beyond every constant below: a guard over them that can hold at all holds at one of these
GRID = {"k": [1 + n / 4 for n in range(21)], "glucose": [n / 4 for n in range(17)]}

comparisons = st.builds(
    "{} {} {}".format, st.sampled_from(["k", "glucose"]), st.sampled_from(["<", "<=", ">", ">="]), st.integers(0, 7)
) | st.builds("{} {} {}".format, st.integers(0, 7), st.sampled_from(["<", "<=", ">", ">="]), st.sampled_from(["k", "glucose"]))
chains = st.builds("{} <= k < {}".format, st.integers(0, 7), st.integers(0, 7))
guards = st.recursive(
    comparisons | chains,
    lambda inner: (
        st.builds("({} and {})".format, inner, inner)
        | st.builds("({} or {})".format, inner, inner)
        | st.builds("(not {})".format, inner)
    ),
    max_leaves=6,
)


@settings(deadline=None)
@given(guards)
def test_a_guard_is_possible_where_some_values_within_the_bounds_make_it_true(text: str) -> None:
    guard = compile_expression(text, names=BOUNDS, functions={})
    holds = any(guard.evaluate({"k": k, "glucose": glucose}) for k in GRID["k"] for glucose in GRID["glucose"])

    assert unsolvable(parse(text).tree) is None
    assert is_possible(alternatives(parse(text).tree), BOUNDS, {}) == holds


@given(guards, guards)
def test_two_guards_are_possible_together_as_their_and_is(one: str, other: str) -> None:
    both = together([alternatives(parse(one).tree), alternatives(parse(other).tree)])

    assert is_possible(both, BOUNDS, {}) == is_possible(alternatives(parse(f"{one} and {other}").tree), BOUNDS, {})


@pytest.mark.parametrize(
    ("text", "possible"),
    [
        ("state(vt) and state(coma)", True),
        ("state(vt) and state(sinus)", False),
        ("state(vt) and not state(sinus)", True),
        ("loc(ed) and loc(icu)", False),
        ("loc(or) or loc(icu)", True),
        ("active(kcl) and not active(kcl)", False),
        ("not (active(kcl) or not active(kcl))", False),
        ("done(exam:general) and seen(closed)", True),
        ("hours_on(basal) >= 2 and hours_on(basal) < 1", False),
        ("hours_on(basal) < 0", False),
        ("True", True),
        ("k >= 2 and False", False),
    ],
)
def test_facts_that_exclude_each_other_make_a_guard_impossible(text: str, possible: bool) -> None:
    regions = {"vt": "rhythm", "sinus": "rhythm", "coma": "neuro"}

    assert is_possible(alternatives(parse(text).tree), BOUNDS, regions) is possible


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("k >= 2*2", None),
        ("-1 < k", None),
        ("active(kcl)", None),
        ("k >= glucose", "k >= glucose"),
        ("k + 1 >= 3", "k + 1 >= 3"),
        ("k == 3", "k == 3"),
        ("state(vt) and k", "k"),
        ("active(kcl) >= 1", "active(kcl) >= 1"),
        ("hours_on(kcl)", "hours_on(kcl)"),
        ("abs(k) > 2", "abs(k) > 2"),
    ],
)
def test_what_can_not_be_solved_is_named(text: str, wrong: str | None) -> None:
    assert unsolvable(parse(text).tree) == wrong


@pytest.mark.parametrize(
    "guard",
    [
        "k >= 2*2",
        "-1 < k",
        "3.5 <= k < 4",
        "k >= glucose",
        "k + 1 >= 3",
        "k == 3",
        "k",
        "active(kcl) >= 1",
        "hours_on(kcl)",
        "hours_on(kcl) >= 1",
        "abs(k) > 2",
        "state(dead)",
        "not loc(or)",
        "done(cancel:kcl)",
        "done(history)",
        "done(exam:general)",
        "given(insulin_iv)",
        "seen(unknown)",
        "state(unknown)",
        "active(unknown)",
        "ph > 7",
        "'k' in ('k',)",
    ],
)
def test_the_linter_and_the_engine_accept_the_same_guards(guard: str) -> None:
    change = ('k_safe: "k >= 3.5"', f'k_safe: "{guard}"')
    is_refused = {"C101", "C102", "C103", "C104", "C110", "C111", "C113"} & {one.rule for one in lint_findings(change)}

    try:
        compile_case(read_example(change), small_catalogue())
    except UsageError:
        assert is_refused
    else:
        assert not is_refused
