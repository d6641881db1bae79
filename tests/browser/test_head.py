"""The head of every page: one calm row at any width and size of text, with every page in reach, without a script."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, Page, expect

from bedside.site.today.templatetags.shell import PLACES
from tests.support.server import ServerProcess

ROW_REM = 4.0  # a target of 44 pixels, and the space around it
ROOM = [
    (320, "largest"),
    (768, "largest"),
    (1280, "normal"),
    pytest.param(320, "normal", marks=pytest.mark.slow),
    pytest.param(360, "normal", marks=pytest.mark.slow),
    pytest.param(768, "normal", marks=pytest.mark.slow),
    pytest.param(1280, "largest", marks=pytest.mark.slow),
]


def open_at(chromium: Browser, site: ServerProcess, width: int, text: str = "normal", *, script: bool = True) -> Page:
    context = chromium.new_context(viewport={"width": width, "height": 700}, java_script_enabled=script)
    page = context.new_page()
    page.goto(f"http://127.0.0.1:{site.port}/programmes")
    if text != "normal":
        page.evaluate("text => { document.documentElement.dataset.text = text; }", text)
    return page


@pytest.mark.parametrize(("width", "text"), ROOM)
def test_the_head_is_one_row(chromium: Browser, shared_site: ServerProcess, width: int, text: str) -> None:
    page = open_at(chromium, shared_site, width, text)
    rem = page.evaluate("parseFloat(getComputedStyle(document.documentElement).fontSize)")
    box = page.locator(".head").bounding_box()
    assert box is not None
    assert box["height"] <= ROW_REM * rem
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.context.close()


@pytest.mark.parametrize("width", [320, 1280, *(pytest.param(width, marks=pytest.mark.slow) for width in (360, 768))])
def test_every_page_is_in_reach_without_a_script(chromium: Browser, shared_site: ServerProcess, width: int) -> None:
    page = open_at(chromium, shared_site, width, script=False)
    head = page.get_by_role("navigation", name="Pages")
    if head.locator("summary").is_visible():
        head.locator("summary").click()
    for place in PLACES:
        link = head.get_by_role("link", name=str(place.text), exact=True).last
        expect(link).to_be_visible()
        box = link.bounding_box()
        assert box is not None
        assert box["height"] >= 44
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= width
    page.context.close()


@pytest.mark.slow
def test_the_page_that_is_open_is_marked_where_there_is_room(chromium: Browser, shared_site: ServerProcess) -> None:
    for width in (360, 768, 1280):
        page = open_at(chromium, shared_site, width)
        expect(page.get_by_role("navigation", name="Pages").locator("[aria-current]:visible")).to_have_text("Programmes")
        page.context.close()


@pytest.mark.slow
def test_the_name_and_each_link_can_be_pressed(chromium: Browser, shared_site: ServerProcess) -> None:
    page = open_at(chromium, shared_site, 768)
    page.locator(".mark-name").click(trial=True)
    page.get_by_role("link", name="Practice", exact=True).first.click(trial=True)
    page.locator(".head summary").focus()
    page.keyboard.press("Enter")
    page.get_by_role("link", name="Me", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Me")
    page.context.close()
