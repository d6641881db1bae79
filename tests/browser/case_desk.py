"""Playing a case by the keyboard alone."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from playwright.sync_api import expect

from bedside.cases import Advance, Cancel, Command, Examine, History, Move, Order, Run, run_script
from tests.browser.desk import Desk
from tests.support.case_files import DATA, small_catalogue
from tests.support.case_runs import example_case

CASE = "endo-001"
SETTLED = "#case[aria-busy=false]"


def add_case(folder: Path) -> None:
    """The worked example and the orders it needs, for a content folder."""
    shutil.copytree(DATA / "orders", folder / "orders")
    (folder / "cases").mkdir()
    shutil.copy(DATA / "cases" / f"{CASE}.yaml", folder / "cases")


def expert_run() -> Run:
    """What the expert does, done by the core."""
    case = example_case()
    return run_script(case, case.file.scripts["expert"])


@dataclass
class CaseDesk:
    """A page on which the case is played. Nothing here uses a mouse."""

    desk: Desk

    def begin(self, *, mode: str = "practice", limit: str = "") -> None:
        """From the list to the workspace, by Enter."""
        page = self.desk.page
        self.desk.go("/cases")
        page.locator(f"input[name=mode][value={mode}]").focus()
        self.desk.press("Space")
        page.locator(f'input[name=limit][value="{limit}"]').focus()
        self.desk.press("Space")
        page.locator(f"button[value={CASE}]").press("Enter")
        page.locator("#begin").wait_for()
        self.desk.press("Enter")
        expect(page.locator("#box")).to_be_focused()

    @property
    def path(self) -> str:
        return f"/api/cases/runs/{self.desk.page.url.rpartition('/')[2]}"

    def state(self) -> dict[str, Any]:
        """The run as the server has it."""
        told: dict[str, Any] = self.desk.page.evaluate("async (path) => (await fetch(path)).json()", self.path)
        return told

    def settle(self) -> None:
        """Wait until the server has answered all."""
        expect(self.desk.page.locator(SETTLED)).to_be_attached()

    @contextmanager
    def answered(self) -> Iterator[None]:
        """What is pressed in here sends commands: wait for their answer, and until the page shows it.

        A dialog hands on what was chosen in it only after it has closed, so that the page may look settled before it sends.
        """
        with self.desk.page.expect_response(lambda one: one.url.endswith("/commands") and one.request.method == "POST"):
            yield
        self.settle()

    def out_of_the_box(self) -> None:
        if self.desk.page.evaluate("document.activeElement.id === 'box'"):
            self.desk.press("Escape")
        expect(self.desk.page.locator("#box")).not_to_be_focused()

    def press(self, key: str) -> None:
        """A letter, from outside of the order box."""
        self.out_of_the_box()
        self.desk.press(key)

    def put(self, order_id: str) -> None:
        """Type an order and put it into the basket, going down to it where another comes first."""
        page = self.desk.page
        order = small_catalogue().orders[order_id]
        if not page.evaluate("document.activeElement.id === 'box'"):
            self.desk.press("/")
        page.keyboard.insert_text(order.name)  # in one go: what is found for the first letters of it is another list
        shown = f"{order.name}, {order.route}" if order.route else order.name
        chosen = page.locator("#hits [aria-selected=true] > span").first
        expect(page.locator("#hits li").first).to_be_visible()
        for _ in range(12):
            if chosen.count() and chosen.inner_text() == shown:
                break
            self.desk.press("ArrowDown")
        expect(chosen).to_have_text(shown)
        self.desk.press("Enter")
        expect(page.locator("#basket-list .name", has_text=shown).first).to_be_visible()
        expect(page.locator("#box")).to_have_value("")

    def sign(self) -> None:
        with self.answered():
            self.desk.press("Control+Enter")

    def examine(self, *parts: str) -> None:
        self.press("e")
        for part in parts:
            self.desk.page.locator(f"#examine input[value={part}]").press("Space")
        with self.answered():
            self.desk.press("Enter")

    def pass_minutes(self, minutes: int) -> None:
        self.press("t")
        number = self.desk.page.locator("#time-n")
        expect(number).to_be_focused()
        number.press_sequentially(str(minutes))  # over what is selected
        self.desk.page.locator("#time-unit").select_option("60")
        with self.answered():
            number.press("Enter")

    def wait_to(self, at_s: int) -> None:
        """Let time pass to that second, in whole minutes; notes stop the clock, and then it goes on."""
        while (now_s := self.state()["now_s"]) < at_s:
            self.pass_minutes(min(600, -(-(at_s - now_s) // 60)))

    def move(self, place: str) -> None:
        self.press("l")
        self.desk.page.locator(f"#move input[value={place}]").press("Space")
        with self.answered():
            self.desk.press("Enter")

    def stop(self, *orders: str) -> None:
        self.press("x")
        for order in orders:
            self.desk.page.locator(f"#stop input[value={order}]").press("Space")
        with self.answered():
            self.desk.press("Enter")

    def do_all(self, at_s: int, commands: list[Command]) -> None:
        """What was done at one instant, each kind in one go."""
        self.wait_to(at_s)
        orders = [one.order for one in commands if isinstance(one, Order)]
        for order in orders:
            self.put(order)
        if orders:
            self.sign()
        parts = [one.part for one in commands if isinstance(one, Examine)]
        if parts:
            self.examine(*parts)
        stops = [one.order for one in commands if isinstance(one, Cancel)]
        if stops:
            self.stop(*stops)
        for one in commands:
            if isinstance(one, Move):
                self.move(one.to)
            elif isinstance(one, History):
                with self.answered():
                    self.press("h")
            else:
                assert not isinstance(one, Advance)
