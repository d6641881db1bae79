"""A day whose items are followed by patient cases: by keyboard, with the network cut in a case, through to the report."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.case_desk import CASE, CaseDesk
from tests.browser.content import write_browser_content
from tests.browser.desk import OFFLINE, SENT_MS, Desk, OwnSite, Watch
from tests.browser.sites import Sites
from tests.support.day import Day, DayBlock, DayCase
from tests.support.sat_day import SECOND_CASE, add_two_cases

ITEMS = ("renal-0101", "renal-0102")
LONG_S = 300  # of a case of 20 minutes, where the clock runs four times as fast


@pytest.fixture(scope="module")
def site(sites: Sites, tmp_path_factory: pytest.TempPathFactory) -> Iterator[OwnSite]:
    folder = tmp_path_factory.mktemp("sat-site")
    content: Path = write_browser_content(folder / "content")
    add_two_cases(content)
    with sites.open(folder, content) as made:
        yield made


@pytest.fixture
def at_desk(page: Page, site: OwnSite) -> Desk:
    desk = Desk(page, site.base)
    desk.skip_the_questions()
    return desk


def _begin(desk: Desk, site: OwnSite, *, is_proctored: bool = False) -> tuple[str, CaseDesk]:
    cases = [DayCase(CASE, LONG_S), DayCase(SECOND_CASE, LONG_S)]
    day = Day(
        [DayBlock(ITEMS, 180)], kind="half", pace=4, break_s=60, cases=cases, case_tutorial_s=45, is_proctored=is_proctored
    )
    sitting = site.make_day(day)
    desk.go(f"/sit/{sitting}")
    desk.page.locator("#go").wait_for()
    expect(desk.page.locator("#page")).to_contain_text("Patient cases after them: 2.")
    desk.press("Enter")
    desk.at_item(1)
    desk.press("2", "Enter", "3")
    desk.all_saved()
    desk.end_block()
    desk.at_heading("Block 1 has ended")
    return sitting, CaseDesk(desk)


def _into_case(desk: Desk) -> None:
    """From the break to the workspace, by Enter."""
    desk.press("Enter")
    desk.page.wait_for_url("**/cases/*")
    desk.page.locator("#begin").wait_for()
    desk.press("Enter")
    expect(desk.page.locator("#box")).to_be_focused()


def _end_case(case: CaseDesk, diagnosis: str) -> None:
    """To the final orders, and the end."""
    page = case.desk.page
    with page.expect_response(lambda one: one.url.endswith("/close")):
        case.press("f")
    expect(page.locator("#closing-name")).to_be_focused()
    page.locator("#diagnosis").focus()
    page.keyboard.type(diagnosis)
    with case.answered():
        case.desk.press("Enter")
    expect(page.locator("#over-name")).to_be_focused()


def test_a_compressed_half_day_with_two_cases_is_sat_by_the_keyboard_through_to_the_report(
    at_desk: Desk, site: OwnSite, context: BrowserContext, watch: Watch
) -> None:
    watch.allow(OFFLINE)
    desk, page = at_desk, at_desk.page
    sitting, case = _begin(desk, site)
    expect(page.locator("#page")).to_contain_text("Next: case 1 of 2, at most 5 minutes, and 0:30 more for final orders.")
    expect(page.locator("#case-how")).to_contain_text("How a case is played")
    desk.expect_count("fixed", 20, 45)
    _into_case(desk)
    expect(page.locator("#left")).to_contain_text("4:")
    case.put("bmp")
    case.sign()
    context.set_offline(True)
    case.press("h")
    expect(page.locator("#waiting")).to_contain_text("1 step is kept in this browser")
    context.set_offline(False)
    expect(page.locator("#waiting")).to_be_hidden(timeout=SENT_MS)
    case.settle()
    assert [step["do"] for step in case.state()["steps"]] == ["order", "history"]
    page.reload()
    expect(page.locator("#box")).to_be_focused()
    case.put("ns_iv")
    case.sign()
    _end_case(case, "Ketoacidosis")
    desk.press("Enter")
    desk.at_heading("Case 1 has ended")
    desk.press("Alt+p")
    desk.at_heading("Break")
    desk.press("Alt+p")
    desk.at_heading("Case 1 has ended")
    expect(page.locator("#page")).to_contain_text("Next: case 2 of 2")
    expect(page.locator("#case-how")).to_have_count(0)
    _into_case(desk)
    _end_case(case, "I don't know")
    desk.press("Enter")
    desk.at_heading("The day has ended")
    expect(page.get_by_role("link", name="Download the receipt")).to_be_visible()
    page.get_by_role("link", name="Open the report").press("Enter")
    page.wait_for_url(f"**/report/{sitting}")

    cases = page.locator("#cases")
    expect(cases).to_contain_text("unreliable")
    expect(cases.locator("tbody tr")).to_have_count(2)
    expect(cases).to_contain_text("no part of the score of the items")
    cases.get_by_role("link", name="Debrief of case 1").press("Enter")
    page.get_by_role("heading", name="Debrief", exact=True).wait_for()
    expect(page.locator("main")).to_contain_text("Vomiting and drowsiness")


@pytest.mark.slow
def test_a_case_that_is_open_in_another_tab_stops_here(
    at_desk: Desk, site: OwnSite, context: BrowserContext, watch: Watch
) -> None:
    watch.allow("409")
    desk, page = at_desk, at_desk.page
    _, case = _begin(desk, site)
    _into_case(desk)
    case.put("bmp")
    other = context.new_page()
    other.goto(page.url)
    other.locator("#begin").wait_for()
    other.wait_for_load_state("networkidle")
    page.bring_to_front()
    desk.press("Control+Enter")

    expect(page.locator("#taken-name")).to_be_focused()
    other.locator("#begin").press("Enter")
    expect(other.locator("#box")).to_be_focused()
    with other.expect_response(lambda one: one.url.endswith("/commands")):
        other.keyboard.press("Escape")
        other.keyboard.press("h")
    assert [step["do"] for step in case.state()["steps"]] == ["history"]


@pytest.mark.slow
def test_a_proctor_who_stops_the_clock_takes_the_patient_out_of_sight(at_desk: Desk, site: OwnSite, watch: Watch) -> None:
    watch.allow("409")
    desk, page = at_desk, at_desk.page
    sitting, _ = _begin(desk, site, is_proctored=True)
    _into_case(desk)
    site.proctor("suspend", sitting, reason="A fire drill")
    desk.press("Escape", "h")

    desk.at_heading("The proctor has stopped the clock")
    site.proctor("reopen", sitting, reason="It was a drill")
    page.wait_for_url("**/cases/*", timeout=SENT_MS)
