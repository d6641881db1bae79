"""Members: the same seed makes the same item, and each has what the file promises."""

from __future__ import annotations

from collections import Counter
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bedside.bank import MemberError, base_id, make_member, member_id, split_member_id
from bedside.errors import NotFoundError
from tests.support.models import CATEGORICAL, KINDS, PARTS, categorical, model_of, numbers_of

SEEDS = st.integers(1, 999_999_999)
MODEL = model_of()
KIND_MODEL = categorical()


def _numbers(seed: int) -> list[int]:
    return [int(option.text.split()[0]) for option in make_member(MODEL, seed).item.options]


def test_what_a_seed_draws_is_fixed_for_ever() -> None:
    item = make_member(MODEL, 17).item

    assert (item.id, item.version) == ("renal-m001:17", 1)
    assert item.stem == PINNED_STEM
    assert [(option.text, option.is_key) for option in item.options] == PINNED_OPTIONS


PINNED_STEM = """\
A 29-year-old man comes to the office because of a pancreatic fistula for 6 days.
Serum bicarbonate is 18 mEq/L."""
PINNED_OPTIONS = [("19 mm Hg", False), ("35 mm Hg", True), ("44 mm Hg", False), ("54 mm Hg", False)]


@given(seed=SEEDS)
def test_the_same_seed_makes_the_same_member(seed: int) -> None:
    one, other = make_member(MODEL, seed), make_member(model_of(), seed)

    assert one.item.content_hash == other.item.content_hash
    assert one.values == other.values


@given(seed=SEEDS)
def test_a_member_keeps_to_the_ranges_the_requirements_and_the_number_of_options(seed: int) -> None:
    member = make_member(MODEL, seed)
    values, item = member.values, member.item

    numbers = numbers_of(member)
    assert 20 <= numbers["age"] <= 60
    assert 10 <= numbers["bicarbonate"] <= 20
    assert numbers["constant_taken_away"] >= 5
    assert (values["cause_history"], values["cause_days"]) in {("watery diarrhea", 4), ("a pancreatic fistula", 6)}
    assert len(item.options) == 4
    assert [option.letter for option in item.options] == ["A", "B", "C", "D"]
    (key,) = [option for option in item.options if option.is_key]
    assert key.text == f"{values['expected']} mm Hg"
    assert "{" not in item.stem + item.lead_in + "".join(option.text + option.explanation for option in item.options)


@given(seed=SEEDS)
def test_numbers_ascend_and_are_far_enough_apart(seed: int) -> None:
    numbers = _numbers(seed)

    assert numbers == sorted(numbers)
    assert all(later - earlier >= 0.1 * later - 1e-9 for earlier, later in pairwise(numbers))


def test_the_key_stands_at_more_than_one_place_and_every_mistake_comes_up() -> None:
    members = [make_member(MODEL, seed) for seed in range(1, 201)]

    assert set(Counter(member.item.key for member in members)) == {("B",), ("C",)}  # two mistakes below the key, and two above
    assert {place for member in members for place in member.places} == set(range(5))


@given(seed=SEEDS)
def test_of_options_that_can_each_be_right_the_numbers_decide(seed: int) -> None:
    member = make_member(KIND_MODEL, seed)
    ph = float(str(member.values["ph"]))
    key = next(option for option in member.item.options if option.is_key)

    assert key.text == ("Acidosis" if ph < 7.35 else "Alkalosis" if ph > 7.45 else "Neither")
    assert key.explanation.endswith("is low." if ph < 7.35 else "is high." if ph > 7.45 else "is normal.")
    assert all(" not " in option.explanation for option in member.item.options if not option.is_key)


def test_another_version_and_another_id_draw_otherwise() -> None:
    ours = [make_member(MODEL, seed).values for seed in range(1, 21)]

    assert [make_member(model_of(version="2"), seed).values for seed in range(1, 21)] != ours
    assert [make_member(model_of(id="renal-m002"), seed).values for seed in range(1, 21)] != ours


def test_every_value_of_a_range_comes_up_both_ends_among_them() -> None:
    drawn = Counter(make_member(KIND_MODEL, seed).values["ph"] for seed in range(1, 1501))

    assert set(drawn) == {round(7.10 + n / 100, 2) for n in range(51)}
    assert max(drawn.values()) < 70  # 29 are expected of each


