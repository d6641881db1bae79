"""The pages of cases as the server draws them."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client

from bedside.site.accounts.models import User
from bedside.site.cases import stock
from bedside.site.cases.models import CaseRun
from tests.support.case_site import CASE, Candidate, write_case_content
from tests.support.people import browser_of, proctored_player, program_of
from tests.support.site import Clock


@pytest.fixture(scope="session")
def page_content(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_case_content(tmp_path_factory.mktemp("cases") / "content")


@pytest.fixture(autouse=True)
def content_dir(page_content: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(settings, "CONTENT", page_content)
    return page_content


@pytest.fixture
def browser(user: User) -> Client:
    return browser_of(user)


def _begin(browser: Client, **form: str) -> str:
    response = browser.post("/cases/start", {"case": CASE, "mode": "practice", "limit": "", **form})
    assert response.status_code == 302, response.content
    return str(response["Location"])


def _text(browser: Client, path: str) -> str:
    response = browser.get(path)
    assert response.status_code == 200
    return response.content.decode()


def test_the_list_names_setting_length_and_how_far_a_case_is_reviewed_and_proved(browser: Client, clock: Clock) -> None:
    text = _text(browser, "/cases")

    for words in (
        "Vomiting and drowsiness in a 24-year-old woman",
        "Emergency department",
        "20 min; covers 36 hours",
        "not reviewed by clinicians; not proved",
        "not played yet",
    ):
        assert words in text
    assert "ketoacidosis" not in text.casefold()


def test_a_proof_that_is_no_proof_of_this_case_is_out_of_date(browser: Client, page_content: Path, clock: Clock) -> None:
    stock.current_orders()
    path = page_content / "cases" / f"{CASE}.proof.json"
    path.write_text("{}")
    try:
        assert "proof out of date" in _text(browser, "/cases")
    finally:
        path.unlink()


def test_the_list_offers_to_go_on_and_then_shows_the_result(browser: Client, user: User, clock: Clock) -> None:
    address = _begin(browser)
    assert f'href="{address}"' in _text(browser, "/cases")

    Candidate(program_of(user), clock, address.rpartition("/")[2]).end()

    text = _text(browser, "/cases")
    assert f'href="{address}"' not in text
    assert f'href="{address}/debrief"' in text
    assert "0%, poor" in text


def test_the_page_of_a_run_holds_the_opening_and_nothing_of_the_rubric(browser: Client, clock: Clock) -> None:
    text = _text(browser, _begin(browser, mode="exam", limit="10"))

    assert "ran out of insulin" in text
    assert "Real time runs" in text or "real time runs" in text
    for secret in ("k_safe", "deficit", "Restores perfusion", "Diabetes Care", "Severe diabetic ketoacidosis"):
        assert secret not in text


def test_the_page_of_an_ended_run_leads_to_its_debrief(browser: Client, user: User, clock: Clock) -> None:
    address = _begin(browser)
    Candidate(program_of(user), clock, address.rpartition("/")[2]).end()

    response = browser.get(address)
    assert (response.status_code, response["Location"]) == (302, f"{address}/debrief")


def test_an_exam_that_nobody_came_back_to_is_ended_by_the_list(browser: Client, clock: Clock) -> None:
    address = _begin(browser, mode="exam", limit="10")
    clock.pass_s(12 * 60)
    _text(browser, "/cases")

    row = CaseRun.objects.get(pk=address.rpartition("/")[2])
    assert (row.end_reason, row.ended_at, row.percent) == ("limit", clock.at, 0.0)


def test_nobody_sees_the_page_of_somebody_elses_run(browser: Client, pat: User, clock: Clock) -> None:
    address = _begin(browser)

    assert browser_of(pat).get(address).status_code == 404
    assert browser_of(pat).post(f"{address}/fork", {"after": "0"}).status_code == 404
    assert Client().get(address).status_code in {302, 404}  # the local learner, or somebody who has to sign in


@pytest.mark.parametrize(("form", "status"), [({"mode": "sleep"}, 400), ({"limit": "15"}, 400), ({"case": "none-001"}, 404)])
def test_a_case_is_not_begun_by_a_form_that_makes_no_sense(browser: Client, form: dict[str, str], status: int) -> None:
    assert browser.post("/cases/start", {"case": CASE, "mode": "practice", "limit": "", **form}).status_code == status
    assert not CaseRun.objects.exists()


def test_a_form_can_fork_a_run(browser: Client, user: User, clock: Clock) -> None:
    address = _begin(browser)
    candidate = Candidate(program_of(user), clock, address.rpartition("/")[2])
    candidate.order("ns_iv")
    candidate.advance(600)
    response = browser.post(f"{address}/fork", {"at_s": "300"})

    assert response.status_code == 302
    assert browser.post(f"{address}/fork", {"after": "x"}).status_code == 400
    child = CaseRun.objects.get(pk=response["Location"].rpartition("/")[2])
    assert (child.parent_id, child.forked_after) == (CaseRun.objects.get(pk=candidate.run).pk, 1)
    assert [one.command["do"] for one in child.commands.order_by("seq")] == ["order", "advance"]


def test_practice_is_shut_while_a_proctored_sitting_is_under_way(browser: Client, client: Client, clock: Clock) -> None:
    address = _begin(browser)
    proctored_player(client, clock, minutes=10).open_block()

    assert browser.get(address).status_code == 409
    assert browser.post("/cases/start", {"case": CASE}).status_code == 409
    assert "disabled" in _text(browser, "/cases")


def test_no_other_page_reads_the_catalogue(browser: Client, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stock, "current_orders", lambda: pytest.fail("the catalogue was read"))
    for path in ("/", "/practice", "/me", "/programmes"):
        assert browser.get(path).status_code in {200, 302}
