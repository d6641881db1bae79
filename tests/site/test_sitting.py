"""A sitting through the API: one block from its making to its report."""

from __future__ import annotations

import json
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from bedside.site.accounts.actions import add_user, create_token, update_profile
from bedside.site.accounts.models import User
from bedside.site.exam.models import Response, SittingEvent, Snapshot
from bedside.site.exam.models import Sitting as SittingRow
from bedside.site.library.models import ItemVersion
from tests.support.site import KEY, Clock, Player, get, new_player, post, write_plain_item
from tests.support.sittings import T0

pytestmark = pytest.mark.django_db


def test_a_timed_block_has_the_pace_of_the_exam(player: Player) -> None:
    # the programme's block is 20 items in 30 minutes, so 4 items are 6 minutes
    [block] = player.state()["outline"]["blocks"]
    assert (block["n"], block["items"], block["minutes"]) == (1, 4, 6)


def test_minutes_that_are_given_are_kept_and_the_time_factor_stretches_them(client: Client, clock: Clock, user: User) -> None:
    update_profile(user, at=T0, time_factor="3/2")
    player = new_player(client, clock, minutes=10)
    assert player.state()["outline"]["blocks"][0]["minutes"] == 15


def test_a_tutor_block_has_no_clock(client: Client, clock: Clock) -> None:
    player = new_player(client, clock, mode="tutor")
    player.open_block()
    state = player.state()
    assert (state["deadline"], state["remaining_ms"]) == (None, None)


def test_a_block_is_given_only_while_it_is_open(player: Player) -> None:
    assert get(player.client, f"{player.path}/blocks/1", expect=409)["code"] == "block_not_open"
    assert get(player.client, f"{player.path}/blocks/2", expect=404)["code"] == "not_found"
    player.open_block()
    block = get(player.client, f"{player.path}/blocks/1")
    assert [item["position"] for item in block["items"]] == [1, 2, 3, 4]
    assert block["limit_ms"] == 6 * 60 * 1000
    player.do("block_closed", block=1)
    assert get(player.client, f"{player.path}/blocks/1", expect=403)["code"] == "block_closed"


def test_all_that_was_done_is_in_the_state(player: Player) -> None:
    items = player.open_block()
    first, second = items[0]["id"], items[1]["id"]
    player.note("item_shown", item=first)
    clock_ms = 20_000
    player.clock.pass_s(clock_ms / 1000)
    player.note("answered", item=first, choice=["A"], ms=clock_ms, confidence="unsure")
    player.note("flagged", item=first, on=True)
    player.note("struck", item=first, option="D", on=True)
    player.note("highlighted", item=first, ranges=[[0, 5], [3, 9]])
    player.note("noted", item=second, text="ask about this")
    player.note("settings", values={"text_size": 2})
    player.send()
    state = player.state()
    assert state["answers"] == {first: {"choice": ["A"], "value": None, "ms": clock_ms, "confidence": "unsure"}}
    assert state["flagged"] == [first]
    assert state["struck"] == {first: ["D"]}
    assert state["highlights"] == {first: [[0, 9]]}
    assert state["notes"] == {second: "ask about this"}
    assert state["settings"] == {"text_size": 2}
    assert state["current_item"] == first
    assert state["last_seq"] == {player.writer: 9}
    assert state["writer"] == player.writer
    assert state["remaining_ms"] == 6 * 60 * 1000 - clock_ms


def test_the_same_events_again_change_nothing_and_get_the_same_answer(player: Player) -> None:
    items = player.open_block()
    player.note("answered", item=items[0]["id"], choice=["A"], ms=10)
    player.note("answered", item="no-such", choice=["A"], ms=10)
    first = player.post(player.queue)
    again = player.post(player.queue)
    assert first["refused"] == [{"seq": 4, "reason": "UnknownItem"}]
    assert {key: again[key] for key in ("acknowledged", "refused", "head")} == {
        key: first[key] for key in ("acknowledged", "refused", "head")
    }
    assert SittingEvent.objects.filter(writer_id=player.writer).count() == 4


def test_events_after_a_gap_are_not_kept(player: Player) -> None:
    player.note("started")
    told = player.post([*player.queue, {"seq": 3, "type": "block_opened", "block": 1, "elapsed_ms": 0}])
    assert told["acknowledged"] == 1
    assert told["refused"] == [{"seq": 3, "reason": "OutOfOrder"}]
    assert player.state()["state"] == "between_blocks"


