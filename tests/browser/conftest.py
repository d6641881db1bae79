"""A real browser before a real server. Both are the system's own; nothing is fetched from anywhere."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from tests.browser.content import write_browser_content
from tests.browser.day_content import write_day_content
from tests.browser.desk import ClockSite, Desk, OwnSite, Watch
from tests.browser.sites import Sites
from tests.support.server import ServerProcess

# Each window would make ready what its address bar drops down, at twice the cost of the page itself. Of such lists the last
# counts, so those that Playwright leaves out are named here again.
LEFT_OUT = [
    "PreloadTopChromeWebUI",
    "WebUIOmniboxPopup",
    "WebUIOmniboxAimPopup",
    "AvoidUnnecessaryBeforeUnloadCheckSync",
    "DestroyProfileOnBrowserClose",
    "HttpsFirstBalancedModeAutoEnable",
    "HttpsUpgrades",
    "MediaRouter",
    "NetworkTimeServiceQuerying",
    "OptimizationHints",
    "PaintHolding",
    "PreconnectToSearch",
    "ThirdPartyStoragePartitioning",
]
ARGUMENTS = [
    "--headless=new",
    f"--disable-features={','.join(LEFT_OUT)}",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
MISSING = "Chromium is not there: apt-get install chromium"
TIMEOUT_MS = 30_000  # a machine that is busy with other work is slow, not wrong

expect.set_options(timeout=TIMEOUT_MS)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """The system's Chromium. Without it the tests are skipped by name, and fail where CI=true says that it must be there."""
    path = shutil.which("chromium")
    if path is None:
        if os.environ.get("CI") == "true":
            pytest.fail(MISSING)
        pytest.skip(MISSING)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def sites(tables: Path) -> Sites:
    return Sites(tables)


@pytest.fixture(scope="session")
def browser_content(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_browser_content(tmp_path_factory.mktemp("browser") / "content")


@pytest.fixture(scope="session")
def shared_site(sites: Sites, tmp_path_factory: pytest.TempPathFactory, browser_content: Path) -> Iterator[ServerProcess]:
    """One site for all tests that do not kill it; each test sits blocks of its own."""
    with sites.open(tmp_path_factory.mktemp("site"), browser_content) as site:
        yield site.server


@pytest.fixture
def own_site(sites: Sites, tmp_path: Path, browser_content: Path) -> Iterator[OwnSite]:
    """A site that the test may kill."""
    with sites.open(tmp_path, browser_content) as site:
        yield site


@pytest.fixture(scope="session")
def day_content(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_day_content(tmp_path_factory.mktemp("day") / "content")


@pytest.fixture(scope="session")
def day_site(sites: Sites, tmp_path_factory: pytest.TempPathFactory, day_content: Path) -> Iterator[OwnSite]:
    """A site with items of every kind, for tests that do not kill it."""
    with sites.open(tmp_path_factory.mktemp("day-site"), day_content) as site:
        yield site


@pytest.fixture(scope="session")
def clock_site(sites: Sites, tmp_path_factory: pytest.TempPathFactory, day_content: Path) -> Iterator[ClockSite]:
    """The same, with a clock that tests move."""
    with sites.open_with_clock(tmp_path_factory.mktemp("clock-site"), day_content) as site:
        yield site


@pytest.fixture
def own_day_site(sites: Sites, tmp_path: Path, day_content: Path) -> Iterator[OwnSite]:
    """The same, for a test that kills it."""
    with sites.open(tmp_path, day_content) as site:
        yield site


@pytest.fixture
def context(chromium: Browser) -> Iterator[BrowserContext]:
    """A browser without a past."""
    made = chromium.new_context(viewport={"width": 1280, "height": 800}, color_scheme="light")
    made.set_default_timeout(TIMEOUT_MS)
    yield made
    made.close()


@pytest.fixture
def watch() -> Watch:
    """What goes wrong on any page of the test, whether or not the test looks."""
    return Watch()


@pytest.fixture
def page(context: BrowserContext, watch: Watch) -> Iterator[Page]:
    """A page on which nothing may go wrong that the test did not name."""
    context.on("page", watch.on)
    page = context.new_page()
    yield page
    assert watch.problems == []


@pytest.fixture
def desk(page: Page, shared_site: ServerProcess) -> Desk:
    """A page of the shared site, and the ways to go about it."""
    desk = Desk(page, f"http://127.0.0.1:{shared_site.port}")
    desk.skip_the_questions()
    return desk


@pytest.fixture
def clock_desk(page: Page, clock_site: ClockSite) -> Desk:
    """A page of the site whose clock tests move; its own clock is moved with it."""
    desk = Desk(page, clock_site.base)
    desk.skip_the_questions()
    clock_site.hold(page)
    return desk


@pytest.fixture
def day_desk(page: Page, day_site: OwnSite) -> Desk:
    """A page of the site with items of every kind."""
    desk = Desk(page, day_site.base)
    desk.skip_the_questions()
    return desk
