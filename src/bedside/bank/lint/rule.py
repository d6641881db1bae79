"""What a rule of the linter is, and what a check says when it finds something."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Generic, TypeVar

from bedside.findings import Severity

Subject = TypeVar("Subject")
Found = TypeVar("Found")


@dataclass(frozen=True, slots=True)
class Rule:
    """A named way in which an item goes wrong.

    `name` is a contract: waivers, documentation and other programs use it. `flaw` is the code of the item-writing
    literature as listed in docs/reference/rules/README.md. `on_imported` says that the rule also speaks about items which
    nobody here wrote, then as a note: there it points at harm, not at style. `needs_options` keeps it from numeric items, and
    `needs_vignette` from items whose patient is told elsewhere: by a shared stimulus, or by an earlier part of their set.
    """

    name: str
    flaw: str
    severity: Severity
    summary: str
    on_imported: bool = False
    needs_options: bool = False
    needs_vignette: bool = False


@dataclass(frozen=True, slots=True)
class Spot:
    """A line and, where one is meant, a column of the item's file, both from 1."""

    line: int
    column: int | None = None


@dataclass(frozen=True, slots=True)
class Hit:
    """One offence: where, in what words, and its severity where it differs from the rule's."""

    spot: Spot
    text: str
    severity: Severity | None = None


@dataclass(frozen=True, slots=True)
class Check(Generic[Subject, Found]):
    """A rule with the function that looks for it."""

    rule: Rule
    find: Callable[[Subject], Iterable[Found]]
