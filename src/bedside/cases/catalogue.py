"""The order catalogue: everything that can be ordered, what it reports, where, and how long that takes."""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from bedside.bank import Analyte, read_analytes
from bedside.cases.case_values import LOCATIONS
from bedside.cases.catalogue_checks import check_catalogue, ids_of
from bedside.cases.catalogue_files import CatalogueFiles, Located, read_files
from bedside.cases.order import Order
from bedside.cases.order_analytes import CaseAnalyte, build_analyte, referenced
from bedside.cases.order_file import OrderEntry, PlacesFile, Turnaround, dimension_of
from bedside.errors import NotFoundError, ReadError
from bedside.findings import Finding, Severity, has_errors, in_order
from bedside.reading import did_you_mean

DEFAULT_MOVE_S = 1_800  # where the folder says nothing of places
DEFAULT_REPORT_S = 3_600  # where neither the order nor its category says a time
# Where a place has no time of its own it takes that of its nearest kin, the nearest first.
_KIN = MappingProxyType(
    {
        "office": ("home",),
        "home": ("office",),
        "ed": ("icu",),
        "icu": ("ed",),
        "or": ("icu", "ed"),
        "ward": ("labor",),
        "labor": ("ward",),
    }
)


@dataclass(frozen=True, slots=True)
class Place:
    """A location: its name, how it reads after a verb ("in the office"), and seconds to move from it to each other."""

    id: str
    name: str
    at: str
    moves_s: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Catalogue:
    """All orders, by id and in the order of their ids.

    `by_key` has the ids of each entry, the usual route first; `classes` the ids of each class of drugs,
    `class_words` other words for a class; `digest` names what
    the engine reads of it: names, terms, frequencies and classes may change without changing a replay, and are left out.
    """

    orders: Mapping[str, Order]
    by_key: Mapping[str, tuple[str, ...]]
    classes: Mapping[str, tuple[str, ...]]
    class_words: Mapping[str, str]
    analytes: Mapping[str, CaseAnalyte]
    places: Mapping[str, Place]
    look_alikes: tuple[tuple[str, ...], ...]
    examinations: tuple[Order, ...]
    digest: str

    def get(self, order_id: str) -> Order:
        """The order of that id.

        Raises:
            NotFoundError: there is none; the message names a near one.
        """
        order = self.orders.get(order_id)
        if order is None:
            raise NotFoundError(f'no order "{order_id}"{did_you_mean(order_id, list(self.orders))}')
        return order

    def move_s(self, origin: str, destination: str) -> int:
        """Seconds that a move takes; none to where the patient is."""
        return 0 if origin == destination else self.places[origin].moves_s[destination]

    def most_used(self, number: int) -> tuple[str, ...]:
        """The ids that clinicians order most, at most `number`; of equals the first by id."""
        return tuple(sorted(self.orders, key=lambda order_id: (-self.orders[order_id].frequency, order_id))[:number])


def load_catalogue(folder: Path, *, reference: Path | None = None) -> tuple[Catalogue | None, list[Finding]]:
    """Read the catalogue of a folder: None where a finding is an error, and all findings in order.

    `reference` has the reference values that analytes refer to; default `../reference/analytes.yaml` beside the folder.
    """
    files = read_files(folder)
    findings = files.findings
    findings += check_catalogue(files)
    analytes = _analytes(files, reference or folder.parent / "reference" / "analytes.yaml")
    if has_errors(findings):
        return None, in_order(findings)
    return _assembled(files, analytes), in_order(findings)


def _analytes(files: CatalogueFiles, path: Path) -> dict[str, CaseAnalyte]:
    by_id: dict[str, Analyte] = {}
    if any(located.value.ref is not None for located in files.analytes.values()):
        try:
            by_id = dict(read_analytes(path).by_id)
        except (ReadError, OSError) as error:
            text = f"the reference values can't be read: {error}"
            files.findings.append(Finding(str(path), 1, None, "unreadable", Severity.ERROR, text))
            return {}
    built: dict[str, CaseAnalyte] = {}
    for key, located in files.analytes.items():
        analyte, problem = build_analyte(key, located.value, referenced(located.value.ref, by_id))
        if analyte is not None:
            built[key] = analyte
        elif problem is not None:
            files.findings.append(located.finding("no-reference", f"{key}: {problem}", "ref"))
    return built