def test_another_event_under_a_known_number_is_refused_and_the_kept_one_stays(player: Player) -> None:
    items = player.open_block()
    player.do("answered", item=items[0]["id"], choice=["A"], ms=10)
    other = {"seq": 3, "type": "answered", "item": items[0]["id"], "choice": ["C"], "ms": 10, "elapsed_ms": 0}
    assert player.post([other], expect=409)["code"] == "event_differs"
    assert player.state()["answers"][items[0]["id"]]["choice"] == ["A"]


def test_a_newer_player_takes_over_and_the_older_one_is_told(player: Player) -> None:
    items = player.open_block()
    player.clock.pass_s(30)
    player.note("answered", item=items[0]["id"], choice=["A"], ms=10)  # done, and not sent yet
    player.clock.pass_s(30)
    made = post(player.client, f"{player.path}/writers", {}, expect=201)
    player.note("answered", item=items[1]["id"], choice=["A"], ms=10)  # done after the other took over
    told = player.post(player.queue, expect=409)
    assert told["code"] == "writer_superseded"
    # what was done before is kept and counts, what was done after is kept and does not
    assert told["acknowledged"] == 4
    assert told["refused"] == [{"seq": 4, "reason": "WriterSuperseded"}]
    newer = Player(player.client, player.clock, player.sitting, made["writer"], synced_at=player.clock.at)
    newer.do("answered", item=items[2]["id"], choice=["A"], ms=10)
    state = newer.state()
    assert state["writer"] == made["writer"]
    assert sorted(state["answers"]) == sorted([items[0]["id"], items[2]["id"]])


def test_a_writer_of_another_sitting_is_not_known_here(player: Player, client: Client, clock: Clock) -> None:
    other = new_player(client, clock)
    body = {"writer": other.writer, "events": []}
    assert post(client, f"{player.path}/events", body, expect=404)["code"] == "not_found"


def test_an_answer_in_time_counts_however_late_it_arrives(player: Player) -> None:
    items = player.open_block()
    player.clock.pass_s(5 * 60)
    player.note("answered", item=items[0]["id"], choice=[KEY], ms=1000)  # at 5 of 6 minutes
    player.clock.pass_s(2 * 60)
    player.note("answered", item=items[1]["id"], choice=[KEY], ms=1000)  # at 7 of 6 minutes
    player.clock.pass_s(3600)
    # somebody looks meanwhile, and the server writes down that the time is over
    assert get(player.client, player.path)["state"] == "finished"
    told = player.send()
    assert told["refused"] == [{"seq": 4, "reason": "TimeExpired"}]
    assert told["state"] == "finished"
    report = get(player.client, f"{player.path}/report")
    assert (report["n_answered"], report["score"]["n_correct"], report["closed_by"]) == (1, 1, "clock")
    assert Response.objects.get().item == items[0]["id"]


def test_an_answer_counts_from_the_acknowledgement_that_the_player_has_read(player: Player) -> None:
    items = player.open_block()
    player.clock.pass_s(120)
    player.note("answered", item=items[0]["id"], choice=["A"], ms=1000)
    player.post(player.queue)  # the answer of the server is lost, so the player goes on counting from before
    player.clock.pass_s(180)
    player.note("answered", item=items[1]["id"], choice=["A"], ms=1000)  # at 5 of 6 minutes
    player.clock.pass_s(600)
    assert player.send()["refused"] == []
    assert len(player.state()["answers"]) == 2


def test_events_can_say_from_which_synchronisation_they_count(player: Player) -> None:
    items = player.open_block()  # synchronisation 1
    player.clock.pass_s(60)
    player.note("answered", item=items[0]["id"], choice=["A"], ms=1000)
    player.note("answered", item=items[1]["id"], choice=["A"], ms=1000)
    waiting = [{**event, "sync": 1} for event in player.queue]
    player.clock.pass_s(3600)
    assert player.post(waiting[:1])["sync"] == 2
    told = player.post(waiting[1:])  # happened before synchronisation 2, and says so
    assert told["refused"] == []


def test_a_synchronisation_that_a_restored_server_does_not_know_counts_as_the_newest_before_it(player: Player) -> None:
    items = player.open_block()
    player.clock.pass_s(600)
    answer = {"seq": 3, "type": "answered", "item": items[0]["id"], "choice": ["A"], "ms": 5, "elapsed_ms": 60_000}
    assert player.post([{**answer, "sync": 99}])["refused"] == []


