"""A whole day in the player: its clock and breaks, each kind of item, and that nothing of it is lost."""

from __future__ import annotations

import json
import re
from pathlib import Path

from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.day_content import MANY, NUMBER, PARTS, PICTURE, SHARED, SOUND
from tests.browser.desk import OFFLINE, Desk, OwnSite, Watch, confirm
from tests.support.day import Day, DayBlock

PLAIN = ("renal-0101", "renal-0102")
EVERY_KIND = (*PARTS, NUMBER, *SHARED, PICTURE, SOUND, MANY)


def _open(desk: Desk, site: OwnSite, day: Day) -> str:
    sitting = site.make_day(day)
    desk.go(f"/sit/{sitting}")
    desk.page.locator("#go").wait_for()
    return sitting


def _into_block_1(desk: Desk) -> None:
    desk.press("Enter")
    desk.page.locator("#stem").wait_for()
    desk.all_saved()
    desk.page.wait_for_load_state("networkidle")  # the server has told what it knows of the time


def test_a_compressed_day_is_sat_by_the_keyboard_alone(day_desk: Desk, day_site: OwnSite) -> None:
    desk, page = day_desk, day_desk.page
    blocks = [DayBlock(PLAIN, 180), DayBlock(EVERY_KIND, 180)]
    sitting = _open(desk, day_site, Day(blocks, pace=10, tutorial_s=60, break_s=60))
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


def test_a_day_loses_nothing_though_the_network_is_cut_twice_and_the_server_killed(
    page: Page, own_day_site: OwnSite, context: BrowserContext, watch: Watch
) -> None:
    watch.allow(OFFLINE)
    desk = Desk(page, own_day_site.base)
    desk.skip_the_questions()
    _open(desk, own_day_site, Day([DayBlock((*PLAIN, NUMBER), 1800), DayBlock((*PARTS, PICTURE), 1800)]))
    _into_block_1(desk)
    context.set_offline(True)
    desk.press("2", "Enter", "3", "Alt+f", "Enter")
    page.locator("#value").fill("-1.5")
    desk.waits(6)
    desk.end_block()
    desk.at_heading("Block 1 has ended")
    expect(page.locator("[data-count=break]")).to_have_text(re.compile(r"^39:[0-5][0-9]$"))
    context.set_offline(False)
    desk.all_saved()
    desk.press("Enter")
    desk.at_item(1)
    desk.press("4")
    desk.all_saved()
    own_day_site.kill()
    desk.press("Enter")
    confirm(page, "#move-on-yes")
    expect(page.locator(".part")).to_contain_text("it stays as it is")
    desk.press("Enter")  # past the parts that are not here yet
    desk.at_item(4)
    desk.press("1")
    desk.expect_chosen("A")
    own_day_site.start()
    desk.all_saved()
    desk.to_item(2)
    desk.press("1")
    desk.all_saved()
    context.set_offline(True)
    desk.press("2")
    page.reload()
    desk.at_item(2)
    desk.expect_chosen("B")
    desk.end_block()
    desk.at_heading("The day has ended")
    context.set_offline(False)
    expect(page.locator("#ways")).to_be_visible()
    answers = desk.state()["answers"]
    assert isinstance(answers, dict)
    given = {item: answer["value"] or answer["choice"] for item, answer in answers.items()}
    assert given == {PLAIN[0]: ["B"], PLAIN[1]: ["C"], NUMBER: "-1.5", PARTS[0]: ["D"], PARTS[1]: ["B"], PICTURE: ["A"]}


def test_a_copy_saved_without_network_holds_what_the_server_lacks(
    day_desk: Desk, day_site: OwnSite, context: BrowserContext, watch: Watch, tmp_path: Path
) -> None:
    watch.allow(OFFLINE)
    desk, page = day_desk, day_desk.page
    sitting = _open(desk, day_site, Day([DayBlock(PLAIN)]))
    _into_block_1(desk)
    desk.press("1")
    desk.expect_chosen("A")
    desk.all_saved()
    last_seq = desk.state()["last_seq"]
    context.set_offline(True)
    desk.press("3", "Enter", "4")
    desk.waits(3)
    with page.expect_download() as caught:
        desk.press("Alt+s")
    caught.value.save_as(tmp_path / "copy.json")
    copy = json.loads((tmp_path / "copy.json").read_text(encoding="utf-8"))
    assert (copy["format"], copy["sitting"]) == ("bedside-events/1", sitting)
    [writer] = copy["writers"]
    assert isinstance(last_seq, dict)
    seen = last_seq[writer["writer"]]
    assert [(event["seq"], event["type"]) for event in writer["events"]] == [
        (seen + 1, "answered"),
        (seen + 2, "item_shown"),
        (seen + 3, "answered"),
    ]
    assert [event["fields"].get("choice") for event in writer["events"]] == [["C"], None, ["D"]]
    assert all(event["elapsed_ms"] >= 0 and event["sync"] >= 0 for event in writer["events"])
    expect(page.locator("#notices")).to_contain_text("A copy is saved with what the server lacks: 3.")
    context.set_offline(False)
    desk.all_saved()


