"""Waiting for what shows in no element of a page."""

from __future__ import annotations

import time

from playwright.sync_api import Page, Request

QUIET_S = 0.5
MOST_S = 30.0


class Traffic:
    """What is under way between a page and its server."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.under_way: set[Request] = set()
        self.changed_s = time.monotonic()
        page.on("request", self._begin)
        page.on("requestfinished", self._end)
        page.on("requestfailed", self._end)

    def settle(self) -> None:
        """Wait until nothing has been under way for half a second. Playwright's "networkidle" comes once in the life of a
        page: asked for later, it answers at once."""
        begun_s = self.changed_s = time.monotonic()
        while self.under_way or time.monotonic() - self.changed_s < QUIET_S:
            assert time.monotonic() - begun_s < MOST_S, [request.url for request in self.under_way]
            self.page.wait_for_timeout(50)

    def _begin(self, request: Request) -> None:
        self.under_way.add(request)
        self.changed_s = time.monotonic()

    def _end(self, request: Request) -> None:
        self.under_way.discard(request)
        self.changed_s = time.monotonic()


def until(page: Page, script: str) -> None:
    """Wait until this answers yes. `wait_for_function` takes an answer that is to be awaited for yes."""
    for _ in range(300):
        if page.evaluate(script):
            return
        page.wait_for_timeout(100)
    raise AssertionError(f"it stays so that this is not: {script}")
