"""A sitting with cases carried to another server, gone on with on both, and put together again."""

from __future__ import annotations

import json
from typing import Any
from uuid import UUID

import pytest
from django.db import connection

from bedside.errors import UsageError
from bedside.site.accounts.models import User
from bedside.site.cases.models import CaseRun, CaseText
from bedside.site.cases.sat import open_case
from bedside.site.exam.actions import create_sitting
from bedside.site.exam.models import SittingEvent
from tests.support.places import Place, changed
from tests.support.sat_day import SatCandidate, sat_plan
from tests.support.site import Player, get

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor != "sqlite", reason="each server of a test is a file of SQLite"),
]
END = {"do": "end", "diagnosis": None}


def begin(place: Place) -> str:
    """A day with its first case open; answers the sitting."""
    with place.server.at_work():
        issued = create_sitting(User.objects.get(username=place.name), sat_plan(), at=place.clock.at)
        player = Player(place.client, place.clock, str(issued.sitting.pk), str(issued.writer), synced_at=place.clock.at)
        place.player = player
        for type_, fields in (("started", {}), ("block_opened", {"block": 1}), ("block_closed", {"block": 1})):
            player.do(type_, **fields)
        player.do("block_opened", block=2)
    return player.sitting


def play(place: Place, sitting: str, *commands: dict[str, Any]) -> dict[str, Any]:
    """Take the case over at this place, and do commands after those that are there."""
    with place.server.at_work():
        row = open_case(User.objects.get(username=place.name), UUID(sitting), at=place.clock.at)
        writer = Player(place.client, place.clock, sitting, "").take_over().writer
        case = SatCandidate(place.client, place.clock, str(row.pk), writer=writer)
        case.seq = case.state()["last_seq"]
        return case.do(*commands)


def outcomes(place: Place, sitting: str) -> list[tuple[int, str, str]]:
    with place.server.at_work():
        rows = SittingEvent.objects.filter(sitting=UUID(sitting), type="case_command").order_by("effective_at", "seq")
        return [(row.body["n"], row.body["command"]["do"], row.reason) for row in rows]


def test_a_case_begun_here_is_gone_on_with_there_and_scored_alike_on_both(here: Place, there: Place) -> None:
    sitting = begin(here)
    play(here, sitting, {"do": "order", "order": "bmp"}, {"do": "order", "order": "ns_iv"})
    there.merge(here.export(sitting))
    here.clock.pass_s(60)
    state = play(there, sitting, {"do": "advance", "seconds": 3600}, END)
    assert (state["phase"], state["last_seq"]) == ("ended", 4)
    with there.server.at_work():
        there.take_over(sitting).do("finished")
        score = get(there.client, f"/api/sittings/{sitting}/report")["cases"]["cases"][0]["percent"]
    here.merge(there.export(sitting))

    assert here.result(sitting)["fold"] == there.result(sitting)["fold"]
    with here.server.at_work():
        assert get(here.client, f"/api/sittings/{sitting}/report")["cases"]["cases"][0]["percent"] == score > 0
        assert CaseText.objects.count() == 2
        assert CaseRun.objects.filter(sitting=UUID(sitting)).count() == 1


def test_of_what_two_servers_took_under_one_number_the_earlier_counts_on_both(here: Place, there: Place) -> None:
    sitting = begin(here)
    play(here, sitting, {"do": "order", "order": "bmp"})
    there.merge(here.export(sitting))
    here.clock.pass_s(10)
    play(there, sitting, {"do": "order", "order": "ns_iv"})
    here.clock.pass_s(10)
    play(here, sitting, {"do": "order", "order": "kcl_iv"}, END)
    packed = there.export(sitting), here.export(sitting)
    here.merge(packed[0])
    there.merge(packed[1])

    assert outcomes(here, sitting) == outcomes(there, sitting)
    assert outcomes(here, sitting)[:3] == [(1, "order", ""), (2, "order", ""), (2, "order", "OutOfStep")]
    assert here.result(sitting)["fold"] == there.result(sitting)["fold"]
    # the end was of other commands than those that count now, and so the case goes on
    assert here.result(sitting)["state"] == "in_block"


def test_a_file_without_the_text_of_a_case_or_with_another_is_refused(here: Place, there: Place) -> None:
    sitting = begin(here)
    packed = here.export(sitting)
    assert len(json.loads(packed)["case_texts"]) == 2

    without = changed(packed, lambda told: told["case_texts"].pop(), signer=here)
    there.refuses(without, UsageError, "the text of case .* is missing")
    other = changed(packed, lambda told: told["case_texts"][0].update(text="another"), signer=here)
    there.refuses(other, UsageError, "is not that of its digest")
