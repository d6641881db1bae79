"""A case in a browser: played by the keyboard alone, without network, on a phone; and nothing for axe to find."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, ViewportSize, expect

from bedside.cases import score
from tests.browser.case_desk import CASE, CaseDesk, add_case, expert_run
from tests.browser.content import write_browser_content
from tests.browser.desk import OFFLINE, SENT_MS, Desk, Watch
from tests.browser.looks import first_look
from tests.browser.sites import Sites
from tests.support.server import ServerProcess

WIDE: ViewportSize = {"width": 1280, "height": 800}
PHONE: ViewportSize = {"width": 360, "height": 740}
NARROWEST: ViewportSize = {"width": 320, "height": 640}
LOOKS: dict[str, tuple[Any, ViewportSize]] = {
    "light-wide": ("light", WIDE),
    "dark-wide": ("dark", WIDE),
    "light-phone": ("light", PHONE),
    "dark-phone": ("dark", PHONE),
}


@pytest.fixture(scope="module")
def case_site(sites: Sites, tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServerProcess]:
    folder = tmp_path_factory.mktemp("case-site")
    content: Path = write_browser_content(folder / "content")
    add_case(content)
    with sites.open(folder, content) as site:
        yield site.server


def _desk(page: Page, site: ServerProcess) -> CaseDesk:
    desk = Desk(page, f"http://127.0.0.1:{site.port}")
    desk.skip_the_questions()
    return CaseDesk(desk)


@pytest.fixture
def case_desk(page: Page, case_site: ServerProcess) -> CaseDesk:
    return _desk(page, case_site)


def test_the_expert_plays_the_case_by_the_keyboard_alone(case_desk: CaseDesk) -> None:
    page = case_desk.desk.page
    expert = expert_run()
    case_desk.begin()
    for at_s, commands in groupby(expert.history.commands, key=lambda one: one[0]):
        case_desk.do_all(at_s, [command for _, command in commands])
    case_desk.wait_to(expert.now_s)

    expect(page.locator("#over-why")).to_have_text("What this case is about has been reached.")
    page.goto(f"{case_desk.desk.base}/cases")
    percent = float(page.locator("tr", has_text="Vomiting").get_by_role("link", name="debrief").inner_text().split("%")[0])
    assert percent >= 95
    assert percent == pytest.approx(score(expert.case, expert.history).percent, abs=3)


@pytest.mark.slow
def test_a_result_is_said_and_shown_with_its_flag_and_its_interval(case_desk: CaseDesk) -> None:
    page = case_desk.desk.page
    case_desk.begin()
    case_desk.put("bmp")
    case_desk.sign()
    expect(page.locator("#orders")).to_contain_text("report awaited")
    with case_desk.answered():
        case_desk.press("n")

    expect(page.locator("#said")).to_contain_text("Potassium 3.1")
    case_desk.press("3")
    row = page.locator("#panel-labs tr", has_text="Potassium")
    expect(row).to_contain_text("3.5 to 5")
    expect(row).to_contain_text("3.1L")
    case_desk.desk.press("r")
    expect(page.locator("#news-part")).to_be_focused()


@pytest.mark.slow
def test_several_orders_are_typed_at_once_and_what_is_not_clear_stays_in_the_box(case_desk: CaseDesk) -> None:
    page = case_desk.desk.page
    case_desk.begin()
    page.keyboard.type("bmp, vbg, qqqqzz")
    page.keyboard.press("Enter")

    expect(page.locator("#basket-list .name")).to_have_count(2)
    expect(page.locator("#box")).to_have_value("qqqqzz")


@pytest.mark.slow
def test_a_jump_of_the_clock_says_what_it_would_skip(case_desk: CaseDesk) -> None:
    page = case_desk.desk.page
    case_desk.begin()
    for order in ("bmp", "vbg"):
        case_desk.put(order)
    case_desk.sign()
    case_desk.press("t")
    expect(page.locator("#time-says")).to_contain_text("2 reports are due by then")
    page.locator("#time-n").fill("0")
    expect(page.locator("#time-says")).to_contain_text("No report is due by then")
    page.keyboard.press("Escape")
    assert case_desk.state()["now_s"] == 0


@pytest.mark.slow
def test_practice_goes_back_to_before_a_mistake(case_desk: CaseDesk) -> None:
    page = case_desk.desk.page
    case_desk.begin()
    case_desk.put("ns_iv")
    case_desk.sign()
    case_desk.pass_minutes(60)
    case_desk.put("insulin_regular_iv")
    case_desk.sign()
    address = page.url
    case_desk.press("u")
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: url != address)
    case_desk.settle()

    state = case_desk.state()
    assert (state["now_s"], [one["order"] for one in state["orders"]]) == (3600, ["ns_iv"])


def test_commands_wait_while_the_network_is_off_and_are_done_when_it_is_back(
    case_desk: CaseDesk, context: BrowserContext, watch: Watch
) -> None:
    watch.allow(OFFLINE)
    page = case_desk.desk.page
    case_desk.begin()
    case_desk.put("ns_iv")
    context.set_offline(True)
    case_desk.desk.press("Control+Enter")
    expect(page.locator("#waiting")).to_contain_text("1 step is kept in this browser")
    case_desk.press("h")
    expect(page.locator("#waiting")).to_contain_text("2 steps are kept in this browser")
    assert page.evaluate("Object.keys(localStorage).filter((key) => key.startsWith('bedside-case-')).length") == 1

    context.set_offline(False)
    expect(page.locator("#waiting")).to_be_hidden(timeout=SENT_MS)
    case_desk.settle()
    assert [step["do"] for step in case_desk.state()["steps"]] == ["order", "history"]
    assert page.evaluate("Object.keys(localStorage).filter((key) => key.startsWith('bedside-case-')).length") == 0


@pytest.mark.slow
def test_what_waited_is_sent_after_the_page_was_closed(case_desk: CaseDesk, context: BrowserContext, watch: Watch) -> None:
    watch.allow(OFFLINE)
    page = case_desk.desk.page
    case_desk.begin()
    address = page.url
    context.set_offline(True)
    case_desk.press("h")
    expect(page.locator("#waiting")).to_be_visible()
    page.goto("about:blank")
    context.set_offline(False)
    page.goto(address)

    case_desk.settle()
    expect(page.locator("#kept")).to_have_text("All is kept on the server.")
    assert [step["do"] for step in case_desk.state()["steps"]] == ["history"]


@pytest.mark.slow
def test_the_case_that_went_on_in_another_tab_is_shown_as_it_stands(
    case_desk: CaseDesk, context: BrowserContext, watch: Watch
) -> None:
    watch.allow("409")
    page = case_desk.desk.page
    case_desk.begin()
    other = context.new_page()
    other.goto(page.url)
    other.locator("#begin").press("Enter")
    CaseDesk(Desk(other, case_desk.desk.base)).pass_minutes(30)
    case_desk.press("h")

    expect(page.locator("#told")).to_contain_text("has gone on in another tab")
    expect(page.locator("#clock")).to_contain_text("08:10")
    assert [step["do"] for step in case_desk.state()["steps"]] == ["advance"]


def _walk(desk: CaseDesk) -> Iterator[str]:
    page = desk.desk.page
    desk.desk.go("/cases")
    yield "the list"
    page.locator("input[name=mode][value=exam]").check()
    page.locator("input[name=limit][value='10']").check()
    page.locator(f"button[value={CASE}]").click()
    page.locator("#begin").wait_for()
    yield "the opening"
    desk.desk.press("Enter")
    page.keyboard.type("insu")
    expect(page.locator("#found")).not_to_be_empty()
    yield "a search"
    desk.desk.press("Escape")
    for order in ("bmp", "ns_iv", "ecg_12"):
        desk.put(order)
    yield "the basket"
    desk.sign()
    desk.examine("general", "abdomen")
    with desk.answered():
        desk.press("n")
    desk.pass_minutes(60)
    for number in range(1, 7):
        desk.press(str(number))
        yield f"page {number} of the chart"
    for key, name in (("e", "examine"), ("t", "time"), ("l", "move"), ("x", "stop"), ("?", "keys")):
        desk.press(key)
        expect(page.locator(f"#{name}")).to_be_visible()
        yield f"the dialog {name}"
        desk.desk.press("Escape")
    desk.press("f")
    expect(page.locator("#closing")).to_be_visible()
    yield "final orders"
    page.locator("#diagnosis").fill("Ketoacidosis")
    desk.desk.press("Enter")
    expect(page.locator("#over")).to_be_visible()
    yield "the end"


@pytest.mark.parametrize("look", first_look(LOOKS, "light-wide"))
def test_axe_finds_nothing_in_any_state_of_a_case(chromium: Browser, case_site: ServerProcess, watch: Watch, look: str) -> None:
    scheme, viewport = LOOKS[look]
    context = chromium.new_context(viewport=viewport, color_scheme=scheme)
    context.on("page", watch.on)
    found = {}
    for place in _walk(desk := _desk(context.new_page(), case_site)):
        results = Axe().run(desk.desk.page, options={"resultTypes": ["violations"]})
        if results.violations_count:
            found[place] = [
                (one["id"], [node["target"] for node in one["nodes"][:3]]) for one in results.response["violations"]
            ]
    context.close()
    assert found == {}
    assert watch.problems == []


@pytest.mark.slow
def test_no_state_of_a_case_is_wider_than_a_screen_of_320_pixels(
    chromium: Browser, case_site: ServerProcess, watch: Watch
) -> None:
    context = chromium.new_context(viewport=NARROWEST)
    context.on("page", watch.on)
    desk = _desk(context.new_page(), case_site)
    too_wide = [
        (place, width)
        for place in _walk(desk)
        if (width := desk.desk.page.evaluate("document.documentElement.scrollWidth")) > NARROWEST["width"]
    ]
    context.close()
    assert too_wide == []
    assert watch.problems == []
