"""Journeys in a browser: told, shared as a file and brought again; nothing for axe to find, and no page too wide."""

from __future__ import annotations

import io
import json
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, ViewportSize, expect

from tests.browser.content import write_browser_content
from tests.browser.desk import Desk, OwnSite, Watch
from tests.browser.looks import first_look
from tests.browser.sites import Sites
from tests.support.day import REPOSITORY
from tests.support.server import environment

PROGRAM = "import django; django.setup(); from tests.support.filled_history import main; main()"
LIFE = ("exam", "first", "60", "1", "10")
EXAMPLE = "second-try.json"
WIDE: ViewportSize = {"width": 1280, "height": 800}
PHONE: ViewportSize = {"width": 320, "height": 640}
LOOKS = {"light-wide": ("light", WIDE), "dark-phone": ("dark", PHONE)}


@pytest.fixture(scope="module")
def lived_site(sites: Sites, tmp_path_factory: pytest.TempPathFactory) -> Iterator[OwnSite]:
    """A site whose learner has sixty days behind them, with one of the invented journeys."""
    folder = tmp_path_factory.mktemp("journeys-site")
    content = write_browser_content(folder / "content")
    (content / "journeys").mkdir()
    shutil.copy(REPOSITORY / "content" / "journeys" / EXAMPLE, content / "journeys" / EXAMPLE)
    with sites.open(folder, content) as site:
        variables = environment(site.data, content) | {"DJANGO_SETTINGS_MODULE": "bedside.site.settings"}
        subprocess.run([sys.executable, "-c", PROGRAM, *LIFE], env=variables, cwd=REPOSITORY, check=True, timeout=120)
        yield site


def test_a_journey_is_told_shared_and_brought_again(page: Page, lived_site: OwnSite, watch: Watch, tmp_path: Path) -> None:
    desk = Desk(page, lived_site.base)
    desk.skip_the_questions()
    desk.go("/programmes")
    desk.press("g")
    desk.press("j")
    page.wait_for_url("**/journey")
    page.get_by_label("Your words").fill("Zwetschgen after the night shift.")
    page.get_by_role("button", name="Keep the note").click()
    expect(page.locator(".messages")).to_contain_text("Kept. It stands in week")

    page.get_by_role("link", name="Share it as a file").click()
    with page.expect_download() as begun:
        page.get_by_role("button", name="Take the file").click()
    packed = tmp_path / "mine.zip"
    begun.value.save_as(packed)
    with zipfile.ZipFile(io.BytesIO(packed.read_bytes())) as archive:
        told, read = archive.read("journey.json"), archive.read("journey.html").decode()
    assert json.loads(told)["n_weeks"] >= 8
    assert b"Zwetschgen" not in told  # nobody said that it may go along
    assert "Zwetschgen" not in read

    desk.go("/journeys")
    page.get_by_label("The file (JSON or ZIP)").set_input_files(packed)
    page.get_by_role("button", name="Bring it in").click()
    expect(page.locator("main")).to_contain_text("your own")
    assert watch.problems == []


@pytest.mark.slow
@pytest.mark.parametrize("look", first_look(LOOKS, "dark-phone"))
def test_axe_finds_nothing_and_nothing_is_wider_than_the_screen(
    chromium: Browser, lived_site: OwnSite, watch: Watch, look: str
) -> None:
    scheme, viewport = LOOKS[look]
    context = chromium.new_context(viewport=viewport, color_scheme=scheme)  # type: ignore[arg-type]
    context.on("page", watch.on)
    desk = Desk(context.new_page(), lived_site.base)
    desk.skip_the_questions()
    example = json.loads((REPOSITORY / "content" / "journeys" / EXAMPLE).read_bytes())["id"]
    found = []
    for path in ("/journey", "/journey/share", "/journeys", "/journeys?examples=1", f"/journeys/{example}", "/journeys/group"):
        desk.go(path)
        desk.press("t")  # the tables too
        results = Axe().run(desk.page, options={"resultTypes": ["violations"]})
        found += [(path, one["id"], [node["html"] for node in one["nodes"]][:3]) for one in results.response["violations"]]
        assert desk.page.evaluate("document.documentElement.scrollWidth") <= viewport["width"], path
    assert found == []
    assert watch.problems == []
    context.close()
