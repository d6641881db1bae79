"""The bank in a browser: its pages in the office, and the preview of an item that is new on every save."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from threading import Thread

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, ViewportSize, expect

from bedside.cli.bank_preview import PreviewServer
from bedside.cli.preview_item import Shelf
from tests.browser.content import write_browser_content
from tests.browser.desk import Desk
from tests.browser.looks import first_look
from tests.support.server import ServerProcess

PAGES = ("/office/bank?goal=100", "/office/bank/reviews", "/office/bank/items/renal-0001")
WIDE: ViewportSize = {"width": 1280, "height": 800}
PHONE: ViewportSize = {"width": 320, "height": 640}
LOOKS = {"light-wide": ("light", WIDE), "dark-phone": ("dark", PHONE)}


def violations(page: Page) -> list[tuple[str, list[str]]]:
    results = Axe().run(page, options={"resultTypes": ["violations"]})
    return [(one["id"], [node["html"] for node in one["nodes"]][:3]) for one in results.response["violations"]]


@pytest.mark.slow
@pytest.mark.parametrize("look", list(LOOKS))
def test_axe_finds_nothing_on_the_pages_of_the_bank(chromium: Browser, shared_site: ServerProcess, look: str) -> None:
    scheme, viewport = LOOKS[look]
    context = chromium.new_context(viewport=viewport, color_scheme=scheme)  # type: ignore[arg-type]
    desk = Desk(context.new_page(), f"http://127.0.0.1:{shared_site.port}")
    desk.skip_the_questions()
    found = []
    for path in PAGES:
        desk.go(path)
        for one in desk.page.locator("main details").all():
            one.evaluate("element => element.open = true")
        found += [(path, *one) for one in violations(desk.page)]
        assert desk.page.evaluate("document.documentElement.scrollWidth") <= viewport["width"], path
    context.close()

    assert found == []


@pytest.fixture
def preview(tmp_path: Path) -> Iterator[PreviewServer]:
    """The preview of an item in a content folder of its own."""
    content = write_browser_content(tmp_path / "content")
    server = PreviewServer(Shelf(content / "items" / "renal" / "renal-0001.md", content), 0)
    thread = Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    yield server
    server.is_over.set()
    server.shutdown()
    server.server_close()


@pytest.mark.parametrize("look", first_look(LOOKS, "dark-phone"))
def test_a_save_shows_at_once_and_what_was_chosen_and_opened_stays(
    chromium: Browser, preview: PreviewServer, look: str
) -> None:
    scheme, viewport = LOOKS[look]
    context = chromium.new_context(viewport=viewport, color_scheme=scheme)  # type: ignore[arg-type]
    page = context.new_page()
    problems: list[str] = []
    page.on("console", lambda message: problems.append(message.text))
    page.on("pageerror", lambda error: problems.append(str(error)))
    file = preview.shelf.path
    text = file.read_text()
    page.goto(f"http://127.0.0.1:{preview.server_port}/")
    expect(page.locator(".is-key")).to_have_count(0)

    page.keyboard.press("k")
    expect(page.locator(".is-key")).to_have_count(1)
    page.locator("input[name=choice]").nth(2).check()
    page.locator(".why-fold").nth(1).evaluate("element => element.open = true")
    file.write_text(text.replace("\n---\n", "\n---\nA sentence that was added. ", 1))
    expect(page.locator("#stem")).to_contain_text("A sentence that was added.")
    expect(page.locator("input[name=choice]").nth(2)).to_be_checked()
    expect(page.locator(".why-fold").nth(1)).to_have_attribute("open", "")
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= viewport["width"]

    file.write_text(text.replace("- [x]", "- [ ]"))
    expect(page.locator(".findings .is-error").filter(has_text="[no-key]")).to_be_visible()
    assert violations(page) == []
    file.write_text(text)
    expect(page.locator(".findings .is-error").filter(has_text="[no-key]")).to_have_count(0)
    page.keyboard.press("k")
    expect(page.locator(".is-key")).to_have_count(0)

    page.get_by_role("link", name="Dark").click()  # two at once: the second is asked for on what the first shows
    page.keyboard.press("k")
    expect(page.locator(".is-key")).to_have_count(1)
    expect(page.locator("#dark")).to_have_attribute("media", "all")
    expect(page).to_have_url(f"http://127.0.0.1:{preview.server_port}/?keys=on&theme=dark")
    assert problems == []
    context.close()
