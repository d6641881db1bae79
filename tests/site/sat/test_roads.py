"""Roads around a sitting's clock and to its answers: none of them leads there."""

from __future__ import annotations

import pytest
from django.test import Client

from bedside.errors import ConflictError
from bedside.site.accounts.models import User
from bedside.site.cases import actions
from bedside.site.cases.models import CaseRun
from bedside.site.cases.sat import see_given_out
from tests.support.case_site import CASE, Candidate
from tests.support.people import browser_of
from tests.support.sat_day import (
    CASE_S,
    END,
    FINAL_S,
    GRACE_S,
    Day,
    in_case,
    sat_day,
)
from tests.support.site import Clock, get, post

pytestmark = pytest.mark.django_db


def test_nothing_of_a_case_is_given_out_before_the_sitting_has_ended(day: Day) -> None:
    case = in_case(day)
    case.do(END)

    assert day.client.get(f"/cases/{case.run}/debrief").status_code == 409
    assert post(day.client, f"{case.path}/fork", {"after": 0}, expect=409)["code"] == "conflict"
    assert post(day.client, f"{case.path}/fork", {"at_s": 0}, expect=409)["code"] == "conflict"
    assert day.client.post(f"/cases/{case.run}/debrief/play", {"at_s": "0"}).status_code == 409
    assert day.client.get(f"/cases/{case.run}").headers["Location"] == f"/sit/{day.sitting}"
    listed = day.client.get("/cases").content.decode()
    assert case.run not in listed
    row = CaseRun.objects.get(pk=case.run)
    assert (row.percent, row.band, row.diagnosis) == (None, "", "")


def test_the_ordinary_calls_of_a_run_can_not_be_used_around_the_sitting(user: User, day: Day) -> None:
    case = in_case(day)
    row = CaseRun.objects.get(pk=case.run)
    for call in (
        lambda: actions.do_commands(user, row.pk, [], at=day.clock.at),
        lambda: actions.close_run(user, row.pk, at=day.clock.at),
        lambda: see_given_out(row),
    ):
        with pytest.raises(ConflictError, match="part of a sitting"):
            call()


def test_the_events_call_takes_no_command_of_a_case(day: Day) -> None:
    in_case(day)
    day.back()
    event = {"type": "case_command", "seq": 1, "elapsed_ms": 0, "case": CASE, "n": 1, "command": {"do": "end"}}
    body = {"writer": day.player.writer, "events": [event]}

    assert post(day.client, f"{day.player.path}/events", body, expect=400)["code"] == "invalid"


def test_a_class_is_not_searched_in_a_sitting(day: Day) -> None:
    case = in_case(day)
    found = get(day.client, f"{case.path}/orders?q=normal%20saline")

    assert found["pieces"][0]["hits"]
    assert not any(piece["is_class"] for piece in found["pieces"])
    day.clock.pass_s(CASE_S + FINAL_S)
    assert get(day.client, f"{case.path}/orders?q=normal", expect=403)["code"] == "block_closed"


def test_practice_of_cases_stays_shut_while_a_proctored_sitting_is_under_way(exam: Day) -> None:
    in_case(exam)

    assert post(exam.client, "/api/cases/runs", {"case": CASE}, expect=409)["code"] == "sealed"


def test_what_was_begun_before_rests_too_while_a_proctored_sitting_is_under_way(
    user: User, browser: Client, clock: Clock, day: Day
) -> None:
    rehearsed = in_case(day)
    alone = Candidate(browser, clock, post(browser, "/api/cases/runs", {"case": CASE, "mode": "exam"}, expect=201)["id"])
    in_case(sat_day(user, browser, clock, grace_s=GRACE_S, is_proctored=True))

    for case in (rehearsed, alone):
        assert get(browser, case.path, expect=409)["code"] == "sealed"
        assert case.send(case.sent({"do": "history"}), expect=409)["code"] == "sealed"
        assert get(browser, f"{case.path}/orders?q=normal", expect=409)["code"] == "sealed"


def test_another_person_sees_nothing_of_it(day: Day, pat: User) -> None:
    case = in_case(day)
    other = browser_of(pat)

    assert get(other, case.path, expect=404)["code"] == "not_found"
    assert other.get(f"/cases/of/{day.sitting}").status_code == 404
    assert other.get(f"/cases/{case.run}").status_code == 404


def test_a_page_of_no_open_case_leads_back_to_the_sitting(day: Day) -> None:
    assert day.client.get(f"/cases/of/{day.sitting}").headers["Location"] == f"/sit/{day.sitting}"


def test_the_page_of_an_open_case_holds_no_rubric(day: Day) -> None:
    case = in_case(day)
    text = day.client.get(f"/cases/{case.run}").content.decode()

    assert "out of insulin" in text
    assert "ketoacidosis" not in text.lower()
    assert "h_insulin_low_k" not in text