def test_pictures_of_an_open_block_are_there_without_network(
    day_desk: Desk, day_site: OwnSite, context: BrowserContext, watch: Watch
) -> None:
    watch.allow(OFFLINE)
    desk, page = day_desk, day_desk.page
    page.evaluate("() => navigator.serviceWorker.ready.then(() => undefined)")
    _open(desk, day_site, Day([DayBlock((PLAIN[0], PICTURE, SOUND))]))
    _into_block_1(desk)
    page.wait_for_function("() => caches.open('bedside-media').then((cache) => cache.keys()).then((keys) => keys.length === 2)")
    context.set_offline(True)
    desk.press("Enter")
    desk.at_item(2)
    page.wait_for_function("() => document.querySelector('.exhibit img').naturalWidth > 0")
    desk.press("Enter")
    desk.at_item(3)
    page.wait_for_function("() => document.querySelector('.exhibit audio').duration > 1")
    context.set_offline(False)
    desk.all_saved()
    desk.end_block()
    desk.at_heading("The day has ended")
    page.wait_for_function("() => caches.open('bedside-media').then((cache) => cache.keys()).then((keys) => keys.length === 0)")


def test_a_stopped_clock_hides_the_items_and_goes_on_where_it_stood(day_desk: Desk, day_site: OwnSite) -> None:
    desk, page = day_desk, day_desk.page
    _open(desk, day_site, Day([DayBlock(PLAIN)], stop_clock_s=120))
    _into_block_1(desk)
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


def test_a_forward_only_block_locks_what_is_left_and_a_full_time_block_is_not_ended_early(
    day_desk: Desk, day_site: OwnSite
) -> None:
    desk, page = day_desk, day_desk.page
    blocks = [DayBlock((*PLAIN, "renal-0103"), navigation="forward_only"), DayBlock(("renal-0104",), navigation="no_early_end")]
    _open(desk, day_site, Day(blocks))
    _into_block_1(desk)
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
    sitting = _open(desk, day_site, Day([DayBlock(PLAIN, 600)], is_proctored=True))
    _into_block_1(desk)
    day_site.proctor("message", sitting, text="Ten minutes are enough.")
    page.clock.run_for(21_000)
    expect(page.locator("#notices")).to_contain_text("Message from the proctor: Ten minutes are enough.")
    desk.press("Escape")
    expect(page.locator("#notices")).not_to_contain_text("Ten minutes")
    desk.press("Alt+m")
    expect(page.locator("#messages-list")).to_contain_text("Ten minutes are enough.")
    desk.press("Escape")
    day_site.proctor("suspend", sitting, reason="A fire drill")
    page.clock.run_for(21_000)
    desk.at_heading("The proctor has stopped the clock")
    expect(page.locator("#page")).to_contain_text("Reason: A fire drill")
    expect(page.locator("#stem")).to_have_count(0)
    day_site.proctor("reopen", sitting, reason="It was a drill")
    page.clock.run_for(6_000)
    desk.at_item(1)
    day_site.proctor("grant", sitting, seconds=300, reason="For the drill")
    page.clock.run_for(21_000)
    expect(page.locator("#notices")).to_contain_text(re.compile(r"You were given more time\. Left in this block: 1[34]:"))
    day_site.proctor("void", sitting, reason="The wrong room")
    page.clock.run_for(21_000)
    desk.at_heading("The proctor has made this sitting void")


