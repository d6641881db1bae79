"""A computed figure in the player: drawn in its theme, opened large by key and pointer, marked around, and in the report."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.browser.desk import Desk, OwnSite
from tests.browser.sites import Sites
from tests.support.items import item_text, write_item
from tests.support.site import KEY, write_content

ITEM = "blood-0881"
STRIP = "![Rhythm strip of lead II](figure:ecg rhythm=third-degree-block)"
STEM = f"A 71-year-old man has fainted.\n\n{STRIP}\n\nHis pulse is slow."
BLUEPRINT = "\n  - {programme: exam, step: first, system: blood, competency: management, discipline: [physiology]}"


@pytest.fixture(scope="module")
def figure_site(sites: Sites, tmp_path_factory: pytest.TempPathFactory) -> Iterator[OwnSite]:
    """A site with one item that is alone in its area; its stem has a figure, and so has an option."""
    content = write_content(tmp_path_factory.mktemp("figures") / "content")
    options = "\n".join(
        f"- [{'x' if letter == KEY else ' '}] Choice {letter}\n  : SECRET reason {letter}, told in a whole sentence."
        for letter in "ABC"
    )
    options += "\n- [ ] ![A curve](figure:cvp ecg=false)\n  : SECRET reason D, told in a whole sentence."
    write_item(content, ITEM, item_text({"id": ITEM, "blueprint": BLUEPRINT}, stem=STEM, options=options))
    with sites.open(tmp_path_factory.mktemp("figure-site"), content) as site:
        yield site


@pytest.fixture
def figure_desk(page: Page, figure_site: OwnSite) -> Desk:
    desk = Desk(page, figure_site.base)
    desk.skip_the_questions()
    return desk


def _shot(page: Page, name: str) -> None:
    """A picture for whoever wants to look at it."""
    if folder := os.environ.get("BEDSIDE_LOOKS"):
        page.screenshot(path=Path(folder) / f"{name}.png", full_page=True)


def test_a_figure_is_drawn_opens_large_and_keeps_marks_off_its_words(figure_desk: Desk) -> None:
    desk, page = figure_desk, figure_desk.page
    desk.begin(items=1, mode="tutor", system="blood", competency="management")
    figure = page.locator("#stem figure.exhibit > svg.drawn.ecg")
    expect(figure).to_be_visible()
    expect(page.get_by_role("img", name="Rhythm strip of lead II")).to_have_count(1)
    assert page.evaluate("getComputedStyle(document.querySelector('svg.drawn .trace')).fill") == "none"
    expect(page.locator("#options span.exhibit > svg.drawn.cvp")).to_be_visible()
    _shot(page, "player")
    desk.press("Alt+z", "+", "+", "ArrowRight")
    expect(page.locator("#picture-said")).to_have_text("Size 156%, contrast 100%, brightness 100%")
    expect(page.locator("#picture-frame > svg.drawn")).to_be_visible()
    expect(page.locator("#picture-image")).to_be_hidden()
    assert "scale(1.5625)" in str(page.locator("#picture-frame > svg.drawn").get_attribute("style"))
    _shot(page, "player-large")
    desk.press("n")
    expect(page.locator("#picture-frame > svg.drawn.cvp")).to_be_visible()
    desk.press("Escape")
    page.evaluate("getSelection().selectAllChildren(document.querySelector('#stem'))")
    desk.press("Alt+h")
    expect(page.locator("#stem mark").first).to_be_visible()
    expect(page.locator("#stem svg mark")).to_have_count(0)
    assert Axe().run(page).violations_count == 0


@pytest.mark.slow
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_figure_scrolls_in_itself_on_a_phone_and_stands_in_the_report(figure_desk: Desk, scheme: str) -> None:
    desk, page = figure_desk, figure_desk.page
    page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    page.set_viewport_size({"width": 360, "height": 740})
    desk.begin(items=1, mode="tutor", system="blood", competency="management")
    figure = page.locator("#stem figure.exhibit")
    expect(figure).to_have_attribute("tabindex", "0")
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    assert figure.evaluate("one => one.scrollWidth > one.clientWidth")
    _shot(page, f"phone-{scheme}")
    desk.press("2")
    desk.all_saved()
    sitting = desk.sitting
    desk.end_block()
    page.wait_for_url(f"**/report/{sitting}*")
    page.locator(".reviewed summary").first.click()
    expect(page.locator(".reviewed figure.exhibit > svg.drawn")).to_be_visible()
    assert "25 mm" not in page.locator(".reviewed .gist").first.inner_text()
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    _shot(page, f"report-{scheme}")
