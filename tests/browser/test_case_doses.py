"""Doses in a case that tells them apart, chosen by the keyboard."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.browser.case_desk import CASE, CaseDesk, add_case
from tests.browser.content import write_browser_content
from tests.browser.desk import Desk
from tests.browser.sites import Sites
from tests.support.server import ServerProcess

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def dosed_site(sites: Sites, tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServerProcess]:
    folder = tmp_path_factory.mktemp("dosed-site")
    content = write_browser_content(folder / "content")
    add_case(content)
    path = content / "cases" / f"{CASE}.yaml"
    path.write_text(path.read_text().replace("opening: >", "doses: true\nopening: >", 1))
    with sites.open(folder, content) as site:
        yield site.server


def test_a_dose_is_chosen_in_the_basket_by_the_keyboard(page: Page, dosed_site: ServerProcess) -> None:
    desk = Desk(page, f"http://127.0.0.1:{dosed_site.port}")
    desk.skip_the_questions()
    case = CaseDesk(desk)
    case.begin()
    for order in ("kcl_iv", "bmp"):
        case.put(order)
    expect(page.get_by_label("Dose of", exact=False)).to_have_count(1)
    page.get_by_label("Dose of Potassium chloride, IV").focus()
    desk.press("ArrowDown")
    with case.answered():
        desk.press("Control+Enter")

    assert [(one["order"], one["dose"]) for one in case.state()["orders"]] == [("kcl_iv", "high"), ("bmp", "usual")]
    expect(page.locator("#orders li").first).to_contain_text("high dose")
