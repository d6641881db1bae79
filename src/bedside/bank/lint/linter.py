"""Run the rules over items.

What the linter promises: it reads items and never changes them; it raises nothing on any text; the order of findings does not
depend on the order of checks. Severities are the rules'. Of an imported item only the rules marked `on_imported` speak, and
as notes: whoever imported it did not write it, and a thousand warnings of style would hide the one value that does harm.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial

from bedside.bank.analytes import Analytes
from bedside.bank.item import Item
from bedside.bank.lint.bank_wide import Entry, Measures, Shelf, measures
from bedside.bank.lint.options import NUMBER_OF_OPTIONS, READ_OPTIONS
from bedside.bank.lint.reference import Reference, reference
from bedside.bank.lint.registry import BANK_CHECKS, ITEM_CHECKS, RULES
from bedside.bank.lint.rule import Hit, Rule
from bedside.bank.lint.view import View, view
from bedside.bank.lint.waivers import apply_waivers
from bedside.findings import Finding, Severity, in_order

_ON_IMPORTED = tuple(check for check in ITEM_CHECKS if check.rule.on_imported)
_OF_A_BROKEN_ITEM = tuple(check for check in ITEM_CHECKS if check.rule is NUMBER_OF_OPTIONS)


Judged = tuple[list[Finding], Measures]
Each = Callable[[Callable[[Item], Judged], Iterable[Item]], Iterable[Judged]]


def lint(
    items: Mapping[str, Item] | Iterable[Item],
    *,
    analytes: Analytes | None,
    collection_of: Mapping[str, str] | None = None,
    each: Each = map,
) -> list[Finding]:
    """Everything that the rules find in these items, sorted by place.

    Args:
        analytes: the reference values; without them laboratory values are not judged.
        collection_of: id of an item → name of its collection, for the rules that count over one.
        each: applies a function to each item, in order, as `map` does; a pool of processes has one too.
    """
    every = list(items.values() if isinstance(items, Mapping) else items)
    entries: list[Entry] = []
    findings: list[list[Finding]] = []
    for item, (its_findings, its_measures) in zip(every, each(partial(_judge, reference(analytes)), every), strict=True):
        findings.append(its_findings)
        entries.append(Entry(item, *its_measures))
    of_folders: list[Finding] = []
    shelf = Shelf(entries, collection_of or {})
    for check in BANK_CHECKS:
        for found in check.find(shelf):
            finding = _finding(found.file, found.hit, check.rule, is_imported=found.is_imported)
            (of_folders if found.index is None else findings[found.index]).append(finding)
    kept = [
        finding
        for one, its_findings in zip(entries, findings, strict=True)
        for finding in apply_waivers(one.item, its_findings, RULES)
    ]
    return in_order([*of_folders, *kept])


def lint_each(items: Iterable[Item], *, analytes: Analytes | None, each: Each = map) -> list[list[Finding]]:
    """What the rules find in each item by itself, without those that count over many; of each its own list."""
    every = list(items)
    judged = each(partial(_judge, reference(analytes)), every)
    return [list(apply_waivers(item, findings, RULES)) for item, (findings, _) in zip(every, judged, strict=True)]


def _judge(known: Reference, item: Item) -> tuple[list[Finding], Measures]:
    prepared = view(item, known)
    return list(_of_item(prepared)), measures(prepared)


def _of_item(prepared: View) -> Iterator[Finding]:
    item = prepared.item
    checks = _ON_IMPORTED if item.is_imported else ITEM_CHECKS
    if len(prepared.options) > READ_OPTIONS:
        checks = _OF_A_BROKEN_ITEM
    for check in checks:
        if not _is_asked_of(check.rule, item):
            continue
        for hit in check.find(prepared):
            yield _finding(item.file, hit, check.rule, is_imported=item.is_imported)


def _is_asked_of(rule: Rule, item: Item) -> bool:
    """Does the rule make sense for an item of this kind, and at this place in its set?"""
    is_told_elsewhere = item.stimulus is not None or (item.set is not None and item.set.part > 1)
    return not (rule.needs_options and item.answer is not None) and not (rule.needs_vignette and is_told_elsewhere)


def _finding(file: str, hit: Hit, rule: Rule, *, is_imported: bool) -> Finding:
    severity = Severity.NOTE if is_imported else hit.severity or rule.severity
    return Finding(file, hit.spot.line, hit.spot.column, rule.name, severity, hit.text)
