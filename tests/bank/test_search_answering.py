"""Snippets read a text for the words that can answer alone; none that does may be passed over."""

from __future__ import annotations

import re

from hypothesis import assume, given
from hypothesis import strategies as st

from bedside.bank.search.answering import Answers, beginnings
from bedside.bank.search.words import IRREGULAR_FORMS, raw_words, term_of

WRITTEN = st.text(alphabet="aeobcndst's’éœα-_. xE9µ", max_size=30)
TWICE_OWNED = re.compile(r"\w['’]\w['’]")


@given(WRITTEN, WRITTEN)
def test_each_word_that_answers_is_found_in_its_place(text: str, looked_for: str) -> None:
    assume(not TWICE_OWNED.search(text))  # one word or two: a single letter between apostrophes is nobody's
    terms = {term_of(raw): n for n, raw in enumerate(raw_words(looked_for))}
    answers = Answers(terms)

    found = [raw for raw in answers.pattern_for(text).findall(text) if answers[raw] is not None]

    assert found == [raw for raw in raw_words(text) if term_of(raw) in terms]


@given(WRITTEN)
def test_a_written_word_begins_as_its_term_can(text: str) -> None:
    for raw in raw_words(text):
        begun = raw[:2].lower()
        assert not begun.isascii() or begun in beginnings(term_of(raw))


def test_plurals_that_begin_otherwise_are_found() -> None:
    answers = Answers({"foot": 0, "fetus": 1})

    assert answers.units_in("Both feet of the foetuses were seen.") - {None} == {0, 1}
    assert "feet" in IRREGULAR_FORMS["foot"]


def test_nothing_looked_for_is_nothing_found() -> None:
    assert Answers({}).units_in("Plain words, and naïve ones.") <= {None}
