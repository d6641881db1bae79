"""Events that come to a sitting by other doors than a player's: a proctor's, and those of another server."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from django.test import Client

from bedside.delivery import Answered, Body, Event, GrantedTime, ItemShown, Message, fold
from bedside.errors import ConflictError
from bedside.site.database import one_write
from bedside.site.exam import desk as desk_module
from bedside.site.exam.actions import rebuild
from bedside.site.exam.desk import Desk
from bedside.site.exam.ledger import verify_sitting
from bedside.site.exam.log import events_of
from bedside.site.exam.models import Response, SittingEvent, Writer
from bedside.site.exam.models import Sitting as SittingRow
from bedside.site.problems import EventDiffersError, LogFullError
from tests.support.site import KEY, Clock, Player, new_player

pytestmark = pytest.mark.django_db


def _row(player: Player) -> SittingRow:
    return SittingRow.objects.get(pk=player.sitting)


def _proctor(player: Player) -> Writer:
    return Writer.objects.create(
        sitting=_row(player), kind="proctor", user=_row(player).user, issued_at=player.clock.at, last_at=player.clock.at
    )


def test_a_proctor_gives_time_and_says_so_under_a_writer_of_their_own(player: Player) -> None:
    player.open_block()
    writer = _proctor(player)
    before = _row(player).deadline
    assert before is not None
    player.clock.pass_s(30)
    with one_write():
        desk = Desk.open(_row(player), player.clock.at)
        desk.add_by(writer, GrantedTime(1, 60, "fire alarm"), desk.at)
        desk.add_by(writer, Message("you have a minute more"), desk.at)
        head = desk.keep()
    row = _row(player)
    assert row.deadline == before + timedelta(seconds=60)
    assert list(row.events.filter(writer=writer).order_by("seq").values_list("seq", "type", "outcome")) == [
        (1, "granted_time", "accepted"),
        (2, "message", "accepted"),
    ]
    writer.refresh_from_db()
    assert (writer.last_seq, writer.last_at) == (2, player.clock.at)
    assert verify_sitting(row, head=head).problems == ()
    rebuild(row.pk)
    assert _row(player).deadline == row.deadline


def test_a_proctor_finds_no_room_in_a_full_log_but_the_server_does(player: Player, monkeypatch: pytest.MonkeyPatch) -> None:
    player.open_block()
    writer = _proctor(player)
    monkeypatch.setattr(desk_module, "MAX_EVENTS", _row(player).n_arrivals)
    desk = Desk.open(_row(player), player.clock.at)
    with pytest.raises(LogFullError):
        desk.add_by(writer, Message("hello"), desk.at)
    desk.add_own(Message("hello"), desk.at)
    assert len(desk.added) == 1


def _foreign(player: Player) -> tuple[Writer, list[Event]]:
    """What a player did on another server, a minute into the block, three minutes before now."""
    items = player.open_block()
    writer = Writer.objects.create(
        sitting=_row(player), kind="player", is_foreign=True, issued_at=player.clock.at, last_at=player.clock.at,
        superseded_at=player.clock.at,
    )  # fmt: skip
    # after it was issued here, the sitting went on there: only its own events of before the take-over count
    at = player.clock.at
    bodies: list[Body] = [ItemShown(items[0]["id"]), Answered(items[0]["id"], (KEY,), 5)]
    events = [Event(writer.pk, number, at, at, 0, body) for number, body in enumerate(bodies, start=1)]
    player.clock.pass_s(180)
    return writer, events


def test_events_of_another_server_are_kept_as_they_are_and_the_whole_log_is_folded(player: Player) -> None:
    writer, events = _foreign(player)
    with one_write():
        desk = Desk.open(_row(player), player.clock.at)
        assert desk.add_foreign(events) == 2
        head = desk.keep()
    row = _row(player)
    assert [event for event in events_of(row) if event.writer == writer.pk] == events
    form = row.delivery_form()
    assert desk.state == fold(form, events_of(row))
    writer.refresh_from_db()
    assert writer.last_seq == 2
    assert verify_sitting(row, head=head).problems == ()
    stored = list(Response.objects.values_list("item", "choice"))
    rebuild(row.pk)
    assert list(Response.objects.values_list("item", "choice")) == stored


def test_to_merge_the_same_events_again_changes_nothing(player: Player) -> None:
    _, events = _foreign(player)
    for expected in (2, 0):
        with one_write():
            desk = Desk.open(_row(player), player.clock.at)
            assert desk.add_foreign(reversed(events)) == expected
            desk.keep()
    assert SittingEvent.objects.count() == 6


def test_an_event_that_differs_a_gap_or_a_stranger_is_refused_and_nothing_is_added(player: Player) -> None:
    writer, events = _foreign(player)
    row = _row(player)
    with pytest.raises(ConflictError, match=f"event 1 of writer {writer.pk} is missing, so event 2"):
        Desk.open(row, player.clock.at).add_foreign(events[1:])
    with pytest.raises(ConflictError, match="is not known here"):
        Desk.open(row, player.clock.at).add_foreign([replace(events[0], writer=uuid4())])
    mine = next(event for event in events_of(row) if event.writer == UUID(player.writer))
    with pytest.raises(EventDiffersError):
        Desk.open(row, player.clock.at).add_foreign([replace(mine, elapsed_ms=mine.elapsed_ms + 1)])
    assert _row(player).n_arrivals == row.n_arrivals


def test_foreign_events_go_together_with_own_ones_in_one_desk(player: Player) -> None:
    _, events = _foreign(player)
    player.clock.pass_s(3600)  # the block is over meanwhile
    with one_write():
        desk = Desk.open(_row(player), player.clock.at)
        desk.add_foreign(events)
        desk.close_expired()
        desk.add_own(Message("merged"), desk.at)
        desk.keep()
    row = _row(player)
    assert row.state == "finished"
    assert [event.type for event in events_of(row)][-4:] == ["item_shown", "answered", "time_expired", "message"]
    assert verify_sitting(row).problems == ()


def test_a_new_player_follows_on_all_that_was_added(client: Client, clock: Clock) -> None:
    player = new_player(client, clock)
    player.open_block()
    player.clock.pass_s(600)
    second = player.take_over()
    assert second.state()["state"] == "finished"
    assert [event.type for event in events_of(_row(player))][-2:] == ["time_expired", "writer_issued"]
