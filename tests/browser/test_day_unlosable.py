"""Nothing of a day is lost: not without network, not by a crash, not where the browser keeps nothing."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.day_content import NUMBER, PARTS, PICTURE, SOUND
from tests.browser.desk import OFFLINE, Desk, OwnSite, Watch, confirm
from tests.browser.waiting import until
from tests.browser.walk import into_block_1, open_day
from tests.support.day import Day, DayBlock

pytestmark = pytest.mark.slow

PLAIN = ("renal-0101", "renal-0102")
KEPT_MEDIA = "async () => (await (await caches.open('bedside-media')).keys()).length"


@pytest.mark.slow
def test_a_day_loses_nothing_though_the_network_is_cut_twice_and_the_server_killed(
    page: Page, own_day_site: OwnSite, context: BrowserContext, watch: Watch
) -> None:
    watch.allow(OFFLINE)
    desk = Desk(page, own_day_site.base)
    desk.skip_the_questions()
    open_day(desk, own_day_site, Day([DayBlock((*PLAIN, NUMBER), 1800), DayBlock((*PARTS, PICTURE), 1800)]))
    into_block_1(desk)
    context.set_offline(True)
    desk.press("2", "Enter", "3", "Alt+f", "Enter")
    page.locator("#value").fill("-1.5")
    desk.waits(6)
    desk.end_block()
    desk.at_heading("Block 1 has ended")
    expect(page.locator("[data-count=break]")).to_have_text(re.compile(r"^(40:00|39:[0-5][0-9])$"))
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
    desk.expect_chosen("B")  # what shows is kept
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
    sitting = open_day(desk, day_site, Day([DayBlock(PLAIN)]))
    into_block_1(desk)
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
    open_day(desk, day_site, Day([DayBlock((PLAIN[0], PICTURE, SOUND))]))
    into_block_1(desk)
    until(page, f"{KEPT_MEDIA} === 2")
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
    until(page, f"{KEPT_MEDIA} === 0")


def test_a_number_typed_right_before_a_crash_is_sent_after_it(day_desk: Desk, day_site: OwnSite) -> None:
    desk, page = day_desk, day_desk.page
    page.clock.install()  # stands still between the keys, so that no pause in the typing is seen
    page.clock.pause_at(page.evaluate("Date.now() / 1000 + 1"))
    open_day(desk, day_site, Day([DayBlock((NUMBER,))]))
    into_block_1(desk)
    page.locator("#value").press_sequentially("7.3")
    until(
        page,
        """() => new Promise((done) => {
          const request = indexedDB.open("bedside");
          request.onsuccess = () => {
            const all = request.result.transaction("sittings").objectStore("sittings").getAll();
            all.onsuccess = () => done(all.result.some((model) => Object.values(model.typed).includes("7.3")));
          };
        })""",
    )
    assert desk.state()["answers"] == {}
    page.evaluate("() => document.getElementById('value').remove()")  # as in a crash, the field tells nobody that it is left
    page.reload()
    desk.at_item(1)
    desk.all_saved()
    answers = desk.state()["answers"]
    assert isinstance(answers, dict)
    assert answers[NUMBER]["value"] == "7.3"


@pytest.mark.slow
def test_a_browser_that_keeps_nothing_is_told_so_and_can_still_save_a_copy(
    page: Page, day_site: OwnSite, context: BrowserContext, watch: Watch
) -> None:
    watch.allow(OFFLINE)
    page.add_init_script("Object.defineProperty(window, 'indexedDB', {value: {open() { throw new Error('none'); }}})")
    desk = Desk(page, day_site.base)
    desk.skip_the_questions()
    open_day(desk, day_site, Day([DayBlock(PLAIN)]))
    expect(page.locator("#page .warning")).to_contain_text("This browser keeps nothing")
    into_block_1(desk)
    context.set_offline(True)
    desk.press("2")
    expect(page.locator("#saved")).to_contain_text("Not kept on this computer, 1 to send")
    with page.expect_download() as caught:
        page.get_by_role("button", name="Save a copy to a file").click()
    assert json.loads(caught.value.path().read_text(encoding="utf-8"))["writers"][0]["events"][0]["type"] == "answered"
    context.set_offline(False)
    desk.all_saved()
