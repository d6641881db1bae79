"""The progress pages in a browser: nothing for axe to find, `t` for the tables, and no page wider than the screen."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, ViewportSize, expect

from tests.browser.content import write_browser_content
from tests.browser.desk import Desk, OwnSite, Watch
from tests.browser.looks import first_look
from tests.browser.sites import Sites
from tests.support.day import REPOSITORY
from tests.support.server import environment
from tests.support.site import write_plain_item

PAGES = ("/progress", "/progress/blueprint", "/progress/memory", "/progress/answers")
PROGRAM = "import django; django.setup(); from tests.support.filled_history import main; main()"
N_MORE = 12
LIFE = ("exam", "first", "60", "1", "40")
WIDE: ViewportSize = {"width": 1280, "height": 800}
PHONE: ViewportSize = {"width": 320, "height": 640}
LOOKS = {"light-wide": ("light", WIDE), "dark-phone": ("dark", PHONE)}


@pytest.fixture(scope="module")
def lived_site(sites: Sites, tmp_path_factory: pytest.TempPathFactory) -> Iterator[OwnSite]:
    """A site whose learner has sixty days behind them."""
    folder = tmp_path_factory.mktemp("progress-site")
    content = write_browser_content(folder / "content")
    for number in range(N_MORE):  # so that there are new questions enough to say whether one would pass
        write_plain_item(content, f"blood-{number + 201:04d}", system="blood")
    with sites.open(folder, content) as site:
        variables = environment(site.data, content) | {"DJANGO_SETTINGS_MODULE": "bedside.site.settings"}
        subprocess.run([sys.executable, "-c", PROGRAM, *LIFE], env=variables, cwd=REPOSITORY, check=True, timeout=120)
        yield site


@pytest.mark.parametrize("look", first_look(LOOKS, "dark-phone"))
def test_axe_finds_nothing_and_nothing_is_wider_than_the_screen(
    chromium: Browser, lived_site: OwnSite, watch: Watch, look: str
) -> None:
    scheme, viewport = LOOKS[look]
    context = chromium.new_context(viewport=viewport, color_scheme=scheme)  # type: ignore[arg-type]
    context.on("page", watch.on)
    desk = Desk(context.new_page(), lived_site.base)
    desk.skip_the_questions()
    found = []
    for path in PAGES:
        desk.go(path)
        desk.page.locator("figure").first.wait_for()
        desk.press("t")  # the tables too
        results = Axe().run(desk.page, options={"resultTypes": ["violations"]})
        found += [(path, one["id"], [node["html"] for node in one["nodes"]][:3]) for one in results.response["violations"]]
        width = desk.page.evaluate("document.documentElement.scrollWidth")
        assert width <= viewport["width"], path
    context.close()

    assert found == []
    assert watch.problems == []


@pytest.mark.slow
def test_t_shows_and_hides_the_tables_of_all_pictures(page: Page, lived_site: OwnSite) -> None:
    desk = Desk(page, lived_site.base)
    desk.skip_the_questions()
    for path in PAGES:
        desk.go(path)
        tables = page.locator("figure table")
        n = page.locator("figure").count()
        assert n == tables.count() > 0
        expect(tables.first).to_be_hidden()
        page.wait_for_load_state("load")
        desk.press("t")
        for number in range(n):
            expect(tables.nth(number)).to_be_visible()
        desk.press("t")
        expect(tables.first).to_be_hidden()


@pytest.mark.slow
def test_enter_leads_on_to_today_and_the_parts_are_links(page: Page, lived_site: OwnSite) -> None:
    desk = Desk(page, lived_site.base)
    desk.skip_the_questions()
    desk.go("/progress")
    page.get_by_role("link", name="Memory").click()
    expect(page.get_by_role("heading", name="What will be remembered")).to_be_visible()
    page.wait_for_load_state("load")
    desk.press("Enter")
    page.wait_for_url(f"{lived_site.base}/")


def test_a_practice_test_is_typed_in_mended_where_it_can_not_be_and_taken_away(
    page: Page, lived_site: OwnSite, watch: Watch
) -> None:
    watch.allow("400 \\(Bad Request\\)")  # the answer to what can't be
    desk = Desk(page, lived_site.base)
    desk.skip_the_questions()
    desk.go("/progress")
    before = page.locator(".lead").inner_text()
    page.get_by_text("Type one in").click()
    for name, value in (
        ("name", "Form 30"),
        ("on", "2026-01-20"),
        ("score", "9000"),
        ("cut", "218"),
        ("error", "6"),
        ("spread", "15"),
    ):
        page.locator(f"#score-{name}").fill(value)
    page.get_by_role("button", name="Add the practice test").click()
    expect(page.locator("#score-score-problem")).to_contain_text("can't be on one scale")
    expect(page.locator("#score-name")).to_have_value("Form 30")
    page.locator("#score-score").fill("260")
    page.get_by_role("button", name="Add the practice test").click()
    expect(page.locator(".removable")).to_contain_text("Form 30, 20 January 2026: 260, where 218 passes")
    expect(page.locator(".lead")).not_to_have_text(before)
    page.get_by_role("button", name="Take away Form 30").click()
    expect(page.locator(".lead")).to_have_text(before)
