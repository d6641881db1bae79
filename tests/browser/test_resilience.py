"""What a person did is never lost: a reload, no network, a dead server, another tab, the end of the time."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.desk import OFFLINE, Desk, OwnSite, Watch


@pytest.mark.slow
def test_a_reload_in_the_middle_finds_everything_as_it_was(desk: Desk) -> None:
    page = desk.page
    desk.begin(items=4, system="cardiovascular")
    desk.press("2", "u", "Enter", "3", "Enter")
    desk.at_item(3)
    desk.press("Alt+f", "ArrowDown", "Alt+x", "Alt+n")
    page.keyboard.type("Ask about the second substance")
    desk.press("Escape")
    expect(page.locator("#options li").first).to_have_class(re.compile("is-struck"))
    desk.all_saved()
    page.reload()
    desk.at_item(3)
    expect(page.locator("#flag")).to_have_attribute("aria-pressed", "true")
    expect(page.locator("#options li").first).to_have_class(re.compile("is-struck"))
    expect(page.locator("#note")).to_have_value("Ask about the second substance")
    desk.press("ArrowLeft")
    desk.at_item(2)
    desk.expect_chosen("C")
    desk.press("ArrowLeft")
    desk.at_item(1)
    desk.expect_chosen("B")
    expect(page.get_by_role("button", name="Unsure")).to_have_attribute("aria-pressed", "true")


@pytest.mark.slow
def test_highlights_by_selection_and_by_sentence_stay(desk: Desk) -> None:
    page = desk.page
    desk.begin(items=1, system="cardiovascular", competency="diagnosis", discipline="pathology")
    page.evaluate(
        """() => {
          const text = document.querySelector("#stem p").firstChild;
          getSelection().setBaseAndExtent(text, 2, text, 13);
        }"""
    )
    desk.press("Alt+h")
    expect(page.locator("#stem mark")).to_have_text(["31-year-old"])
    desk.press("Alt+h")
    page.get_by_label("This is the second one.").check()
    page.get_by_role("button", name="Done").click()
    expect(page.locator("#stem mark")).to_have_text(["31-year-old", "This is the second one."])
    desk.all_saved()
    page.reload()
    expect(page.locator("#stem mark")).to_have_text(["31-year-old", "This is the second one."])
    desk.press("Alt+h")
    page.get_by_label("This is the second one.").uncheck()
    expect(page.locator("#stem mark")).to_have_text(["31-year-old"])


def test_answers_given_without_network_wait_on_this_computer_and_are_sent_when_it_is_back(
    desk: Desk, context: BrowserContext, watch: Watch
) -> None:
    watch.allow(OFFLINE)
    desk.begin(items=4, system="renal")
    desk.press("1")
    desk.expect_chosen("A")
    desk.all_saved()
    context.set_offline(True)
    desk.press("Enter", "2", "Enter", "3")
    desk.expect_chosen("C")
    expect(desk.page.locator("#saved")).to_contain_text("Saved on this computer, 4 to send. No network")
    context.set_offline(False)
    desk.all_saved()
    answers = desk.state()["answers"]
    assert isinstance(answers, dict)
    assert sorted(answer["choice"] for answer in answers.values()) == [["A"], ["B"], ["C"]]


def test_a_reload_without_network_goes_on_from_this_computer(desk: Desk, context: BrowserContext, watch: Watch) -> None:
    watch.allow(OFFLINE)
    page = desk.page
    desk.begin(items=4, system="renal")
    desk.press("1")
    desk.expect_chosen("A")
    desk.all_saved()
    page.evaluate("() => navigator.serviceWorker.ready.then(() => undefined)")
    page.reload()  # through the service worker, which keeps the page
    desk.at_item(1)
    desk.all_saved()
    context.set_offline(True)
    desk.press("Enter", "2")
    desk.waits(2)
    page.reload()
    desk.at_item(2)
    desk.expect_chosen("B")
    desk.press("Enter", "4")
    desk.expect_chosen("D")
    context.set_offline(False)
    desk.all_saved()
    answers = desk.state()["answers"]
    assert isinstance(answers, dict)
    assert sorted(answer["choice"] for answer in answers.values()) == [["A"], ["B"], ["D"]]


@pytest.mark.slow
def test_a_block_ended_without_network_opens_its_report_when_the_network_is_back(
    desk: Desk, context: BrowserContext, watch: Watch
) -> None:
    watch.allow(OFFLINE)
    page = desk.page
    desk.begin(items=2, system="renal")
    context.set_offline(True)
    desk.press("2", "Enter", "2", "Enter", "Enter")
    page.locator("#end-yes").click()
    expect(page.locator("#ended")).to_contain_text("to send. They are sent when the network is back")
    context.set_offline(False)
    page.wait_for_url("**/report/**")
    expect(page.locator(".lead")).to_contain_text("2 of 2 right")


@pytest.mark.slow
def test_in_tutor_mode_without_network_the_answer_locks_and_the_explanation_follows(
    desk: Desk, context: BrowserContext, watch: Watch
) -> None:
    watch.allow(OFFLINE)
    page = desk.page
    desk.begin(items=2, mode="tutor", system="renal")
    context.set_offline(True)
    desk.press("2", "Enter")
    expect(page.locator("#verdict")).to_have_text("Your answer is kept. The explanation comes with the network.")
    expect(page.locator("#options input")).to_have_count(0)
    context.set_offline(False)
    expect(page.locator("#verdict")).to_have_text("Right. The key is B.")


def test_a_server_killed_in_the_middle_of_a_block_loses_nothing(page: Page, own_site: OwnSite, watch: Watch) -> None:
    watch.allow(OFFLINE)
    desk = Desk(page, own_site.base)
    desk.begin(items=4, system="renal")
    desk.press("1", "Enter", "2")
    desk.at_item(2)
    desk.expect_chosen("B")
    desk.all_saved()
    own_site.kill()
    desk.press("Enter", "3", "Alt+f")
    desk.waits(3)
    own_site.start()
    desk.all_saved()
    desk.page.reload()
    desk.at_item(3)
    desk.expect_chosen("C")
    expect(desk.page.locator("#flag")).to_have_attribute("aria-pressed", "true")
    answers = desk.state()["answers"]
    assert isinstance(answers, dict)
    assert sorted(answer["choice"] for answer in answers.values()) == [["A"], ["B"], ["C"]]


def test_a_second_tab_takes_over_and_the_first_says_so(desk: Desk, context: BrowserContext) -> None:
    desk.begin(items=4, system="renal")
    desk.press("1", "Enter")
    desk.at_item(2)
    desk.all_saved()
    other = Desk(context.new_page(), desk.base)
    other.go(f"/sit/{desk.sitting}")
    other.at_item(2)
    expect(desk.page.get_by_role("heading", name="This block goes on in another tab")).to_be_visible()
    other.press("3")
    other.expect_chosen("C")
    other.all_saved()
    desk.page.get_by_role("button", name="Continue here instead").click()
    desk.at_item(2)
    desk.expect_chosen("C")
    expect(other.page.get_by_role("heading", name="This block goes on in another tab")).to_be_visible()


@pytest.mark.slow
def test_another_computer_takes_over_and_the_first_says_so(desk: Desk, watch: Watch, context: BrowserContext) -> None:
    watch.allow("409")  # the browser's own line for the refused call
    desk.begin(items=4, system="renal")
    desk.press("1")
    desk.expect_chosen("A")
    desk.all_saved()
    assert context.browser is not None
    elsewhere = context.browser.new_context()
    other = Desk(elsewhere.new_page(), desk.base)
    other.go(f"/sit/{desk.sitting}")
    other.at_item(1)
    other.expect_chosen("A")
    other.press("4")
    other.expect_chosen("D")
    other.all_saved()
    desk.press("2")
    expect(desk.page.get_by_role("heading", name="another computer")).to_be_visible()
    answers = desk.state()["answers"]
    assert isinstance(answers, dict)
    assert [answer["choice"] for answer in answers.values()] == [["D"]]
    elsewhere.close()


@pytest.mark.slow
def test_the_clock_warns_politely_and_ends_the_block(desk: Desk) -> None:
    page = desk.page
    page.clock.install()
    desk.begin(items=4, system="renal")
    expect(page.locator("#time")).to_have_text(re.compile(r"^[56]:\d\d$"))
    desk.press("2")
    desk.expect_chosen("B")
    page.locator("#timer").click()
    expect(page.locator("#time")).to_have_text("Clock hidden")
    desk.all_saved()
    page.clock.fast_forward(61_000)
    expect(page.locator("#said")).to_have_text("Minutes left: 5")
    expect(page.locator("#notices")).to_contain_text("Minutes left: 5")
    page.clock.fast_forward(240_000)
    expect(page.locator("#said")).to_have_text("Minutes left: 1")
    expect(page.locator("#notices > li")).to_have_count(1)
    page.clock.fast_forward(61_000)
    page.wait_for_url("**/report/**")
    expect(page.locator(".lead")).to_contain_text("of 4 right")


@pytest.mark.slow
def test_the_calculator_and_the_reference_values_answer(desk: Desk) -> None:
    page = desk.page
    desk.begin(items=1)
    desk.press("Alt+c")
    page.keyboard.type("(140-100)/2^2+√16")
    expect(page.locator("#result")).to_have_text("14")
    desk.press("Escape")
    expect(page.locator("#calculator")).to_be_hidden()
    desk.press("Alt+l")
    page.keyboard.type("sodium")
    expect(page.locator("#labs-rows")).to_contain_text("136–146 mEq/L")
    page.get_by_label("SI units").check()
    expect(page.locator("#labs-rows")).to_contain_text("136–146 mmol/L")
    desk.press("Escape")
    expect(page.locator("#labs")).to_be_hidden()
