"""A case in exam mode: its limit, the final orders, and what an exam does not tell."""

from __future__ import annotations

from django.test import Client

from tests.support.case_site import (
    Candidate,
    new_candidate,
    replayed_by_core,
    row_of,
)
from tests.support.site import Clock, get, post


def test_in_an_exam_only_final_orders_are_taken_after_the_limit(sitter: Candidate, clock: Clock) -> None:
    sitter.order("ns_iv")
    clock.pass_s(10 * 60)
    assert sitter.state()["phase"] == "closing"
    assert sitter.state()["final_ms"] == 120_000

    sitter.do({"do": "cancel", "order": "ns_iv"}, {"do": "order", "order": "bmp"}, {"do": "advance", "seconds": 60})

    assert sitter.told["acknowledged"] == 3
    assert sitter.told["refused"] == {"seq": 4, "reason": "time_up"}
    assert sitter.state()["now_s"] == 0


def test_two_minutes_after_the_limit_an_exam_is_over_and_scored(sitter: Candidate, clock: Clock) -> None:
    sitter.order("ns_iv", "bmp")
    clock.pass_s(10 * 60 + 119)
    assert sitter.state()["phase"] == "closing"
    clock.pass_s(1)

    state = sitter.state()

    row = row_of(sitter)
    assert (state["phase"], row.end_reason, row.ended_at == clock.at) == ("ended", "limit", True)
    assert row.percent is not None
    assert replayed_by_core(row).is_over
    sitter.do({"do": "order", "order": "kcl_iv"})
    assert sitter.told["refused"]["reason"] == "case_over"


def test_a_candidate_of_an_exam_can_go_to_the_final_orders_early(sitter: Candidate, clock: Clock) -> None:
    clock.pass_s(60)
    state = post(sitter.client, f"{sitter.path}/close", {})["state"]
    assert (state["phase"], state["final_ms"]) == ("closing", 120_000)
    clock.pass_s(30)
    assert post(sitter.client, f"{sitter.path}/close", {})["state"]["final_ms"] == 90_000

    sitter.do({"do": "advance", "seconds": 60})
    assert sitter.told["refused"]["reason"] == "time_up"
    assert sitter.end("DKA")["end_reason"] == "candidate"


def test_practice_has_no_limit_that_binds(client: Client, clock: Clock) -> None:
    candidate = new_candidate(client, clock, limit_minutes=10)
    clock.pass_s(3600)

    state = candidate.advance(60)

    assert (state["phase"], state["now_s"], state["left_ms"]) == ("open", 60, 0)
    assert post(client, f"{candidate.path}/close", {})["state"]["phase"] == "open"


def test_a_class_is_refused_in_an_exam(sitter: Candidate, candidate: Candidate) -> None:
    exam = get(sitter.client, f"{sitter.path}/orders?q=insulin")["pieces"][0]
    practice = get(candidate.client, f"{candidate.path}/orders?q=insulin")["pieces"][0]

    assert (exam["hits"], exam["is_class"]) == ([], True)
    assert practice["is_class"]
    assert len(practice["hits"]) > 1
    assert practice["preselected"] is None