def test_a_compressed_clock_warns_at_the_same_share_of_the_block(day_desk: Desk, day_site: OwnSite) -> None:
    desk, page = day_desk, day_desk.page
    page.clock.install()
    _open(desk, day_site, Day([DayBlock(PLAIN, 180), DayBlock((NUMBER,), 180)], pace=10))
    _into_block_1(desk)
    page.clock.fast_forward(151_000)  # of 180 s: 29 s left, as five minutes of thirty
    expect(page.locator("#notices")).to_contain_text("As on the day with minutes left: 5. On this clock: 0:")
    expect(page.locator("#said")).to_contain_text("As on the day with minutes left: 5.")
    page.clock.fast_forward(24_000)  # 5 s left, as one minute of thirty is 6 s
    expect(page.locator("#notices")).to_contain_text("As on the day with minutes left: 1.")
    page.clock.fast_forward(6_000)
    desk.at_heading("The time is up, and the block has ended")


def test_a_number_typed_right_before_a_crash_is_sent_after_it(day_desk: Desk, day_site: OwnSite) -> None:
    desk, page = day_desk, day_desk.page
    page.clock.install()  # stands still between the keys, so that no pause in the typing is seen
    page.clock.pause_at(page.evaluate("Date.now() + 1000"))
    _open(desk, day_site, Day([DayBlock((NUMBER,))]))
    _into_block_1(desk)
    page.locator("#value").press_sequentially("7.3")
    page.wait_for_function(
        """() => new Promise((done) => {
          const request = indexedDB.open("bedside");
          request.onsuccess = () => {
            const all = request.result.transaction("sittings").objectStore("sittings").getAll();
            all.onsuccess = () => done(all.result.some((model) => Object.values(model.typed).includes("7.3")));
          };
        })"""
    )
    assert desk.state()["answers"] == {}
    page.evaluate("() => document.getElementById('value').remove()")  # as in a crash, the field tells nobody that it is left
    page.reload()
    desk.at_item(1)
    desk.all_saved()
    answers = desk.state()["answers"]
    assert isinstance(answers, dict)
    assert answers[NUMBER]["value"] == "7.3"


def test_a_break_that_is_overrun_says_so_and_what_it_costs(day_desk: Desk, day_site: OwnSite) -> None:
    desk, page = day_desk, day_desk.page
    page.clock.install()
    _open(desk, day_site, Day([DayBlock(PLAIN, 60), DayBlock((NUMBER,), 180)], break_s=30))
    _into_block_1(desk)
    desk.end_block()
    desk.at_heading("Block 1 has ended")
    desk.all_saved()
    page.wait_for_load_state("networkidle")
    expect(page.locator("#overrun")).to_be_hidden()
    page.clock.fast_forward(100_000)  # the bank held 30 s and at most the 60 s of block 1
    expect(page.locator("[data-count=break]")).to_have_text(re.compile(r"^−0:1\d$"))
    said = re.compile(
        r".*over its time by 0:1\d\. This is taken from the blocks that follow: block 2 has 2:(4\d|50) instead of 3:00\."
    )
    expect(page.locator("#overrun")).to_have_text(said)


def test_reader_safe_says_nothing_by_itself_and_everything_when_asked(day_desk: Desk, day_site: OwnSite) -> None:
    desk, page = day_desk, day_desk.page
    _open(desk, day_site, Day([DayBlock(PLAIN)]))
    _into_block_1(desk)
    desk.press("Alt+t")
    page.get_by_label("Reader-safe").check()
    desk.press("Escape")
    expect(page.locator("html")).to_have_attribute("data-reader", "safe")
    expect(page.locator("#saved")).not_to_have_attribute("role", "status")
    desk.press("2")  # left to the screen reader
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


def test_a_browser_that_keeps_nothing_is_told_so_and_can_still_save_a_copy(
    page: Page, day_site: OwnSite, context: BrowserContext, watch: Watch
) -> None:
    watch.allow(OFFLINE)
    page.add_init_script("Object.defineProperty(window, 'indexedDB', {value: {open() { throw new Error('none'); }}})")
    desk = Desk(page, day_site.base)
    desk.skip_the_questions()
    _open(desk, day_site, Day([DayBlock(PLAIN)]))
    expect(page.locator("#page .warning")).to_contain_text("This browser keeps nothing")
    _into_block_1(desk)
    context.set_offline(True)
    desk.press("2")
    expect(page.locator("#saved")).to_contain_text("Not kept on this computer, 1 to send")
    with page.expect_download() as caught:
        page.get_by_role("button", name="Save a copy to a file").click()
    assert json.loads(caught.value.path().read_text(encoding="utf-8"))["writers"][0]["events"][0]["type"] == "answered"
    context.set_offline(False)
    desk.all_saved()
