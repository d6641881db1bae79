"""The breaks of a day in the player: those that stand in the form, and a bank that is overrun. The server's clock and the
page's are moved together."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import BrowserContext, expect

from tests.browser.day_content import NUMBER
from tests.browser.desk import OFFLINE, ClockSite, Desk, OwnSite, Watch
from tests.browser.walk import into_block_1, let_pass, open_day
from tests.support.day import Day, DayBlock

pytestmark = pytest.mark.slow

PLAIN = ("renal-0101", "renal-0102")


def _day_with_break(seconds: int | None, *, is_counted: bool = False) -> Day:
    blocks = [DayBlock(PLAIN, 600, pause=(seconds, is_counted)), DayBlock((NUMBER,), 180)]
    return Day(blocks, break_s=60, is_unused_kept=False)


def _to_the_break(desk: Desk, site: ClockSite, day: Day) -> None:
    open_day(desk, site, day)
    into_block_1(desk)
    desk.end_block()
    desk.at_heading("Block 1 has ended")
    desk.settle()


def _go_on(desk: Desk) -> None:
    desk.press("Enter")
    desk.at_item(1)
    desk.all_saved()


def test_a_fixed_break_is_counted_down_and_ending_it_early_costs_and_gains_nothing(
    clock_desk: Desk, clock_site: ClockSite
) -> None:
    desk, page = clock_desk, clock_desk.page
    _to_the_break(desk, clock_site, _day_with_break(120))
    desk.expect_count("fixed", 95, 120)
    desk.expect_count("break", 57, 60)
    expect(page.locator("#page")).to_contain_text("This break costs nothing and can be ended early.")
    let_pass(desk, clock_site, 30)
    desk.expect_count("fixed", 55, 90)
    desk.expect_count("break", 57, 60)
    desk.press("Alt+p")  # says that it is a break, and changes nothing of its time
    desk.at_heading("Break")
    desk.expect_count("fixed", 50, 90)
    _go_on(desk)
    assert 57 <= desk.seconds("break_ms") <= 60
    assert 165 <= desk.seconds("remaining_ms") <= 180


@pytest.mark.slow
def test_a_fixed_break_is_counted_down_without_network_too(
    clock_desk: Desk, clock_site: ClockSite, context: BrowserContext, watch: Watch
) -> None:
    watch.allow(OFFLINE)
    desk = clock_desk
    open_day(desk, clock_site, _day_with_break(120))
    into_block_1(desk)
    context.set_offline(True)
    desk.end_block()
    desk.at_heading("Block 1 has ended")
    desk.expect_count("fixed", 95, 120)
    desk.expect_count("break", 57, 60)
    let_pass(desk, clock_site, 130)
    desk.expect_count("fixed", 0, 0)
    desk.expect_count("break", 25, 50)
    context.set_offline(False)
    desk.all_saved()


def test_what_goes_beyond_a_fixed_break_is_taken_from_the_bank_and_then_from_the_next_block(
    clock_desk: Desk, clock_site: ClockSite
) -> None:
    desk, page = clock_desk, clock_desk.page
    _to_the_break(desk, clock_site, _day_with_break(120))
    let_pass(desk, clock_site, 120)
    desk.expect_count("fixed", 0, 0)
    desk.expect_count("break", 30, 60)
    expect(page.locator("#overrun")).to_be_hidden()
    let_pass(desk, clock_site, 90)
    expect(page.locator("#overrun")).to_have_text(
        re.compile(r".*over its time by [01]:\d\d\. .*: block 2 has 2:[0-3]\d instead of 3:00\.")
    )
    _go_on(desk)
    desk.expect_timer(110, 150)
    assert desk.seconds("break_ms") == 0
    assert 110 <= desk.seconds("remaining_ms") <= 150


@pytest.mark.slow
def test_a_fixed_break_without_an_end_costs_nothing_however_long_it_lasts(clock_desk: Desk, clock_site: ClockSite) -> None:
    desk, page = clock_desk, clock_desk.page
    _to_the_break(desk, clock_site, _day_with_break(None))
    expect(page.locator("#page")).to_contain_text("This break costs nothing, however long it lasts.")
    let_pass(desk, clock_site, 3600)
    desk.expect_count("break", 57, 60)
    expect(page.locator("#overrun")).to_be_hidden()
    _go_on(desk)
    assert 57 <= desk.seconds("break_ms") <= 60
    assert 165 <= desk.seconds("remaining_ms") <= 180


@pytest.mark.slow
def test_a_fixed_break_that_is_counted_runs_on_the_bank(clock_desk: Desk, clock_site: ClockSite) -> None:
    desk, page = clock_desk, clock_desk.page
    _to_the_break(desk, clock_site, _day_with_break(120, is_counted=True))
    expect(page.locator("[data-count=fixed]")).to_have_count(0)
    expect(page.locator("#page")).to_contain_text("All time between blocks counts")
    let_pass(desk, clock_site, 20)
    desk.expect_count("break", 15, 40)
    _go_on(desk)
    assert 10 <= desk.seconds("break_ms") <= 40


def test_an_overrun_break_is_taken_from_the_next_block_and_what_that_lacks_from_the_one_after(
    clock_desk: Desk, clock_site: ClockSite
) -> None:
    desk, page = clock_desk, clock_desk.page
    blocks = [DayBlock(PLAIN, 600), DayBlock((NUMBER,), 180), DayBlock(("renal-0103",), 180), DayBlock(("renal-0104",), 180)]
    _to_the_break(desk, clock_site, Day(blocks, break_s=30, is_unused_kept=False))
    let_pass(desk, clock_site, 100)
    said = page.locator("#overrun")
    expect(said).to_have_text(re.compile(r".*by 1:[1-3]\d\. .*: block 2 has 1:[34]\d instead of 3:00\.|.* 1:50 instead .*"))
    _go_on(desk)
    desk.expect_timer(80, 110)
    assert 75 <= desk.seconds("remaining_ms") <= 110
    desk.end_block()
    desk.at_heading("Block 2 has ended")
    desk.all_saved()
    let_pass(desk, clock_site, 240)  # the whole of block 3 and a minute of block 4
    expect(said).to_have_text(re.compile(r".*: block 3 has 0:00 instead of 3:00\."))
    desk.press("Enter")
    desk.at_heading("Block 3 has ended")  # it had no time left
    expect(page.locator("#page")).to_contain_text("Next: block 4 of 4.")
    desk.all_saved()
    _go_on(desk)
    desk.expect_timer(75, 120)
    assert 70 <= desk.seconds("remaining_ms") <= 120


@pytest.mark.slow
def test_a_break_that_is_longer_than_all_that_follows_ends_the_day(clock_desk: Desk, clock_site: ClockSite) -> None:
    desk, page = clock_desk, clock_desk.page
    _to_the_break(desk, clock_site, Day([DayBlock(PLAIN, 600), DayBlock((NUMBER,), 180)], break_s=30, is_unused_kept=False))
    desk.settle()
    let_pass(desk, clock_site, 30 + 180 + 1)
    desk.at_heading("The day has ended")
    expect(page.get_by_role("link", name="Open the report")).to_be_visible()
    expect(page.locator("#notices")).to_be_hidden()
    assert desk.state()["state"] == "finished"


@pytest.mark.slow
def test_a_break_that_is_overrun_says_so_and_what_it_costs(day_desk: Desk, day_site: OwnSite) -> None:
    desk, page = day_desk, day_desk.page
    page.clock.install()
    open_day(desk, day_site, Day([DayBlock(PLAIN, 60), DayBlock((NUMBER,), 180)], break_s=30))
    into_block_1(desk)
    desk.end_block()
    desk.at_heading("Block 1 has ended")
    desk.settle()
    expect(page.locator("#overrun")).to_be_hidden()
    page.clock.pause_at(page.evaluate("Date.now() / 1000 + 1"))  # so that the two figures are of one moment
    page.clock.fast_forward(100_000)  # the bank held 30 s and at most the 60 s of block 1
    expect(page.locator("[data-count=break]")).to_have_text(re.compile(r"^−0:[1-5]\d$"))
    over_s = int(page.locator("[data-count=break]").inner_text().removeprefix("−0:"))
    by = f"0:({over_s}|{over_s + 1})"  # a second that has begun counts here, and there not yet
    left = f"2:{60 - over_s:02d}"
    said = rf"over its time by {by}\. This is taken from the blocks that follow: block 2 has {left} instead of 3:00\."
    expect(page.locator("#overrun")).to_have_text(re.compile(f".*{said}"))
