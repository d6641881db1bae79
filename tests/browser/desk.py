"""Ways to go about the site in a browser, and an eye on everything that goes wrong there."""

from __future__ import annotations

import contextlib
import re
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlencode

from playwright.sync_api import ConsoleMessage, Error, Page, Request, expect

from tests.browser.waiting import Traffic
from tests.support.day import Day, DayProgram
from tests.support.server import ServerProcess, serve

OFFLINE = r"ERR_INTERNET_DISCONNECTED|ERR_CONNECTION_REFUSED|ERR_CONNECTION_RESET|ERR_EMPTY_RESPONSE|ERR_FAILED"

SENT_MS = 45_000  # after a failure the page waits up to 25 s before it sends again


@dataclass
class Watch:
    """Errors of scripts, of the console and of the content security policy, and every body that came over the wire."""

    problems: list[str] = field(default_factory=list)
    allowed: list[str] = field(default_factory=list)
    answered: list[tuple[str, str]] = field(default_factory=list)

    def allow(self, pattern: str) -> None:
        """The test makes this happen."""
        self.allowed.append(pattern)

    def on(self, page: Page) -> None:
        page.on("console", self._console)
        page.on("pageerror", lambda error: self._note(f"script: {error}"))
        page.on("requestfinished", self._finished)

    def bodies(self) -> list[tuple[str, str]]:
        """Address and text of everything that was answered since the last look."""
        seen, self.answered = self.answered, []
        return seen

    def _finished(self, request: Request) -> None:
        if request.resource_type not in {"document", "fetch", "xhr"}:
            return
        response = request.response()
        if response is None or response.status >= 300:
            return
        # a body that is gone because the page was left was on no screen
        with contextlib.suppress(Error):
            self.answered.append((request.url, response.text()))

    def _console(self, message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"}:
            self._note(f"console: {message.text} ({message.location.get('url', '')})")

    def _note(self, text: str) -> None:
        if not any(re.search(pattern, text) for pattern in self.allowed):
            self.problems.append(text)


def confirm(page: Page, button: str) -> None:
    """Press Enter on a dialog's button once the dialog is there: the player queues what keys do, and opens it in its turn."""
    expect(page.locator(button)).to_be_visible()
    page.locator(button).press("Enter")


@dataclass
class Desk:
    """One page of a site."""

    page: Page
    base: str
    traffic: Traffic = field(init=False)

    def __post_init__(self) -> None:
        self.traffic = Traffic(self.page)

    def go(self, path: str) -> None:
        self.page.goto(f"{self.base}{path}")

    def skip_the_questions(self) -> None:
        """The first run, where it was not done yet."""
        self.go("/")
        if self.page.url.endswith("/welcome"):
            self.page.get_by_role("button", name="Skip all three").click()
            self.page.get_by_role("heading", name="Today").wait_for()

    def choose(self, *, items: int = 4, mode: str = "timed", **codes: str) -> None:
        """The practice form with this choice, and the block made; the player shows what is to come."""
        query = urlencode({"step": "exam/first", "items": items, "mode": mode, "state": "any", **codes})
        self.go(f"/practice?{query}")
        self.page.locator("#start").click()
        self.page.locator("#go").wait_for()

    def begin(self, *, items: int = 4, mode: str = "timed", **codes: str) -> str:
        """A block, begun by the keyboard; answers the sitting's id."""
        self.choose(items=items, mode=mode, **codes)
        self.page.keyboard.press("Enter")
        self.page.locator("#stem").wait_for()
        self.all_saved()
        return self.sitting

    @property
    def sitting(self) -> str:
        return self.page.url.rstrip("/").rpartition("/")[2].partition("?")[0]

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)

    def tab_to(self, where: str, *, most: int = 60) -> None:
        """Press Tab until this has the focus."""
        for _ in range(most):
            self.press("Tab")
            if self.page.evaluate("(where) => document.activeElement.matches(where)", where):
                return
        raise AssertionError(f"Tab does not come to {where}")

    def at_item(self, n: int) -> None:
        """Wait until item `n` is on the screen."""
        expect(self.page.locator("#place")).to_have_text(re.compile(rf"^Item {n} of "))

    def chosen(self) -> list[str]:
        """The letters that are chosen on the item."""
        letters: list[str] = self.page.eval_on_selector_all(
            "#options input", "boxes => boxes.filter((box) => box.checked).map((box) => box.value)"
        )
        return letters

    def expect_chosen(self, *letters: str) -> None:
        for letter in letters:
            expect(self.page.locator(f"#options input[value={letter}]")).to_be_checked()
        expect(self.page.locator("#options input:checked")).to_have_count(len(letters))

    def to_item(self, n: int) -> None:
        """Through the list on the left."""
        self.page.locator("#rail button").nth(n - 1).click()
        self.at_item(n)

    def at_heading(self, name: str) -> None:
        """Wait until a screen without an item has this heading."""
        expect(self.page.locator("#page > h2")).to_have_text(name)

    def end_block(self) -> None:
        """End the open block by the keyboard, without the review."""
        self.press("Alt+e")
        confirm(self.page, "#end-yes")

    def all_saved(self) -> None:
        """Wait until every key has had its turn and the server has what came of it."""
        expect(self.page.locator("#saved")).not_to_have_attribute("data-undone", re.compile("[1-9]"))
        expect(self.page.locator("#saved")).to_have_attribute("data-waiting", "0", timeout=SENT_MS)

    def settle(self) -> None:
        """The same, and that the page has heard what it asks the server upon that."""
        self.all_saved()
        self.traffic.settle()

    def waits(self, n: int) -> None:
        """Wait until the page says that `n` events wait on this computer."""
        expect(self.page.locator("#saved")).to_contain_text(f"{n} to send")

    def end(self) -> None:
        """Through the review to the report, by the keyboard."""
        self.press("Alt+r")
        self.page.get_by_role("heading", name="Review", exact=True).wait_for()
        self.press("Enter")
        self.page.locator("#end-yes").click()
        self.page.wait_for_url("**/report/**")

    def expect_count(self, name: str, least_s: int, most_s: int) -> None:
        """What counts down on the page stands between these seconds; a busy machine is some seconds late."""
        self._expect_clock(f"[data-count={name}]", least_s, most_s)

    def expect_timer(self, least_s: int, most_s: int) -> None:
        """The same of the clock in the bar."""
        self._expect_clock("#time", least_s, most_s)

    def _expect_clock(self, where: str, least_s: int, most_s: int) -> None:
        shown = "|".join(f"{seconds // 60}:{seconds % 60:02d}" for seconds in range(least_s, most_s + 1))
        expect(self.page.locator(where)).to_have_text(re.compile(f"^({shown})$"))

    def state(self) -> dict[str, object]:
        """What the server knows of the sitting."""
        told: dict[str, object] = self.page.request.get(f"{self.base}/api/sittings/{self.sitting}").json()
        return told

    def seconds(self, name: str) -> float:
        """A length that the server tells of the sitting, in seconds."""
        told = self.state()[name]
        assert isinstance(told, int)
        return told / 1000

    def answered(self) -> list[str]:
        """The items that have an answer on the server, in order of their names."""
        told = self.state()["answers"]
        assert isinstance(told, dict)
        return sorted(told)


