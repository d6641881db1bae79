"""`versions.lock`: which text stood under which version of an item, so that a changed meaning can't keep its number.

One line an item or question model, sorted by id: `id version sha256`, and `retired` after it once the item is gone. An id is
never used again.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Protocol

from bedside.findings import Finding, Severity
from bedside.reading import Document, Source

LOCK_NAME = "versions.lock"
_LINE = re.compile(r"(\S+) ([1-9]\d{0,6}) ([0-9a-f]{64})( retired)?")


class Versioned(Protocol):
    """An item or a question model: what has an id, a version, and a hash of what it means."""

    @property
    def id(self) -> str: ...
    @property
    def version(self) -> int: ...
    @property
    def content_hash(self) -> str: ...
    @property
    def file(self) -> str: ...
    @property
    def document(self) -> Document: ...


@dataclass(frozen=True, slots=True)
class Locked:
    """One line of the lock."""

    id: str
    version: int
    hash: str
    is_retired: bool
    line: int


@dataclass(frozen=True, slots=True)
class Lock:
    """A lock as read: its file, its lines by id, and what is wrong with the file itself."""

    file: str
    locked: Mapping[str, Locked]
    findings: tuple[Finding, ...] = ()


def parse_lock(source: Source) -> Lock:
    """The lines of a lock; a line that is not one, or an id that comes twice, is a finding."""
    locked: dict[str, Locked] = {}
    findings: list[Finding] = []
    for number, line in enumerate(source.text.split("\n"), start=1):
        if not line.strip() or line.startswith("#"):
            continue
        found = _LINE.fullmatch(line.rstrip())
        if not found:
            text = "a line of the lock is 'id version sha256', with 'retired' after it for an item that is gone"
            findings.append(_finding(source.file, number, "wrong-lock", Severity.ERROR, text))
        elif found[1] in locked:
            text = f'"{found[1]}" stands in line {locked[found[1]].line} already'
            findings.append(_finding(source.file, number, "wrong-lock", Severity.ERROR, text))
        else:
            locked[found[1]] = Locked(found[1], int(found[2]), found[3], found[4] is not None, number)
    return Lock(source.file, locked, tuple(findings))


def check_versions(items: Iterable[Versioned], lock: Lock, *, present: Collection[str] | None) -> Iterator[Finding]:
    """Compare items and models with their lock.

    Args:
        present: the ids of all files there are, sound or not; None where only some were looked at.
    """
    yield from lock.findings
    for item in items:
        place = item.document.place(("version",))
        locked = lock.locked.get(item.id)
        problem = _compare(item, locked)
        if problem:
            severity = Severity.NOTE if problem[0] == "not-locked" else Severity.ERROR
            yield Finding(item.file, place.line, place.column, problem[0], severity, problem[1])
    if present is None:
        return
    for entry in lock.locked.values():
        if entry.id not in present and not entry.is_retired:
            text = f'the file of "{entry.id}" is gone; bring it back, or write "retired" after this line'
            yield _finding(lock.file, entry.line, "item-gone", Severity.ERROR, text)


def _compare(item: Versioned, locked: Locked | None) -> tuple[str, str] | None:
    """The rule broken and what is wrong, None where all is well."""
    if locked is None:
        return "not-locked", f'"{item.id}" is not in {LOCK_NAME} yet; run `bedside bank lock`'
    if locked.is_retired:
        return "id-reused", f'the id "{item.id}" belonged to an item that is retired; take another'
    if item.version < locked.version:
        return "version-back", f"version {item.version} is lower than the {locked.version} of {LOCK_NAME}"
    if item.version == locked.version and item.content_hash != locked.hash:
        text = f"the text changed and the version is still {item.version}; make it {item.version + 1}"
        return "changed-meaning", text
    if item.version > locked.version:
        return "not-locked", f"version {item.version} is not in {LOCK_NAME} yet; run `bedside bank lock`"
    return None


def lock_text(lock: Lock, items: Iterable[Versioned], *, retire: Collection[str] = ()) -> str:
    """The lock brought up to date: the items as they are, the lines of all others as they were, sorted by id."""
    lines = {entry.id: (entry.version, entry.hash, entry.is_retired or entry.id in retire) for entry in lock.locked.values()}
    for item in items:
        lines[item.id] = (item.version, item.content_hash, False)
    return "".join(
        f"{name} {version} {digest}{' retired' if is_retired else ''}\n"
        for name, (version, digest, is_retired) in sorted(lines.items())
    )


def _finding(file: str, line: int, rule: str, severity: Severity, text: str) -> Finding:
    return Finding(file, line, None, rule, severity, text)
