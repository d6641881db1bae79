"""The pages about the exams, as a person finds them."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.browser.desk import Desk


def test_a_link_leads_to_an_exam_on_the_day_that_was_asked_for(desk: Desk) -> None:
    desk.go("/programmes?on=2026-05-13")
    desk.page.locator(".compare a").first.click()
    desk.page.wait_for_url("**/programmes/exam?on=2026-05-13")
    desk.page.get_by_role("link", name="Sources", exact=True).click()
    desk.page.wait_for_url("**/programmes/exam?on=2026-05-13#sources")
    expect(desk.page.get_by_label("As it is on")).to_have_value("2026-05-13")


def test_t_opens_the_numbers_behind_the_pictures_and_closes_them(desk: Desk) -> None:
    desk.go("/programmes")
    numbers = desk.page.locator(".compare details")
    expect(numbers).not_to_have_count(0)
    for _ in range(2):
        expect(desk.page.locator(".compare details[open]")).to_have_count(0)
        desk.press("t")
        expect(desk.page.locator(".compare details:not([open])")).to_have_count(0)
        desk.press("t")
