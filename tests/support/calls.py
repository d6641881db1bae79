"""Calls that save answers, as `exam/together.py` takes them, and calls that leave nothing behind."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

from django.db import transaction

from bedside.delivery import Answered, Body
from bedside.site.accounts.actions import create_token
from bedside.site.accounts.models import User
from bedside.site.accounts.queries import Bearer, digest_of
from bedside.site.exam.desk import Arrival
from bedside.site.exam.models import Sitting as SittingRow
from bedside.site.exam.remembered import FOLDS
from bedside.site.exam.together import Call
from tests.support.site import Player


def call_of(player: Player, *bodies: Body, seq: int = 3) -> Call:
    """A call that brings these events of a player, numbered from `seq` on."""
    row = SittingRow.objects.get(pk=player.sitting)
    arrivals = [Arrival(number, body, 0) for number, body in enumerate(bodies, start=seq)]
    return Call(row.user_id, row.pk, UUID(player.writer), arrivals, player.clock.at)


def answer_of(player: Player, choice: str = "A") -> Answered:
    """An answer to the first item of the player's block."""
    row = SittingRow.objects.get(pk=player.sitting)
    return Answered(row.delivery_form().blocks[0].items[0].id, (choice,), 5)


def bearer_of(call: Call) -> Bearer:
    """The token of whoever calls, made for this."""
    owner = User.objects.get(sittings=call.sitting_id)
    return Bearer(digest_of(create_token(owner, at=call.at).secret))


@contextmanager
def taken_back() -> Iterator[None]:
    """What is written in here is taken back at the end, so that the next call meets everything as it was."""
    before = transaction.savepoint()
    try:
        yield
    finally:
        transaction.savepoint_rollback(before)
        FOLDS.forget()
