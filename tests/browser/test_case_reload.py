"""A case that is loaded again without network shows what was last known, keeps what waits, and goes on with the network."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.case_desk import CaseDesk, add_case
from tests.browser.content import write_browser_content
from tests.browser.desk import OFFLINE, SENT_MS, Desk, Watch
from tests.browser.sites import Sites
from tests.browser.waiting import until
from tests.support.server import ServerProcess

pytestmark = pytest.mark.slow

KEPT = """async () => {
  for (const name of await caches.keys()) if (await (await caches.open(name)).match(location.pathname)) return true;
  return false;
}"""
KEPT_AT_3600 = """async () => {
  for (const name of await caches.keys()) {
    const kept = await (await caches.open(name)).match(location.pathname);
    if (kept && /"now_s": ?3600/.test(await kept.text())) return true;
  }
  return false;
}"""
ALL_KEPT = """async () => {
  const found = [];
  for (const name of await caches.keys()) found.push(...(await (await caches.open(name)).keys()).map((one) => one.url));
  return found.filter((url) => /\\/cases\\/[0-9a-f-]{36}$/.test(url));
}"""


@pytest.fixture(scope="module")
def case_site(sites: Sites, tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServerProcess]:
    folder = tmp_path_factory.mktemp("case-reload-site")
    content = write_browser_content(folder / "content")
    add_case(content)
    with sites.open(folder, content) as site:
        yield site.server


@pytest.fixture
def case_desk(page: Page, case_site: ServerProcess) -> CaseDesk:
    desk = Desk(page, f"http://127.0.0.1:{case_site.port}")
    desk.skip_the_questions()
    return CaseDesk(desk)


def page_is_kept(page: Page) -> None:
    """Wait until the service worker has the page."""
    until(page, KEPT)


def test_a_reload_without_network_shows_the_patient_as_last_known_and_what_waits(
    case_desk: CaseDesk, context: BrowserContext, watch: Watch
) -> None:
    watch.allow(OFFLINE)
    page = case_desk.desk.page
    case_desk.begin()
    case_desk.put("ns_iv")
    case_desk.sign()
    case_desk.pass_minutes(30)
    expect(page.locator("#clock")).to_contain_text("08:10")
    page_is_kept(page)
    context.set_offline(True)
    case_desk.press("h")
    expect(page.locator("#waiting")).to_contain_text("1 step is kept in this browser")

    page.reload()

    expect(page.locator("#clock")).to_contain_text("08:10")
    expect(page.locator("#orders")).to_contain_text("normal saline")
    expect(page.locator("#waiting")).to_contain_text("1 step is kept in this browser")
    case_desk.press("e")
    page.locator("#examine input[value=general]").press("Space")
    page.keyboard.press("Enter")
    expect(page.locator("#waiting")).to_contain_text("2 steps are kept in this browser")

    context.set_offline(False)
    expect(page.locator("#waiting")).to_be_hidden(timeout=SENT_MS)
    case_desk.settle()
    assert [step["do"] for step in case_desk.state()["steps"]] == ["order", "advance", "history", "exam"]


def test_a_reload_without_network_says_that_nothing_newer_is_known_until_the_server_is_heard(
    case_desk: CaseDesk, context: BrowserContext, watch: Watch
) -> None:
    watch.allow(OFFLINE)
    page = case_desk.desk.page
    case_desk.begin()
    case_desk.pass_minutes(60)
    page_is_kept(page)
    context.set_offline(True)

    page.reload()

    expect(page.locator("#waiting")).to_contain_text("how the case stood when this browser last heard of it")
    expect(page.locator("#clock")).to_contain_text("08:40")
    context.set_offline(False)
    expect(page.locator("#waiting")).to_be_hidden(timeout=SENT_MS)


@pytest.mark.slow
def test_a_page_that_was_kept_after_its_last_command_says_so_too(
    case_desk: CaseDesk, context: BrowserContext, watch: Watch
) -> None:
    watch.allow(OFFLINE)
    page = case_desk.desk.page
    case_desk.begin()
    case_desk.pass_minutes(60)
    page.evaluate("async () => (await navigator.serviceWorker.ready).active.postMessage({ keep: location.pathname })")
    until(page, KEPT_AT_3600)
    context.set_offline(True)

    page.reload()

    expect(page.locator("#waiting")).to_contain_text("how the case stood when this browser last heard of it")
    expect(page.locator("#clock")).to_contain_text("08:40")
    context.set_offline(False)
    expect(page.locator("#waiting")).to_be_hidden(timeout=SENT_MS)


def test_a_case_that_has_ended_is_not_open_again_after_a_reload_without_network(
    case_desk: CaseDesk, context: BrowserContext, watch: Watch
) -> None:
    watch.allow(OFFLINE)
    page = case_desk.desk.page
    case_desk.begin()
    page_is_kept(page)
    case_desk.press("f")
    page.locator("#diagnosis").fill("Ketoacidosis")
    with case_desk.answered():
        page.keyboard.press("Enter")
    context.set_offline(True)

    page.reload()

    expect(page.locator("#over-why")).to_have_text("You ended the case.")
    expect(page.locator("#work")).to_be_hidden()


def test_no_more_than_three_pages_of_cases_are_kept(case_desk: CaseDesk) -> None:
    page = case_desk.desk.page
    for _ in range(4):
        case_desk.begin()
        case_desk.pass_minutes(1)
        page_is_kept(page)

    kept = page.evaluate(ALL_KEPT)
    assert len(kept) == 3
    assert page.evaluate("Object.keys(localStorage).filter((key) => key.startsWith('bedside-kept-case-')).length") == 3
