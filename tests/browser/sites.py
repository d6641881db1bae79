"""Sites for tests: each a process of its own, on data of its own whose tables are there already."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.browser.desk import ClockSite, OwnSite
from tests.support.server import serve
from tests.support.tables import data_with


@dataclass(frozen=True)
class Sites:
    """Opens sites. `tables` is a database with nothing in it."""

    tables: Path

    @contextmanager
    def open(self, folder: Path, content: Path) -> Iterator[OwnSite]:
        """A site whose data lies in a folder that is made for it."""
        data = self.new_data(folder)
        site = OwnSite(data, content, serve(data, content))
        yield site
        site.stop()

    @contextmanager
    def open_with_clock(self, folder: Path, content: Path) -> Iterator[ClockSite]:
        """The same, with a clock that tests move."""
        data, ahead = self.new_data(folder), folder / "ahead"
        ahead.write_text("0", encoding="utf-8")
        site = ClockSite(data, content, serve(data, content, ahead=ahead), ahead)
        yield site
        site.stop()

    def new_data(self, folder: Path) -> Path:
        """The data folder of a site, in a folder that is made for it."""
        return data_with(self.tables, folder / "data")
