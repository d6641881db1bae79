"""Patient cases inside a sitting: played by the sitting's log and clock."""

from __future__ import annotations

import pytest

from bedside.site.accounts.models import User
from bedside.site.cases.models import CaseCommand, CaseRun
from bedside.site.exam.ledger import verify_sitting
from bedside.site.exam.models import Sitting
from bedside.site.exam.proctoring import grant_time, reopen, suspend
from tests.support.case_site import CASE, of_kind
from tests.support.people import browser_of
from tests.support.sat_day import (
    BANK_S,
    CASE_S,
    END,
    FINAL_S,
    GRACE_S,
    Day,
    events,
    in_case,
)
from tests.support.site import get, post

pytestmark = pytest.mark.django_db


def test_the_sitting_says_which_blocks_are_cases_and_nothing_of_them(day: Day) -> None:
    outline = day.state()["outline"]

    assert [block["case"] for block in outline["blocks"]] == [
        None,
        {"nth": 1, "of": 2, "minutes": 10, "final_minutes": 2},
        {"nth": 2, "of": 2, "minutes": 10, "final_minutes": 2},
    ]
    assert "endo" not in str(outline)


def test_a_command_is_an_event_of_the_sitting_and_no_row_of_its_own(day: Day) -> None:
    case = in_case(day)
    state = case.order("bmp", "ns_iv")

    kept = events(day, "case_command")
    assert [(one.body["case"], one.body["n"], one.outcome) for one in kept] == [(CASE, 1, "accepted"), (CASE, 2, "accepted")]
    assert kept[0].body["command"]["order"] == "bmp"
    assert {entry["order"] for entry in of_kind(state, "placed")} == {"bmp", "ns_iv"}
    assert CaseCommand.objects.count() == 0
    assert verify_sitting(Sitting.objects.get(pk=day.sitting)).problems == ()


def test_the_case_has_the_clock_of_its_block(day: Day) -> None:
    case = in_case(day)
    day.clock.pass_s(60)

    state = case.state()
    assert (state["phase"], state["left_ms"], state["final_ms"], state["spent_ms"]) == ("open", 540_000, None, 60_000)
    assert state["sitting"]["nth"] == 1
    day.clock.pass_s(CASE_S - 60)
    state = case.state()
    assert (state["phase"], state["left_ms"], state["final_ms"]) == ("closing", 0, 120_000)


def test_sending_again_changes_nothing_and_a_gap_is_refused_by_name(day: Day) -> None:
    case = in_case(day)
    sent = case.sent({"do": "order", "order": "bmp"}, {"do": "advance", "seconds": 60})
    first, again = case.send(sent), case.send(sent)

    assert again == first
    assert len(events(day, "case_command")) == 2
    assert case.send([{"seq": 4, "command": {"do": "history"}}], expect=409)["code"] == "command_gap"
    assert case.send([{"seq": 1, "command": {"do": "history"}}], expect=409)["code"] == "command_differs"


def test_after_the_limit_only_final_orders_are_taken_and_then_the_block_closes(day: Day) -> None:
    case = in_case(day)
    day.clock.pass_s(CASE_S)
    told = case.send(case.sent({"do": "advance", "seconds": 60}))
    assert told["refused"] == {"seq": 1, "reason": "time_up"}
    assert of_kind(case.order("bmp"), "placed")

    day.clock.pass_s(FINAL_S)
    assert get(day.client, case.path, expect=403)["code"] == "block_closed"
    assert day.state()["state"] == "between_blocks"
    told = case.send(case.sent({"do": "order", "order": "ns_iv"}))
    assert told["refused"] == {"seq": 2, "reason": "case_over"}
    row = CaseRun.objects.get(pk=case.run)
    assert (row.end_reason, row.percent) == ("limit", None)


def test_the_end_of_the_course_closes_the_block_at_that_instant(day: Day) -> None:
    case = in_case(day)
    day.clock.pass_s(90)
    state = case.do(END)

    assert state["phase"] == "ended"
    (ended,) = events(day, "case_ended")
    assert (ended.outcome, ended.effective_at) == ("accepted", events(day, "case_command")[0].effective_at)
    assert (day.state()["state"], day.state()["blocks_closed"]) == ("between_blocks", 2)
    assert CaseRun.objects.get(pk=case.run).end_reason == "candidate"


