"""The counts of the bank for its page, made once of each state of the content; the linter works beside the page."""

from __future__ import annotations

import logging
from dataclasses import dataclass, replace
from datetime import date
from threading import Lock, Thread

from bedside.bank import Bank, Overview, lint_bank, overview
from bedside.findings import Finding
from bedside.site.bankroom.ranges import ranges_of
from bedside.site.cases.stock import current_cases
from bedside.site.content import OWN_COLLECTION, Content

logger = logging.getLogger(__name__)


@dataclass(slots=True)
class _Kept:
    """What was counted of one state of the content; `findings` is None until the linter has ended."""

    content: Content
    findings: tuple[Finding, ...] | None = None
    thread: Thread | None = None
    counted: tuple[tuple[date, int | None, bool], Overview] | None = None


_LOCK = Lock()
_KEPT: list[_Kept] = []  # at most one: of the content as it is now


def counted(content: Content, *, on: date, goal: int | None = None) -> Overview:
    """Everything that is counted of the bank's own items. What the linter found is None while it still works."""
    with _LOCK:
        if not _KEPT or _KEPT[0].content is not content:
            _KEPT[:] = [_Kept(content)]
        kept = _KEPT[0]
        if kept.thread is None:
            kept.thread = Thread(target=_lint, args=(kept,), name="linter", daemon=True)
            kept.thread.start()
        findings = kept.findings
        key = (on, goal, findings is not None)
        if kept.counted is None or kept.counted[0] != key:
            kept.counted = key, _count(content, findings, on=on, goal=goal)
        return kept.counted[1]


def wait_for_linter() -> None:
    """Wait until the linter has ended, where it works."""
    thread = _KEPT[0].thread if _KEPT else None
    if thread is not None:
        thread.join()


def own_bank(content: Content) -> Bank:
    """The bank without imported collections: those are a reader's own, and nobody reviews them here."""
    bank = content.whole
    own = {name: item for name, item in bank.items.items() if bank.collection_of[name] == OWN_COLLECTION}
    return replace(
        bank,
        items=own,
        collection_of=dict.fromkeys(own, OWN_COLLECTION),
        faulty=tuple(item for item in bank.faulty if not item.is_imported),
    )


def _count(content: Content, findings: tuple[Finding, ...] | None, *, on: date, goal: int | None) -> Overview:
    cases = {case.id: tuple(case.debrief.takeaways) for case in current_cases().by_id.values()}
    return overview(
        own_bank(content),
        ranges=list(ranges_of(content.programmes, on=on)),
        cases=cases,
        findings=findings,
        goal=goal,
    )


def _lint(kept: _Kept) -> None:
    bank = own_bank(kept.content)
    try:
        found = lint_bank(bank.all_items, analytes=kept.content.analytes, collection_of=bank.collection_of)
        kept.findings = (*bank.findings, *found)
    except Exception:
        logger.exception("the linter failed; the page stays without its findings")
