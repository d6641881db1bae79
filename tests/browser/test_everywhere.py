"""What must hold on every page and in every state of the player."""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, ViewportSize

import bedside.site
from tests.browser.desk import Desk, OwnSite, Watch
from tests.browser.looks import first_look
from tests.browser.walk import walk, walk_day
from tests.support.server import ServerProcess

FIRST_PAGE_BYTES = 60_000
PLAYER_BYTES = 150_000
CSS_BYTES = 25_000
WIDE: ViewportSize = {"width": 1280, "height": 800}
PHONE: ViewportSize = {"width": 360, "height": 740}
NARROWEST: ViewportSize = {"width": 320, "height": 640}  # 1280 pixels at 400% (WCAG 2.2, criterion 1.4.10)
ALL_RULES: dict[str, Any] = {"resultTypes": ["violations"]}
COLOURS_ONLY: dict[str, Any] = {
    "resultTypes": ["violations"],
    "runOnly": {"type": "rule", "values": ["color-contrast"]},
}
STATIC = Path(bedside.site.__file__).parent / "static"


def _open(chromium: Browser, site: ServerProcess, watch: Watch, viewport: ViewportSize, **options: Any) -> Iterator[Desk]:
    context = chromium.new_context(viewport=viewport, **options)
    context.on("page", watch.on)
    yield Desk(context.new_page(), f"http://127.0.0.1:{site.port}")
    context.close()


LOOKS: dict[str, tuple[Any, ViewportSize, dict[str, Any]]] = {
    "light-wide": ("light", WIDE, ALL_RULES),
    "light-phone": ("light", PHONE, ALL_RULES),
    "dark-wide": ("dark", WIDE, COLOURS_ONLY),
    "dark-phone": ("dark", PHONE, COLOURS_ONLY),
}


@pytest.mark.parametrize("look", first_look(LOOKS, "light-wide"))
def test_axe_finds_no_violation_anywhere(chromium: Browser, shared_site: ServerProcess, watch: Watch, look: str) -> None:
    watch.allow("404|400")  # the walk visits addresses that do not exist
    scheme, viewport, options = LOOKS[look]
    found: dict[str, list[str]] = {}
    for desk in _open(chromium, shared_site, watch, viewport, color_scheme=scheme):
        for place in walk(desk):
            results = Axe().run(desk.page, options=options)
            if results.violations_count:
                found[place] = [_as_text(violation) for violation in results.response["violations"]]
    assert found == {}
    assert watch.problems == []


@pytest.mark.slow  # each look of a place takes a second, and a day has thirty
@pytest.mark.parametrize("look", LOOKS)
def test_axe_finds_no_violation_in_any_state_of_a_day(chromium: Browser, day_site: OwnSite, watch: Watch, look: str) -> None:
    scheme, viewport, options = LOOKS[look]
    found: dict[str, list[str]] = {}
    for desk in _open(chromium, day_site.server, watch, viewport, color_scheme=scheme):
        desk.skip_the_questions()
        for place in walk_day(desk, day_site):
            results = Axe().run(desk.page, options=options)
            if results.violations_count:
                found[place] = [_as_text(violation) for violation in results.response["violations"]]
    assert found == {}
    assert watch.problems == []


@pytest.mark.slow
def test_no_state_of_a_day_is_wider_than_a_screen_of_320_pixels(chromium: Browser, day_site: OwnSite, watch: Watch) -> None:
    too_wide = []
    for desk in _open(chromium, day_site.server, watch, NARROWEST):
        desk.skip_the_questions()
        for place in walk_day(desk, day_site):
            width = desk.page.evaluate("document.documentElement.scrollWidth")
            if width > NARROWEST["width"]:
                too_wide.append((place, width))
    assert too_wide == []
    assert watch.problems == []


def test_nothing_is_wider_than_a_screen_of_320_pixels(chromium: Browser, shared_site: ServerProcess, watch: Watch) -> None:
    watch.allow("404|400")
    too_wide = []
    for desk in _open(chromium, shared_site, watch, NARROWEST):
        for place in walk(desk):
            width = desk.page.evaluate("document.documentElement.scrollWidth")
            if width > NARROWEST["width"]:
                too_wide.append((place, width))
    assert too_wide == []


def test_a_first_page_and_the_player_are_light(chromium: Browser, shared_site: ServerProcess, watch: Watch) -> None:
    for desk in _open(chromium, shared_site, watch, WIDE):
        sizes = _count_bytes(desk.page)
        desk.go("/welcome")
        desk.page.wait_for_load_state("networkidle")
        assert sum(sizes.values()) < FIRST_PAGE_BYTES, sizes
        desk.choose(items=20)
        address = f"/sit/{desk.sitting}"
    for desk in _open(chromium, shared_site, watch, WIDE):  # anew, with nothing in its cache
        sizes = _count_bytes(desk.page)
        desk.go(address)
        desk.page.locator("#go").wait_for()
        desk.press("Enter")
        desk.page.locator("#stem").wait_for()
        desk.all_saved()
        assert any(url.endswith("/player/main.js") for url in sizes)
        assert sum(sizes.values()) < PLAYER_BYTES, sizes
    assert watch.problems == []


def test_the_style_sheets_are_small_and_keep_to_their_tokens() -> None:
    sheets = {path.name: path.read_text(encoding="utf-8") for path in (STATIC / "css").glob("*.css")}
    player = {"tokens.css", "dark.css", "base.css", "shell.css", "parts.css", "player.css"}
    loaded = {
        "the player": player,
        "all other pages": sheets.keys() - {"player.css", "figures.css"},
        "figures": {"figures.css"},
    }
    for where, names in loaded.items():
        assert sum(len(sheets[name].encode()) for name in names) < CSS_BYTES, where
    for name, text in sheets.items():
        if name not in {"tokens.css", "dark.css", "print.css"}:
            assert "#" not in "".join(line.split("/*")[0] for line in text.splitlines() if ": #" in line), name
        for left_out in ("box-shadow", "gradient(", "@import", "url("):
            assert left_out not in text, name


def _count_bytes(page: Page) -> dict[str, int]:
    """The size of everything that the page loads from now on, compressed."""
    sizes: dict[str, int] = {}

    def count(request: Any) -> None:
        response = request.response()
        if response is not None and response.status == 200:
            sizes[request.url] = len(gzip.compress(response.body(), compresslevel=6))

    page.on("requestfinished", count)
    return sizes


def _as_text(violation: dict[str, Any]) -> str:
    places = [f"{node['target']} {node.get('failureSummary', '')}" for node in violation["nodes"][:3]]
    return f"{violation['id']}: {violation['help']} {places}"