def test_what_is_left_of_a_case_goes_to_no_break(day: Day) -> None:
    day.player.do("started")
    day.player.do("block_opened", block=1)
    day.clock.pass_s(30 * 60)
    day.player.do("block_opened", block=2)
    case = day.open_case()
    case.do(END)

    assert day.state()["break_ms"] == BANK_S * 1000


def test_going_to_the_final_orders_leaves_two_minutes(day: Day) -> None:
    case = in_case(day)
    day.clock.pass_s(60)
    state = case.close()["state"]

    assert (state["phase"], state["final_ms"]) == ("closing", FINAL_S * 1000)
    assert case.send(case.sent({"do": "history"}))["refused"]["reason"] == "time_up"


def test_a_command_done_in_time_and_sent_after_a_cut_counts_when_it_was_done(day: Day) -> None:
    case = in_case(day)
    day.clock.pass_s(CASE_S + FINAL_S + 300)
    assert day.state()["state"] == "between_blocks"
    told = case.send([{"seq": 1, "command": {"do": "advance", "seconds": 60}, "real_ms": 30_000}])

    assert (told["acknowledged"], told["refused"]) == (1, None)
    (kept,) = events(day, "case_command")
    assert round((kept.effective_at - day.issued.sitting.created_at).total_seconds(), 3) == 30


def test_under_a_proctor_a_late_command_counts_within_the_grace_alone(exam: Day) -> None:
    case = in_case(exam)
    exam.clock.pass_s(CASE_S + FINAL_S + GRACE_S - 1)
    within = case.send([{"seq": 1, "command": {"do": "order", "order": "bmp"}, "real_ms": 700_000}])
    exam.clock.pass_s(2)
    after = case.send([{"seq": 2, "command": {"do": "order", "order": "ns_iv"}, "real_ms": 710_000}])

    assert within["refused"] is None
    assert after["refused"] == {"seq": 2, "reason": "case_over"}


def test_another_tab_takes_the_case_over_and_the_older_one_is_told(day: Day) -> None:
    older = in_case(day)
    older.order("bmp")
    newer = day.open_case()
    newer.seq = older.seq

    assert older.send(older.sent({"do": "history"}), expect=409)["code"] == "writer_superseded"
    assert newer.order("ns_iv")["last_seq"] == 2


def test_without_the_sittings_writer_nothing_is_taken(day: Day) -> None:
    case = in_case(day)
    sent = case.sent({"do": "history"})

    assert post(day.client, f"{case.path}/commands", {"commands": sent}, expect=400)["code"] == "usage"
    other = {"commands": sent, "writer": "00000000-0000-0000-0000-000000000007"}
    assert post(day.client, f"{case.path}/commands", other, expect=404)["code"] == "not_found"


def test_a_proctor_stops_the_clock_and_gives_time(exam: Day, pat: User) -> None:
    case = in_case(exam)
    sitting = Sitting.objects.get(pk=exam.sitting)
    exam.clock.pass_s(60)
    suspend(pat, sitting.pk, reason="A drill", at=exam.clock.at)
    exam.clock.pass_s(60)

    told = case.send(case.sent({"do": "history"}))
    assert (told["refused"]["reason"], told["state"]["phase"]) == ("suspended", "suspended")
    assert get(exam.client, case.path, expect=409)["code"] == "block_not_open"
    reopen(pat, sitting.pk, reason="Over", at=exam.clock.at)
    grant_time(pat, sitting.pk, seconds=120, reason="For the drill", at=exam.clock.at)
    assert round(case.state()["left_ms"] / 1000) == CASE_S - 60 + 120


def test_the_proctor_sees_in_which_case_somebody_is_and_nothing_of_it(exam: Day, pat: User) -> None:
    case = in_case(exam, block=3)
    case.order("bmp")
    proctor = browser_of(pat)

    listed = proctor.get("/office/proctor").content.decode()
    assert "Case 2" in listed
    page = proctor.get(f"/office/sittings/{exam.sitting}").content.decode()
    assert "did something in a case" in page
    assert "bmp" not in page
    assert "Another night" not in page
