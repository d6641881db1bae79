"""Forms of tiny pools against all forms that there are: every constraint holds, and the gap is honest."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import replace

import numpy as np
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bedside.assembly import FormsClashError, FormsPlan, Limits, PoolItem, Range, Target, draw_forms
from bedside.assembly.forms_plan import Aim
from bedside.assembly.solver import Model
from tests.assembly.test_forms import assert_plan_is_met
from tests.support.examples import examples

UNTIMED = settings(deadline=None, max_examples=examples(40))
AIMS: tuple[Aim, ...] = ("most", "absolute", "relative")
EXACT = Limits(seconds=20.0, nodes=50_000, relative_gap=1e-6)


@st.composite
def pools_and_plans(draw: st.DrawFn) -> tuple[list[PoolItem], FormsPlan]:
    n = draw(st.integers(5, 7))
    families = draw(st.lists(st.sampled_from(["x", "y", "", "", ""]), min_size=n, max_size=n))
    pool = [PoolItem(f"item-{k}", "one_best_answer", families=(f,) if f else ()) for k, f in enumerate(families)]
    area = np.array(draw(st.lists(st.integers(0, 1), min_size=n, max_size=n)), dtype=float)
    low, width = draw(st.integers(0, 2)), draw(st.integers(0, 2))
    given_info = draw(st.lists(st.lists(st.integers(0, 9), min_size=2, max_size=2), min_size=n, max_size=n))
    aim: Aim = draw(st.sampled_from(AIMS))
    n_pilots = draw(st.integers(0, 1))
    plan = FormsPlan(
        n_forms=draw(st.integers(1, 2)),
        n_items=draw(st.integers(2, 3)),
        ranges=(Range("area", area, low, low + width),),
        target=Target(np.array(given_info, dtype=float), np.array([4.0, 5.0]), aim),
        uses=draw(st.integers(1, 2)),
        max_overlap=draw(st.sampled_from([None, 0, 1])),
        anchors=frozenset(["item-0"]) if draw(st.booleans()) else frozenset(),
        pilots=frozenset(["item-3", "item-4"]) if n_pilots else frozenset(),
        n_pilots=n_pilots,
    )
    return pool, plan


def all_forms(pool: list[PoolItem], plan: FormsPlan) -> list[tuple[int, ...]]:
    """Every single form that meets what concerns one form."""
    scored = [k for k, item in enumerate(pool) if item.id not in plan.pilots]
    pilots = [k for k, item in enumerate(pool) if item.id in plan.pilots]
    found = []
    for one, other in itertools.product(
        itertools.combinations(scored, plan.n_items), itertools.combinations(pilots, plan.n_pilots)
    ):
        form = one + other
        families = [family for k in form for family in pool[k].families]
        is_apart = len(families) == len(set(families))
        in_range = all(r.low <= r.amounts[list(form)].sum() <= r.high for r in plan.ranges)
        if is_apart and in_range and plan.anchors <= {pool[k].id for k in form}:
            found.append(form)
    return found


def all_choices(pool: list[PoolItem], plan: FormsPlan) -> Iterator[tuple[tuple[int, ...], ...]]:
    anchors = {k for k, item in enumerate(pool) if item.id in plan.anchors}
    for forms in itertools.combinations_with_replacement(all_forms(pool, plan), plan.n_forms):
        uses = np.bincount(np.concatenate(forms), minlength=len(pool))
        shared = [len(set(a) & set(b) - anchors) for a, b in itertools.combinations(forms, 2)]
        fits = all(uses[k] <= plan.uses or k in anchors for k in range(len(pool)))
        if fits and (plan.max_overlap is None or max(shared, default=0) <= plan.max_overlap):
            yield forms


def value_of(pool: list[PoolItem], plan: FormsPlan, forms: tuple[tuple[int, ...], ...]) -> float:
    """The objective, to be large for `most` and small else."""
    assert plan.target is not None
    scored = [[k for k in form if pool[k].id not in plan.pilots] for form in forms]
    found = np.array([plan.target.information[form].sum(axis=0) for form in scored])
    if plan.target.aim == "most":
        return float((found / plan.target.goal).min())
    away = np.abs(found - plan.target.goal)
    return float((away / plan.target.goal if plan.target.aim == "relative" else away).max())


@UNTIMED
@given(pools_and_plans(), st.integers(0, 99))
def test_forms_are_the_best_there_are_the_bound_holds_and_what_is_refused_can_not_be_met(case, seed):
    pool, plan = case
    values = [value_of(pool, plan, forms) for forms in all_choices(pool, plan)]
    best = (max if plan.target.aim == "most" else min)(values) if values else None

    try:
        drawn = draw_forms(plan, pool, seed, limits=EXACT)
    except FormsClashError:
        assert best is None
        return

    assert best is not None
    assert_plan_is_met(plan, pool, drawn)
    assert abs(drawn.value - best) < 1e-5
    if plan.target.aim == "most":
        assert drawn.value - 1e-5 <= best <= drawn.bound + 1e-5
    else:
        assert drawn.bound - 1e-5 <= best <= drawn.value + 1e-5


@UNTIMED
@given(pools_and_plans(), st.integers(0, 99))
def test_the_gap_is_never_less_than_what_is_missing_to_the_best(case, seed):
    pool, plan = case
    plan = replace(plan, target=replace(plan.target, aim="most"))
    values = [value_of(pool, plan, forms) for forms in all_choices(pool, plan)]

    try:
        drawn = draw_forms(plan, pool, seed, limits=Limits(seconds=20.0, nodes=50_000, relative_gap=0.5))
    except FormsClashError:
        assert not values
        return

    best = max(values)
    assert drawn.gap >= (best - drawn.value) / best - 1e-6 if best else drawn.gap == 0
    assert drawn.is_proven == (drawn.gap <= 0.5)


@UNTIMED
@given(st.lists(st.tuples(st.lists(st.integers(-2, 2), min_size=3, max_size=3), st.integers(-3, 3)), min_size=1, max_size=7))
@example([([0, 0, 2], 1), ([1, 0, -2], 0), ([-1, 0, 0], 0)])  # in fractions all three clash, in whole numbers the first two
def test_what_is_said_to_clash_does_and_without_any_one_of_it_the_rest_holds(constraints):
    def model_of(kept: list[int]) -> Model:
        model = Model()
        variables = [model.variable(upper=1.0, whole=True) for _ in range(3)]
        for factors, low in (constraints[k] for k in kept):
            model.constrain(zip(variables, map(float, factors), strict=True), low=float(low))
        return model

    def holds(kept: list[int]) -> bool:
        return any(
            all(sum(f * v for f, v in zip(constraints[k][0], values, strict=True)) >= constraints[k][1] for k in kept)
            for values in itertools.product((0, 1), repeat=3)
        )

    every = list(range(len(constraints)))

    clash = model_of(every).clash([[k] for k in every], EXACT)

    assert bool(clash) == (not holds(every))
    for one in clash:
        assert holds([other for other in clash if other != one])
    assert not clash or not holds(list(clash))
