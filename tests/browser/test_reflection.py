"""After an answer, in a browser: the reason in one key, with the network and without, and what comes of it."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import quote

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, Route, ViewportSize, expect

from tests.browser.desk import OFFLINE, SENT_MS, Desk, Watch
from tests.browser.looks import first_look
from tests.support.server import ServerProcess

WIDE: ViewportSize = {"width": 1280, "height": 800}
PHONE: ViewportSize = {"width": 320, "height": 640}
LOOKS = {"light-wide": ("light", WIDE), "dark-phone": ("dark", PHONE)}


def answer_wrong(desk: Desk, *, mode: str = "tutor", items: int = 2, **codes: str) -> str:
    """A block whose first item is answered with A, where the key is B."""
    sitting = desk.begin(mode=mode, items=items, **{"system": "renal", **codes})
    desk.press("1", "Enter")
    if mode == "tutor":
        expect(desk.page.locator("#why")).to_be_visible()
    return sitting


def said(desk: Desk, sitting: str) -> list[tuple[str, str]]:
    """The reasons that the server has, and with what was confused."""
    told: dict[str, Any] = desk.page.request.get(f"{desk.base}/api/sittings/{sitting}/reasons").json()
    return [(one["reason"]["reason"], one["reason"]["confused_with"]) for one in told["items"] if one["reason"]]


def says(desk: Desk, sitting: str, wanted: list[tuple[str, str]]) -> None:
    """Wait until the server has just that; "All saved" may still be of what was saved before."""
    for _ in range(100):
        if said(desk, sitting) == wanted:
            return
        desk.page.wait_for_timeout(100)
    assert said(desk, sitting) == wanted


def pressed(page: Page) -> list[str]:
    found: list[str] = page.eval_on_selector_all(
        "#why [data-reason][aria-pressed=true]", "buttons => buttons.map((button) => button.dataset.reason)"
    )
    return found


def test_one_key_says_why_the_answer_was_wrong_and_another_key_says_it_anew(desk: Desk) -> None:
    sitting = answer_wrong(desk)
    desk.press("2")
    expect(desk.page.locator("[data-reason=misread]")).to_have_attribute("aria-pressed", "true")
    desk.all_saved()
    says(desk, sitting, [("misread", "")])

    desk.press("1")
    expect(desk.page.locator("[data-reason=did_not_know]")).to_have_attribute("aria-pressed", "true")
    desk.all_saved()

    assert pressed(desk.page) == ["did_not_know"]
    says(desk, sitting, [("did_not_know", "")])


@pytest.mark.slow
def test_two_things_are_confused_the_key_preset_and_another_by_its_letter(desk: Desk) -> None:
    sitting = answer_wrong(desk)
    desk.press("3")
    expect(desk.page.locator("#confused [value=B]")).to_be_focused()
    expect(desk.page.locator("#confused [value=B]")).to_be_checked()
    expect(desk.page.locator("#confused [value=A]")).to_have_count(0)
    desk.all_saved()
    says(desk, sitting, [("confused", "B")])

    desk.press("d")
    expect(desk.page.locator("#confused [value=D]")).to_be_checked()
    desk.all_saved()
    says(desk, sitting, [("confused", "D")])

    desk.press("Enter")  # from the list of options too
    desk.at_item(2)


@pytest.mark.slow
def test_changed_from_right_is_asked_where_the_right_option_stood_there_before(desk: Desk) -> None:
    sitting = answer_wrong(desk)
    expect(desk.page.locator("[data-reason=changed_from_right]")).to_have_count(0)

    desk.press("Enter")
    desk.at_item(2)
    desk.press("2", "3", "Enter")
    expect(desk.page.locator("[data-reason=changed_from_right]")).to_be_visible()
    desk.press("4")
    expect(desk.page.locator("[data-reason=changed_from_right]")).to_have_attribute("aria-pressed", "true")
    desk.all_saved()

    says(desk, sitting, [("changed_from_right", "")])


@pytest.mark.slow
def test_a_right_answer_is_asked_nothing(desk: Desk) -> None:
    desk.begin(mode="tutor", items=2, system="renal")
    desk.press("2", "Enter")

    expect(desk.page.locator("#verdict")).to_contain_text("Right.")
    expect(desk.page.locator("#why")).to_have_count(0)


def test_without_network_the_reason_is_kept_and_sent_later(desk: Desk, context: BrowserContext, watch: Watch) -> None:
    watch.allow(OFFLINE)
    sitting = answer_wrong(desk)
    desk.all_saved()
    desk.page.evaluate("() => navigator.serviceWorker.ready.then(() => undefined)")
    desk.page.reload()  # through the service worker, which keeps the page
    expect(desk.page.locator("#why")).to_be_visible()
    desk.all_saved()
    context.set_offline(True)
    desk.press("3", "d")  # one right after the other, before the first is kept
    expect(desk.page.locator("[data-reason=confused]")).to_have_attribute("aria-pressed", "true")
    expect(desk.page.locator("#confused [value=D]")).to_be_checked()
    desk.waits(1)
    desk.page.reload()
    expect(desk.page.locator("[data-reason=confused]")).to_have_attribute("aria-pressed", "true")
    desk.waits(2)  # and that the block was come back to

    context.set_offline(False)
    desk.all_saved()

    says(desk, sitting, [("confused", "D")])


@pytest.mark.slow
def test_a_block_that_ends_without_network_sends_its_reasons_before_it_is_forgotten(
    desk: Desk, context: BrowserContext, watch: Watch
) -> None:
    watch.allow(OFFLINE)
    sitting = answer_wrong(desk)
    desk.all_saved()
    context.set_offline(True)
    desk.press("2")
    desk.waits(1)
    desk.end_block()
    expect(desk.page.locator("#ended")).to_contain_text("Saved on this computer")
    context.set_offline(False)
    desk.page.wait_for_url("**/report/**", timeout=SENT_MS)

    says(desk, sitting, [("misread", "")])


@pytest.mark.slow
def test_a_timed_block_asks_nothing_before_its_report_and_the_report_asks_by_key(desk: Desk) -> None:
    page = desk.page
    sitting = answer_wrong(desk, mode="timed")
    expect(page.locator("#why")).to_have_count(0)
    desk.all_saved()
    desk.end()

    page.wait_for_load_state("load")
    page.locator(".reviewed summary").first.focus()
    desk.press("Enter", "2")
    form = page.locator(".reviewed [data-reasons]").first
    expect(form.locator("[data-said]")).to_have_text("Kept.")
    says(desk, sitting, [("misread", "")])

    page.reload()
    expect(page.locator(".reviewed [value=misread]").first).to_have_attribute("aria-pressed", "true")


@pytest.mark.slow
def test_a_note_from_an_earlier_block_comes_back_with_the_explanation(desk: Desk) -> None:
    desk.begin(mode="tutor", items=1, system="blood", competency="management")
    desk.press("1", "Enter")
    expect(desk.page.locator("#verdict")).to_contain_text("Not right.")  # its coming takes the focus
    desk.press("Alt+n")
    desk.page.locator("#note").fill("Two keys here.")
    desk.press("Escape")
    desk.all_saved()

    desk.begin(mode="tutor", items=1, system="blood", competency="management")
    expect(desk.page.locator("body")).not_to_contain_text("Two keys here.")
    desk.press("1", "Enter")

    expect(desk.page.locator("#earlier-note")).to_contain_text("Two keys here.")


def test_a_note_that_is_being_written_goes_on_when_the_explanation_comes(desk: Desk) -> None:
    page = desk.page
    desk.begin(mode="tutor", items=1, system="blood", competency="management")
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    page.route("**/events", hold)
    desk.press("1", "Enter")
    desk.press("Alt+n")
    page.keyboard.type("a b")
    for _ in range(100):
        if held:
            break
        page.wait_for_timeout(100)
    page.unroute("**/events", hold)  # and what was held goes on
    expect(page.locator(".explanation").first).to_be_visible()
    page.keyboard.type("c 12")
    expect(page.locator("#note")).to_have_value("a bc 12")


@pytest.mark.slow
def test_a_confusion_becomes_a_card(desk: Desk) -> None:
    page = desk.page
    answer_wrong(desk)
    stem = page.locator("#options .text").first.inner_text()
    desk.press("3")
    desk.all_saved()
    desk.go("/confusions")
    row = page.locator(".pairs > li").filter(has_text=stem).first
    if row.locator("details[open]").count() == 0:
        row.locator("summary").click()
    expect(row.locator(".beside").first).to_contain_text("SECRET reason A")
    row.get_by_role("link", name="Make a card that tells them apart").click()
    expect(page.locator("#front")).to_have_value(re.compile(f"^{re.escape(stem)} or "))
    page.locator("#back").fill("A asks for the first, B for the second.")
    page.get_by_role("button", name="Make the card").click()

    expect(page.locator(".messages")).to_contain_text("The card is made.")


@pytest.mark.parametrize("look", first_look(LOOKS, "dark-phone"))
def test_axe_finds_nothing_after_an_answer(chromium: Browser, shared_site: ServerProcess, watch: Watch, look: str) -> None:
    scheme, viewport = LOOKS[look]
    context = chromium.new_context(viewport=viewport, color_scheme=scheme)  # type: ignore[arg-type]
    context.on("page", watch.on)
    desk = Desk(context.new_page(), f"http://127.0.0.1:{shared_site.port}")
    desk.skip_the_questions()
    found: dict[str, list[str]] = {}

    def see(place: str) -> None:
        results = Axe().run(desk.page, options={"resultTypes": ["violations"]})
        width = desk.page.evaluate("document.documentElement.scrollWidth")
        if results.violations_count or width > viewport["width"]:
            found[place] = [*(one["id"] for one in results.response["violations"]), f"width {width}"]

    sitting = answer_wrong(desk)
    desk.press("3")
    expect(desk.page.locator("#confused")).to_be_visible()
    desk.all_saved()
    see("player")
    desk.end_block()
    desk.page.wait_for_url("**/report/**")
    desk.page.locator(".reviewed summary").first.click()
    see("report")
    for path in (
        "/confusions?all=1",
        "/notes",
        "/notes?q=nothing",
        f"/report/{quote(sitting)}/items/1/error",
        "/office/reports",
    ):
        desk.go(path)
        see(path)
    context.close()
    assert found == {}
    assert watch.problems == []
