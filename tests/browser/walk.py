"""A walk over every page and every state of the player, for checks that must hold everywhere."""

from __future__ import annotations

from collections.abc import Iterator

from playwright.sync_api import expect

from tests.browser.desk import Desk

PAGES = (
    "/welcome",
    "/practice?step=exam/first&system=renal",
    "/me",
    "/programmes",
    "/programmes/exam?on=2026-05-14",
    "/login/",
)


def walk(desk: Desk) -> Iterator[str]:
    """Go from place to place; answers the name of each while it is on the screen."""
    for path in PAGES:
        desk.go(path)
        yield path
    desk.page.keyboard.press("?")
    yield "keys of a page"
    yield from _walk_errors(desk)
    yield from _walk_block(desk)
    desk.go("/")
    yield "/"


def _walk_errors(desk: Desk) -> Iterator[str]:
    for path in ("/nothing/here", "/programmes?on=yesterday", "/practice?step=exam/first&items=many"):
        desk.go(path)
        yield path


def _walk_block(desk: Desk) -> Iterator[str]:
    page = desk.page
    desk.choose(items=3, mode="tutor", system="cardiovascular")
    yield "before a block"
    desk.press("Enter")
    page.locator("#stem").wait_for()
    yield "an item"
    desk.press("2", "s", "Alt+f", "ArrowDown", "Alt+x", "Alt+n")
    page.keyboard.type("A note")
    desk.press("Escape")
    desk.expect_chosen("B")
    expect(page.locator(".is-struck")).to_have_count(1)
    yield "an item worked on"
    yield from _walk_tools(desk)
    desk.press("Enter")
    expect(page.locator(".explanation")).to_have_count(4)
    yield "an item explained"
    desk.press("Alt+r")
    page.get_by_role("heading", name="Review", exact=True).wait_for()
    yield "the review"
    desk.press("Enter")
    page.locator("#end-yes").wait_for()
    yield "the question before the end"
    page.locator("#end-yes").click()
    page.wait_for_url("**/report/**")
    for summary in page.locator(".reviewed summary").all():
        summary.click()
    desk.press("t")
    yield "the report"


def _walk_tools(desk: Desk) -> Iterator[str]:
    page = desk.page
    desk.press("Alt+l")
    expect(page.locator("#labs-rows tr").first).to_be_visible()
    yield "laboratory values"
    desk.press("Escape", "Alt+c")
    expect(page.locator("#calculator")).to_be_visible()
    yield "the calculator"
    desk.press("Escape", "Alt+t")
    expect(page.locator("#display")).to_be_visible()
    yield "the display"
    desk.press("Escape", "Alt+h")
    page.locator("#sentences-list input").first.check()
    yield "sentences to highlight"
    desk.press("Escape", "?")
    expect(page.locator("#keys")).to_be_visible()
    yield "keys of the player"
    desk.press("Escape")
