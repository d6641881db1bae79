"""A proctor and a candidate, each in a browser of their own: the list keeps itself up to date and disturbs nobody."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, ViewportSize, expect

from tests.browser.desk import OFFLINE, Desk, Watch
from tests.browser.looks import first_look
from tests.browser.sites import Sites
from tests.support.server import ServerProcess, environment, serve

PASSWORD = "correct horse battery"
WIDE: ViewportSize = {"width": 1280, "height": 800}
PHONE: ViewportSize = {"width": 360, "height": 740}
LOOKS = {
    "light-wide": ("light", WIDE),
    "dark-wide": ("dark", WIDE),
    "light-phone": ("light", PHONE),
    "dark-phone": ("dark", PHONE),
}
AFTER_A_LOOK_MS = 30_000  # the list asks every four seconds


@pytest.fixture(scope="module")
def office_data(sites: Sites, tmp_path_factory: pytest.TempPathFactory, browser_content: Path) -> Path:
    """A data folder with a proctor, who is an administrator too, and nobody else."""
    data = sites.new_data(tmp_path_factory.mktemp("office"))
    subprocess.run(
        [sys.executable, "-m", "bedside", "user", "add", "pat", "--role", "proctor", "--role", "administrator", "--password"],
        env=environment(data, browser_content),
        input=PASSWORD,
        text=True,
        check=True,
        capture_output=True,
    )
    return data


@pytest.fixture(scope="module")
def office_site(office_data: Path, browser_content: Path) -> Iterator[ServerProcess]:
    server = serve(office_data, browser_content)
    yield server
    server.stop()


@pytest.fixture
def base(office_site: ServerProcess) -> str:
    return f"http://127.0.0.1:{office_site.port}"


@pytest.fixture
def candidate(page: Page, base: str, office_data: Path) -> Iterator[Desk]:
    """The learner of this computer in a block of four items that a proctor watches; nobody does any more afterwards, since
    a candidate has no other sitting beside a proctored one."""
    desk = Desk(page, base)
    desk.skip_the_questions()
    desk.begin(items=4)
    sitting = desk.sitting
    _watch_over(office_data, sitting, 1)
    yield desk
    _watch_over(office_data, sitting, 0)


def _watch_over(data: Path, sitting: str, is_proctored: int) -> None:
    with sqlite3.connect(data / "bedside.sqlite3", timeout=30) as store:
        store.execute("UPDATE sittings SET is_proctored = ? WHERE id = ?", [is_proctored, UUID(sitting).hex])
    store.close()


def _sign_in(chromium: Browser, base: str, watch: Watch, viewport: ViewportSize = WIDE, **options: Any) -> Iterator[Page]:
    context = chromium.new_context(viewport=viewport, **options)
    context.set_default_timeout(AFTER_A_LOOK_MS)
    context.on("page", watch.on)
    page = context.new_page()
    page.goto(f"{base}/login/?next=/office/proctor")
    page.get_by_label("Name").fill("pat")
    page.get_by_label("Password").fill(PASSWORD)
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="Who sits where").wait_for()
    yield page
    context.close()


@pytest.fixture
def proctor(chromium: Browser, base: str, watch: Watch) -> Iterator[Page]:
    """The proctor's own browser, with the list open."""
    yield from _sign_in(chromium, base, watch)


def _row(page: Page, sitting: str) -> Any:
    return page.locator(f'tr[data-row="{sitting}"]')


@pytest.mark.slow
def test_the_list_follows_the_candidate_without_reloading_and_without_taking_the_focus(candidate: Desk, proctor: Page) -> None:
    proctor.goto(f"{candidate.base}/office/proctor")
    row = _row(proctor, candidate.sitting)
    expect(row).to_contain_text("0 of 4")
    proctor.evaluate("window.isTheSamePage = true")
    row.get_by_role("link").focus()
    candidate.press("2", "Enter")
    candidate.all_saved()
    expect(row).to_contain_text("1 of 4", timeout=AFTER_A_LOOK_MS)
    assert row.get_by_role("link").evaluate("link => link === document.activeElement")
    assert proctor.evaluate("window.isTheSamePage")


