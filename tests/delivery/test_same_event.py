"""When an event that reached two servers is the same event, and when a person has to look."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from bedside import delivery
from bedside.delivery import Event, what_differs
from tests.support.sittings import PLAYER, T0

ANSWERED = Event(PLAYER, 3, T0, T0, 0, delivery.Answered("test-101", ("A",)))
ENDED = replace(ANSWERED, body=delivery.BlockClosed(1))
LATER = T0 + timedelta(hours=1)


@pytest.mark.parametrize("event", [ANSWERED, ENDED])
def test_when_it_arrived_is_each_servers_own(event) -> None:
    assert what_differs(event, replace(event, received_at=LATER), has_grace=False) is None


@pytest.mark.parametrize("event", [ANSWERED, ENDED])
def test_where_the_form_has_a_grace_the_arrival_decides_and_must_agree(event) -> None:
    assert what_differs(event, replace(event, received_at=LATER), has_grace=True) == "received_at"


def test_for_work_on_an_item_it_does_not_matter_whether_another_player_had_taken_over_by_then() -> None:
    assert what_differs(ANSWERED, replace(ANSWERED, after_takeover=True), has_grace=False) is None
    assert what_differs(ENDED, replace(ENDED, after_takeover=True), has_grace=False) == "after_takeover"


def test_another_answer_another_time_or_a_key_that_was_out_is_a_contradiction() -> None:
    other = replace(ANSWERED, body=delivery.Answered("test-101", ("B",)))
    assert what_differs(ANSWERED, other, has_grace=False) == "body"
    assert what_differs(ANSWERED, replace(ANSWERED, elapsed_ms=5), has_grace=False) == "elapsed_ms"
    assert what_differs(ANSWERED, replace(ANSWERED, after_disclosure=True), has_grace=False) == "after_disclosure"
