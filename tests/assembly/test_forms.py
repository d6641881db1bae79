"""Several parallel forms at once: what a user can rely on."""

from __future__ import annotations

import itertools
from dataclasses import replace

import numpy as np
import pytest

from bedside.assembly import (
    Blueprint,
    FormsClashError,
    FormsPlan,
    ParallelForms,
    PoolItem,
    Range,
    SetPlace,
    Target,
    draw,
    draw_forms,
    ranges_of,
)
from bedside.errors import UsageError
from tests.support.pools import plain_form, step_1

N_POOL = 400
GOAL = np.array([1.0, 1.2, 1.0])


def pool_of_singles(n: int = N_POOL, *, families: int = 200) -> list[PoolItem]:
    return [PoolItem(f"item-{k:04d}", "one_best_answer", families=(f"family-{k % families}",)) for k in range(n)]


def information(n: int = N_POOL, seed: int = 3) -> np.ndarray:
    """Of 2PL items at -1, 0 and 1."""
    rng = np.random.default_rng(seed)
    a, b = rng.lognormal(0, 0.3, n)[:, None], rng.normal(0, 1, n)[:, None]
    p = 1 / (1 + np.exp(-a * (np.array([-1.0, 0.0, 1.0]) - b)))
    return a**2 * p * (1 - p)


def areas(n: int = N_POOL, seed: int = 4) -> np.ndarray:
    return np.random.default_rng(seed).choice(4, n, p=[0.4, 0.3, 0.2, 0.1])


def plan_of(n_forms: int = 5, n_items: int = 40) -> FormsPlan:
    area = areas()
    shares = ((0, 14, 18), (1, 10, 14), (2, 7, 9), (3, 3, 5))
    ranges = tuple(Range(f"area {k}", (area == k).astype(float), low, high) for k, low, high in shares)
    return FormsPlan(n_forms, n_items, ranges, Target(information(), GOAL))


def places(pool: list[PoolItem], ids: tuple[str, ...]) -> list[int]:
    place = {item.id: index for index, item in enumerate(pool)}
    return [place[name] for name in ids]


def assert_plan_is_met(plan: FormsPlan, pool: list[PoolItem], drawn: ParallelForms) -> None:
    """Every constraint, counted anew."""
    assert len(drawn.forms) == plan.n_forms
    given = [places(pool, form.items + form.pilots) for form in drawn.forms]
    for form, all_items in zip(drawn.forms, given, strict=True):
        assert len(form.items) == plan.n_items
        assert len(form.pilots) == plan.n_pilots
        assert len(set(all_items)) == plan.n_items + plan.n_pilots
        assert plan.anchors <= set(form.items)
        assert set(form.pilots) <= plan.pilots
        assert not set(form.items) & plan.pilots
        for one in plan.ranges:
            assert one.low - 1e-6 <= one.amounts[all_items].sum() <= one.high + 1e-6
        families = [family for item in all_items for family in pool[item].families]
        assert len(families) == len(set(families))
        ids = set(form.items + form.pilots)
        assert not any(pool[item].enemies & ids for item in all_items)
    uses = np.bincount(np.concatenate(given), minlength=len(pool))
    free = np.array([item.id not in plan.anchors for item in pool])
    assert (uses[free] <= np.broadcast_to(plan.uses, len(pool))[free]).all()
    for first, second in itertools.combinations(range(plan.n_forms), 2):
        shared = set(given[first]) & set(given[second])
        assert drawn.overlap[first, second] == len(shared)
        if plan.max_overlap is not None:
            assert len(shared) - len(plan.anchors) <= plan.max_overlap


