"""Cases over the API: what is kept, what is answered, what is refused, and what never leaves the server."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.conf import settings
from django.test import Client
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from bedside.cases import Run, compile_case, digest_of, score
from bedside.errors import ConflictError
from bedside.site.accounts.actions import add_user, create_token
from bedside.site.accounts.models import User
from bedside.site.cases import replays
from bedside.site.cases.actions import Sent, do_commands, start_run
from bedside.site.cases.commands import command_as_json, command_from_json
from bedside.site.cases.models import CaseCommand, CaseRun
from tests.support.case_files import read_example, small_catalogue
from tests.support.case_site import CASE, Candidate, new_candidate, of_kind, write_case_content
from tests.support.people import proctored_player
from tests.support.site import Clock, get, post
from tests.support.sittings import T0

MINUTE_S = 60
HOUR_S = 3600
EXPERT: list[dict[str, Any]] = [
    *({"do": "order", "order": order} for order in ("iv_access", "telemetry", "vbg", "bmp", "bohb_serum", "ecg_12", "ns_iv")),
    {"do": "exam", "part": "general"},
    {"do": "advance", "seconds": 15 * MINUTE_S},
    {"do": "order", "order": "kcl_iv"},
    {"do": "move", "to": "icu"},
    {"do": "advance_to_result"},
]


@pytest.fixture(scope="session")
def case_content(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_case_content(tmp_path_factory.mktemp("cases") / "content")


@pytest.fixture(autouse=True)
def content_dir(case_content: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(settings, "CONTENT", case_content)
    return case_content


@pytest.fixture
def candidate(client: Client, clock: Clock) -> Candidate:
    return new_candidate(client, clock)


@pytest.fixture
def sitter(client: Client, clock: Clock) -> Candidate:
    """A candidate in exam mode with ten minutes."""
    return new_candidate(client, clock, mode="exam", limit_minutes=10)


def _row(candidate: Candidate) -> CaseRun:
    return CaseRun.objects.get(pk=candidate.run)


def _replayed(row: CaseRun) -> Run:
    """The run from its rows alone, by the core."""
    run = Run(compile_case(read_example(), small_catalogue()), seed=row.seed)
    for command in row.commands.order_by("seq"):
        assert run.now_s == command.at_s
        run.do(command_from_json(command.command))
    return run


def test_a_case_that_is_begun_shows_its_opening_and_the_vital_signs(candidate: Candidate) -> None:
    state = candidate.state()

    assert "out of insulin" in state["opening"]
    assert (state["phase"], state["now_s"], state["location"], state["start_clock"]) == ("open", 0, "ed", "Mon 07:40")
    assert [sign["id"] for sign in state["vitals"]["signs"]] == ["hr", "sbp", "dbp", "rr", "spo2", "temp"]
    assert state["vitals"]["readings"] == [{"at_s": 0, "values": [125.0, 94.0, 58.0, 32.0, 98.0, 36.7]}]
    assert state["patient"] == "24 years, female, 60 kg, no known allergies"


def test_a_report_comes_when_it_is_due_and_is_of_when_it_was_taken(candidate: Candidate) -> None:
    state = candidate.order("bmp", urgency="stat")
    (order,) = state["orders"]
    assert (order["stage"], order["placed_s"]) == ("awaited", 0)

    assert of_kind(candidate.advance(order["due_s"] - 1), "result") == []
    (result,) = of_kind(candidate.advance(1), "result")
    potassium = next(line for line in result["lines"] if line["analyte"] == "k")
    assert (potassium["shown"], potassium["flag"]) == ("3.1", "L")
    assert candidate.state()["orders"] == []


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

    row = _row(candidate)
    run = _replayed(row)
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
    assert _row(candidate).percent is not None


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

    row = _row(sitter)
    assert (state["phase"], row.end_reason, row.ended_at == clock.at) == ("ended", "limit", True)
    assert row.percent is not None
    assert _replayed(row).is_over
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


def test_practice_goes_back_to_an_earlier_moment_by_a_fork(candidate: Candidate) -> None:
    candidate.do(*EXPERT)
    made = post(candidate.client, f"{candidate.path}/fork", {"after": 3}, expect=201)
    child = Candidate(candidate.client, candidate.clock, made["id"], seq=3)

    assert child.state()["last_seq"] == 3
    assert [entry["order"] for entry in of_kind(child.state(), "placed")] == ["iv_access", "telemetry", "vbg"]
    row, parent = _row(child), _row(candidate)
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
    assert _row(sitter).end_reason == "candidate"


@pytest.mark.parametrize("body", [{}, {"after": 1, "at_s": 1}, {"after": 9}])
def test_a_fork_from_no_moment_is_refused(candidate: Candidate, body: dict[str, int]) -> None:
    assert post(candidate.client, f"{candidate.path}/fork", body, expect=400)["code"] == "usage"


def test_practice_rests_while_a_proctored_sitting_is_under_way(candidate: Candidate, client: Client, clock: Clock) -> None:
    exam = new_candidate(client, clock, mode="exam", limit_minutes=20)
    proctored_player(client, clock, minutes=10).open_block()

    assert get(client, candidate.path, expect=409)["code"] == "sealed"
    assert candidate.send(candidate.sent({"do": "history"}), expect=409)["code"] == "sealed"
    assert get(client, f"{candidate.path}/orders?q=bmp", expect=409)["code"] == "sealed"
    assert post(client, "/api/cases/runs", {"case": CASE, "mode": "exam"}, expect=409)["code"] == "sealed"
    assert exam.order("ns_iv")["last_seq"] == 1


def test_a_run_of_another_catalogue_does_not_go_on(candidate: Candidate) -> None:
    CaseRun.objects.filter(pk=candidate.run).update(catalogue_digest="0" * 64)

    assert candidate.send(candidate.sent({"do": "history"}), expect=409)["code"] == "case_changed"


def test_the_case_is_played_as_it_was_when_it_was_begun(candidate: Candidate, case_content: Path) -> None:
    path = case_content / "cases" / f"{CASE}.yaml"
    text = path.read_text()
    try:
        path.write_text(text.replace("Brought in by her sister", "Carried in by her brother"))
        assert "sister" in candidate.state()["opening"]
    finally:
        path.write_text(text)


def test_neither_rubric_nor_body_nor_future_leaves_the_server_while_a_run_goes_on(candidate: Candidate) -> None:
    """Words and names that stand in the case file and must not be in any answer before the end."""
    answers = [candidate.state(), candidate.do(*EXPERT), candidate.advance(2 * HOUR_S), candidate.do({"do": "history"})]
    answers.append(get(candidate.client, f"{candidate.path}/orders?q=insulin"))
    text = json.dumps(answers)

    case = read_example()
    secret = [case.meta.key, case.debrief.summary, *case.debrief.why.values(), *case.debrief.sources, *case.scripts.values()]
    secret += [alert.note for alert in case.alerts if "ectopics" in alert.note]
    secret += ["rubric", "pts", "deficit", "bohb <=", "k_safe", "handed_over", "h_vt", "perfusion", "percent"]
    assert [words for words in secret if words in text] == []
    due = [entry["due_s"] for entry in of_kind(answers[1], "placed") if entry["due_s"]]
    assert due
    for answer in answers[:-1]:
        assert all(entry["at_s"] <= answer["now_s"] for entry in answer["log"])
        assert all(reading["at_s"] <= answer["now_s"] for reading in answer["vitals"]["readings"])


def test_at_home_and_in_the_office_vital_signs_are_read_when_somebody_is_there(candidate: Candidate) -> None:
    candidate.do({"do": "move", "to": "ward"})
    arrived_s = candidate.state()["now_s"]
    state = candidate.advance(600)
    assert [reading["at_s"] for reading in state["vitals"]["readings"]] == [0, arrived_s]
    assert not state["vitals"]["is_monitored"]
    state = candidate.do({"do": "exam", "part": "general"})
    assert state["vitals"]["readings"][-1]["at_s"] == arrived_s + 600


def test_orders_are_found_by_what_is_typed(candidate: Candidate) -> None:
    found = get(candidate.client, f"{candidate.path}/orders?q=bmp, normal saline")["pieces"]

    assert [piece["hits"][0]["order"] for piece in found] == ["bmp", "ns_iv"]
    assert found[0]["preselected"] == "bmp"
    assert found[0]["hits"][0]["report_s"] > 0


def test_a_class_is_refused_in_an_exam(sitter: Candidate, candidate: Candidate) -> None:
    exam = get(sitter.client, f"{sitter.path}/orders?q=insulin")["pieces"][0]
    practice = get(candidate.client, f"{candidate.path}/orders?q=insulin")["pieces"][0]

    assert (exam["hits"], exam["is_class"]) == ([], True)
    assert practice["is_class"]
    assert len(practice["hits"]) > 1
    assert practice["preselected"] is None


def test_commands_are_never_changed(candidate: Candidate) -> None:
    candidate.advance(60)
    kept = CaseCommand.objects.get(run_id=UUID(candidate.run))

    with pytest.raises(ConflictError):
        kept.save()
    with pytest.raises(ConflictError):
        CaseCommand.objects.filter(run_id=UUID(candidate.run)).delete()


COMMANDS = st.one_of(
    st.sampled_from(
        ["bmp", "vbg", "ns_iv", "kcl_iv", "insulin_regular_iv", "d10w_iv", "glargine_sq", "ecg_12", "telemetry"]
    ).flatmap(lambda order: st.sampled_from([{"do": "order", "order": order}, {"do": "cancel", "order": order}])),
    st.integers(0, 4 * HOUR_S).map(lambda seconds: {"do": "advance", "seconds": seconds}),
    st.sampled_from(
        [
            {"do": "advance_to_result"},
            {"do": "advance_until_called"},
            {"do": "history"},
            {"do": "exam", "part": "general"},
            {"do": "move", "to": "icu"},
            {"do": "move", "to": "home"},
        ]
    ),
)


@given(calls=st.lists(st.lists(COMMANDS, min_size=1, max_size=4), max_size=6), forgets=st.booleans())
@hypothesis_settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_run_is_always_its_rows_done_again(user: User, calls: list[list[dict[str, Any]]], forgets: bool) -> None:
    row = start_run(user, CASE, mode="practice", limit_minutes=None, seed=7, at=T0)
    seq = 0
    for call in calls:
        sent = [Sent(seq + n, command_from_json(told)) for n, told in enumerate(call, start=1)]
        done = do_commands(user, row.pk, sent, at=T0)
        again = do_commands(user, row.pk, [one for one in sent if one.seq <= done.acknowledged], at=T0)
        if forgets:
            replays._RUNS.values.clear()
        assert digest_of(again.run.history.emitted) == digest_of(done.run.history.emitted)
        assert digest_of(_replayed(row).history.emitted) == digest_of(done.run.history.emitted)
        seq = done.acknowledged
    assert [one.seq for one in row.commands.order_by("seq")] == list(range(1, seq + 1))


@given(told=COMMANDS)
def test_commands_go_into_json_and_back(told: dict[str, Any]) -> None:
    command = command_from_json(told)

    assert command_from_json(command_as_json(command)) == command
