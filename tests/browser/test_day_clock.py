"""The clocks of a day in the player: one over all blocks, a compressed one, and one that the candidate stops. The server's
clock and the page's are moved together."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.day_content import NUMBER
from tests.browser.desk import OFFLINE, ClockSite, Desk, OwnSite, Watch
from tests.browser.walk import into_block_1, let_pass, open_day
from tests.support.day import Day, DayBlock

pytestmark = pytest.mark.slow

PLAIN = ("renal-0101", "renal-0102")
THREE = (DayBlock(PLAIN, None), DayBlock(("renal-0103",), None), DayBlock(("renal-0104",), None))


def test_one_clock_over_all_blocks_carries_on_and_ends_the_day(clock_desk: Desk, clock_site: ClockSite) -> None:
    desk, page = clock_desk, clock_desk.page
    open_day(desk, clock_site, Day(THREE, break_s=None, limit_s=600))
    expect(page.locator("#page")).to_contain_text("One clock of 10:00 runs over all blocks and the breaks between them.")
    expect(page.locator("#page")).not_to_contain_text("no clock")
    into_block_1(desk)
    desk.expect_timer(570, 600)
    let_pass(desk, clock_site, 120)
    desk.expect_timer(450, 480)
    desk.press("2")
    desk.end_block()
    desk.at_heading("Block 1 has ended")
    expect(page.locator("#page")).to_contain_text("One clock runs over all blocks and the breaks between them.")
    let_pass(desk, clock_site, 60)
    desk.expect_count("break", 390, 420)
    desk.press("Enter")
    desk.at_item(1)
    desk.all_saved()
    desk.expect_timer(380, 420)
    assert 380 <= desk.seconds("remaining_ms") <= 420
    desk.press("3")
    desk.all_saved()
    let_pass(desk, clock_site, 421)
    desk.at_heading("The day has ended")
    expect(page.get_by_role("link", name="Open the report")).to_be_visible()
    expect(page.locator("#notices")).to_be_hidden()
    state = desk.state()
    assert (state["state"], state["blocks_closed"]) == ("finished", 2)
    assert desk.answered() == [PLAIN[0], "renal-0103"]


@pytest.mark.slow
def test_one_clock_that_is_used_up_between_blocks_ends_the_day(clock_desk: Desk, clock_site: ClockSite) -> None:
    desk, page = clock_desk, clock_desk.page
    open_day(desk, clock_site, Day(THREE, break_s=None, limit_s=600))
    into_block_1(desk)
    desk.end_block()
    desk.at_heading("Block 1 has ended")
    desk.all_saved()
    let_pass(desk, clock_site, 601)
    desk.at_heading("The day has ended")
    expect(page.get_by_role("link", name="Open the report")).to_be_visible()
    expect(page.locator("#notices")).to_be_hidden()
    assert desk.state()["state"] == "finished"


@pytest.mark.slow
def test_one_clock_that_is_used_up_without_network_ends_the_day_on_the_page_too(
    clock_desk: Desk, clock_site: ClockSite, context: BrowserContext, watch: Watch
) -> None:
    watch.allow(OFFLINE)
    desk, page = clock_desk, clock_desk.page
    open_day(desk, clock_site, Day(THREE, break_s=None, limit_s=600))
    into_block_1(desk)
    context.set_offline(True)
    desk.press("4")
    desk.expect_chosen("D")
    let_pass(desk, clock_site, 601)
    desk.at_heading("The day has ended")
    expect(page.locator("#ended")).to_contain_text("to send")
    context.set_offline(False)
    expect(page.locator("#ways")).to_be_visible()
    state = desk.state()
    assert (state["state"], state["blocks_closed"]) == ("finished", 1)
    assert desk.answered() == [PLAIN[0]]


@pytest.mark.slow
def test_a_stopped_clock_goes_on_by_itself_when_the_time_for_it_is_used(clock_desk: Desk, clock_site: ClockSite) -> None:
    desk, page = clock_desk, clock_desk.page
    open_day(desk, clock_site, Day([DayBlock(PLAIN, 600)], stop_clock_s=60))
    into_block_1(desk)
    desk.press("Alt+p")
    desk.at_heading("The clock is stopped")
    expect(page.locator("#stem")).to_have_count(0)
    expect(page.locator("#options")).to_have_count(0)
    expect(page.locator("#page")).to_contain_text(re.compile(r"Left in the block: (9:[345]\d|10:00)\."))
    desk.all_saved()
    let_pass(desk, clock_site, 90)  # thirty seconds more than there are
    desk.at_item(1)
    desk.all_saved()
    desk.expect_timer(530, 570)
    assert desk.state()["state"] == "in_block"
    assert 525 <= desk.seconds("remaining_ms") <= 570
    assert desk.seconds("stop_clock_ms") == 0
    desk.press("Alt+p")
    expect(page.locator("#said")).to_have_text("The clock can't be stopped inside a block here.")


@pytest.mark.slow
def test_a_stopped_clock_goes_on_by_itself_without_network_too(
    clock_desk: Desk, clock_site: ClockSite, context: BrowserContext, watch: Watch
) -> None:
    watch.allow(OFFLINE)
    desk, page = clock_desk, clock_desk.page
    open_day(desk, clock_site, Day([DayBlock(PLAIN, 600)], stop_clock_s=60))
    into_block_1(desk)
    context.set_offline(True)
    desk.press("Alt+p")
    desk.at_heading("The clock is stopped")
    expect(page.locator("#stem")).to_have_count(0)
    let_pass(desk, clock_site, 90)
    desk.at_item(1)
    desk.expect_timer(530, 570)
    desk.press("2")
    desk.expect_chosen("B")
    context.set_offline(False)
    desk.all_saved()
    expect(page.locator("#notices")).to_be_hidden()
    desk.expect_timer(500, 570)
    state = desk.state()
    assert (state["state"], state["stop_clock_ms"]) == ("in_block", 0)
    assert desk.answered() == [PLAIN[0]]
    assert 500 <= desk.seconds("remaining_ms") <= 570


@pytest.mark.slow
def test_a_stopped_clock_does_not_go_on_twice_after_a_reload_without_network(
    clock_desk: Desk, clock_site: ClockSite, context: BrowserContext, watch: Watch
) -> None:
    watch.allow(OFFLINE)
    desk, page = clock_desk, clock_desk.page
    page.evaluate("() => navigator.serviceWorker.ready.then(() => undefined)")
    open_day(desk, clock_site, Day([DayBlock(PLAIN, 600)], stop_clock_s=60))
    into_block_1(desk)
    desk.press("Alt+p")
    desk.at_heading("The clock is stopped")
    desk.settle()
    context.set_offline(True)
    let_pass(desk, clock_site, 40)
    page.reload()
    desk.expect_count("stop", 1, 20)
    let_pass(desk, clock_site, 21)
    desk.at_item(1)
    desk.expect_timer(550, 600)
    context.set_offline(False)
    desk.all_saved()
    assert desk.state()["state"] == "in_block"


def test_a_stopped_clock_hides_the_items_and_goes_on_where_it_stood(day_desk: Desk, day_site: OwnSite) -> None:
    desk, page = day_desk, day_desk.page
    open_day(desk, day_site, Day([DayBlock(PLAIN)], stop_clock_s=120))
    into_block_1(desk)
    desk.press("Alt+p")
    desk.at_heading("The clock is stopped")
    expect(page.locator("#stem")).to_have_count(0)
    expect(page.locator("[data-count=stop]")).to_have_text(re.compile(r"^(2:00|1:[0-5][0-9])$"))
    desk.all_saved()
    assert desk.state()["state"] == "paused"
    page.reload()
    desk.at_heading("The clock is stopped")
    desk.press("Enter")
    desk.at_item(1)
    desk.all_saved()
    assert desk.state()["state"] == "in_block"


def test_a_compressed_clock_warns_at_the_same_share_of_the_block(day_desk: Desk, day_site: OwnSite) -> None:
    desk, page = day_desk, day_desk.page
    page.clock.install()
    open_day(desk, day_site, Day([DayBlock(PLAIN, 180), DayBlock((NUMBER,), 180)], pace=10))
    into_block_1(desk)
    page.clock.pause_at(page.evaluate("Date.now() / 1000 + 1"))  # however slow the computer is, no other time passes
    expect(page.locator("#time")).to_have_text(re.compile(r"^2:\d\d$"))
    left_s = 120 + int(page.locator("#time").inner_text().removeprefix("2:"))
    _jump(page, left_s - 29)  # 29 s left, as five minutes of thirty
    expect(page.locator("#notices")).to_contain_text("As on the day with minutes left: 5. On this clock: 0:")
    expect(page.locator("#said")).to_contain_text("As on the day with minutes left: 5.")
    _jump(page, 24)  # 5 s left, as one minute of thirty is 6 s
    expect(page.locator("#notices")).to_contain_text("As on the day with minutes left: 1.")
    _jump(page, 6)
    desk.at_heading("The time is up, and the block has ended")


def _jump(page: Page, seconds: int) -> None:
    """On a clock that stands; what is said comes with the next picture of the screen, for which it goes on a little."""
    page.clock.fast_forward(seconds * 1000)
    page.clock.run_for(50)


@pytest.mark.slow
def test_time_that_a_proctor_gave_and_the_page_has_not_heard_of_is_not_cut_off(clock_desk: Desk, clock_site: ClockSite) -> None:
    desk, page = clock_desk, clock_desk.page
    sitting = open_day(desk, clock_site, Day([DayBlock(PLAIN, 600)], is_proctored=True))
    into_block_1(desk)
    clock_site.proctor("grant", sitting, seconds=300, reason="A fire drill")
    let_pass(desk, clock_site, 601)  # by what the page knows, the time is up
    desk.at_item(1)
    desk.expect_timer(250, 300)
    desk.press("2")
    desk.all_saved()
    assert (desk.state()["state"], desk.answered()) == ("in_block", [PLAIN[0]])
    let_pass(desk, clock_site, 301)
    desk.at_heading("The day has ended")
    expect(page.locator("#ways")).to_be_visible()
    assert desk.state()["state"] == "finished"
    clock_site.proctor("void", sitting, reason="It was a test")  # no proctored day stays with the learner
