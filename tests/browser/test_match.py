"""The pages of the Match in a browser: nothing for axe to find, `t` for the table, and no page wider than the screen."""

from __future__ import annotations

import shutil
from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, ViewportSize

from tests.browser.content import write_browser_content
from tests.browser.desk import Desk, OwnSite
from tests.browser.looks import first_look
from tests.browser.sites import Sites
from tests.support.day import REPOSITORY

CHANCE = "/pathway/match?specialty=family_medicine&kind=non_us_img&ranks=8&score=240"
PAGES = (
    "/pathway/match",
    CHANCE,
    "/pathway/match?specialty=&kind=non_us_img&ranks=80&score=",
    "/pathway/match/try?wish_1=Alder&wish_2=Cedar&wish_3=Elm",
)
WIDE: ViewportSize = {"width": 1280, "height": 800}
PHONE: ViewportSize = {"width": 320, "height": 640}
LOOKS = {"light-wide": ("light", WIDE), "dark-phone": ("dark", PHONE)}


@pytest.fixture(scope="module")
def match_site(sites: Sites, tmp_path_factory: pytest.TempPathFactory) -> Iterator[OwnSite]:
    """A site with the figures of the Match."""
    folder = tmp_path_factory.mktemp("match-site")
    content = write_browser_content(folder / "content")
    shutil.copytree(REPOSITORY / "content" / "match", content / "match")
    with sites.open(folder, content) as site:
        yield site


@pytest.mark.parametrize("look", first_look(LOOKS, "dark-phone"))
def test_axe_finds_nothing_and_nothing_is_wider_than_the_screen(chromium: Browser, match_site: OwnSite, look: str) -> None:
    scheme, viewport = LOOKS[look]
    context = chromium.new_context(viewport=viewport, color_scheme=scheme)  # type: ignore[arg-type]
    desk = Desk(context.new_page(), match_site.base)
    desk.skip_the_questions()
    found = []
    for path in PAGES:
        desk.go(path)
        for one in desk.page.locator("main details").all():
            one.evaluate("element => element.open = true")
        if path == CHANCE:
            desk.press("t")
            desk.page.locator("#table-ranks").wait_for()
        results = Axe().run(desk.page, options={"resultTypes": ["violations"]})
        found += [(path, one["id"], [node["html"] for node in one["nodes"]][:3]) for one in results.response["violations"]]
        assert desk.page.evaluate("document.documentElement.scrollWidth") <= viewport["width"], path
    context.close()

    assert found == []