@dataclass
class OwnSite:
    """A site that a test may kill and start again on the same port with the same data."""

    data: Path
    content: Path
    server: ServerProcess
    program: DayProgram = field(init=False)

    def __post_init__(self) -> None:
        self.program = DayProgram(self.data, self.content)

    @property
    def base(self) -> str:
        return f"http://127.0.0.1:{self.server.port}"

    def kill(self) -> None:
        self.server.kill()

    def make_day(self, day: Day) -> str:
        """A sitting of the learner's; answers its id."""
        return self.program.make_day(day)

    def proctor(self, verb: str, sitting: str, **fields: object) -> None:
        """What a proctor does to the sitting meanwhile."""
        self.program.proctor(verb, sitting, **fields)

    def start(self) -> None:
        """Start it again."""
        self.server = serve(self.data, self.content, port=self.server.port)

    def stop(self) -> None:
        """Stop it, and what works beside it."""
        self.program.stop()
        self.server.stop()


@dataclass
class ClockSite(OwnSite):
    """A site whose clock a test moves, and the page's with it: `ahead` holds by how many seconds."""

    ahead: Path

    def hold(self, page: Page) -> None:
        """Take the page's clock in hand, before the page is opened."""
        page.clock.install()

    def pass_s(self, page: Page, seconds: int) -> None:
        """Let time pass for both, as when the computer was left alone."""
        later = self.ahead.with_suffix(".new")
        later.write_text(str(int(self.ahead.read_text(encoding="utf-8")) + seconds), encoding="utf-8")
        later.replace(self.ahead)  # so that the site never reads half a number
        page.clock.fast_forward(seconds * 1000)
