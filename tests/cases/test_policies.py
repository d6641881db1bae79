"""Candidates that are no people: had again from their number, and as able as they are meant to be."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bedside.cases import Fixed, Order, Planned, Run, course_of, digest_of, follow, references, run_script, score
from bedside.cases.chance import Chance, logistic
from bedside.cases.climbing import climb, critical_items
from bedside.cases.courses import Following
from bedside.cases.policies import PERTURBED, perturb, policy_of, walk
from tests.support.case_files import read_example, small_catalogue
from tests.support.case_runs import example_case, machine_case

POLICIES = sorted({policy_of(number) for number in range(20)})


@given(st.integers(0, 2**63), st.integers(0, 10_000))
def test_the_same_keys_give_the_same_numbers(seed, number):
    one, two = Chance(seed, number), Chance(seed, number)

    assert [one.unit() for _ in range(5)] == [two.unit() for _ in range(5)]


@given(st.integers(0, 1000), st.integers(1, 50))
def test_numbers_stay_within_what_was_asked_for(seed, n):
    chance = Chance(seed)

    assert 0 <= chance.unit() < 1
    assert 0 <= chance.below(n) < n
    assert 2 <= chance.spread(2.0, 8.0) <= 8


def test_numbers_are_spread_evenly_and_do_not_depend_on_the_neighbour():
    first = [Chance(1, number).unit() for number in range(4000)]

    assert sum(first) / 4000 == pytest.approx(0.5, abs=0.02)
    assert sum(a * b for a, b in pairwise(first)) / 3999 == pytest.approx(0.25, abs=0.02)


def test_counts_have_their_mean_and_normal_numbers_theirs():
    chance = Chance(3)

    assert sum(chance.count(2.0) for _ in range(4000)) / 4000 == pytest.approx(2.0, abs=0.1)
    assert sum(chance.normal() for _ in range(4000)) / 4000 == pytest.approx(0.0, abs=0.06)
    assert logistic(0) == 0.5


@pytest.mark.parametrize("name", ["expert", "late", "no_overlap", "stops_early", "insulin_first"])
def test_a_course_runs_as_its_script_does(name):
    case = example_case()
    script = read_example().scripts[name]

    assert digest_of(follow(case, course_of(script)).history.emitted) == digest_of(run_script(case, script).history.emitted)


def test_an_action_that_waits_for_an_event_that_never_comes_is_never_taken():
    following = Following(Run(example_case()), course_of("@closed+1h order bmp"))
    following.to_the_end()

    assert following.taken_s == [None]


def test_a_later_action_keeps_its_event():
    (planned,) = course_of("@k_safe+20m order bmp")

    assert planned.delayed(600) == course_of("@k_safe+30m order bmp")[0]
    assert planned.delayed(-9999) == course_of("@k_safe order bmp")[0]
    assert Planned(Fixed(60), Order("bmp")).delayed(-100).at == Fixed(0)


@pytest.mark.parametrize("policy", POLICIES)
@settings(max_examples=5, deadline=None)
@given(st.integers(0, 10_000))
def test_every_candidate_comes_to_an_end_and_is_the_same_again(policy, number):
    digests = set()
    for _ in range(2):
        references_ = references(example_case())
        run = Run(example_case(), seed=number)
        walk(run, policy, references_[number % len(references_)], Chance(number))
        assert run.is_over
        digests.add(digest_of(run.history.emitted))

    assert len(digests) == 1


def test_a_quarter_of_the_candidates_act_by_chance_and_nearly_half_are_perturbed():
    policies = [policy_of(number) for number in range(2000)]

    assert policies.count("uniform") + policies.count("biased") == 500
    assert policies.count(PERTURBED) == 900


def test_the_able_score_higher_than_the_unable():
    (reference,) = references(example_case())
    means = []
    for ability in (-2.5, 2.5):
        total = 0.0
        for number in range(30):
            run = Run(example_case(), seed=number)
            perturb(run, reference, ability, Chance(5, number))
            total += score(example_case(), run.history).percent
        means.append(total / 30)

    assert means[0] < 25
    assert means[1] > 75


def test_candidates_take_only_usable_orders():
    (reference,) = references(example_case())
    run = Run(example_case())
    walk(run, "uniform", reference, Chance(1))

    assert {action.target for action in run.history.actions if action.verb == "order"} <= set(reference.usable)


def test_chance_may_be_let_loose_on_the_whole_catalogue():
    (reference,) = references(example_case(), is_wide=True)

    assert {order for order in small_catalogue().orders if not order.startswith("exam_")} == set(reference.usable)


def test_every_variant_has_its_own_reference():
    case = machine_case()
    with pytest.raises(KeyError):
        references(case)  # the machine has no expert


def test_an_adversary_never_earns_the_item_it_goes_without():
    found = references(example_case())
    item = critical_items(found)[0]
    summit = climb(found, 0, 1, tries=15)
    taken = {("order", command.order) for _, command in summit.commands if isinstance(command, Order)}

    assert summit.item == item.id
    assert summit.percent >= summit.start_percent
    assert not taken & item.actions
