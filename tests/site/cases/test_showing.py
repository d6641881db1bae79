"""What a candidate sees of a run, and what never leaves the server."""

from __future__ import annotations

import json
from collections.abc import Iterator

from bedside.cases import Advance, Cancel, Command, Examine, History, Order, Run
from bedside.site.cases.commands import command_from_json
from bedside.site.cases.showing import Shown, run_json
from tests.support.case_files import read_example
from tests.support.case_runs import example_case
from tests.support.case_site import EXPERT, HOUR_S, Candidate, of_kind
from tests.support.site import get


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


def _commands() -> Iterator[Command]:
    yield from (command_from_json(told) for told in EXPERT)
    yield from (Examine("abdomen"), Cancel("ns_iv"), Order("nothing"), Advance(HOUR_S), History())


def test_what_was_shown_before_is_shown_the_same_again() -> None:
    run, known = Run(example_case()), Shown()
    for command in _commands():
        run.do(command)
        assert run_json(run, known) == run_json(run, Shown())
    assert len(known.steps) == len(run.history.commands)


def test_who_comes_behind_another_thread_is_shown_no_more_than_has_happened() -> None:
    run, known = Run(example_case()), Shown()
    behind = []
    for command in _commands():
        behind.append(run.fork())
        run.do(command)
    run_json(run, known)

    for earlier in behind:
        assert run_json(earlier, known) == run_json(earlier, Shown())
