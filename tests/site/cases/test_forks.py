"""Runs that go on from a moment of another."""

from __future__ import annotations

import pytest

from bedside.site.cases.models import CaseCommand, CaseRun
from tests.support.case_site import (
    EXPERT,
    Candidate,
    of_kind,
    row_of,
)
from tests.support.site import post


def test_practice_goes_back_to_an_earlier_moment_by_a_fork(candidate: Candidate) -> None:
    candidate.do(*EXPERT)
    made = post(candidate.client, f"{candidate.path}/fork", {"after": 3}, expect=201)
    child = Candidate(candidate.client, candidate.clock, made["id"], seq=3)

    assert child.state()["last_seq"] == 3
    assert [entry["order"] for entry in of_kind(child.state(), "placed")] == ["iv_access", "telemetry", "vbg"]
    row, parent = row_of(child), row_of(candidate)
    assert (row.parent, row.forked_after, row.mode) == (parent, 3, "practice")
    assert (parent.end_reason, parent.percent) == ("left", None)
    assert child.order("ns_iv")["last_seq"] == 4
    assert CaseCommand.objects.filter(run=parent).count() == len(EXPERT)


@pytest.mark.parametrize(("at_s", "n"), [(0, 1), (100, 1), (600, 2), (601, 2)])
def test_a_fork_at_a_time_holds_what_was_done_by_then(candidate: Candidate, at_s: int, n: int) -> None:
    candidate.order("ns_iv")
    candidate.advance(600)
    candidate.order("bmp")
    candidate.advance(600)

    made = post(candidate.client, f"{candidate.path}/fork", {"at_s": at_s}, expect=201)

    state = Candidate(candidate.client, candidate.clock, made["id"]).state()
    assert state["now_s"] == at_s
    assert len(of_kind(state, "placed")) == n


def test_an_exam_is_forked_only_once_it_has_ended_and_then_into_practice(sitter: Candidate) -> None:
    sitter.order("ns_iv")
    assert post(sitter.client, f"{sitter.path}/fork", {"after": 0}, expect=409)["code"] == "conflict"
    sitter.end()

    made = post(sitter.client, f"{sitter.path}/fork", {"after": 1}, expect=201)

    child = CaseRun.objects.get(pk=made["id"])
    assert (child.mode, child.limit_minutes) == ("practice", None)
    assert row_of(sitter).end_reason == "candidate"


@pytest.mark.parametrize("body", [{}, {"after": 1, "at_s": 1}, {"after": 9}])
def test_a_fork_from_no_moment_is_refused(candidate: Candidate, body: dict[str, int]) -> None:
    assert post(candidate.client, f"{candidate.path}/fork", body, expect=400)["code"] == "usage"
