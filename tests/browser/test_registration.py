"""An office in a browser: what it knows is entered, somebody is registered, and the candidate reads it."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, ViewportSize, expect

from tests.browser.desk import Watch
from tests.browser.looks import first_look
from tests.browser.sites import Sites
from tests.support.registering import write_three_steps
from tests.support.server import ServerProcess, environment, serve

PASSWORD = "correct horse battery"
WIDE: ViewportSize = {"width": 1280, "height": 800}
PHONE: ViewportSize = {"width": 360, "height": 740}
LOOKS = {
    "light-wide": ("light", WIDE),
    "dark-wide": ("dark", WIDE),
    "light-phone": ("light", PHONE),
    "dark-phone": ("dark", PHONE),
}


@pytest.fixture(scope="module")
def office_site(sites: Sites, tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServerProcess]:
    """A site with an exam of three steps, an administrator and a candidate."""
    content = write_three_steps(tmp_path_factory.mktemp("three-steps") / "content")
    data = sites.new_data(tmp_path_factory.mktemp("office-of-three"))
    for name, role in (("root", "administrator"), ("ada", "candidate")):
        subprocess.run(
            [sys.executable, "-m", "bedside", "user", "add", name, "--role", role, "--password"],
            env=environment(data, content),
            input=PASSWORD,
            text=True,
            check=True,
            capture_output=True,
        )
    server = serve(data, content)
    yield server
    server.stop()


@pytest.fixture
def base(office_site: ServerProcess) -> str:
    return f"http://127.0.0.1:{office_site.port}"


@contextmanager
def signed_in(chromium: Browser, base: str, watch: Watch, name: str, **options: Any) -> Iterator[Page]:
    """A browser of their own, on the page of exams or of registrations."""
    context = chromium.new_context(**{"viewport": WIDE, **options})
    context.set_default_timeout(30_000)
    context.on("page", watch.on)
    page = context.new_page()
    place = "/office/registrations" if name == "root" else "/exam"
    page.goto(f"{base}/login/?next={place}")
    page.get_by_label("Name").fill(name)
    page.get_by_label("Password").fill(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url(f"{base}{place}")
    yield page
    context.close()


def register(page: Page, *, reason: str = "application 17") -> None:
    page.get_by_text("Register for a step", exact=True).click()
    page.get_by_label("Step", exact=True).select_option("exam/third")
    page.locator("#register-reason").fill(reason)
    page.get_by_role("button", name="Register").click()


def enter_what_the_office_knows(page: Page) -> None:
    """The degree, the identity, and the first step passed."""
    page.get_by_role("link", name="The person and their school").click()
    page.get_by_label("Degree awarded on").fill("2025-05-30")
    page.get_by_label("Their identity is established with Intealth").select_option("yes")
    page.get_by_label("Reason, or the paper it rests on").fill("diploma 17")
    page.get_by_role("button", name="Save").last.click()
    page.get_by_role("link", name="Steps sat").click()
    page.get_by_label("Step", exact=True).select_option("exam/first")
    page.get_by_label("Day, the first of two").fill("2025-03-02")
    page.get_by_label("Result").select_option("pass")
    page.get_by_label("Reason, or the paper it rests on").fill("letter 3")
    page.get_by_role("button", name="Save").last.click()


def test_somebody_is_refused_then_registered_and_reads_it(chromium: Browser, base: str, watch: Watch) -> None:
    watch.allow("409")
    with signed_in(chromium, base, watch, "root") as page:
        page.get_by_text("The Exam: not required").click()
        page.get_by_label("Reason").fill("we are its office")
        page.get_by_role("button", name="Require it").click()
        expect(page.get_by_text("The Exam: required")).to_be_visible()
        page.get_by_role("link", name="ada").click()
        register(page)
        refusal = page.get_by_role("alert")
        expect(refusal).to_contain_text("The third step needs the first. Not met")
        expect(refusal).to_contain_text("The third step needs the degree. Not met")
        enter_what_the_office_knows(page)
        expect(page.get_by_text("Version 2, by root")).to_be_visible()
        register(page)
        expect(page.get_by_text("Registered until")).to_be_visible()
    with signed_in(chromium, base, watch, "ada") as page:
        page.get_by_label("Exam and day").select_option("exam/third/1")
        expect(page.get_by_text("You are registered for this step from")).to_be_visible()
    assert watch.problems == []


@pytest.mark.slow
@pytest.mark.parametrize("look", first_look(LOOKS, "light-phone"))
def test_axe_finds_nothing_on_the_pages_and_none_is_too_wide(chromium: Browser, base: str, watch: Watch, look: str) -> None:
    scheme, viewport = LOOKS[look]
    found: dict[str, Any] = {}
    with signed_in(chromium, base, watch, "root", viewport=viewport, color_scheme=scheme) as page:
        candidate = page.get_by_role("link", name="ada").last.get_attribute("href")
        paths = ["/office/registrations?show=all", candidate, f"{candidate}/record/person", f"{candidate}/record/attempts"]
        page.goto(f"{base}{candidate}")
        if page.get_by_role("link", name="Open").count():
            paths.append(page.get_by_role("link", name="Open").first.get_attribute("href"))
        for path in paths:
            page.goto(f"{base}{path}")
            for summary in page.locator("details.deed > summary").all():
                summary.click()
            results = Axe().run(page, options={"resultTypes": ["violations"]})
            if results.violations_count:
                found[str(path)] = [(one["id"], one["nodes"][0]["html"]) for one in results.response["violations"]]
            if page.evaluate("document.documentElement.scrollWidth") > viewport["width"]:
                found[f"{path} is too wide"] = page.evaluate("document.documentElement.scrollWidth")
    assert found == {}
