"""The real time of an exam's case, with a clock that the test moves: the warning, the final orders, the end."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.case_desk import CaseDesk, add_case
from tests.browser.content import write_browser_content
from tests.browser.desk import OFFLINE, SENT_MS, ClockSite, Desk, Watch
from tests.browser.sites import Sites

pytestmark = pytest.mark.slow

MINUTE_S = 60


@pytest.fixture(scope="module")
def case_clock_site(sites: Sites, tmp_path_factory: pytest.TempPathFactory) -> Iterator[ClockSite]:
    folder = tmp_path_factory.mktemp("case-clock-site")
    content = write_browser_content(folder / "content")
    add_case(content)
    with sites.open_with_clock(folder, content) as site:
        yield site


@pytest.fixture
def exam(page: Page, case_clock_site: ClockSite) -> CaseDesk:
    """An exam of ten minutes that has just begun."""
    desk = Desk(page, case_clock_site.base)
    desk.skip_the_questions()
    case_clock_site.hold(page)
    found = CaseDesk(desk)
    found.begin(mode="exam", limit="10")
    return found


def to_final_orders(exam: CaseDesk, site: ClockSite) -> None:
    site.pass_s(exam.desk.page, 10 * MINUTE_S)
    expect(exam.desk.page.locator("#closing")).to_be_visible()


def test_two_minutes_before_the_limit_the_page_warns(exam: CaseDesk, case_clock_site: ClockSite) -> None:
    page = exam.desk.page
    case_clock_site.pass_s(page, 7 * MINUTE_S + 30)
    expect(page.locator("#left")).to_have_text(re.compile(r"^2:[0-3]\d left$"))
    expect(page.locator("#alarm")).not_to_contain_text("2 minutes of real time left")
    case_clock_site.pass_s(page, 45)

    expect(page.locator("#alarm")).to_have_text("2 minutes of real time left.")
    expect(page.locator("#closing")).to_be_hidden()


def test_after_the_limit_only_final_orders_are_left_and_two_minutes_for_them(
    exam: CaseDesk, case_clock_site: ClockSite
) -> None:
    page = exam.desk.page
    exam.put("ns_iv")
    exam.sign()
    to_final_orders(exam, case_clock_site)

    expect(page.locator("#closing-name")).to_be_focused()
    expect(page.locator("#final-left")).to_have_text(re.compile(r"^(2:00|1:[2-5]\d) left for final orders$"))
    for name in ("examine", "history", "next", "time", "wait", "move", "finish"):
        expect(page.locator(f"#do-{name}")).to_be_disabled()
    exam.put("kcl_iv")
    exam.sign()
    exam.stop("ns_iv")
    expect(page.locator("#do-undo")).to_be_hidden()
    case_clock_site.pass_s(page, 2 * MINUTE_S)

    expect(page.locator("#over-why")).to_have_text("The real time was up.", timeout=SENT_MS)
    assert exam.state()["end_reason"] == "limit"
    assert [step["do"] for step in exam.state()["steps"]] == ["order", "order", "cancel", "end"]


def test_the_candidate_ends_the_case_within_the_final_orders(exam: CaseDesk, case_clock_site: ClockSite) -> None:
    page = exam.desk.page
    to_final_orders(exam, case_clock_site)
    page.locator("#diagnosis").fill("Ketoacidosis")
    with exam.answered():
        page.keyboard.press("Enter")

    expect(page.locator("#over")).to_be_visible()
    assert exam.state()["now_s"] == 0


def test_what_arrives_after_the_limit_is_refused_by_name_and_orders_still_count(
    exam: CaseDesk, case_clock_site: ClockSite, context: BrowserContext, watch: Watch
) -> None:
    watch.allow(OFFLINE)
    page = exam.desk.page
    exam.put("ns_iv")
    context.set_offline(True)
    exam.press("h")
    exam.desk.press("/")
    exam.desk.press("Control+Enter")
    expect(page.locator("#waiting")).to_contain_text("2 steps are kept in this browser")
    case_clock_site.pass_s(page, 10 * MINUTE_S + 20)
    context.set_offline(False)

    expect(page.locator("#told")).to_contain_text("The time for that is up", timeout=SENT_MS)
    exam.settle()
    assert [step["do"] for step in exam.state()["steps"]] == ["order"]
    assert exam.state()["phase"] == "closing"
