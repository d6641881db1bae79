"""The study queue in a browser: by the keyboard alone, with the network cut, and nothing for axe to find."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, ViewportSize, expect

from tests.browser.case_desk import CASE, add_case
from tests.browser.content import write_browser_content
from tests.browser.desk import OFFLINE, SENT_MS, ClockSite, Desk, OwnSite, Watch
from tests.browser.looks import first_look
from tests.browser.sites import Sites
from tests.browser.test_case_debrief import PLAY
from tests.browser.waiting import until
from tests.support.case_scripts import commands_of

DAY_S = 24 * 3600
WIDE: ViewportSize = {"width": 1280, "height": 800}
PHONE: ViewportSize = {"width": 320, "height": 640}
LOOKS = {"light-wide": ("light", WIDE), "dark-phone": ("dark", PHONE)}


@pytest.fixture(scope="module")
def study_site(sites: Sites, tmp_path_factory: pytest.TempPathFactory) -> Iterator[ClockSite]:
    """A site whose case names two takeaways, with a clock that tests move."""
    folder = tmp_path_factory.mktemp("study-site")
    content = write_browser_content(folder / "content")
    add_case(content)
    path = content / "cases" / f"{CASE}.yaml"
    named = "\ndebrief:\n  takeaways: [renal.anion_gap, renal.winter_formula]\n"
    path.write_text(path.read_text(encoding="utf-8").replace("\ndebrief:\n", named, 1), encoding="utf-8")
    with sites.open_with_clock(folder, content) as site:
        yield site


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


def show_answer(page: Page, key: str = "Space") -> None:
    page.keyboard.press(key)
    expect(page.locator("#answer-text")).to_be_focused()


def write_cards(desk: Desk, *fronts: str) -> None:
    """Cards of one's own, by their form."""
    for front in fronts:
        desk.go("/cards/new")
        desk.page.get_by_role("textbox", name="Question", exact=True).fill(front)
        desk.page.get_by_role("textbox", name="Answer", exact=True).fill(f"{front} says")
        desk.page.keyboard.press("Control+Enter")
        expect(desk.page.locator(".messages")).to_contain_text("1 card was made.")


def asks(page: Page, text: str) -> None:
    expect(page.locator("#place .front")).to_have_text(text)


def all_sent(page: Page) -> None:
    """Wait until no grade is left on this computer."""
    until(page, "localStorage.length === 0")


def kept(page: Page) -> list[str]:
    """The grades of the day that the server has, the newest first."""
    told = page.evaluate("fetch('/study/ahead').then((answer) => answer.json())")
    return [one["subject"] for one in told["done"]]


@pytest.mark.slow
def test_what_a_case_taught_is_reviewed_by_the_keyboard_alone(page: Page, study_site: ClockSite) -> None:
    desk = Desk(page, study_site.base)
    queue_two(desk, study_site)
    desk.go("/study")

    stands(page, "2 to review")
    page.keyboard.press("3")  # nothing is graded before it was seen
    expect(page.locator("#answer-text")).to_be_hidden()
    show_answer(page)
    expect(page.locator("#place .front")).to_be_hidden()
    page.keyboard.press("3")
    stands(page, "1 to review")
    page.keyboard.press("u")
    stands(page, "2 to review")
    for left in ("1 to review", "Nothing is due."):
        show_answer(page, "Enter")
        page.keyboard.press("1")
        stands(page, left)
    page.keyboard.press("Enter")
    expect(page).to_have_url(study_site.base + "/")


def test_cards_are_reviewed_without_network_and_nothing_is_lost(page: Page, watch: Watch, own_site: OwnSite) -> None:
    watch.allow(OFFLINE)
    desk = Desk(page, own_site.base)
    desk.skip_the_questions()
    write_cards(desk, "first", "second", "third", "fourth")
    desk.go("/study")
    stands(page, "4 to review")

    show_answer(page)
    page.keyboard.press("1")  # it comes once more, after the others
    asks(page, "second")
    all_sent(page)
    page.context.set_offline(True)
    for front in ("third", "fourth"):
        show_answer(page)
        page.keyboard.press("3")
        asks(page, front)
    expect(page.locator("#unsent")).to_contain_text("2 grades are on this computer")
    page.keyboard.press("u")
    asks(page, "third")
    page.keyboard.press("u")
    page.keyboard.press("Control+z")
    asks(page, "first")
    stands(page, "4 to review")
    show_answer(page)
    page.keyboard.press("3")
    show_answer(page)
    page.keyboard.press("4")
    asks(page, "third")

    page.context.set_offline(False)
    expect(page.locator("#unsent")).to_be_hidden(timeout=SENT_MS)
    assert len(kept(page)) == 2
    desk.go("/study")  # what was graded before is taken back on a page that was loaded anew
    stands(page, "2 to review")
    page.keyboard.press("u")
    stands(page, "3 to review")
    asks(page, "second")
    page.keyboard.press("s")
    asks(page, "third")
    stands(page, "2 to review")
    page.keyboard.press("u")
    asks(page, "second")
    page.keyboard.press("e")
    expect(page.get_by_role("textbox", name="Question", exact=True)).to_have_value("second")


@pytest.mark.slow
def test_grades_wait_over_a_page_that_was_closed_without_network(page: Page, watch: Watch, own_site: OwnSite) -> None:
    watch.allow(OFFLINE)
    desk = Desk(page, own_site.base)
    desk.skip_the_questions()
    write_cards(desk, "first", "second")
    desk.go("/study")
    stands(page, "2 to review")
    page.context.set_offline(True)
    show_answer(page)
    page.keyboard.press("3")
    asks(page, "second")
    expect(page.locator("#unsent")).to_contain_text("1 grade is on this computer")
    page.close()

    page.context.set_offline(False)
    again = page.context.new_page()
    again.goto(f"{own_site.base}/study")
    asks(again, "second")  # the first is not asked again, though the server may not have it yet
    expect(again.locator("#unsent")).to_be_hidden(timeout=SENT_MS)
    all_sent(again)
    assert len(kept(again)) == 1


@pytest.mark.parametrize("look", first_look(LOOKS, "dark-phone"))
def test_axe_finds_nothing_in_the_queue(chromium: Browser, study_site: ClockSite, watch: Watch, look: str) -> None:
    scheme, viewport = LOOKS[look]
    context: BrowserContext = chromium.new_context(viewport=viewport, color_scheme=scheme)  # type: ignore[arg-type]
    context.on("page", watch.on)
    page = context.new_page()
    desk = Desk(page, study_site.base)
    queue_two(desk, study_site)
    write_cards(desk, f"a card {look}")
    desk.go("/study")
    show_answer(page)
    results = Axe().run(page, options={"resultTypes": ["violations"]})
    found = [(one["id"], [node["html"] for node in one["nodes"]][:3]) for one in results.response["violations"]]
    width = page.evaluate("document.documentElement.scrollWidth")
    context.close()

    assert found == []
    assert width <= viewport["width"]
    assert watch.problems == []
