"""Today and the plan in a browser: a session by the keyboard alone, and nothing for axe to find."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, ViewportSize, expect

from tests.browser.desk import ClockSite, Desk, Watch
from tests.browser.looks import first_look
from tests.browser.sites import Sites
from tests.support.plans import write_many
from tests.support.site import write_content

WIDE: ViewportSize = {"width": 1280, "height": 800}
PHONE: ViewportSize = {"width": 320, "height": 640}
LOOKS = {"light-wide": ("light", WIDE), "dark-phone": ("dark", PHONE)}


@pytest.fixture(scope="module")
def plan_site(sites: Sites, tmp_path_factory: pytest.TempPathFactory) -> Iterator[ClockSite]:
    """A site with two takeaways an area, with a clock that tests move."""
    folder = tmp_path_factory.mktemp("plan-site")
    content = write_content(folder / "content")
    for path in (content / "items").rglob("*.md"):
        path.unlink()
    write_many(content, 1)
    with sites.open_with_clock(folder, content) as site:
        yield site


def test_a_session_is_done_by_the_keyboard_alone(page: Page, plan_site: ClockSite) -> None:
    desk = Desk(page, plan_site.base)
    desk.skip_the_questions()
    desk.go("/")
    expect(page.locator(".lead")).to_contain_text("Today's session takes about")
    expect(page.get_by_role("button", name="Start with 3 questions")).to_be_visible()
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("/sit/"))
    page.get_by_role("button", name="Begin").press("Enter")
    for n in range(1, 4):
        desk.at_item(n)
        page.keyboard.press("2")
        page.keyboard.press("Enter")
        expect(page.locator(".explanation").first).to_be_visible()
        expect(page.get_by_role("status").first).to_contain_text("All saved")
        if n < 3:
            page.keyboard.press("Enter")
    desk.go("/")
    expect(page.locator(".lead").first).to_contain_text("A block is open")
    expect(page.get_by_role("main")).to_contain_text("Today's session is done.")
    expect(page.locator("li.done")).to_have_count(3)


@pytest.mark.parametrize("look", first_look(LOOKS, "dark-phone"))
@pytest.mark.parametrize("address", ["/", "/plan"])
def test_axe_finds_nothing(chromium: Browser, plan_site: ClockSite, watch: Watch, look: str, address: str) -> None:
    scheme, viewport = LOOKS[look]
    context = chromium.new_context(viewport=viewport, color_scheme=scheme)  # type: ignore[arg-type]
    context.on("page", watch.on)
    page = context.new_page()
    desk = Desk(page, plan_site.base)
    desk.skip_the_questions()
    desk.go(address)
    if address == "/plan":
        page.keyboard.press("t")
        expect(page.locator("#table-weeks")).to_be_visible()
    results = Axe().run(page, options={"resultTypes": ["violations"]})
    found = [(one["id"], [node["html"] for node in one["nodes"]][:3]) for one in results.response["violations"]]
    width = page.evaluate("document.documentElement.scrollWidth")
    context.close()

    assert found == []
    assert width <= viewport["width"]
    assert watch.problems == []