def test_each_form_meets_the_plan_and_the_least_information_is_within_the_gap_of_the_bound():
    plan, pool = plan_of(), pool_of_singles()

    drawn = draw_forms(plan, pool, seed=1)

    assert_plan_is_met(plan, pool, drawn)
    found = np.array([information()[places(pool, form.items)].sum(axis=0) for form in drawn.forms])
    np.testing.assert_allclose([form.information for form in drawn.forms], found)
    assert drawn.value == pytest.approx((found / GOAL).min())
    assert drawn.gap == pytest.approx((drawn.bound - drawn.value) / drawn.bound)
    assert drawn.is_proven
    assert drawn.gap <= 0.01


def test_forms_that_are_to_have_much_information_are_parallel_at_all_points():
    plan, pool = plan_of(), pool_of_singles()

    found = np.array([form.information for form in draw_forms(plan, pool, seed=1).forms])

    assert (np.abs(found / found.mean(axis=0) - 1) < 0.03).all()


@pytest.mark.parametrize("aim", ["absolute", "relative"])
def test_forms_come_near_a_target_that_can_be_reached(aim):
    plan, pool = plan_of(3), pool_of_singles()
    goal = np.array([8.0, 9.5, 8.0])
    plan = replace(plan, target=Target(information(), goal, aim))

    drawn = draw_forms(plan, pool, seed=1)

    assert_plan_is_met(plan, pool, drawn)
    away = np.abs(np.array([form.information for form in drawn.forms]) - goal)
    assert drawn.value == pytest.approx((away / (goal if aim == "relative" else 1)).max())
    assert drawn.value <= 0.01 * (1 if aim == "relative" else goal.min())
    assert drawn.is_proven


def test_anchors_stand_in_all_forms_pilot_items_in_their_places_and_other_items_are_shared_within_the_limit():
    pool = pool_of_singles()
    plan = replace(
        plan_of(4),
        uses=3,
        max_overlap=4,
        anchors=frozenset(item.id for item in pool[:6]),
        pilots=frozenset(item.id for item in pool[300:360]),
        n_pilots=8,
        ranges=tuple(replace(one, high=one.high + 8) for one in plan_of().ranges),
    )

    drawn = draw_forms(plan, pool, seed=2)

    assert_plan_is_met(plan, pool, drawn)
    assert drawn.is_proven
    assert drawn.overlap[0, 1:].max() > 6  # it was worth to share some: 4 forms of 40 from 400


def test_pilot_items_add_no_information():
    pool = pool_of_singles(30, families=30)
    pilots = frozenset(item.id for item in pool[:10])
    target = Target(information(30), GOAL)

    drawn = draw_forms(FormsPlan(2, 6, target=target, pilots=pilots, n_pilots=3), pool, seed=0)

    for form in drawn.forms:
        np.testing.assert_allclose(form.information, target.information[places(pool, form.items)].sum(axis=0))


def test_an_item_that_was_exposed_enough_stands_in_no_form():
    plan, pool = plan_of(2), pool_of_singles()
    best = np.argsort(-information()[:, 1])[:50]
    uses = np.ones(N_POOL, dtype=np.int64)
    uses[best] = 0

    drawn = draw_forms(replace(plan, uses=uses), pool, seed=1)

    assert not {pool[k].id for k in best} & {name for form in drawn.forms for name in form.items}


