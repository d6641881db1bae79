"""What only the whole catalogue shows: ids taken twice, unknown analytes, and terms that mean more than one entry."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from bedside.cases.catalogue_files import CatalogueFiles, Located
from bedside.cases.order_file import CATEGORIES, OrderEntry
from bedside.cases.order_text import squashed
from bedside.findings import Finding, Severity
from bedside.reading import did_you_mean


def ids_of(key: str, entry: OrderEntry) -> tuple[str, ...]:
    """The orders of an entry: one a route for drugs and fluids, named after it; else the key itself."""
    if not entry.is_by_route:
        return (key,)
    return tuple(f"{entry.id_stem or key}_{route.lower()}" for route in entry.routes)


def check_catalogue(files: CatalogueFiles) -> Iterator[Finding]:
    """The findings, errors first; nothing here looks at an entry alone."""
    yield from _check_ids(files)
    yield from _check_analytes(files)
    yield from _check_turnaround(files)
    yield from _check_class_words(files)
    yield from _check_names(files)
    yield from _check_terms(files)


def _check_ids(files: CatalogueFiles) -> Iterator[Finding]:
    owners: dict[str, str] = {}
    for key, located in files.orders.items():
        for order_id in ids_of(key, located.value):
            if order_id in owners:
                text = f'{key}: the id "{order_id}" is that of "{owners[order_id]}" already'
                yield located.finding("duplicate-id", text, of_key=True)
            owners.setdefault(order_id, key)


def _check_analytes(files: CatalogueFiles) -> Iterator[Finding]:
    known = list(files.analytes)
    for key, located in files.orders.items():
        for n, analyte in enumerate(located.value.analytes):
            if analyte not in files.analytes:
                text = f'{key}: no analyte "{analyte}"{did_you_mean(analyte, known)}'
                yield located.finding("unknown-analyte", text, "analytes", n)


def _check_turnaround(files: CatalogueFiles) -> Iterator[Finding]:
    if files.turnaround is None:
        return
    known = {name.partition(".")[0] for name in CATEGORIES} | set(CATEGORIES) | {"drug"}
    for category in files.turnaround.value.categories:
        if category not in known:
            text = f'"{category}" is no category{did_you_mean(category, sorted(known))}'
            yield files.turnaround.finding("unknown-category", text, "categories", category, of_key=True)


def _check_class_words(files: CatalogueFiles) -> Iterator[Finding]:
    if files.classes is None:
        return
    known = sorted({name for located in files.orders.values() for name in located.value.all_classes})
    for word, name in files.classes.value.words.items():
        if name not in known:
            text = f'no entry has the class "{name}"{did_you_mean(name, known)}'
            yield files.classes.finding("unknown-class", text, "words", word)


def _check_names(files: CatalogueFiles) -> Iterator[Finding]:
    owners: dict[str, str] = {}
    for key, located in files.orders.items():
        name = squashed(located.value.name)
        if name in owners:
            text = f'{key}: "{located.value.name}" is the name of "{owners[name]}" already'
            yield located.finding("duplicate-name", text, "name")
        owners.setdefault(name, key)


def _check_terms(files: CatalogueFiles) -> Iterator[Finding]:
    """A term that finds two entries is a warning, unless both say under `alike` that they share it."""
    names = {squashed(located.value.name): key for key, located in files.orders.items()}
    holders: defaultdict[str, list[tuple[str, int]]] = defaultdict(list)
    for key, located in files.orders.items():
        for n, term in enumerate(located.value.terms):
            holders[squashed(term)].append((key, n))
    for term, held in holders.items():
        owner = names.get(term)
        for key, n in held:
            located = files.orders[key]
            if owner not in {None, key} and not _are_alike(located, files.orders[str(owner)]):
                text = f'{key}: the term "{located.value.terms[n]}" is the name of "{owner}"'
                yield located.finding("term-is-a-name", text, "terms", n, severity=Severity.WARNING)
            others = [other for other, _ in held if other != key and not _are_alike(located, files.orders[other])]
            if others and key == held[0][0]:
                shared = ", ".join(f'"{other}"' for other in dict.fromkeys(others))
                text = f'{key}: {shared} has the term "{located.value.terms[n]}" as well'
                yield located.finding("shared-term", text, "terms", n, severity=Severity.WARNING)


def _are_alike(one: Located[OrderEntry], other: Located[OrderEntry]) -> bool:
    return bool(set(one.value.alike) & set(other.value.alike))