def _assembled(files: CatalogueFiles, analytes: dict[str, CaseAnalyte]) -> Catalogue:
    defaults = files.turnaround.value.categories if files.turnaround else {}
    orders: dict[str, Order] = {}
    by_key: dict[str, tuple[str, ...]] = {}
    classes: defaultdict[str, list[str]] = defaultdict(list)
    for key, located in files.orders.items():
        by_key[key] = ids_of(key, located.value)
        for rank, order_id in enumerate(by_key[key]):
            orders[order_id] = _order(order_id, key, located.value, rank, defaults)
            for name in located.value.all_classes:
                classes[name].append(order_id)
    orders = dict(sorted(orders.items()))
    places = _places(files.places)
    return Catalogue(
        orders=MappingProxyType(orders),
        by_key=MappingProxyType(by_key),
        classes=MappingProxyType({name: tuple(ids) for name, ids in sorted(classes.items())}),
        class_words=MappingProxyType(files.classes.value.words if files.classes else {}),
        analytes=MappingProxyType(analytes),
        places=MappingProxyType(places),
        look_alikes=files.look_alike.value.groups if files.look_alike else (),
        examinations=tuple(order for order in orders.values() if order.is_examination),
        digest=_digest(orders, analytes, places),
    )


def _order(order_id: str, key: str, entry: OrderEntry, rank: int, defaults: Mapping[str, Turnaround]) -> Order:
    times = [entry.tat, *(defaults[name] for name in (entry.cat, entry.cat.partition(".")[0]) if name in defaults)]
    return Order(
        id=order_id,
        key=key,
        name=entry.name,
        terms=entry.terms,
        category=entry.cat,
        classes=entry.all_classes,
        route=entry.routes[rank] if entry.routes else None,
        route_rank=rank,
        modes=entry.mode,
        places=frozenset(entry.at),
        start_s=entry.start,
        takes_s=entry.takes,
        bolus_s=entry.bolus,
        watches=entry.watches,
        reports_s=MappingProxyType({place: _report_s(place, times) for place in LOCATIONS}),
        stat_factor=next((one.stat for one in times if one.stat is not None), 1.0),
        invasiveness=entry.inv,
        risk=entry.risk,
        cost=entry.cost,
        contraindications=frozenset(entry.contra),
        analytes=entry.analytes,
        normal=entry.normal or (),
        frequency=entry.freq,
        dimension=entry.dim or dimension_of(entry.cat),
    )


def _report_s(place: str, times: Sequence[Turnaround]) -> int:
    """Seconds to a report; `times` are the order's own first, then those of its category, then of the category's part."""
    for table in times:
        for kin in (place, *_KIN[place]):
            seconds = table.at(kin)
            if seconds is not None:
                return seconds
    known = [seconds for seconds in map(times[0].at, LOCATIONS) if seconds is not None]
    return max(known, default=DEFAULT_REPORT_S)


def _places(located: Located[PlacesFile] | None) -> dict[str, Place]:
    if located is None:
        return {
            place: Place(place, place, f"in {place}", MappingProxyType({to: DEFAULT_MOVE_S for to in LOCATIONS if to != place}))
            for place in LOCATIONS
        }
    read = located.value
    places = {}
    for place in LOCATIONS:
        entry = read.places.get(place)  # type: ignore[call-overload] # LOCATIONS are the literal's own
        own = read.moves.get(place, {})  # type: ignore[call-overload]
        moves_s = {to: own.get(to, read.usual) for to in LOCATIONS if to != place}
        places[place] = Place(
            place, entry.name if entry else place, entry.at if entry else f"in {place}", MappingProxyType(moves_s)
        )
    return places


def _digest(orders: Mapping[str, Order], analytes: Mapping[str, CaseAnalyte], places: Mapping[str, Place]) -> str:
    plain = {
        "orders": {order_id: _engine_part(order) for order_id, order in orders.items()},
        "analytes": {
            key: [one.name, one.unit, one.digits, one.typical, [branch.model_dump(mode="json") for branch in one.intervals]]
            for key, one in sorted(analytes.items())
        },
        "moves": {place: dict(one.moves_s) for place, one in places.items()},
    }
    text = json.dumps(plain, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def _engine_part(order: Order) -> list[object]:
    return [
        order.category,
        order.route,
        list(order.modes),
        sorted(order.places),
        [order.start_s, order.takes_s, order.bolus_s, order.watches, order.stat_factor],
        dict(order.reports_s),
        [order.invasiveness, order.risk, order.cost],
        sorted(order.contraindications),
        list(order.analytes),
        [branch.model_dump(mode="json") for branch in order.normal],
        order.dimension,
    ]
