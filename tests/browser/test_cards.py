"""Cards of one's own in a browser: written with a gap and a picture, found again, and nothing for axe to find."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, ViewportSize, expect

from tests.browser.desk import Desk, OwnSite, Watch
from tests.browser.looks import first_look
from tests.browser.sites import Sites
from tests.support.png import png

WIDE: ViewportSize = {"width": 1280, "height": 800}
PHONE: ViewportSize = {"width": 320, "height": 640}
LOOKS = {"light-wide": ("light", WIDE), "dark-phone": ("dark", PHONE)}


@pytest.fixture(scope="module")
def card_site(sites: Sites, tmp_path_factory: pytest.TempPathFactory, browser_content: Path) -> Iterator[OwnSite]:
    """A site where nobody has a card when the first test begins."""
    with sites.open(tmp_path_factory.mktemp("card-site"), browser_content) as site:
        yield site


def write(desk: Desk, front: str, back: str) -> None:
    desk.go("/cards/new")
    desk.page.get_by_role("textbox", name="Question", exact=True).fill(front)
    desk.page.get_by_role("textbox", name="Answer", exact=True).fill(back)
    desk.page.keyboard.press("Control+Enter")
    expect(desk.page.locator(".messages")).to_contain_text("1 card was made.")


def test_a_card_with_a_gap_and_a_picture_is_written_and_asked(page: Page, card_site: OwnSite) -> None:
    desk = Desk(page, card_site.base)
    desk.skip_the_questions()
    desk.go("/cards")
    expect(page.locator(".lead")).to_have_text("You have no cards of your own yet.")
    page.keyboard.press("n")
    page.get_by_label("Text with gaps; each number is a card").check()
    text = page.get_by_role("textbox", name="Text with gaps", exact=True)
    text.fill("The left ventricle fails")
    text.evaluate("(field) => field.setSelectionRange(4, 8)")
    text.press("Control+k")
    expect(text).to_have_value("The {{c1::left}} ventricle fails")
    expect(page.locator("#preview .side").first).to_have_text("The […] ventricle fails")
    page.locator("input[name=file-0]").set_input_files({"name": "heart.png", "mimeType": "image/png", "buffer": png(40, 30)})
    page.get_by_role("button", name="Keep", exact=True).click()

    expect(page.locator("tbody th")).to_have_text("The […] ventricle fails")
    page.get_by_role("link", name="Review", exact=True).press("Enter")
    picture = page.locator("#place .front img")
    expect(picture).to_be_visible()
    expect(picture).to_have_js_property("naturalWidth", 40)
    page.keyboard.press("Space")
    expect(page.locator("#answer-text .cloze")).to_have_text("left")


@pytest.mark.parametrize("look", first_look(LOOKS, "dark-phone"))
def test_axe_finds_nothing_on_the_pages_of_cards(chromium: Browser, card_site: OwnSite, watch: Watch, look: str) -> None:
    scheme, viewport = LOOKS[look]
    context: BrowserContext = chromium.new_context(viewport=viewport, color_scheme=scheme)  # type: ignore[arg-type]
    context.on("page", watch.on)
    page = context.new_page()
    desk = Desk(page, card_site.base)
    desk.skip_the_questions()
    found = {}
    for path in ("/cards", "/cards/new?kind=cloze", "/cards", "/cards/import", "/cards/export"):
        desk.go(path)
        results = Axe().run(page, options={"resultTypes": ["violations"]})
        found[path] = [(one["id"], [node["html"] for node in one["nodes"]][:3]) for one in results.response["violations"]]
        assert page.evaluate("document.documentElement.scrollWidth") <= viewport["width"], path
        if path.endswith("cloze"):
            write(
                desk,
                "Which *drug* raises potassium, and by what does it do so?",
                "| drug | by |\n|---|---|\n| ACE inhibitor | x |",
            )
    context.close()

    assert not any(found.values()), found
    assert watch.problems == []