def test_a_bound_may_use_what_stands_before_it() -> None:
    model = model_of(
        variables=PARTS["variables"] + '\n  weeks: {from: 1, to: "bicarbonate - 9", step: 1}', stem=PARTS["stem"] + " {weeks}"
    )

    for seed in range(1, 100):
        numbers = numbers_of(make_member(model, seed))
        assert 1 <= numbers["weeks"] <= numbers["bicarbonate"] - 9


def test_a_distractor_is_offered_only_where_its_condition_holds() -> None:
    text = KINDS + '\n  - {text: "Normal for a fetus", only_if: "ph < 7.3", because: "This man was born long ago."}'
    model = categorical(options=text, offer="3")

    for seed in range(1, 200):
        member = make_member(model, seed)
        assert (3 not in member.places) or numbers_of(member)["ph"] < 7.3


def test_an_option_that_can_be_right_may_stay_away_where_it_is_wrong() -> None:
    text = KINDS.replace("name: normal", "name: normal\n    only_if: ph > 8")
    text += '\n  - {text: "Normal for a fetus", because: "This man was born long ago."}'
    model = categorical(options=text, offer="3")
    members = [make_member(model, seed) for seed in range(1, 200)]

    assert all((2 in member.places) == (7.35 <= numbers_of(member)["ph"] <= 7.45) for member in members)
    assert any(2 in member.places for member in members)


def test_options_as_written_keep_their_order_and_those_of_a_shuffled_model_move() -> None:
    written = categorical(order="as_written")

    assert {tuple(make_member(written, seed).places) for seed in range(1, 50)} == {(0, 1, 2)}
    assert len({tuple(make_member(KIND_MODEL, seed).places) for seed in range(1, 100)}) == 6


@pytest.mark.parametrize(
    ("changes", "rule"),
    [
        ({"require": "\n  - age > 60"}, "seed-without-member"),
        ({"apart": "90%"}, "seed-without-member"),
        (
            {"computed": PARTS["computed"] + "\n  bad: 1 / (age - age)", "stem": PARTS["stem"] + " {bad:.1f}"},
            "wrong-expression",
        ),
        ({**CATEGORICAL, "options": KINDS.replace("ph < 7.35", "ph < 8")}, "not-one-right"),
        ({**CATEGORICAL, "options": KINDS.replace("ph < 7.35", "ph < 7").replace("ph > 7.45", "ph > 8")}, "not-one-right"),
    ],
)
def test_a_model_that_makes_no_member_says_why(changes: dict[str, str | None], rule: str) -> None:
    model = model_of(**changes)
    caught = []
    for seed in range(1, 30):
        try:
            make_member(model, seed)
        except MemberError as error:
            caught.append(error.rule)

    assert set(caught) == {rule}


def test_what_a_requirement_shuts_out_is_never_computed_with() -> None:
    model = model_of(
        computed=PARTS["computed"] + "\n  share: 1 / (bicarbonate - 12)",
        require="\n  - bicarbonate != 12\n  - constant_taken_away >= 5",
        stem=PARTS["stem"] + " {share:.3f}",
    )

    for seed in range(1, 200):
        make_member(model, seed)


@pytest.mark.parametrize("seed", [0, -1, 1_000_000_000])
def test_a_seed_outside_the_range_is_none(seed: int) -> None:
    with pytest.raises(NotFoundError):
        make_member(MODEL, seed)


@given(seed=SEEDS)
def test_the_id_of_a_member_leads_back_to_model_and_seed(seed: int) -> None:
    assert base_id(member_id("renal-m001", seed)) == base_id("renal-m001") == "renal-m001"
    assert split_member_id(member_id("renal-m001", seed)) == ("renal-m001", seed)


@pytest.mark.parametrize(
    "name", ["renal-0001", "renal-m001:", "renal-m001:0", "renal-m001:01", "renal-m001:x", ":1", "a:1:1", "a:1\n"]
)
def test_what_is_no_id_of_a_member_is_none(name: str) -> None:
    assert split_member_id(name) is None
