"""The debrief in a browser: the scrubber by the keyboard, what if, playing on, a phone, paper, and nothing for axe to find."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, ViewportSize, expect

from tests.browser.case_desk import CASE, add_case
from tests.browser.content import write_browser_content
from tests.browser.desk import Desk, Watch
from tests.browser.looks import first_look
from tests.browser.sites import Sites
from tests.support.case_scripts import commands_of
from tests.support.server import ServerProcess

WIDE: ViewportSize = {"width": 1280, "height": 800}
PHONE: ViewportSize = {"width": 360, "height": 740}
NARROWEST: ViewportSize = {"width": 320, "height": 640}
LOOKS = {
    "light-wide": ("light", WIDE),
    "dark-wide": ("dark", WIDE),
    "light-phone": ("light", PHONE),
    "dark-phone": ("dark", PHONE),
}
PLAY = """async ([caseId, commands]) => {
  const token = document.cookie.match(/csrf[^=]*=([^;]+)/)?.[1] ?? "";
  const post = async (path, body) => {
    const headers = {"Content-Type": "application/json", "X-CSRFToken": token};
    const answer = await fetch(path, {method: "POST", headers, body: JSON.stringify(body)});
    if (!answer.ok) throw new Error(await answer.text());
    return answer.json();
  };
  const run = await post("/api/cases/runs", {case: caseId, mode: "practice"});
  await post(`/api/cases/runs/${run.id}/commands`, {commands});
  return run.id;
}"""


@pytest.fixture(scope="module")
def debrief_site(sites: Sites, tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServerProcess]:
    folder = tmp_path_factory.mktemp("debrief-site")
    content = write_browser_content(folder / "content")
    add_case(content)
    with sites.open(folder, content) as site:
        yield site.server


def play(page: Page, site: ServerProcess, script: str = "late") -> str:
    """The address of the debrief of a run of that script."""
    desk = Desk(page, f"http://127.0.0.1:{site.port}")
    desk.skip_the_questions()
    desk.go("/practice")  # a page with a form, which brings the token
    sent = [{"seq": seq, "command": command} for seq, command in enumerate(commands_of(script), start=1)]
    run = page.evaluate(PLAY, [CASE, sent])
    return f"{desk.base}/cases/{run}/debrief"


@pytest.fixture(scope="module")
def late(chromium: Browser, debrief_site: ServerProcess) -> str:
    """The address of the debrief of one run for all tests: a debrief changes nothing of it."""
    context = chromium.new_context()
    address = play(context.new_page(), debrief_site)
    context.close()
    return address


@pytest.fixture
def debrief(page: Page, late: str) -> Page:
    """The debrief of the run `late` on the screen."""
    page.goto(late)
    expect(page.locator("#moment")).to_be_visible()
    return page


def test_the_scrubber_goes_by_the_keyboard_and_says_the_values(debrief: Page) -> None:
    now = debrief.locator('[data-now="k"]')
    expect(now).to_have_text("3.1")
    debrief.locator("#moment").focus()
    debrief.keyboard.press("End")

    expect(debrief.locator("[data-time]")).to_have_text("36 h")
    expect(now).not_to_have_text("3.1")
    expect(debrief.locator("[data-said]")).to_contain_text("The time that this case covers is over.")
    assert debrief.locator("#moment").get_attribute("aria-valuetext") == "36 h"
    assert debrief.locator("line.cursor").first.get_attribute("x1") == "100%"
    debrief.keyboard.press("ArrowLeft")
    expect(debrief.locator("[data-time]")).not_to_have_text("36 h")


@pytest.mark.slow
def test_the_buttons_go_from_one_thing_that_happened_to_the_next(debrief: Page) -> None:
    onward = debrief.get_by_role("button", name="To what happened next")
    said = debrief.locator("[data-said]")
    for _ in range(40):
        if "glucose is now 250" in said.inner_text():
            break
        onward.press("Enter")

    expect(said).to_contain_text("At this moment: Reached: glucose 250; Nurse: bedside glucose is now 250 mg/dL.")
    expect(debrief.locator("[data-time]")).to_have_text("9 h 6 min")
    expect(debrief.locator('[data-now="glucose"]')).to_have_text("250")
    debrief.get_by_role("button", name="To what happened before").press("Enter")
    expect(debrief.locator("[data-time]")).to_have_text("9 h")


@pytest.mark.slow
def test_the_tables_behind_the_pictures_open_with_one_key(debrief: Page) -> None:
    expect(debrief.locator("#table-course")).to_be_hidden()
    debrief.keyboard.press("t")

    expect(debrief.locator("#table-course")).to_be_visible()
    expect(debrief.locator("#table-waits")).to_be_visible()


@pytest.mark.slow
def test_what_if_moves_an_action_and_is_taken_back_by_going_back(debrief: Page) -> None:
    debrief.locator("#act").select_option(label="5 h: Insulin, regular, IV")
    debrief.locator("#to").fill("2h")
    debrief.get_by_role("button", name="Move it").press("Enter")

    expect(debrief.locator("#what-if")).to_contain_text("Insulin, regular, IV at 2 h in place of 5 h")
    expect(debrief.locator("#what-if thead")).to_contain_text("Reactions follow")
    assert debrief.locator("#what-if .curve.anchored").count() > 1
    debrief.get_by_role("link", name="take back").press("Enter")
    expect(debrief.locator("#what-if thead")).to_have_count(0)


@pytest.mark.slow
def test_one_plays_on_from_the_moment_of_the_scrubber(debrief: Page) -> None:
    debrief.locator("#moment").focus()
    debrief.keyboard.press("End")
    debrief.get_by_role("button", name="To what happened before").press("Enter")
    debrief.get_by_role("button", name="Go on from this moment").press("Enter")
    debrief.wait_for_url("**/cases/*")

    expect(debrief.locator("#case")).to_be_attached()
    assert "/debrief" not in debrief.url


@pytest.mark.slow
def test_without_scripts_the_tables_and_the_forms_do_all(chromium: Browser, late: str) -> None:
    context = chromium.new_context(java_script_enabled=False, viewport=WIDE)
    bare = context.new_page()
    bare.goto(late)

    expect(bare.locator("#moment")).to_be_hidden()
    expect(bare.locator("#table-course")).to_be_visible()
    bare.locator("#what").fill("vbg")
    bare.locator("#at").fill("10m")
    bare.get_by_role("button", name="Add this order").click()
    expect(bare.locator("#what-if")).to_contain_text("added at 10 min")
    context.close()


@pytest.mark.parametrize("look", first_look(LOOKS, "light-wide"))
def test_axe_finds_nothing_on_the_debrief(chromium: Browser, late: str, watch: Watch, look: str) -> None:
    scheme, viewport = LOOKS[look]
    context = chromium.new_context(viewport=viewport, color_scheme=scheme)  # type: ignore[arg-type]
    context.on("page", watch.on)
    page = context.new_page()
    page.goto(f"{late}?edit=r.13.7200")
    page.keyboard.press("t")
    for details in page.locator("main details").all():
        details.evaluate("one => { one.open = true; }")
    results = Axe().run(page, options={"resultTypes": ["violations"]})
    found = [(one["id"], [node["html"] for node in one["nodes"]][:3]) for one in results.response["violations"]]
    context.close()

    assert found == []
    assert watch.problems == []


@pytest.mark.slow
def test_the_debrief_is_not_wider_than_a_screen_of_320_pixels(debrief: Page) -> None:
    debrief.set_viewport_size(NARROWEST)
    debrief.goto(f"{debrief.url}?edit=r.13.7200")
    debrief.keyboard.press("t")

    assert debrief.evaluate("document.documentElement.scrollWidth") <= NARROWEST["width"]