@pytest.mark.slow
def test_a_form_that_is_being_filled_in_is_left_alone_while_the_list_changes(candidate: Desk, proctor: Page) -> None:
    proctor.goto(f"{candidate.base}/office/sittings/{candidate.sitting}")
    proctor.get_by_text("Grant time", exact=True).click()
    reason = proctor.locator("#grant-reason")
    reason.fill("the light")
    reason.focus()
    candidate.press("2", "Enter")
    candidate.all_saved()
    expect(proctor.get_by_text("answered an item; item 1")).to_be_visible(timeout=AFTER_A_LOOK_MS)
    proctor.keyboard.type(" went out")
    expect(reason).to_have_value("the light went out")
    proctor.keyboard.press("Enter")
    expect(proctor.get_by_text("Time is granted.")).to_be_visible()
    expect(proctor.get_by_text("because: the light went out")).to_be_visible()


def test_the_candidate_is_stopped_and_hears_why(candidate: Desk, proctor: Page) -> None:
    proctor.goto(f"{candidate.base}/office/sittings/{candidate.sitting}")
    proctor.locator("summary", has_text="Suspend").click()
    proctor.locator("#suspend-reason").fill("fire alarm")
    proctor.keyboard.press("Enter")
    expect(proctor.get_by_text("The clock is stopped.")).to_be_visible()
    assert candidate.state()["suspended_reason"] == "fire alarm"
    proctor.locator("summary", has_text="Reopen").click()
    proctor.locator("#reopen-reason").fill("all clear")
    proctor.keyboard.press("Enter")
    expect(proctor.get_by_text("The clock runs again.")).to_be_visible()
    assert candidate.state()["state"] == "in_block"


@pytest.mark.slow
def test_the_page_says_from_when_its_figures_are_when_the_server_does_not_answer(
    candidate: Desk, proctor: Page, watch: Watch
) -> None:
    watch.allow(OFFLINE)
    proctor.goto(f"{candidate.base}/office/proctor")
    stale = proctor.get_by_text("The server does not answer. What stands here is from")
    expect(stale).to_be_hidden()
    proctor.context.set_offline(True)
    expect(stale).to_be_visible(timeout=AFTER_A_LOOK_MS)
    proctor.context.set_offline(False)
    expect(stale).to_be_hidden(timeout=AFTER_A_LOOK_MS)


@pytest.mark.parametrize("look", first_look(LOOKS, "light-phone"))
def test_axe_finds_nothing_on_the_pages_of_the_office_and_none_is_too_wide(
    chromium: Browser, base: str, watch: Watch, candidate: Desk, look: str
) -> None:
    scheme, viewport = LOOKS[look]
    found: dict[str, Any] = {}
    for page in _sign_in(chromium, base, watch, viewport, color_scheme=scheme):
        for path in _paths(page, base, candidate.sitting):
            page.goto(f"{base}{path}")
            for summary in page.locator("details.deed > summary").all():
                summary.click()
            results = Axe().run(page, options={"resultTypes": ["violations"]})
            if results.violations_count:
                found[path] = [(one["id"], one["nodes"][0]["html"]) for one in results.response["violations"]]
            if page.evaluate("document.documentElement.scrollWidth") > viewport["width"]:
                found[f"{path} is too wide"] = page.evaluate("document.documentElement.scrollWidth")
    assert found == {}


def _paths(page: Page, base: str, sitting: str) -> list[str]:
    page.goto(f"{base}/office/people")
    person = page.get_by_role("link", name="learner").get_attribute("href")
    assert person
    return [
        "/office/proctor",
        f"/office/sittings/{sitting}",
        "/office/accommodations",
        person.replace("people", "accommodations"),
        "/office/people",
        person,
        "/office/audit",
        "/me/password",
        "/me",
    ]
