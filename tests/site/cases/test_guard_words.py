"""Conditions of a case in the words of a debrief."""

from __future__ import annotations

import re

import pytest

from bedside.site.cases.debrief_words import guard_words
from tests.support.case_runs import example_case


@pytest.mark.parametrize(
    ("guard", "read"),
    [
        ("not seen(closed)", "not “closed” reached"),
        ("state(rebound)", "the state “rebound”"),
        ("bohb <= 0.6", "beta-hydroxybutyrate ≤ 0.6"),
        ("hours_on(basal) >= 1 and not active(insulin_iv)", "hours on basal ≥ 1 and not insulin iv running"),
        ("loc(ward) or loc(icu)", "the patient in: Inpatient ward or the patient in: Intensive care unit"),
        ("k < 3.0 and given(magnesium_iv)", "potassium < 3.0 and Magnesium sulfate, IV done"),
    ],
)
def test_a_condition_is_read_in_words_and_not_in_the_engines_language(guard: str, read: str) -> None:
    assert guard_words(example_case(), guard) == read


def test_every_condition_of_the_worked_example_is_read_without_the_engines_functions() -> None:
    case = example_case()
    guards = [str(guard) for guard in case.file.events.values()]
    guards += [str(guard) for item in case.file.rubric if (guard := getattr(item, "when", None))]
    assert guards
    for guard in guards:
        assert not re.search(r"[a-z_]\(", guard_words(case, guard))
