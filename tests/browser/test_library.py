"""The library in a browser: found while typing, begun from there, without a script too, and nothing for axe to find."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, ViewportSize, expect

from tests.browser.desk import Desk, OwnSite, Watch
from tests.support.server import ServerProcess

WIDE: ViewportSize = {"width": 1280, "height": 800}
PHONE: ViewportSize = {"width": 320, "height": 640}
LOOKS = {
    "light-wide": ("light", WIDE),
    "dark-wide": ("dark", WIDE),
    "light-phone": ("light", PHONE),
    "dark-phone": ("dark", PHONE),
}
PAGES = ("/library", "/library?q=woman", "/library?step=exam/first&system=renal", "/library/values")


def test_an_item_is_found_while_typing_and_begun_from_there(page: Page, own_site: OwnSite, watch: Watch) -> None:
    desk = Desk(page, own_site.base)  # where nobody has met the item
    desk.skip_the_questions()
    desk.go("/programmes")
    desk.press("g")
    desk.press("b")
    page.wait_for_url("**/library")
    expect(page.get_by_role("link", name="Renal", exact=True)).to_be_visible()

    page.get_by_label("Find").first.press_sequentially("offic renal-0001")
    page.get_by_label("Kind").select_option("item")
    expect(page.locator("#count")).to_contain_text("found.")
    expect(page.locator(".shelf mark").first).to_be_visible()
    page.wait_for_url("**/library?q=offic+renal-0001&kind=item*")

    page.locator(".shelf li").first.get_by_role("button", name="Practise it").click()
    page.wait_for_url("**/sit/**")
    assert watch.problems == []


@pytest.mark.slow
def test_the_library_needs_no_script(chromium: Browser, shared_site: ServerProcess) -> None:
    context = chromium.new_context(java_script_enabled=False, viewport=PHONE)
    page = context.new_page()
    page.goto(f"http://127.0.0.1:{shared_site.port}/library")
    page.locator("#q").fill("woman")
    page.get_by_role("button", name="Find").click()
    expect(page.locator("#count")).to_contain_text("found.")
    expect(page.locator(".shelf li mark").first).to_be_visible()  # which of them can be begun is up to what others met
    context.close()


@pytest.mark.slow
@pytest.mark.parametrize("look", LOOKS)
def test_axe_finds_no_violation_and_nothing_is_too_wide(
    chromium: Browser, shared_site: ServerProcess, watch: Watch, look: str
) -> None:
    scheme, viewport = LOOKS[look]
    context = chromium.new_context(color_scheme=scheme, viewport=viewport)  # type: ignore[arg-type]
    context.on("page", watch.on)
    desk = Desk(context.new_page(), f"http://127.0.0.1:{shared_site.port}")
    desk.skip_the_questions()
    for path in PAGES:
        desk.go(path)
        found = Axe().run(desk.page).response["violations"]
        assert [(path, one["id"], [node["html"] for node in one["nodes"]][:3]) for one in found] == []
        assert desk.page.evaluate("document.documentElement.scrollWidth") <= viewport["width"]
    assert watch.problems == []
    context.close()