def test_sets_are_taken_whole():
    pool = [
        replace(item, families=(), set=SetPlace(f"set-{k // 4}", "shared", k % 4) if k < 120 else None)
        for k, item in enumerate(pool_of_singles(300))
    ]
    in_sets = np.array([item.set is not None for item in pool], dtype=float)
    plan = FormsPlan(3, 30, (Range("items in sets", in_sets, 8, 12),), Target(information(300), GOAL))

    drawn = draw_forms(plan, pool, seed=1)

    assert_plan_is_met(plan, pool, drawn)
    for form in drawn.forms:
        counts = np.bincount([k // 4 for k in places(pool, form.items) if k < 120])
        assert set(counts) <= {0, 4}


def test_the_same_seed_gives_the_same_forms_and_another_seed_others():
    plan, pool = plan_of(), pool_of_singles()

    first, again, other = (draw_forms(plan, pool, seed=seed) for seed in (1, 1, 2))

    assert [form.items for form in first.forms] == [form.items for form in again.forms]
    assert [form.items for form in first.forms] != [form.items for form in other.forms]


def test_a_blueprint_gives_the_ranges_and_draw_puts_each_form_into_blocks():
    blueprint, pool = step_1(1_500)
    short = Blueprint(blueprint.blocks[:5], blueprint.rows)
    ranges = ranges_of(short, pool)
    plan = FormsPlan(3, 100, ranges)

    drawn = draw_forms(plan, pool, seed=1)

    assert_plan_is_met(plan, pool, drawn)
    assert (drawn.value, drawn.bound, drawn.gap) == (0, 0, 0)
    for form in drawn.forms:
        blocks = draw(short, [item for item in pool if item.id in form.items], (), seed=1)
        assert blocks.is_balanced
        assert sorted(blocks.items) == sorted(form.items)


def test_the_constraints_that_clash_are_named_and_no_others():
    plan, pool = plan_of(), pool_of_singles()
    is_rare = np.arange(N_POOL) < 12
    plan = replace(plan, ranges=(*plan.ranges, Range("poisoning", is_rare.astype(float), low=3)))

    with pytest.raises(FormsClashError) as caught:
        draw_forms(plan, pool, seed=1)

    assert caught.value.clash == (
        "poisoning: at least 3 in each form (with the others at most 2.4 on average)",
        "no item in more forms than it may be used in",
    )


def test_what_clashes_by_the_limit_of_shared_items_is_said():
    pool = pool_of_singles(30, families=30)

    with pytest.raises(FormsClashError) as caught:
        draw_forms(FormsPlan(4, 20, uses=4, max_overlap=2), pool, seed=1)

    assert "any two forms share at most 2 items" in caught.value.clash
    assert len(caught.value.clash) == 2


def test_anchors_that_are_enemies_clash():
    pool = pool_of_singles(40, families=20)
    anchors = frozenset([pool[0].id, pool[20].id])  # one family

    with pytest.raises(FormsClashError) as caught:
        draw_forms(FormsPlan(2, 10, anchors=anchors), pool, seed=1)

    assert set(caught.value.clash) == {"the anchor items (2) in each form", "enemies in no form together"}


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"anchors": frozenset(["nobody"])}, "anchor nobody is not in the pool"),
        ({"pilots": frozenset(["item-0000"]), "anchors": frozenset(["item-0000"])}, "is an anchor and a pilot"),
        ({"ranges": (Range("short", np.ones(3), 1),)}, "range short"),
        ({"uses": np.ones(3, dtype=np.int64)}, "uses has shape"),
        ({"target": Target(np.ones((N_POOL, 2)), np.ones(3))}, "information must have"),
        ({"target": Target(np.ones((N_POOL, 2)), np.array([1.0, 0.0]))}, "goal"),
        ({"target": Target(np.full((N_POOL, 1), np.nan), np.ones(1))}, "information must have"),
        ({"n_forms": 0}, "at least one form"),
        ({"n_pilots": -1}, "below 0"),
    ],
)
def test_a_plan_that_does_not_fit_its_pool_is_refused(change, words):
    with pytest.raises(UsageError, match=words):
        draw_forms(replace(plan_of(), **change), pool_of_singles(), seed=1)


def test_a_set_can_be_no_anchor_in_part():
    pool = [PoolItem(f"item-{k}", "one_best_answer", set=SetPlace("s", "shared", k) if k < 2 else None) for k in range(9)]

    with pytest.raises(UsageError, match="a set is taken whole"):
        draw_forms(FormsPlan(1, 4, anchors=frozenset(["item-0"])), pool, seed=1)


def test_one_form_is_a_plan_too():
    assert len(draw_forms(FormsPlan(1, 5), pool_of_singles(9, families=9), seed=1).forms[0].items) == 5
    assert plain_form(5).n_items == 5
