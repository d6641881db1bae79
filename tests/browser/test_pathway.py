"""The pathway in a browser: from nothing to an answer, nothing for axe to find, `t` and `o`, and a form without a script."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, ViewportSize, expect

from tests.browser.content import write_browser_content
from tests.browser.desk import Desk, OwnSite, Watch
from tests.browser.looks import first_look
from tests.browser.sites import Sites
from tests.support.pathway_site import add_pathways

PAGES = (
    "/pathway",
    "/pathway/states",
    "/pathway/states?status=aimed",
    "/pathway/what-if?what-0=fail:step2ck&day-0=2030-03-01",
    "/pathway/changes?since=2026-01-01",
    "/pathway/record",
    *(f"/pathway/record/{part}" for part in ("person", "attempts", "certificates", "training", "goals", "permits", "bars")),
)
WIDE: ViewportSize = {"width": 1280, "height": 800}
PHONE: ViewportSize = {"width": 320, "height": 640}
LOOKS = {"light-wide": ("light", WIDE), "dark-phone": ("dark", PHONE)}


@pytest.fixture(scope="module")
def pathway_site(sites: Sites, tmp_path_factory: pytest.TempPathFactory) -> Iterator[OwnSite]:
    """A site with the rules that ship, whose learner has said nothing yet."""
    folder = tmp_path_factory.mktemp("pathway-site")
    content = write_browser_content(folder / "content")
    add_pathways(content)
    with sites.open(folder, content) as site:
        yield site


def say_who(page: Page) -> None:
    """The first words of a record, where there is none yet."""
    if page.locator("#kind").count():
        page.locator("#kind").select_option("img")
        page.locator("#degree").fill("2021-05-30")
        page.locator("#states").fill("TX, NM")
        page.get_by_role("button", name="Save and go on").click()
        expect(page.locator("h1")).to_have_text("Steps that you sat")


@pytest.mark.parametrize("look", first_look(LOOKS, "dark-phone"))
def test_axe_finds_nothing_and_nothing_is_wider_than_the_screen(
    chromium: Browser, pathway_site: OwnSite, watch: Watch, look: str
) -> None:
    scheme, viewport = LOOKS[look]
    context = chromium.new_context(viewport=viewport, color_scheme=scheme)  # type: ignore[arg-type]
    context.on("page", watch.on)
    desk = Desk(context.new_page(), pathway_site.base)
    desk.skip_the_questions()
    desk.go("/pathway")
    found = [
        ("first", one["id"], [node["html"] for node in one["nodes"]][:3]) for one in Axe().run(desk.page).response["violations"]
    ]
    say_who(desk.page)
    for path in PAGES:
        desk.go(path)
        desk.page.wait_for_load_state("load")
        desk.press("t", "o")  # the tables and the reasons too
        results = Axe().run(desk.page, options={"resultTypes": ["violations"]})
        found += [(path, one["id"], [node["html"] for node in one["nodes"]][:3]) for one in results.response["violations"]]
        assert desk.page.evaluate("document.documentElement.scrollWidth") <= viewport["width"], path
    context.close()

    assert found == []
    assert watch.problems == []


@pytest.mark.slow
def test_o_opens_all_reasons_and_t_shows_the_tables(page: Page, pathway_site: OwnSite) -> None:
    desk = Desk(page, pathway_site.base)
    desk.skip_the_questions()
    desk.go("/pathway")
    say_who(page)
    desk.go("/programmes")
    page.wait_for_load_state("load")
    desk.press("g", "w")
    page.wait_for_url(f"{pathway_site.base}/pathway")
    page.wait_for_load_state("load")
    reasons = page.locator("details[data-why]")
    desk.press("o")
    assert reasons.count() > 3
    expect(page.locator("details[data-why][open]")).to_have_count(reasons.count())
    desk.press("o")
    expect(page.locator("details[data-why][open]")).to_have_count(0)
    desk.go("/pathway/states")
    page.wait_for_load_state("load")
    expect(page.locator("#table-states")).to_be_hidden()
    desk.press("t")
    expect(page.locator("#table-states")).to_be_visible()


@pytest.mark.slow
def test_without_a_script_rows_come_and_go_and_reasons_open(chromium: Browser, pathway_site: OwnSite) -> None:
    context = chromium.new_context(viewport=WIDE, java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{pathway_site.base}/pathway")
    say_who(page)
    page.goto(f"{pathway_site.base}/pathway/record/attempts")
    n = page.locator("fieldset").count()
    page.get_by_role("button", name="One more").click()
    expect(page.locator("fieldset")).to_have_count(n + 1)
    page.locator(f"[id='step-{n}']").select_option("usmle/step1")
    page.locator(f"[id='date-{n}']").fill("2024-08-20")
    page.locator(f"[id='result-{n}']").select_option("pass")
    page.get_by_role("button", name="Save", exact=True).last.click()
    expect(page.locator("#attempts .said li").last).to_contain_text("passed")
    page.goto(f"{pathway_site.base}/pathway")
    page.locator("details[data-why] summary").first.click()
    expect(page.locator("details[data-why][open] .cite").first).to_contain_text("checked")
    context.close()
