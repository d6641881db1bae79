"""The small market to try a rank list in."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bedside.errors import UsageError
from bedside.matching import COUPLE, PROGRAMMES, YOU, StepKind, blocking, holders, standings, trial

LISTS = st.lists(st.sampled_from(PROGRAMMES), min_size=1, max_size=6, unique=True)


@given(LISTS)
@settings(max_examples=60, deadline=None)
def test_every_list_leads_to_a_stable_matching(wishes):
    found = trial(wishes)

    assert blocking(found.market, found.matching) == ()
    assert (found.programme is None) == (found.place < 0)


@given(LISTS, st.data())
@settings(max_examples=60, deadline=None)
def test_no_other_list_leads_to_anything_better(wishes, data):
    other = data.draw(st.permutations(wishes))[: data.draw(st.integers(1, len(wishes)))]
    mine, theirs = trial(wishes).programme, trial(other).programme

    assert theirs is None or (mine is not None and wishes.index(mine) <= wishes.index(theirs))


def test_the_couple_is_together_and_nobody_is_in_two_places():
    found = trial(["Alder", "Cedar"])
    people = holders(found.market, found.matching)
    everybody = [who for one in people.values() for who in one]
    ana, ben = (next(name for name, one in people.items() if who in one) for who in (38, 39))

    assert len(everybody) == len(set(everybody))
    assert PROGRAMMES.index(ana) // 3 == PROGRAMMES.index(ben) // 3


def test_the_steps_tell_of_you_and_of_the_couple():
    steps = trial(["Alder", "Cedar", "Elm"]).steps

    assert {step.unit for step in steps} >= {YOU, COUPLE}
    assert any(step.kind is StepKind.HELD and step.unit == COUPLE for step in steps)


def test_every_programme_ranks_you():
    assert set(standings()) == set(PROGRAMMES)


@pytest.mark.parametrize("wishes", [["Nowhere"], ["Alder", "Alder"]])
def test_a_list_that_is_none_is_refused(wishes):
    with pytest.raises(UsageError):
        trial(wishes)
