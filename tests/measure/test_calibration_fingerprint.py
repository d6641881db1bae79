"""The fingerprint of answers: the same for the same persons, items and answers, another for any others."""

from __future__ import annotations

import re
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bedside.measure import Responses, calibrate, data_fingerprint
from bedside.measure.calibrating.fingerprints import answer_sums, fingerprint_of, person_sums
from bedside.measure.data.name_hashes import name_hashes
from tests.measure.made_responses import answers_of, planted_items

Answers = dict[tuple[str, str], int]

names = st.text(min_size=1, max_size=12)
answers = st.dictionaries(st.tuples(names, names), st.integers(0, 1), min_size=1, max_size=25)


def responses_of(given_answers: Answers, rng: np.random.Generator) -> Responses:
    """The answers, with persons and items numbered in any order."""
    persons = sorted({person for person, _ in given_answers})
    items = sorted({item for _, item in given_answers})
    persons, items = ([which[n] for n in rng.permutation(len(which))] for which in (persons, items))
    rows = sorted((persons.index(person), items.index(item), right) for (person, item), right in given_answers.items())
    person, item, correct = (np.array(column) for column in zip(*rows, strict=True))
    return Responses(
        persons=np.array(persons, dtype=object),
        items=np.array(items, dtype=object),
        starts=np.concatenate([[0], np.cumsum(np.bincount(person, minlength=len(persons)))]),
        item=item.astype(np.uint16),
        correct=correct.astype(np.uint8),
    )


@given(answers, st.integers(0, 2**32 - 1))
def test_the_order_of_persons_and_items_does_not_matter(given_answers: Answers, seed: int) -> None:
    rng = np.random.default_rng(seed)

    one, other = (data_fingerprint(responses_of(given_answers, rng)) for _ in range(2))

    assert one == other
    assert re.fullmatch(r"[0-9a-f]{32}", one)


@given(answers, st.data())
def test_any_change_of_an_answer_gives_another(given_answers: Answers, data: st.DataObject) -> None:
    rng = np.random.default_rng(0)
    person, item = data.draw(st.sampled_from(sorted(given_answers)))
    right = given_answers[person, item]
    rest = {key: value for key, value in given_answers.items() if key != (person, item)}
    changed = [
        {**given_answers, (person, item): 1 - right},
        {**rest, (person + "'", item): right},
        {**rest, (person, item + "'"): right},
        {**given_answers, (person, item + "'"): right},
    ]
    if rest:
        changed.append(rest)

    prints = {data_fingerprint(responses_of(one, rng)) for one in [given_answers, *changed]}

    assert len(prints) == len({tuple(sorted(one.items())) for one in [given_answers, *changed]})


def test_two_persons_who_exchange_their_answers_are_seen() -> None:
    table = np.array([[1.0, 0, 1], [0, 1, 1], [1, 1, 0]])

    one = data_fingerprint(Responses.of_matrix(table, persons=("a", "b", "c")))

    assert one != data_fingerprint(Responses.of_matrix(table[[1, 0, 2]], persons=("a", "b", "c")))
    assert one != data_fingerprint(Responses.of_matrix(table[:, [1, 0, 2]], persons=("a", "b", "c")))
    assert one == data_fingerprint(Responses.of_matrix(table[[1, 0, 2]], persons=("b", "a", "c")))


def test_parts_of_the_persons_add_up_to_the_whole() -> None:
    rng = np.random.default_rng(1)
    responses = answers_of(rng.normal(size=60), planted_items(7, rng), rng, answered=0.6)
    table = responses.matrix()
    parts = [
        Responses.of_matrix(table[first:last], persons=tuple(responses.persons[first:last]), items=tuple(responses.items))
        for first, last in pairwise([0, 13, 14, 60])
    ]

    first, *rest = (person_sums(part, name_hashes(list(part.persons))) for part in parts)
    for one in rest:
        first += one

    assert fingerprint_of(first, list(responses.items)) == data_fingerprint(responses)


def test_the_compiled_sums_are_the_plain_ones() -> None:
    rng = np.random.default_rng(2)
    responses = answers_of(rng.normal(size=50), planted_items(9, rng), rng, answered=0.4)
    numbers = rng.integers(0, 2**64, (18, 2), dtype=np.uint64)

    compiled, plain = (answer_sums(responses, numbers, compiled=which) for which in (True, False))

    assert (compiled == plain).all()


def test_it_is_the_same_on_every_computer_and_in_every_version() -> None:
    """A calibration may be kept for years beside its fingerprint."""
    table = np.array([[1.0, 0, np.nan], [0, 1, 1], [np.nan, np.nan, np.nan]])
    responses = Responses.of_matrix(
        table, persons=("Ada", "a person with a long name, é", "nobody"), items=("x", "y", "z" * 40)
    )

    assert data_fingerprint(responses) == "c9a5dfe6c4c18ee2f1ad52e1f5366ffb"


def test_a_calibration_carries_that_of_all_answers_it_was_given() -> None:
    rng = np.random.default_rng(3)
    made = answers_of(rng.normal(size=200), planted_items(6, rng), rng)
    table = np.column_stack([made.matrix(), np.ones(200)])
    responses = Responses.of_matrix(table)

    found = calibrate(responses, errors=False)

    assert found.left_out == ("7",)
    assert found.fingerprint == data_fingerprint(responses) != data_fingerprint(made)


@pytest.mark.parametrize("name", ["", "a", "é" * 100, "a\0", "a" * 8])
def test_names_of_any_length_are_told_apart(name: str) -> None:
    others = ["b", "a\0\0", "a" * 7, "a" * 9, "a" * 16]

    assert len({tuple(pair) for pair in name_hashes([name, *others]).tolist()}) == 6
