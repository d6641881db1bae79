"""The timeline in a browser: nothing for axe to find, bars moved by hand and by keys, and a day set without a script."""

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

WIDE: ViewportSize = {"width": 1280, "height": 800}
PHONE: ViewportSize = {"width": 320, "height": 640}
LOOKS = {"light-wide": ("light", WIDE), "dark-phone": ("dark", PHONE)}
TIMELINE = "/pathway/timeline"


@pytest.fixture(scope="module")
def road_site(sites: Sites, tmp_path_factory: pytest.TempPathFactory) -> Iterator[OwnSite]:
    """A site with the rules and the road that ship."""
    folder = tmp_path_factory.mktemp("road-site")
    content = write_browser_content(folder / "content")
    add_pathways(content)
    for name in ("timelines", "posts"):
        shutil.copytree(SHIPPED / name, content / name, dirs_exist_ok=True)
    with sites.open(folder, content) as site:
        yield site


def open_the_road(desk: Desk) -> None:
    """The road of a graduate of 2021; the first who comes says so."""
    desk.skip_the_questions()
    desk.go("/pathway")
    if desk.page.locator("#kind").count():
        desk.page.locator("#kind").select_option("img")
        desk.page.locator("#degree").fill("2021-05-30")
        desk.page.locator("#states").fill("CT")
        desk.page.get_by_role("button", name="Save and go on").click()
        expect(desk.page.locator("h1")).to_have_text("Steps that you sat")
    desk.go(TIMELINE)
    while n := desk.page.locator(".removable li").count():
        desk.page.get_by_role("button", name="Take back").first.click()
        expect(desk.page.locator(".removable li")).to_have_count(n - 1)


@pytest.mark.parametrize("look", first_look(LOOKS, "dark-phone"))
def test_axe_finds_nothing_and_nothing_is_wider_than_the_screen(
    chromium: Browser, road_site: OwnSite, watch: Watch, look: str
) -> None:
    scheme, viewport = LOOKS[look]
    context = chromium.new_context(viewport=viewport, color_scheme=scheme)  # type: ignore[arg-type]
    context.on("page", watch.on)
    desk = Desk(context.new_page(), road_site.base)
    open_the_road(desk)
    desk.press("t")
    desk.page.evaluate("for (const part of document.querySelectorAll('details')) part.open = true")
    found = [(one["id"], [node["html"] for node in one["nodes"]][:3]) for one in Axe().run(desk.page).response["violations"]]
    width = desk.page.evaluate("document.documentElement.scrollWidth")
    context.close()

    assert found == []
    assert width <= viewport["width"]
    assert watch.problems == []


@pytest.mark.slow
def test_a_bar_is_moved_by_keys_and_by_hand_and_what_follows_is_told(page: Page, road_site: OwnSite) -> None:
    desk = Desk(page, road_site.base)
    open_the_road(desk)
    bar = page.locator('g.bar[data-id="step2ck"]')
    start = bar.get_attribute("data-start")
    bar.focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Escape")
    expect(bar).to_have_attribute("aria-valuenow", "0")
    for _ in range(24):
        page.keyboard.press("Shift+ArrowRight")
    page.keyboard.press("Enter")
    expect(page.locator(".follows li").first).to_contain_text("later")
    expect(page.locator(".removable li")).to_have_count(1)
    expect(bar).to_be_focused()
    assert bar.get_attribute("data-start") != start

    place = page.locator('g.bar[data-id="step1"] rect').bounding_box()
    assert place is not None
    middle = (place["x"] + place["width"] / 2, place["y"] + place["height"] / 2)
    page.mouse.move(*middle)
    page.mouse.down()
    page.mouse.move(middle[0] + 20, middle[1], steps=4)
    page.mouse.up()
    expect(page.locator(".removable li")).to_have_count(2)
    page.keyboard.press("t")
    expect(page.locator("#table-road")).to_be_visible()


@pytest.mark.slow
def test_a_day_is_set_and_taken_back_without_a_script(chromium: Browser, road_site: OwnSite) -> None:
    context = chromium.new_context(java_script_enabled=False)
    page = context.new_page()
    open_the_road(Desk(page, road_site.base))
    page.locator("#milestone").select_option("eras")
    page.locator("#day").fill("2035-10-01")
    page.get_by_role("button", name="Set the day").click()
    expect(page.locator(".removable li")).to_contain_text("not before 1 October 2035")
    expect(page.locator(".follows")).to_contain_text("Match becomes the")
    page.get_by_role("button", name="Take back").click()
    expect(page.locator(".removable li")).to_have_count(0)
    context.close()
