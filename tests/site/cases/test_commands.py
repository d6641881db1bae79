"""Commands of a case over the API: what is kept, what is answered, what is refused."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest
from django.test import Client

from bedside.cases import score
from bedside.site.accounts.actions import add_user, create_token
from bedside.site.cases.models import CaseCommand
from tests.support.case_site import (
    CASE,
    EXPERT,
    HOUR_S,
    Candidate,
    new_candidate,
    of_kind,
    replayed_by_core,
    row_of,
)
from tests.support.people import proctored_player
from tests.support.site import Clock, get, post
from tests.support.sittings import T0


def test_a_command_is_kept_with_its_virtual_and_real_time_and_what_was_typed(candidate: Candidate) -> None:
    candidate.advance(90)
    (one,) = candidate.sent({"do": "order", "order": "ns_iv"})
    candidate.send([{**one, "real_ms": 4200, "typed": "normal sal"}])

    kept = CaseCommand.objects.get(run_id=UUID(candidate.run), seq=2)
    assert (kept.at_s, kept.real_ms, kept.typed) == (90, 4200, "normal sal")
    assert kept.command == {"do": "order", "order": "ns_iv", "urgency": "routine", "mode": None, "dose": "usual", "in_s": 0}


def test_the_same_commands_sent_again_change_nothing_and_are_answered_the_same(candidate: Candidate) -> None:
    first = candidate.send(candidate.sent(*EXPERT))
    again = candidate.send(candidate.sent(*EXPERT))

    assert again == first
    assert CaseCommand.objects.filter(run_id=UUID(candidate.run)).count() == len(EXPERT)


def test_a_gap_and_another_command_under_a_known_number_are_refused_by_name(candidate: Candidate) -> None:
    candidate.advance(60)

    gap = candidate.send([{"seq": 3, "command": {"do": "history"}}], expect=409)
    other = candidate.send([{"seq": 1, "command": {"do": "advance", "seconds": 61}}], expect=409)

    assert (gap["code"], other["code"]) == ("command_gap", "command_differs")
    assert CaseCommand.objects.filter(run_id=UUID(candidate.run)).count() == 1


def test_nothing_of_a_call_is_kept_whose_numbers_have_a_gap(candidate: Candidate) -> None:
    candidate.send([{"seq": 1, "command": {"do": "history"}}, {"seq": 3, "command": {"do": "history"}}], expect=409)

    assert candidate.state()["last_seq"] == 0


def test_what_the_rules_of_the_case_refuse_is_kept_and_said(candidate: Candidate) -> None:
    state = candidate.do({"do": "cancel", "order": "ns_iv"}, {"do": "move", "to": "ed"})

    assert [entry["text"] for entry in of_kind(state, "refused")] == ["nothing of it runs or waits", "the patient is there"]
    assert state["last_seq"] == 2


@pytest.mark.parametrize(
    "command",
    [
        {"do": "advance", "seconds": -1},
        {"do": "advance", "seconds": "60"},
        {"do": "order"},
        {"do": "order", "order": "bmp", "at": 3},
        {"do": "sing"},
        {"do": "end", "diagnosis": "x" * 301},
    ],
)
def test_a_command_that_is_none_is_refused(candidate: Candidate, command: dict[str, Any]) -> None:
    assert candidate.send(candidate.sent(command), expect=400)["code"] == "invalid"


def test_nobody_but_its_owner_finds_a_run(candidate: Candidate, clock: Clock) -> None:
    stranger = add_user("eve", password=None, at=T0)
    eve = Candidate(Client(headers={"Authorization": f"Bearer {create_token(stranger, at=T0).secret}"}), clock, candidate.run)

    for path, body in (("commands", {"commands": eve.sent({"do": "history"})}), ("close", {}), ("fork", {"after": 0})):
        assert post(eve.client, f"{eve.path}/{path}", body, expect=404)["code"] == "not_found"
    for path in ("", "/orders?q=bmp"):
        assert get(eve.client, f"{eve.path}{path}", expect=404)["code"] == "not_found"


def test_the_end_is_kept_with_its_score_and_nothing_is_taken_after_it(candidate: Candidate, clock: Clock) -> None:
    candidate.do(*EXPERT)
    clock.pass_s(300)
    state = candidate.end("Ketoacidosis")
    assert (state["phase"], state["end_reason"]) == ("ended", "candidate")

    row = row_of(candidate)
    run = replayed_by_core(row)
    assert row.percent == pytest.approx(score(run.case, run.history).percent)
    assert (row.diagnosis, row.ended_at, row.band != "") == ("Ketoacidosis", clock.at, True)
    candidate.do({"do": "history"})
    assert candidate.told["refused"] == {"seq": candidate.seq + 1, "reason": "case_over"}


def test_a_case_that_ends_by_itself_is_scored(candidate: Candidate) -> None:
    state = candidate.state()
    while state["phase"] == "open":
        state = candidate.advance(36 * HOUR_S)

    assert state["end_reason"] in {"died", "time"}
    assert of_kind(state, "ended")[0]["text"] == state["end_reason"]
    assert row_of(candidate).percent is not None


def test_practice_rests_while_a_proctored_sitting_is_under_way(candidate: Candidate, client: Client, clock: Clock) -> None:
    exam = new_candidate(client, clock, mode="exam", limit_minutes=20)
    proctored_player(client, clock, minutes=10).open_block()

    assert get(client, candidate.path, expect=409)["code"] == "sealed"
    assert candidate.send(candidate.sent({"do": "history"}), expect=409)["code"] == "sealed"
    assert get(client, f"{candidate.path}/orders?q=bmp", expect=409)["code"] == "sealed"
    assert post(client, "/api/cases/runs", {"case": CASE, "mode": "exam"}, expect=409)["code"] == "sealed"
    assert exam.order("ns_iv")["last_seq"] == 1
