"""What a debrief calls the lines of a rubric."""

from __future__ import annotations

import pytest

from bedside.cases import PARSIMONY
from bedside.site.cases.debrief_words import item_title
from bedside.site.picture import percent_of
from tests.support.case_runs import example_with_changes

TITLED = ("{id: chemistry, tier", "{id: chemistry, title: Basic or full metabolic panel, tier")


@pytest.mark.parametrize(
    ("item", "title"),
    [
        ("chemistry", "Basic or full metabolic panel"),
        ("blood_gas", "Blood gas"),
        ("h_low_glucose", "Low glucose"),
        (PARSIMONY, "Orders that nothing asked for"),
    ],
)
def test_a_line_is_called_by_its_title_else_by_the_words_of_its_id(item: str, title: str) -> None:
    assert item_title(example_with_changes(TITLED), item) == title


@pytest.mark.parametrize(("value", "whole", "percent"), [(1, 3, 33.33), (-1, 3, 0), (4, 3, 100), (0, 0, 0)])
def test_a_place_on_a_line_is_never_beyond_its_ends(value: float, whole: float, percent: float) -> None:
    assert percent_of(value, whole) == percent
