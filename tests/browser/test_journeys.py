"""Whole journeys by the keyboard alone."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.day_content import NUMBER, PARTS, SHARED
from tests.browser.desk import Desk, OwnSite, Watch
from tests.browser.walk import into_block_1, open_day
from tests.support.day import Day, DayBlock


def test_a_person_sits_twenty_items_by_the_keyboard_alone_and_reads_the_report(page: Page, own_site: OwnSite) -> None:
    desk = Desk(page, own_site.base)
    desk.go("/")
    expect(page.get_by_role("heading", name="Three questions")).to_be_visible()
    page.get_by_role("button", name="Skip all three").focus()
    desk.press("Enter")
    page.wait_for_url(f"{own_site.base}/")
    expect(page.get_by_role("heading", name="Today")).to_be_visible()
    desk.press("g", "p")
    page.wait_for_url("**/practice")
    page.locator("#items").focus()
    page.keyboard.press("Control+a")
    page.keyboard.type("20")
    page.locator("#mode-tutor").focus()
    desk.press("ArrowDown")
    expect(page.locator("#mode-timed")).to_be_checked()
    expect(page.locator("#available")).to_contain_text("Minutes: 30.")
    page.locator("#start").focus()
    desk.press("Enter")
    expect(page.get_by_role("heading", name="20 items in 30 minutes")).to_be_visible()
    desk.press("Enter")
    for n in range(1, 21):
        desk.at_item(n)
        desk.press(str(n % 4 + 1))
        desk.expect_chosen("ABCD"[n % 4])
        desk.press("Enter")
    expect(page.get_by_role("heading", name="Review", exact=True)).to_be_focused()
    expect(page.locator("#page")).to_contain_text("Answered: 20 of 20")
    desk.press("Enter")
    expect(page.locator("#end-yes")).to_be_focused()
    desk.press("Enter")
    page.wait_for_url("**/report/**")

    expect(page.locator(".lead")).to_have_text(
        re.compile(r"of 20 right: \d+%\. Of many items like these you would get between")
    )
    expect(page.locator(".reviewed > li")).to_have_count(20)
    table = page.locator("#table-system")
    expect(table).to_be_hidden()
    desk.press("t")
    expect(table).to_be_visible()
    page.locator(".reviewed summary").first.focus()
    desk.press("Enter")
    expect(page.locator(".reviewed .explanation").first).to_contain_text("SECRET reason")


def test_enter_on_today_goes_on_with_the_open_block_and_then_starts_the_session_of_the_day(
    page: Page, own_site: OwnSite
) -> None:
    desk = Desk(page, own_site.base)
    desk.skip_the_questions()
    sitting = desk.begin(items=3, mode="tutor")
    desk.go("/")
    expect(page.locator(".lead")).to_contain_text("A block is open")
    desk.press("Enter")
    page.wait_for_url(f"**/sit/{sitting}")
    page.locator("#stem").wait_for()
    desk.end()
    desk.press("g", "t")
    page.wait_for_url(f"{own_site.base}/")  # its scripts run by then
    expect(page.locator(".lead")).to_contain_text("Today's session takes about")
    desk.press("Enter")
    page.wait_for_url("**/sit/**")
    expect(page.get_by_role("heading", name=re.compile(r"^\d+ items?, no clock$"))).to_be_visible()


def test_tutor_mode_keeps_the_key_until_the_answer_is_confirmed(desk: Desk, watch: Watch) -> None:
    page = desk.page
    desk.begin(items=3, mode="tutor", system="renal")
    desk.press("2")
    desk.expect_chosen("B")
    desk.press("s", "3")
    desk.expect_chosen("C")
    assert not any("SECRET" in body for _url, body in watch.bodies())
    expect(page.locator("#next")).to_have_text("Confirm answer")
    desk.press("Enter")
    expect(page.locator("#verdict")).to_have_text("Not right. The key is B.")
    expect(page.locator(".explanation")).to_have_count(4)
    expect(page.locator("#revealed")).to_contain_text("SECRET source")
    expect(page.locator("#revealed")).to_contain_text("A draft")
    expect(page.locator("#options input")).to_have_count(0)
    shown = re.findall(r"Choice A of ([a-z]+-\d+)", page.locator("#options").inner_text())
    for url, body in watch.bodies():
        told = set(re.findall(r"SECRET reason A of ([a-z]+-\d+)", body))
        assert told <= set(shown), url
    desk.press("Enter")
    desk.at_item(2)
    desk.press("2", "Enter")
    expect(page.locator("#verdict")).to_have_text("Right. The key is B.")
    desk.press("ArrowLeft")
    desk.at_item(1)
    expect(page.locator("#verdict")).to_have_text("Not right. The key is B.")


@pytest.mark.slow
def test_in_a_timed_block_nothing_that_is_sent_holds_a_key_before_the_end(desk: Desk, watch: Watch) -> None:
    desk.begin(items=4)
    for _ in range(4):
        desk.press("2", "Enter")
    desk.page.get_by_role("heading", name="Review", exact=True).wait_for()
    desk.all_saved()
    bodies = watch.bodies()
    desk.page.reload()
    desk.page.locator("#stem").wait_for()
    desk.all_saved()
    bodies += watch.bodies()
    assert len(bodies) > 8
    for url, body in bodies:
        assert "SECRET" not in body, url
        assert "/api/" not in url or not re.search(r'"(key|is_key|explanation\w*)":', body), url
    desk.end()
    assert "SECRET" in desk.page.content()


@pytest.mark.slow
def test_an_item_with_several_keys_takes_several_options(desk: Desk) -> None:
    page = desk.page
    desk.begin(items=1, mode="tutor", system="blood", competency="management")
    expect(page.get_by_text("More than one option can be right.")).to_be_visible()
    desk.press("1", "2", "3", "2")
    desk.expect_chosen("A", "C")
    desk.press("Enter")
    expect(page.locator("#verdict")).to_have_text("Right. The key is A, C.")


@pytest.mark.slow
def test_letters_choose_while_the_options_have_the_focus_and_arrows_move_without_choosing(desk: Desk) -> None:
    desk.begin(items=2)
    desk.press("ArrowDown", "ArrowDown")
    desk.all_saved()
    assert desk.chosen() == []
    desk.press("d")
    desk.expect_chosen("D")
    desk.press("ArrowUp", "Space")
    desk.expect_chosen("C")
    desk.press("ArrowRight")
    desk.at_item(2)
    desk.press("ArrowLeft")
    desk.at_item(1)
    desk.expect_chosen("C")


@pytest.mark.slow
def test_single_letters_can_be_switched_off(desk: Desk) -> None:
    page = desk.page
    desk.go("/me")
    page.get_by_label("Single letters and numbers are keys").uncheck()
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Saved.")).to_be_visible()
    try:
        desk.press("?")
        expect(page.locator("#keys")).to_be_hidden()
        desk.begin(items=2)
        desk.press("2", "s")
        desk.all_saved()
        assert desk.chosen() == []
        desk.press("ArrowDown", "2")
        desk.expect_chosen("B")
        desk.press("Alt+f")
        expect(page.locator("#flag")).to_have_attribute("aria-pressed", "true")
    finally:
        desk.go("/me")
        page.get_by_label("Single letters and numbers are keys").check()
        page.get_by_role("button", name="Save").click()
        expect(page.get_by_text("Saved.")).to_be_visible()


@pytest.mark.slow
def test_the_form_counts_the_items_that_fit_after_each_choice(desk: Desk) -> None:
    page = desk.page
    desk.go("/practice?step=exam/first&items=20&mode=tutor&state=any")
    expect(page.locator("#available")).to_contain_text("Items that fit: 26.")
    page.locator("#axis-system summary").click()
    page.get_by_label("Blood").check()
    expect(page.locator("#available")).to_contain_text("Items that fit: 5. The block takes all of them.")
    expect(page.get_by_label("Blood")).to_be_focused()
    expect(page.locator("#axis-system")).to_have_attribute("open", "")


def test_a_double_click_on_the_start_makes_one_block(desk: Desk) -> None:
    posts: list[str] = []
    desk.page.on("request", lambda request: posts.append(request.url) if request.method == "POST" else None)
    desk.go("/practice?step=exam/first&items=2&mode=timed&state=any")
    twice = "button => { button.click(); setTimeout(() => button.click(), 50); }"  # quicker than the server answers
    desk.page.locator("#start").evaluate(twice)
    desk.page.locator("#go").wait_for()

    assert [url for url in posts if "/api/" not in url] == [f"{desk.base}/practice"]


@pytest.mark.slow
def test_a_block_with_sets_and_a_number_is_worked_through_with_nothing_but_keys(day_desk: Desk, day_site: OwnSite) -> None:
    desk, page = day_desk, day_desk.page
    open_day(desk, day_site, Day([DayBlock((*PARTS, NUMBER, *SHARED))]))
    into_block_1(desk)
    for n in (1, 2):
        desk.at_item(n)
        desk.press("ArrowDown", "ArrowDown", "Alt+x", "ArrowUp", "Space")
        desk.expect_chosen("A")
        expect(page.locator(".is-struck input")).to_have_value("B")
        desk.press("Enter")
        expect(page.locator("#move-on-yes")).to_be_focused()
        desk.press("Enter")
    desk.at_item(3)
    desk.press("Alt+f", "Enter")  # the last part is left open: nothing is locked by that
    desk.at_item(4)
    desk.tab_to("#value")
    page.keyboard.type("7.36")
    desk.press("s")  # a letter is no number, and no key where text is typed
    expect(page.locator("#value")).to_have_attribute("aria-invalid", "true")
    desk.press("Backspace", "Enter")
    for n, letter in ((5, "2"), (6, "3")):
        desk.at_item(n)
        desk.press("Alt+h")
        expect(page.locator("#sentences-list input").first).to_be_focused()
        desk.press("Space", "Escape", letter, "Enter")
    expect(page.get_by_role("heading", name="Review", exact=True)).to_be_focused()
    expect(page.locator("#page")).to_contain_text("Answered: 5 of 6. Without an answer: 1. Flagged: 1.")
    desk.tab_to(".grid-of-items li:nth-child(3) button")
    desk.press("Enter")
    desk.at_item(3)
    desk.press("4", "Alt+f", "Alt+e")
    expect(page.locator("#end-yes")).to_be_focused()  # nothing is open any more
    desk.press("Enter")
    desk.at_heading("The day has ended")
    expect(page.locator("#ways")).to_be_visible()
    answers = desk.state()["answers"]
    assert isinstance(answers, dict)
    given = {item: answer["value"] or "".join(answer["choice"]) for item, answer in answers.items()}
    assert given == {PARTS[0]: "A", PARTS[1]: "A", PARTS[2]: "D", NUMBER: "7.36", SHARED[0]: "B", SHARED[1]: "C"}
    desk.tab_to("#ways a")
    desk.press("Enter")
    page.wait_for_url("**/report/**")
