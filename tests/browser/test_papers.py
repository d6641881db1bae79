"""The papers in a browser: nothing for axe to find, nothing wider than the screen, and a statement without a script."""

from __future__ import annotations

import shutil
from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, ViewportSize, expect

from tests.browser.content import write_browser_content
from tests.browser.desk import Desk, OwnSite, Watch
from tests.browser.looks import first_look
from tests.browser.sites import Sites
from tests.support.pathway_site import SHIPPED, add_pathways

PAGES = ("", "/paper/eras.mspe", "/own", "/letters", "/letters/new", "/experience", "/experience/new", "/statements", "/print")
WIDE: ViewportSize = {"width": 1280, "height": 800}
PHONE: ViewportSize = {"width": 320, "height": 640}
LOOKS = {"light-wide": ("light", WIDE), "dark-phone": ("dark", PHONE)}


@pytest.fixture(scope="module")
def papers_site(sites: Sites, tmp_path_factory: pytest.TempPathFactory) -> Iterator[OwnSite]:
    """A site with the papers that ship, whose learner has written nothing down yet."""
    folder = tmp_path_factory.mktemp("papers-site")
    content = write_browser_content(folder / "content")
    add_pathways(content)
    shutil.copytree(SHIPPED / "papers", content / "papers")
    with sites.open(folder, content) as site:
        yield site


def write_down(page: Page, base: str) -> None:
    """A letter, an experience, and a statement with two drafts."""
    page.goto(f"{base}/pathway/papers/letters/new")
    page.locator("#writer").fill("Dr. Rahman")
    page.get_by_role("button", name="Save").click()
    page.goto(f"{base}/pathway/papers/experience/new")
    page.locator("#kind").select_option("clinical")
    page.locator("#place").fill("Mayo Hospital")
    page.locator("#done").fill("Wrote orders and ran the night list.")
    page.get_by_role("button", name="Save").click()
    page.goto(f"{base}/pathway/papers/statements/new")
    page.locator("#title").fill("Family medicine")
    page.get_by_role("button", name="Save").click()
    for text in ("I like quiet wards.", "I like busy wards."):
        page.locator("#text").fill(text)
        page.get_by_role("button", name="Save as a new draft").click()
        expect(page.locator(".messages")).to_contain_text("Saved as a new draft.")


@pytest.mark.parametrize("look", first_look(LOOKS, "dark-phone"))
def test_axe_finds_nothing_and_nothing_is_wider_than_the_screen(
    chromium: Browser, papers_site: OwnSite, watch: Watch, look: str
) -> None:
    scheme, viewport = LOOKS[look]
    context = chromium.new_context(viewport=viewport, color_scheme=scheme)  # type: ignore[arg-type]
    context.on("page", watch.on)
    desk = Desk(context.new_page(), papers_site.base)
    desk.skip_the_questions()
    write_down(desk.page, papers_site.base)
    statement = desk.page.url.removeprefix(papers_site.base)
    for address in (*(f"/pathway/papers{one}" for one in PAGES), statement, f"{statement}/compare"):
        desk.go(address)
        for summary in desk.page.locator("main details:not([open]) > summary").all()[:3]:
            summary.click()
        found = Axe().run(desk.page).response["violations"]
        assert not found, (address, [(one["id"], one["nodes"][0]["html"]) for one in found])
        width = desk.page.evaluate("document.documentElement.scrollWidth")
        assert width <= viewport["width"], f"{address} is {width} px wide"
    context.close()


@pytest.mark.slow
def test_a_statement_is_written_and_compared_without_a_script(chromium: Browser, papers_site: OwnSite) -> None:
    context = chromium.new_context(java_script_enabled=False)
    page = context.new_page()
    write_down(page, papers_site.base)
    page.get_by_role("link", name="What differs between two drafts").click()
    expect(page.locator(".difference")).to_have_text("I like quiet busy wards.")
    expect(page.locator(".difference del")).to_have_text("quiet ")
    context.close()
