"""Whose calls are kept, and that what was kept is committed when it is acknowledged."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client

from bedside.errors import NotFoundError
from bedside.site.accounts.actions import create_token
from bedside.site.accounts.models import User
from bedside.site.accounts.queries import Bearer, digest_of
from bedside.site.exam.ledger import verify_sitting
from bedside.site.exam.models import Sitting as SittingRow
from bedside.site.exam.models import SittingEvent
from bedside.site.exam.together import keep_together
from tests.support.calls import answer_of, call_of
from tests.support.site import Clock, Player, new_player

pytestmark = pytest.mark.django_db


@pytest.fixture
def players(client: Client, clock: Clock) -> list[Player]:
    """Three candidates in a block."""
    made = [new_player(client, clock) for _ in range(3)]
    for player in made:
        player.open_block()
    return made


def test_a_call_by_a_token_is_its_owners_and_nobody_elses(players: list[Player]) -> None:
    owner = User.objects.get(pk=SittingRow.objects.get(pk=players[0].sitting).user_id)
    bearer = Bearer(digest_of(create_token(owner, at=players[0].clock.at).secret))
    strange, own, gone = (call_of(player, answer_of(player)) for player in players)
    SittingRow.objects.filter(pk=players[1].sitting).update(user=owner)
    strange.who, own.who, gone.who = Bearer(digest_of("no token of ours")), bearer, bearer
    other = User.objects.create(username="somebody-else")
    SittingRow.objects.filter(pk=players[2].sitting).update(user=other)
    keep_together([strange, own, gone])
    assert own.outcome().acknowledged == 3
    for call in (strange, gone):
        with pytest.raises(NotFoundError):
            call.outcome()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("is_poisoned", [False, True], ids=["all are kept", "one is refused"])
def test_what_was_answered_is_committed_and_what_was_refused_is_not(client: Client, clock: Clock, is_poisoned: bool) -> None:
    made = [new_player(client, clock) for _ in range(3)]
    for player in made:
        player.open_block()
    if is_poisoned:
        row = SittingRow.objects.get(pk=made[1].sitting)
        rogue = SittingEvent.objects.get(sitting=row, type="form_fixed")
        rogue.pk, rogue.seq, rogue.arrival = None, 9, row.n_arrivals + 1
        rogue.save(force_insert=True)
    calls = [call_of(player, answer_of(player)) for player in made]
    keep_together(calls)
    assert not connection.in_atomic_block
    connection.close()  # what was not committed is lost with it
    kept = {one.sitting_id for one in SittingEvent.objects.filter(type="answered")}
    assert kept == {call.sitting_id for call in calls if call.error is None}
    assert [call.error is None for call in calls] == [True, not is_poisoned, True]
    for call in calls:
        row = SittingRow.objects.get(pk=call.sitting_id)
        assert row.n_answered == (call.error is None)
        assert (verify_sitting(row).problems == ()) == (call.error is None)