def test_no_answer_counts_that_arrives_after_the_report_was_read(player: Player) -> None:
    items = player.open_block()
    player.clock.pass_s(60)
    player.note("answered", item=items[0]["id"], choice=[KEY], ms=1000)
    player.clock.pass_s(3600)
    assert get(player.client, f"{player.path}/report")["n_answered"] == 0
    assert player.send()["refused"] == [{"seq": 3, "reason": "AnswerLocked"}]
    assert get(player.client, f"{player.path}/report")["n_answered"] == 0
    assert not Response.objects.exists()


def test_the_page_of_the_report_gives_the_keys_out_as_the_call_does(player: Player) -> None:
    items = player.open_block()
    player.clock.pass_s(3600)
    page = Client()
    page.force_login(SittingRow.objects.get().user)
    assert page.get(f"/report/{player.path.rsplit('/', 1)[1]}").status_code == 200
    player.queue.append({"seq": 3, "type": "answered", "item": items[0]["id"], "choice": [KEY], "ms": 5, "elapsed_ms": 1000})
    assert player.send()["refused"] == [{"seq": 3, "reason": "AnswerLocked"}]


def test_in_tutor_mode_a_second_player_can_not_use_what_the_first_was_shown(client: Client, clock: Clock) -> None:
    player = new_player(client, clock, mode="tutor")
    items = player.open_block()
    old = player.writer
    clock.pass_s(60)
    second = player.take_over()
    clock.pass_s(10)
    assert second.do("answered", item=items[0]["id"], choice=["A"], ms=5)["revealed"]
    player.writer = old
    forged = {"seq": 3, "type": "answered", "item": items[0]["id"], "choice": [KEY], "ms": 5, "elapsed_ms": 1000}
    assert player.post([forged], expect=409)["refused"] == [{"seq": 3, "reason": "AnswerLocked"}]
    assert second.state()["answers"][items[0]["id"]]["choice"] == ["A"]


def test_a_server_clock_that_is_set_back_loses_nothing(player: Player) -> None:
    items = player.open_block()
    player.clock.pass_s(-7200)
    told = player.post([{"seq": 3, "type": "answered", "item": items[0]["id"], "choice": ["A"], "ms": 5, "elapsed_ms": 10}])
    assert (told["acknowledged"], told["refused"]) == (3, [])


def test_sittings_of_somebody_else_are_not_found(player: Player, clock: Clock) -> None:
    bob = add_user("bob", password=None, at=T0)
    stranger = Client(headers={"Authorization": f"Bearer {create_token(bob, at=T0).secret}"})
    for path in ("", "/blocks/1", "/events", "/report"):
        assert get(stranger, f"{player.path}{path}", expect=404)["code"] == "not_found"
    assert post(stranger, f"{player.path}/writers", {}, expect=404)["code"] == "not_found"
    body = {"writer": player.writer, "events": [{"seq": 1, "type": "started", "elapsed_ms": 0}]}
    assert post(stranger, f"{player.path}/events", body, expect=404)["code"] == "not_found"
    assert get(stranger, f"/api/sittings/{uuid4()}", expect=404)["code"] == "not_found"
    assert player.state()["state"] == "created"


def test_no_key_and_no_reason_goes_out_before_its_time(player: Player) -> None:
    outputs: list[Any] = [player.state()]
    outputs.append(player.do("started"))
    outputs.append(player.do("block_opened", block=1))
    block = get(player.client, f"{player.path}/blocks/1")
    outputs += [block, post(player.client, f"{player.path}/writers", {}, expect=201)]
    player.writer, player.seq = outputs[-1]["writer"], 0
    for item in block["items"]:
        outputs.append(player.do("answered", item=item["id"], choice=[KEY], ms=5))
    outputs += [
        player.state(),
        get(player.client, f"{player.path}/events"),
        get(player.client, f"{player.path}/report", expect=409),
    ]
    for output in outputs:
        text = json.dumps(output)
        for word in ("SECRET", "is_key", "correct", "explanation", "takeaway_", '"key"', "Winter"):
            assert word not in text, word
    # and nothing about an item tells its options apart but their letter and their text
    for item in block["items"]:
        assert [set(option) for option in item["options"]] == [{"letter", "html"}] * 4
        of_the_place = {"id", "version", "position", "kind", "is_imported", "is_hidden", "set", "earlier_html"}
        assert set(item) == {*of_the_place, "stem_html", "lead_in_html", "options", "unit"}


