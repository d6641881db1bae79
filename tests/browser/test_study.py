"""The study queue in a browser: from a debrief to the card by the keyboard alone, and nothing for axe to find."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, ViewportSize, expect

from tests.browser.case_desk import CASE, add_case
from tests.browser.content import write_browser_content
from tests.browser.desk import ClockSite, Desk, Watch
from tests.browser.test_case_debrief import PLAY
from tests.support.case_scripts import commands_of
from tests.support.server import serve

DAY_S = 24 * 3600
WIDE: ViewportSize = {"width": 1280, "height": 800}
PHONE: ViewportSize = {"width": 320, "height": 640}
LOOKS = {"light-wide": ("light", WIDE), "dark-phone": ("dark", PHONE)}


@pytest.fixture(scope="module")
def study_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ClockSite]:
    """A site whose case names two takeaways, with a clock that tests move."""
    folder = tmp_path_factory.mktemp("study-site")
    content = write_browser_content(folder / "content")
    add_case(content)
    path = content / "cases" / f"{CASE}.yaml"
    named = "\ndebrief:\n  takeaways: [renal.anion_gap, renal.winter_formula]\n"
    path.write_text(path.read_text(encoding="utf-8").replace("\ndebrief:\n", named, 1), encoding="utf-8")
    ahead = folder / "ahead"
    ahead.write_text("0", encoding="utf-8")
    site = ClockSite(folder / "data", content, serve(folder / "data", content, ahead=ahead), ahead)
    yield site
    site.server.stop()


def queue_two(desk: Desk, site: ClockSite) -> None:
    """A case played and its debrief read, some weeks ago."""
    desk.skip_the_questions()
    desk.go("/practice")  # a page with a form, which brings the token
    sent = [{"seq": seq, "command": command} for seq, command in enumerate(commands_of("late"), start=1)]
    run = desk.page.evaluate(PLAY, [CASE, sent])
    desk.go(f"/cases/{run}/debrief")
    expect(desk.page.locator("#takeaways")).to_contain_text("2 takeaways are in your study queue.")
    later = site.ahead.with_suffix(".new")
    later.write_text(str(int(site.ahead.read_text(encoding="utf-8")) + 60 * DAY_S), encoding="utf-8")
    later.replace(site.ahead)  # so that the site never reads half a number


def stands(page: Page, lead: str) -> None:
    """Wait until the queue says this, and its script, which comes after its words, hears keys."""
    expect(page.locator(".lead")).to_contain_text(lead)
    page.wait_for_load_state("load")


def test_what_a_case_taught_is_reviewed_by_the_keyboard_alone(page: Page, study_site: ClockSite) -> None:
    desk = Desk(page, study_site.base)
    queue_two(desk, study_site)
    desk.go("/")
    expect(page.get_by_role("main")).to_contain_text("2 takeaways, about")
    page.get_by_role("link", name="Review what is due").press("Enter")

    stands(page, "2 takeaways are due")
    page.keyboard.press("3")  # nothing is graded before it was seen
    expect(page.locator("#answer-text")).to_be_hidden()
    page.keyboard.press("Space")
    expect(page.locator("#answer-text")).to_be_focused()
    page.keyboard.press("3")
    stands(page, "1 takeaway is due")
    page.keyboard.press("u")
    stands(page, "2 takeaways are due")
    for left in ("1 takeaway is due", "Nothing is due."):
        page.keyboard.press("Enter")
        expect(page.locator("#answer-text")).to_be_focused()
        page.keyboard.press("1")
        stands(page, left)


@pytest.mark.parametrize("look", LOOKS)
def test_axe_finds_nothing_in_the_queue(chromium: Browser, study_site: ClockSite, watch: Watch, look: str) -> None:
    scheme, viewport = LOOKS[look]
    context: BrowserContext = chromium.new_context(viewport=viewport, color_scheme=scheme)  # type: ignore[arg-type]
    context.on("page", watch.on)
    page = context.new_page()
    desk = Desk(page, study_site.base)
    queue_two(desk, study_site)
    desk.go("/study")
    page.keyboard.press("Space")
    expect(page.locator("#answer-text")).to_be_visible()
    results = Axe().run(page, options={"resultTypes": ["violations"]})
    found = [(one["id"], [node["html"] for node in one["nodes"]][:3]) for one in results.response["violations"]]
    width = page.evaluate("document.documentElement.scrollWidth")
    context.close()

    assert found == []
    assert width <= viewport["width"]
    assert watch.problems == []
