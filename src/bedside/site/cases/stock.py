"""The cases and the catalogue of orders, read when somebody first needs them, and again when their files have changed.

Reading the catalogue takes two to three seconds, so nothing but a case asks for it, and the list of cases does so beside the
page (`warm`). What can't be read leaves what was read before.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from threading import Lock, Thread
from typing import Generic, TypeVar

from bedside.cases import CaseFile, Cases, Catalogue, OrderSearch, load_catalogue, read_cases
from bedside.errors import NotFoundError, UsageError
from bedside.findings import Severity
from bedside.site import clock
from bedside.site.content import FILES_CHECKED_EVERY_S, content_folder

logger = logging.getLogger(__name__)

T = TypeVar("T")
Stamp = tuple[tuple[str, int, int], ...]


@dataclass(frozen=True, slots=True)
class Orders:
    """The catalogue, and the search through it."""

    catalogue: Catalogue
    search: OrderSearch


def cases_folder() -> Path:
    """Where the case files are."""
    return content_folder() / "cases"


def current_cases() -> Cases:
    """The cases whose files have a sound form."""
    return _CASES.current()


def current_orders() -> Orders:
    """The catalogue. Slow the first time.

    Raises:
        UsageError: it can't be read.
    """
    return _ORDERS.current()


def case_file(case_id: str) -> CaseFile:
    """One case.

    Raises:
        NotFoundError: there is none, or its file has no sound form.
    """
    return current_cases().get(case_id)


def case_text(case_id: str) -> str:
    """The case file as it lies on the disk.

    Raises:
        NotFoundError: it is gone.
    """
    try:
        return (cases_folder() / f"{case_id}.yaml").read_text(encoding="utf-8")
    except OSError as error:
        raise NotFoundError(f'the case "{case_id}" can\'t be read: {error.strerror}') from error


def has_orders() -> bool:
    """Has the catalogue been read already?"""
    return _ORDERS.value is not None


def warm() -> None:
    """Read the catalogue beside what is going on, where it was not read yet."""
    if not has_orders() and not _ORDERS.lock.locked():
        Thread(target=_read_quietly, name="order catalogue", daemon=True).start()


def _read_quietly() -> None:
    try:
        current_orders()
    except (UsageError, OSError):
        logger.exception("the catalogue of orders can't be read")


class _Shelf(Generic[T]):
    """Something read from a folder, and what the folder looked like then."""

    def __init__(self, name: str, read: Callable[[Path], T]) -> None:
        self.name = name
        self.read = read
        self.lock = Lock()
        self.value: T | None = None
        self.folder: Path | None = None
        self.stamp: Stamp = ()
        self.checked_s = 0.0

    def current(self) -> T:
        """What the folder has now; looked at every few seconds."""
        with self.lock:
            folder = content_folder() / self.name
            if self.value is not None and folder == self.folder:
                if clock.monotonic_s() - self.checked_s < FILES_CHECKED_EVERY_S:
                    return self.value
                self.checked_s = clock.monotonic_s()
                if _stamp(folder) == self.stamp:
                    return self.value
            return self._read(folder)

    def _read(self, folder: Path) -> T:
        stamp = _stamp(folder)  # before it is read: what changes meanwhile is then read again
        try:
            value = self.read(folder)
        except (UsageError, OSError):
            if self.value is None or folder != self.folder:
                raise
            logger.exception("the changed %s can't be read; what was read before stays", self.name)
            value = self.value
        self.value, self.folder, self.stamp, self.checked_s = value, folder, stamp, clock.monotonic_s()
        return value


def _stamp(folder: Path) -> Stamp:
    files = ((path, path.stat()) for path in sorted(folder.glob("*.yaml")))
    return tuple((path.name, stat.st_mtime_ns, stat.st_size) for path, stat in files)


def _read_orders(folder: Path) -> Orders:
    catalogue, findings = load_catalogue(folder)
    if catalogue is None:
        first = next(finding for finding in findings if finding.severity is Severity.ERROR)
        raise UsageError(f"the catalogue of orders can't be read: {first.file}:{first.line}: {first.text}")
    return Orders(catalogue, OrderSearch(catalogue))


_CASES = _Shelf("cases", read_cases)
_ORDERS = _Shelf("orders", _read_orders)
