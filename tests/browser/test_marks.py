"""Highlights: in a stem, beside a picture, and in what the items of a set share; by pointer and by key, and kept."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser.day_content import PICTURE, SHARED
from tests.browser.desk import Desk, OwnSite
from tests.browser.walk import into_block_1, open_day
from tests.support.day import Day, DayBlock

pytestmark = pytest.mark.slow

STIMULUS_AT = 500_000  # as the documentation of the events says
SELECT = """([where, words]) => {
  const walker = document.createTreeWalker(document.querySelector(where), NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const at = walker.currentNode.data.indexOf(words);
    if (at >= 0) getSelection().setBaseAndExtent(walker.currentNode, at, walker.currentNode, at + words.length);
  }
  return String(getSelection());
}"""


def _mark(page: Page, where: str, words: str) -> None:
    """Select the words as a pointer would, and mark them."""
    assert page.evaluate(SELECT, [where, words]) == words
    page.keyboard.press("Alt+h")


def _expect_marks(page: Page, where: str, *words: str) -> None:
    expect(page.locator(f"{where} mark")).to_have_text(list(words))


def _highlights(desk: Desk) -> dict[str, list[list[int]]]:
    told = desk.state()["highlights"]
    assert isinstance(told, dict)
    return told


def _open_set(desk: Desk, site: OwnSite, *, navigation: str = "free") -> None:
    open_day(desk, site, Day([DayBlock((*SHARED, PICTURE), navigation=navigation)]))
    into_block_1(desk)
    expect(desk.page.locator("#stimulus-text")).to_contain_text("Blood was taken in winter")


def test_words_marked_in_what_a_set_shares_show_on_each_of_its_items_and_are_kept(day_desk: Desk, day_site: OwnSite) -> None:
    desk, page = day_desk, day_desk.page
    _open_set(desk, day_site)
    _mark(page, "#stimulus-text", "taken in winter")
    _expect_marks(page, "#stimulus-text", "taken in winter")
    _mark(page, "#stem", "trial of the blood")
    _expect_marks(page, "#stem", "trial of the blood")
    desk.press("Enter")
    desk.at_item(2)
    _expect_marks(page, "#stimulus-text", "taken in winter")
    _expect_marks(page, "#stem")
    _mark(page, "#stimulus-text", "red in all")
    _expect_marks(page, "#stimulus-text", "taken in winter", "red in all")
    desk.all_saved()
    assert {item: [begin >= STIMULUS_AT for begin, _end in ranges] for item, ranges in _highlights(desk).items()} == {
        SHARED[0]: [False, True],
        SHARED[1]: [True],
    }
    page.reload()
    desk.at_item(2)
    _expect_marks(page, "#stimulus-text", "taken in winter", "red in all")
    _mark(page, "#stimulus-text", "taken in winter")  # marked already, and on the other item: the mark comes off
    _expect_marks(page, "#stimulus-text", "red in all")
    desk.press("ArrowLeft")
    desk.at_item(1)
    _expect_marks(page, "#stimulus-text", "red in all")
    _expect_marks(page, "#stem", "trial of the blood")
    desk.all_saved()
    assert [len(ranges) for ranges in _highlights(desk).values()] == [1, 1]
    desk.to_item(3)
    expect(page.locator("mark")).to_have_count(0)


def test_sentences_of_what_a_set_shares_are_marked_by_key_and_kept(day_desk: Desk, day_site: OwnSite) -> None:
    desk, page = day_desk, day_desk.page
    _open_set(desk, day_site)
    desk.press("Alt+h")
    offered = page.locator("#sentences-list")
    expect(offered.locator("h3")).to_have_text(["Item 1 of 3", "Winter and the blood: a trial"])
    expect(offered.locator("input").first).to_be_focused()
    expect(offered.locator("ul").first.locator("label")).to_have_text(
        ["Think of the trial of the blood, for question 1.", "Which of the following best explains these findings?"]
    )
    desk.press("Tab")
    while "It was red" not in (page.evaluate("document.activeElement.closest('li')?.textContent") or ""):
        assert page.evaluate("document.activeElement.matches('#sentences-list input')")
        desk.press("Tab")
    desk.press("Space", "Escape")
    expect(page.locator("#sentences")).to_be_hidden()
    _expect_marks(page, "#stimulus-text", " It was red in all of them.")
    desk.all_saved()
    page.reload()
    desk.at_item(1)
    _expect_marks(page, "#stimulus-text", " It was red in all of them.")
    desk.press("Enter")
    desk.at_item(2)
    desk.press("Alt+h")
    expect(offered.locator("input:checked")).to_have_count(1)
    offered.locator("input:checked").press("Space")
    desk.press("Escape")
    _expect_marks(page, "#stimulus-text")


@pytest.mark.slow
def test_a_mark_on_an_item_that_is_locked_stays_and_the_page_says_why(day_desk: Desk, day_site: OwnSite) -> None:
    desk, page = day_desk, day_desk.page
    _open_set(desk, day_site, navigation="forward_only")
    _mark(page, "#stimulus-text", "taken in winter")
    _expect_marks(page, "#stimulus-text", "taken in winter")
    desk.press("2", "Enter")
    desk.at_item(2)
    _expect_marks(page, "#stimulus-text", "taken in winter")
    _mark(page, "#stimulus-text", "taken in winter")
    expect(page.locator("#said")).to_have_text("The item was locked when you went on")
    _expect_marks(page, "#stimulus-text", "taken in winter")
    _mark(page, "#stimulus-text", "red in all")
    _expect_marks(page, "#stimulus-text", "taken in winter", "red in all")
    desk.all_saved()
    expect(page.locator("#notices")).to_be_hidden()


@pytest.mark.slow
def test_words_after_a_picture_are_marked_where_they_stand(day_desk: Desk, day_site: OwnSite) -> None:
    desk, page = day_desk, day_desk.page
    _open_set(desk, day_site)
    desk.to_item(3)
    _mark(page, "#lead-in", "which of the following".capitalize())
    _expect_marks(page, "#stem", "Which of the following")
    desk.all_saved()
    page.reload()
    desk.at_item(3)
    _expect_marks(page, "#stem", "Which of the following")
