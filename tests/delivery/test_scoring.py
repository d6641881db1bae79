"""From answers to marks."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bedside.delivery import Form, FormBlock, FormItem, Mode, Sitting
from bedside.delivery.canonical_json import canonical, decimal_text
from bedside.delivery.key import Key
from bedside.delivery.scoring import Drop, MarkRule, Outcome, PartialRule, marking_as_dict, marking_from_dict, score
from bedside.delivery.state import Answer, ItemWork
from bedside.errors import UsageError
from tests.support.sittings import T0

OPTIONS = ("A", "B", "C", "D")
NEET = {"one_best_answer": MarkRule("4", "-1", "0")}  # NEET-UG: +4, -1, 0
# JEE Advanced 2025, multiple correct: full marks 4, one for each right option while none is wrong, -2 otherwise
ADVANCED = {"multiple_select": MarkRule("4", "-2", "0", PartialRule("1", "-2"))}


def form_of(*kinds: str) -> Form:
    """A form of one block whose items are called a, b, c and so on."""
    items = tuple(
        FormItem(name, 1, kind, () if kind == "numeric" else OPTIONS) for name, kind in zip("abcdefghij", kinds, strict=False)
    )
    return Form("form", Mode.EXAM, (FormBlock(items, 3600),))


def answering(**given: str) -> Sitting:
    """A sitting with these answers: letters run together, or a number."""
    work = {}
    for item, text in given.items():
        value = None if text.isalpha() or not text else text
        choice = tuple(text) if value is None else ()
        work[item] = ItemWork(answer=Answer(choice, 1000, None, T0, (choice or (text,),), value))
    return Sitting(work=work)


def outcome_of(kind: str, key: Key, text: str, rule: MarkRule) -> tuple[Outcome, Decimal]:
    found = score(form_of(kind), answering(a=text) if text else Sitting(), {"a": key}, {kind: rule}).items[0]
    return found.outcome, found.marks


def test_marks_are_added_over_the_form() -> None:
    form = form_of(*["one_best_answer"] * 4)
    keys = {name: Key(("B",)) for name in "abcd"}

    found = score(form, answering(a="B", b="C", c="B"), keys, NEET)

    # 4 - 1 + 4 + 0
    assert (decimal_text(found.marks), decimal_text(found.max_marks)) == ("7", "16")
    assert (found.n_items, found.n_right, found.n_wrong, found.n_blank) == (4, 2, 1, 1)
    assert [item.outcome for item in found.items] == [Outcome.RIGHT, Outcome.WRONG, Outcome.RIGHT, Outcome.BLANK]


@pytest.mark.parametrize(
    ("text", "outcome", "marks"),
    [
        ("ABD", Outcome.RIGHT, 4),
        ("AB", Outcome.PARTIAL, 2),
        ("D", Outcome.PARTIAL, 1),
        ("AC", Outcome.WRONG, -2),
        ("ABCD", Outcome.WRONG, -2),
        ("", Outcome.BLANK, 0),
    ],
)
def test_a_part_of_a_multiple_select_key_earns_what_the_rule_says(text: str, outcome: Outcome, marks: int) -> None:
    found = outcome_of("multiple_select", Key(("A", "B", "D")), text, ADVANCED["multiple_select"])
    assert found == (outcome, Decimal(marks))


def test_without_a_rule_for_parts_a_part_of_the_key_is_wrong() -> None:
    assert outcome_of("multiple_select", Key(("A", "B")), "A", MarkRule("4", "-1")) == (Outcome.WRONG, Decimal(-1))


@pytest.mark.parametrize(
    ("text", "is_right"),
    [("7.35", True), ("7.37", True), ("7.33", True), ("7.3700", True), ("7.370000000001", False), ("7.329999999999999", False)],
)
def test_a_number_is_right_up_to_and_with_its_tolerance(text: str, is_right: bool) -> None:
    found, _ = outcome_of("numeric", Key(value="7.35", tolerance="0.02"), text, MarkRule())
    assert found is (Outcome.RIGHT if is_right else Outcome.WRONG)


@pytest.mark.parametrize(("text", "outcome"), [("B", Outcome.RIGHT), ("D", Outcome.RIGHT), ("A", Outcome.WRONG)])
def test_either_of_two_accepted_answers_to_one_best_answer_is_right(text: str, outcome: Outcome) -> None:
    assert outcome_of("one_best_answer", Key(("B", "D")), text, MarkRule())[0] is outcome


@pytest.mark.parametrize("text", ["B", "C", ""])
@pytest.mark.parametrize(("drop", "marks", "most"), [(Drop.NOT_COUNTED, "4", "4"), (Drop.FULL_MARKS, "8", "8")])
def test_a_dropped_item_counts_by_its_policy_whatever_was_answered(text: str, drop: Drop, marks: str, most: str) -> None:
    form = form_of("one_best_answer", "one_best_answer")
    sitting = answering(a=text, b="B") if text else answering(b="B")

    found = score(form, sitting, {"b": Key(("B",))}, NEET, dropped={"a": drop})

    assert (decimal_text(found.marks), decimal_text(found.max_marks), found.n_dropped) == (marks, most, 1)
    assert found.items[0].as_dict()["drop"] == drop.value


def test_marks_are_exact_where_binary_fractions_are_not() -> None:
    form = form_of(*["one_best_answer"] * 10)
    found = score(
        form,
        answering(**dict.fromkeys("abc", "B")),
        {name: Key(("B",)) for name in "abcdefghij"},
        {"one_best_answer": MarkRule("0.1", "-0.05")},
    )
    assert found.as_dict()["marks"] == "0.3"


def test_an_answer_that_was_taken_back_is_none() -> None:
    assert score(form_of("one_best_answer"), answering(a=""), {"a": Key(("B",))}, NEET).n_blank == 1


def test_a_kind_without_a_rule_counts_one_or_nothing() -> None:
    found = score(form_of("one_best_answer", "one_best_answer"), answering(a="B", b="C"), dict.fromkeys("ab", Key(("B",))), {})
    assert (found.as_dict()["marks"], found.as_dict()["max_marks"]) == ("1", "2")


def test_an_item_without_a_key_is_named() -> None:
    with pytest.raises(UsageError, match='no key for item "b"'):
        score(form_of("one_best_answer", "one_best_answer"), Sitting(), {"a": Key(("B",))}, NEET)


def test_the_bytes_of_a_score_are_these() -> None:
    found = score(form_of("one_best_answer"), answering(a="B"), {"a": Key(("B",))}, NEET)
    assert found.as_bytes() == (
        b'{"format":"bedside-score/1","items":[{"block":1,"drop":null,"item":"a","marks":"4","max_marks":"4",'
        b'"outcome":"right","position":1,"version":1}],"marks":"4","max_marks":"4","n_blank":0,"n_dropped":0,'
        b'"n_items":1,"n_partial":0,"n_right":1,"n_wrong":0}'
    )


MARKS = st.decimals(-20, 20, places=3).map(str)
RULES = st.builds(MarkRule, MARKS, MARKS, MARKS, st.none() | st.builds(PartialRule, MARKS, MARKS))
KINDS = st.sampled_from(["one_best_answer", "multiple_select"])


@given(st.dictionaries(KINDS, RULES))
def test_rules_of_marking_read_back_from_their_json(marking: dict[str, MarkRule]) -> None:
    assert marking_from_dict(marking_as_dict(marking)) == marking


@given(
    st.lists(KINDS, min_size=1, max_size=8),
    st.dictionaries(
        st.sampled_from("abcdefgh"), st.sets(st.sampled_from(OPTIONS), max_size=4).map(lambda s: "".join(sorted(s)))
    ),
    st.dictionaries(st.sampled_from("abcdefgh"), st.sampled_from(Drop), max_size=3),
    st.fixed_dictionaries({"one_best_answer": RULES, "multiple_select": RULES}),
)
def test_a_score_is_the_sum_of_its_items_and_every_item_has_one_outcome(kinds, given_, drops, marking) -> None:
    form = form_of(*kinds)
    keys = {item.id: Key(("B",)) for item in form.blocks[0].items}

    found = score(form, answering(**given_), keys, marking, dropped=drops)

    assert sum((item.marks for item in found.items), Decimal(0)) == found.marks == Decimal(found.as_dict()["marks"])
    assert found.n_right + found.n_wrong + found.n_partial + found.n_blank + found.n_dropped == found.n_items == len(kinds)
    assert [one.position for one in found.items] == list(range(1, len(kinds) + 1))
    assert canonical(found.as_dict()) == found.as_bytes()


@pytest.mark.parametrize("rule", ["1e3", "", "1,5", ".5", "NaN", "1/3", "+1", "1234567890"])
def test_marks_that_are_no_plain_decimal_are_refused(rule: str) -> None:
    with pytest.raises(UsageError, match="are no marks"):
        MarkRule(rule)


@pytest.mark.parametrize(
    "told",
    [
        {"x": {}},
        {"x": []},
        {"x": {"correct": "1", "wrong": "0", "blank": "0"}},
        {"x": {"correct": "1", "wrong": "0", "blank": "0", "partial": {}}},
    ],
)
def test_a_rule_that_lacks_a_part_is_refused(told: dict[str, Any]) -> None:
    with pytest.raises(UsageError):
        marking_from_dict(told)


@given(st.decimals(-1000, 1000, places=6), st.integers(0, 5))
def test_a_decimal_is_written_in_one_way(number: Decimal, zeros: int) -> None:
    padded = Decimal(f"{number:f}" + "0" * zeros)
    assert decimal_text(padded) == decimal_text(number)
    assert Decimal(decimal_text(number)) == number
    assert decimal_text(Decimal("-0.00")) == "0"


def test_canonical_json_sorts_names_and_escapes_nothing_it_need_not() -> None:
    assert canonical({"b": [1, None, True], "a": "é\n"}) == '{"a":"é\\n","b":[1,null,true]}'.encode()
