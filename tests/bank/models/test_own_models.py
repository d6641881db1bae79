"""The question models of the content: the key computed again by hand, from nothing but what the stem says."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest

from bedside.bank import Bank, Root, check_model, make_member, read_analytes, read_bank
from bedside.findings import Severity
from bedside.programme import read_programmes
from bedside.site.content import codes_of
from tests.support.by_hand import all_by_hand

CONTENT = Path(__file__).parents[3] / "content"
BY_HAND = all_by_hand()
MEMBERS = range(1, 501)
N_JUDGED = 10  # `bedside bank model check` makes 500


@cache
def bank() -> Bank:
    """The bank as it is in the repository."""
    return read_bank([Root(CONTENT, "bedside")], codes=codes_of(read_programmes(CONTENT / "programmes").by_name))


@pytest.mark.parametrize("name", sorted(BY_HAND))
def test_the_key_is_what_the_stem_comes_to_by_hand(name: str) -> None:
    model = bank().models[name]
    for seed in MEMBERS:
        item = make_member(model, seed).item
        (key,) = [option.text for option in item.options if option.is_key]
        assert key == BY_HAND[name](item), item.id


def test_the_models_of_the_content_are_sound() -> None:
    analytes = read_analytes(CONTENT / "reference" / "analytes.yaml")
    for model in bank().models.values():
        report = check_model(model, analytes=analytes, n=N_JUDGED)
        assert [finding for finding in report.findings if finding.severity is Severity.ERROR] == [], model.id