def test_tutor_mode_shows_the_reasons_of_what_is_answered_and_of_nothing_else(client: Client, clock: Clock) -> None:
    player = new_player(client, clock, mode="tutor")
    items = player.open_block()
    told = player.do("answered", item=items[0]["id"], choice=["A"], ms=5)
    assert [one["item"] for one in told["revealed"]] == [items[0]["id"]]
    assert told["revealed"][0]["key"] == [KEY]
    assert "SECRET reason A" in told["revealed"][0]["explanations"]["A"]
    assert told["revealed"][0]["takeaways"][0]["id"] == "renal.winter_formula"
    assert [one["item"] for one in player.state()["revealed"]] == [items[0]["id"]]
    again = player.do("answered", item=items[0]["id"], choice=[KEY], ms=9)
    assert again["refused"] == [{"seq": 4, "reason": "AnswerLocked"}]
    assert "SECRET" not in json.dumps(get(client, f"{player.path}/blocks/1"))


def test_the_report_says_how_it_went_and_what_it_rests_on(player: Player) -> None:
    items = player.open_block()
    player.note("answered", item=items[0]["id"], choice=["A"], ms=0)
    player.clock.pass_s(10)
    player.note("answered", item=items[0]["id"], choice=[KEY], ms=10_000)
    player.note("answered", item=items[1]["id"], choice=["C"], ms=4_000)
    player.note("flagged", item=items[1]["id"], on=True)
    player.send()
    player.do("finished")
    report = get(player.client, f"{player.path}/report")
    # Wilson's interval of 1 of 4 at 95%: 4.6 to 69.9 per cent (Newcombe 1998, method 3)
    assert report["score"] == {"n_correct": 1, "n": 4, "percent": 25.0, "low": 4.6, "high": 69.9, "interval": "Wilson, 95%"}
    assert report["changes"] == {"n": 1, "right_to_wrong": 0, "wrong_to_right": 1, "wrong_to_wrong": 0, "right_to_right": 0}
    assert report["scale_score"] is None
    assert report["rests_on"]["collections"] == {"bedside": 4}
    assert report["time"]["median_ms"] == 7_000
    assert [axis["axis"] for axis in report["axes"]] == ["system", "competency", "discipline"]
    assert sum(row["n"] for row in report["axes"][0]["rows"]) == 4
    first = report["items"][0]
    assert (first["choice"], first["key"], first["is_correct"], first["change"]) == ([KEY], [KEY], True, "wrong_to_right")
    assert "SECRET reason A" in first["options"][0]["explanation_html"]
    assert first["takeaways"][0]["text"].startswith("In metabolic acidosis")
    assert report["items"][1]["is_flagged"]
    assert report["items"][2]["choice"] == []


def test_the_report_shows_what_was_delivered_and_not_what_the_file_says_today(
    client: Client, clock: Clock, own_content: Any
) -> None:
    player = new_player(client, clock, items=1, filter={"system": ["renal"]})
    item = player.open_block()[0]["id"]
    write_plain_item(own_content, item, version=2)
    write_plain_item(own_content, "renal-0099")  # a new file, so that the change is seen at once
    player.do("finished")
    other = new_player(client, clock, items=20, filter={"system": ["renal"]})
    texts = {one["id"]: one["stem_html"] for one in other.open_block()}
    assert "in version 2" in texts[item]
    assert "in version 1" in get(client, f"{player.path}/report")["items"][0]["stem_html"]
    assert list(ItemVersion.objects.filter(item=item).values_list("version", flat=True).order_by("version")) == [1, 2]


def test_the_log_is_given_with_its_ledger(player: Player) -> None:
    player.do("started")
    log = get(player.client, f"{player.path}/events")
    assert [(event["type"], event["by"], event["outcome"]) for event in log["events"]] == [
        ("form_fixed", "server", "accepted"),
        ("writer_issued", "server", "accepted"),
        ("started", "player", "accepted"),
    ]
    assert log["events"][1]["ledger"]["previous"] == log["events"][0]["ledger"]["hash"]
    assert log["head"] == log["events"][2]["ledger"]["hash"]


def test_a_long_sitting_is_folded_from_its_snapshot(player: Player) -> None:
    items = player.open_block()
    for number in range(30):
        player.do("flagged", item=items[number % 4]["id"], on=True)
    assert Snapshot.objects.get().arrival >= 20
    player.do("answered", item=items[0]["id"], choice=["A"], ms=0)
    assert len(player.state()["flagged"]) == 4
    assert SittingRow.objects.get().n_answered == 1
