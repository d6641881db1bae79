"""A whole day in the player: by keyboard, with each kind of item, each way of moving about, and a proctor beside it."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.browser.day_content import MANY, NUMBER, PARTS, PICTURE, SHARED, SOUND
from tests.browser.desk import SENT_MS, Desk, OwnSite, Watch, confirm
from tests.browser.walk import into_block_1, open_day
from tests.support.day import Day, DayBlock

PLAIN = ("renal-0101", "renal-0102")
EVERY_KIND = (*PARTS, NUMBER, *SHARED, PICTURE, SOUND, MANY)


def test_a_compressed_day_is_sat_by_the_keyboard_alone(day_desk: Desk, day_site: OwnSite) -> None:
    desk, page = day_desk, day_desk.page
    blocks = [DayBlock(PLAIN, 180), DayBlock(EVERY_KIND, 180)]
    sitting = open_day(desk, day_site, Day(blocks, pace=10, tutorial_s=60, break_s=60))
    expect(page.locator("#page")).to_contain_text("time runs 10 times as fast")
    desk.press("Enter")
    desk.at_heading("The screen")
    expect(page.locator("[data-count=tutorial]")).to_have_text(re.compile(r"^(1:00|0:[0-5][0-9])$"))
    for heading in ("Answering", "Going about", "Tools"):
        desk.press("Enter")
        desk.at_heading(heading)
    desk.press("Alt+c")  # the tools work in the tutorial too
    expect(page.locator("#calculator")).to_be_visible()
    desk.press("Escape")
    expect(page.locator("#calculator")).to_be_hidden()
    for heading in ("Pictures, sounds and sets", "The clock and the breaks"):
        desk.press("Enter")
        desk.at_heading(heading)
    desk.press("Enter")
    desk.at_item(1)
    expect(page.locator("#which")).to_have_text("Block 1 of 2")
    expect(page.locator("#pace")).to_have_text("Clock ×10")
    desk.press("2", "Enter", "3", "Enter")
    page.get_by_role("heading", name="Review", exact=True).wait_for()
    desk.press("Enter")
    confirm(page, "#end-yes")
    desk.at_heading("Block 1 has ended")
    expect(page.locator(".day .is-done")).to_have_count(1)
    desk.press("Alt+p")
    desk.at_heading("Break")
    desk.press("Alt+p")
    desk.at_heading("Block 1 has ended")
    desk.press("Enter")
    desk.at_item(1)
    _sit_every_kind(desk)
    desk.all_saved()
    answers = desk.state()["answers"]
    assert isinstance(answers, dict)
    given = {item: answer["value"] or answer["choice"] for item, answer in answers.items()}
    assert given == {PLAIN[0]: ["B"], PLAIN[1]: ["C"], PARTS[0]: ["B"], PARTS[1]: ["C"], NUMBER: "7.36", MANY: ["Z"]}
    assert desk.state()["left"] == sorted(PARTS[:2])
    desk.end_block()
    desk.at_heading("The day has ended")
    expect(page.get_by_role("link", name="Open the report")).to_have_attribute("href", f"/report/{sitting}")
    expect(page.get_by_role("link", name="Download the receipt")).to_have_attribute("href", f"/api/sittings/{sitting}/receipt")


def _sit_every_kind(desk: Desk) -> None:
    """The second block: a set in three parts, a number, a set that shares an abstract, a picture, a sound, 26 options."""
    page = desk.page
    expect(page.locator("#rail button").nth(1)).to_be_disabled()
    desk.press("2", "Enter")
    confirm(page, "#move-on-yes")
    desk.at_item(2)
    expect(page.locator(".part")).to_have_text("Part 2 of 3")
    expect(page.locator(".earlier")).to_contain_text("seen for the 1. time")
    desk.press("ArrowLeft")
    desk.at_item(1)
    expect(page.locator("#options input")).to_have_count(0)
    desk.press("ArrowRight")
    desk.at_item(2)
    desk.press("3", "Enter")
    confirm(page, "#move-on-yes")
    desk.at_item(3)
    desk.press("Enter")
    desk.at_item(4)
    desk.press("7")  # goes into the field
    page.keyboard.type(",36x")
    expect(page.locator("#value-said")).to_have_text("This is not a number, so there is no answer yet.")
    desk.press("Backspace")
    expect(page.locator("#value-said")).to_have_text("")
    expect(page.locator("#unit")).to_have_text("mmol/L")
    desk.press("Enter")
    desk.at_item(5)
    expect(page.locator(".stimulus")).to_contain_text("Blood was taken in winter")
    desk.press("Alt+v")
    expect(page.locator("#stimulus-name")).to_be_focused()
    desk.press("Alt+g", "Alt+g")
    desk.at_item(7)
    desk.press("Alt+z", "+", "+", "c", "B")
    expect(page.locator("#picture-said")).to_have_text("Size 156%, contrast 110%, brightness 90%")
    desk.press("0")
    expect(page.locator("#picture-said")).to_have_text("Size 100%, contrast 100%, brightness 100%")
    desk.press("Escape", "ArrowRight")
    desk.at_item(8)
    desk.press("Alt+a")
    expect(page.get_by_role("button", name="Pause")).to_be_visible()
    desk.press("ArrowRight")
    desk.at_item(9)
    desk.press("1")
    desk.expect_chosen("A")
    desk.press("Alt+u")
    desk.expect_chosen()
    desk.press("ArrowUp", "z")  # up from the first option stays there; letters choose while the options have the focus
    desk.expect_chosen("Z")


@pytest.mark.slow
def test_a_forward_only_block_locks_what_is_left_and_a_full_time_block_is_not_ended_early(
    day_desk: Desk, day_site: OwnSite
) -> None:
    desk, page = day_desk, day_desk.page
    blocks = [DayBlock((*PLAIN, "renal-0103"), navigation="forward_only"), DayBlock(("renal-0104",), navigation="no_early_end")]
    open_day(desk, day_site, Day(blocks))
    into_block_1(desk)
    expect(page.locator("#next")).to_have_text("Next, locks this item")
    expect(page.locator("#previous")).to_be_hidden()
    desk.press("2", "Enter")
    desk.at_item(2)
    expect(page.locator("#rail button").nth(0)).to_be_disabled()
    desk.press("Enter")  # without an answer it asks
    expect(page.locator("#move-on-open")).to_be_visible()
    expect(page.locator("#move-on-no")).to_be_focused()
    confirm(page, "#move-on-yes")
    desk.at_item(3)
    desk.all_saved()
    assert desk.state()["left"] == list(PLAIN)
    desk.end_block()
    desk.at_heading("Block 1 has ended")
    expect(page.locator("#page")).to_contain_text("can't be ended early")
    desk.press("Enter")
    desk.at_item(1)
    desk.press("Alt+r")
    expect(page.locator("#next")).to_be_hidden()
    desk.press("Alt+e")
    expect(page.locator("#said")).to_have_text("This block lasts its full time and can't be ended early.")
    expect(page.locator("#end")).to_be_hidden()


def test_what_a_proctor_does_shows_without_reloading(day_desk: Desk, day_site: OwnSite, watch: Watch) -> None:
    desk, page = day_desk, day_desk.page
    page.clock.install()  # it runs ahead of the server's, which the page takes for a gift of time now and then
    sitting = open_day(desk, day_site, Day([DayBlock(PLAIN, 600)], is_proctored=True))
    into_block_1(desk)
    day_site.proctor("message", sitting, text="Ten minutes are enough.")
    _hears(desk)
    expect(page.locator("#notices")).to_contain_text("Message from the proctor: Ten minutes are enough.")
    desk.press("Escape")
    expect(page.locator("#notices")).not_to_contain_text("Ten minutes")
    desk.press("Alt+m")
    expect(page.locator("#messages-list")).to_contain_text("Ten minutes are enough.")
    desk.press("Escape")
    day_site.proctor("suspend", sitting, reason="A fire drill")
    _hears(desk)
    desk.at_heading("The proctor has stopped the clock")
    expect(page.locator("#page")).to_contain_text("Reason: A fire drill")
    expect(page.locator("#stem")).to_have_count(0)
    day_site.proctor("reopen", sitting, reason="It was a drill")
    _hears(desk)
    desk.at_item(1)
    day_site.proctor("grant", sitting, seconds=300, reason="For the drill")
    _hears(desk)
    expect(page.locator("#notices")).to_contain_text(re.compile(r"You were given more time\. Left in this block: 1[345]:"))
    day_site.proctor("void", sitting, reason="The wrong room")
    _hears(desk)
    desk.at_heading("The proctor has made this sitting void")


def _hears(desk: Desk) -> None:
    """Let the time pass after which the page asks what the proctor did. It asks nothing while it has something to send."""
    desk.all_saved()
    with desk.page.expect_response(re.compile("/pulse$"), timeout=SENT_MS):
        desk.page.clock.run_for(21_000)


@pytest.mark.slow
def test_reader_safe_says_nothing_by_itself_and_everything_when_asked(day_desk: Desk, day_site: OwnSite) -> None:
    desk, page = day_desk, day_desk.page
    open_day(desk, day_site, Day([DayBlock(PLAIN)]))
    into_block_1(desk)
    desk.press("Alt+t")
    page.get_by_label("Reader-safe").check()
    desk.press("Escape")
    expect(page.locator("html")).to_have_attribute("data-reader", "safe")
    expect(page.locator("#saved")).not_to_have_attribute("role", "status")
    desk.press("2")  # left to the screen reader
    desk.all_saved()
    assert desk.chosen() == []
    page.locator("#options input").nth(1).press("Space")
    desk.expect_chosen("B")
    desk.press("Alt+i")
    expect(page.locator("#said")).to_contain_text("Block 1 of 1. Item 1 of 2. Answered: 1 of 2. Flagged: 0. Time left: ")
    desk.press("Alt+l")
    expect(page.locator("#labs:modal")).to_be_visible()
    desk.press("Escape")
    desk.all_saved()
    page.reload()
    expect(page.locator("html")).to_have_attribute("data-reader", "safe")
    desk.press("Alt+g")
    desk.at_item(2)
