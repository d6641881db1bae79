"""A walk over every page and every state of the player, for checks that must hold everywhere."""

from __future__ import annotations

from collections.abc import Iterator

from playwright.sync_api import expect

from tests.browser.day_content import NUMBER, PARTS, PICTURE, SHARED, SOUND
from tests.browser.desk import ClockSite, Desk, OwnSite
from tests.support.day import Day, DayBlock

PAGES = (
    "/welcome",
    "/practice?step=exam/first&system=renal",
    "/exam?day=exam/first/1&form=half",
    "/me",
    "/me/reminders",
    "/library",
    "/library?step=exam/first&system=renal",
    "/programmes",
    "/programmes/exam?on=2026-05-14",
    "/login/",
)


def open_day(desk: Desk, site: OwnSite, day: Day) -> str:
    """A day made to measure, before its first event; answers its id."""
    sitting = site.make_day(day)
    desk.go(f"/sit/{sitting}")
    desk.page.locator("#go").wait_for()
    return sitting


def into_block_1(desk: Desk) -> None:
    """Into the first block of a day without a tutorial."""
    desk.press("Enter")
    desk.page.locator("#stem").wait_for()
    desk.settle()  # the server has told what it knows of the time


def let_pass(desk: Desk, site: ClockSite, seconds: int) -> None:
    """Let time pass for the site and the page, once the page has heard all that it asked: else it would be of before."""
    desk.traffic.settle()
    site.pass_s(desk.page, seconds)


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


def walk_day(desk: Desk, site: OwnSite) -> Iterator[str]:
    """Every state of a whole day, with each kind of item; for a site with items of every kind."""
    page = desk.page
    blocks = [DayBlock(("renal-0101",), 180), DayBlock((*PARTS, NUMBER, *SHARED, PICTURE, SOUND), 180)]
    day = Day(blocks, pace=10, tutorial_s=60, break_s=60, stop_clock_s=60, is_proctored=True)
    sitting = site.make_day(day)
    desk.go(f"/sit/{sitting}")
    page.locator("#go").wait_for()
    yield "before a day"
    desk.press("Enter")
    desk.at_heading("The screen")
    yield "the tutorial"
    page.locator("#skip").click()
    desk.at_heading("The clock and the breaks")
    yield "the end of the tutorial"
    desk.press("Enter")
    page.locator("#stem").wait_for()
    desk.press("Alt+p")
    desk.at_heading("The clock is stopped")
    yield "a stopped clock"
    desk.press("Enter")
    desk.at_item(1)
    desk.press("Alt+i")
    yield "a notice"
    desk.press("Alt+o")
    yield "the blocks of the day"
    desk.press("Escape", "Alt+m")
    yield "no messages"
    desk.press("Escape")
    desk.all_saved()
    desk.end_block()
    desk.at_heading("Block 1 has ended")
    yield "between blocks"
    desk.press("Alt+p")
    desk.at_heading("Break")
    yield "a break"
    desk.press("Enter")
    desk.at_item(1)
    yield from _walk_kinds(desk)
    desk.all_saved()
    site.proctor("suspend", sitting, reason="A fire drill")
    page.reload()
    desk.at_heading("The proctor has stopped the clock")
    yield "a sitting that is suspended"
    site.proctor("reopen", sitting, reason="It was a drill")
    page.reload()
    page.locator("#stem").wait_for()
    desk.end_block()
    desk.at_heading("The day has ended")
    page.locator("#ways").wait_for()
    yield "the end of a day"


def _walk_kinds(desk: Desk) -> Iterator[str]:
    page = desk.page
    yield "the first part of a set"
    desk.press("2", "Enter")
    page.locator("#move-on-yes").wait_for()
    yield "the question before a part is locked"
    page.locator("#move-on-yes").click()
    desk.at_item(2)
    yield "the second part of a set"
    desk.press("ArrowLeft")
    desk.at_item(1)
    yield "a part that is locked"
    desk.press("ArrowRight", "Alt+r")
    page.get_by_role("heading", name="Review", exact=True).wait_for()
    yield "a review with parts that are hidden"
    page.locator(".grid-of-items button").nth(3).click()
    desk.at_item(4)
    page.locator("#value").fill("7.3x")
    page.locator("#value[aria-invalid=true]").wait_for()
    yield "a number that is none"
    page.locator("#value").fill("7.3")
    desk.press("Enter")
    desk.at_item(5)
    yield "an abstract beside its item"
    if page.locator("#stimulus-toggle").is_visible():
        desk.press("Alt+v")
        yield "an abstract folded away"
    desk.press("Alt+g", "Alt+g")
    desk.at_item(7)
    yield "a picture"
    desk.press("Alt+z", "+", "c")
    expect(page.locator("#picture-said")).to_contain_text("125%")
    yield "a picture drawn near"
    desk.press("Escape", "Alt+g")
    desk.at_item(8)
    yield "a sound"
