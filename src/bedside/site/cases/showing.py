"""What a candidate may see of a run: named field by field, so that neither rubric nor body nor future can slip out.

Vital signs are read off the patient: whenever the candidate acts where there is a monitor, elsewhere when somebody is with the
patient: at the start, on arrival, and when something is examined or asked. Nothing is shown of an instant that has not come.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from bedside.cases import (
    Command,
    Emitted,
    Ended,
    Examined,
    Line,
    Moved,
    Note,
    Placed,
    Refused,
    Report,
    Resulted,
    Run,
    Started,
    Stopped,
)
from bedside.errors import NotFoundError
from bedside.site.cases.commands import command_as_json
from bedside.site.cases.words import VITALS

MONITORED = frozenset({"ed", "icu", "or", "labor"})
HISTORY = "history"
STAGES = {"waiting": "later", "placed": "ordered", "running": "running"}


@dataclass(slots=True)
class Shown:
    """What was shown of a run before, so that it is made once: the past of a run never changes.

    Of the log and the steps the entries of the first `of` that the run has; one who reads them takes no more than the run has,
    since another thread may be ahead.
    """

    readings: dict[int, list[float]] = field(default_factory=dict)  # of vital signs, by the instant
    log: tuple[int, tuple[dict[str, Any], ...]] = (0, ())
    steps: tuple[dict[str, Any], ...] = ()


def run_json(run: Run, known: Shown) -> dict[str, Any]:
    """The run as it stands. `known` is what was shown of this run before; what is new is added."""
    case = run.case
    return {
        "now_s": run.now_s,
        "start_clock": case.file.start.clock,
        "opening": case.file.opening,
        "location": run.location,
        "vitals": vitals_json(run, known.readings),
        "log": log_json(run, known),
        "orders": orders_json(run),
        "examinations": examinations_json(run),
        "places": places_json(run),
        "steps": steps_json(run, known),
    }


def steps_json(run: Run, known: Shown) -> list[dict[str, Any]]:
    """What the candidate did, for going back to before it."""
    commands, steps = run.history.commands, known.steps
    known.steps = steps = (*steps, *(_step(run, *one) for one in commands[len(steps) :]))
    return list(steps[: len(commands)])


def _step(run: Run, at_s: int, command: Command) -> dict[str, Any]:
    told = command_as_json(command)
    what = told.get("order") or told.get("part") or told.get("to") or ""
    return {"at_s": at_s, "do": told["do"], "name": _name_of(run, what) if what else ""}


def vitals_json(run: Run, known: dict[int, list[float]]) -> dict[str, Any]:
    """Every reading so far, the last one last; what each number means, and its reference interval."""
    patient, analytes = run.case.file.patient, run.case.catalogue.analytes
    signs = []
    for name in VITALS:
        if name in analytes and _has(run, name):
            analyte = analytes[name]
            interval = analyte.interval(age_s=patient.age_s, sex=patient.sex)
            signs.append((analyte, interval))
    for at_s in (seen := _seen_at(run)):
        if at_s not in known or at_s == run.now_s:  # at this very instant more may still happen
            at = [run.value(one.id) if at_s == run.now_s else run.values_at(one.id, at_s) for one, _ in signs]
            known[at_s] = [one.rounded(value) for (one, _), value in zip(signs, at, strict=True)]
    return {
        "is_monitored": run.location in MONITORED and not run.is_over,
        "signs": [
            {"id": analyte.id, "unit": analyte.unit, "digits": analyte.digits, "low": interval.low, "high": interval.high}
            for analyte, interval in signs
        ],
        "readings": [{"at_s": at_s, "values": known[at_s]} for at_s in seen],
    }


def _has(run: Run, name: str) -> bool:
    try:
        run.values_at(name, 0)
    except NotFoundError:
        return False
    return True


def _seen_at(run: Run) -> list[int]:
    """When vital signs were read, in order: whenever the candidate acts where there is a monitor, else at the bedside."""
    moves = [(0, run.case.file.start.location), *((one.at_s, one.to) for one in run.history.moves)]
    seen = {at_s for at_s, _ in moves}
    seen |= {one.collected_s for one in run.history.emitted if isinstance(one, Examined)}
    stops = {at_s for at_s, _ in run.history.commands} | {run.now_s}
    for n, (from_s, place) in enumerate(moves):
        if place in MONITORED:
            until_s = moves[n + 1][0] if n + 1 < len(moves) else run.now_s + 1
            seen |= {at_s for at_s in stops if from_s <= at_s < until_s}
    if run.history.has_died:  # what the formulas say of a body without life is no reading
        seen -= {run.now_s}
    return sorted(seen)


def log_json(run: Run, known: Shown) -> list[dict[str, Any]]:
    """What the candidate has seen happen, in order."""
    emitted = run.history.emitted
    of, entries = known.log
    if of < len(emitted):
        fresh = ((n, one, _shown(run, one)) for n, one in enumerate(emitted[of:], start=of))
        entries = (*entries, *({"n": n, "at_s": one.at_s, **shown} for n, one, shown in fresh if shown is not None))
        known.log = len(emitted), entries
    return [entry for entry in entries if entry["n"] < len(emitted)] if of > len(emitted) else list(entries)


def _shown(run: Run, one: Emitted) -> dict[str, Any] | None:
    match one:
        case Note():
            return {"kind": "note", "text": one.text}
        case Resulted():
            return {"kind": "result", **_named(run, one.order), "number": one.number, **report_json(one.report)}
        case Examined():
            name = _part_name(run, one.part)
            return {"kind": "exam", "order": one.part, "name": name, "from_s": one.collected_s, **report_json(one.report)}
        case Placed():
            return {"kind": "placed", **_named(run, one.order), "number": one.number, "due_s": one.due_s}
        case Started() | Stopped():
            kind = "started" if isinstance(one, Started) else "stopped"
            return {"kind": kind, **_named(run, one.order), "number": one.number}
        case Refused():
            return {"kind": "refused", "order": one.what, "name": _name_of(run, one.what), "text": one.reason}
        case Moved():
            return {"kind": "moved", "order": one.to, "name": run.case.catalogue.places[one.to].name}
        case Ended():
            return {"kind": "ended", "text": one.reason}
        case _:  # collected, events, states: not for the candidate
            return None


def report_json(report: Report) -> dict[str, Any]:
    """A report: words, or numbers with their intervals and flags."""
    if isinstance(report, str):
        return {"text": report}
    return {"lines": [_line_json(line) for line in report]}


def _line_json(line: Line) -> dict[str, Any]:
    return {
        "analyte": line.analyte,
        "name": line.name,
        "shown": line.shown,
        "unit": line.unit,
        "low": line.low,
        "high": line.high,
        "digits": line.digits,
        "flag": line.flag,
    }


def orders_json(run: Run) -> list[dict[str, Any]]:
    """Orders that run, or whose report is awaited, in the order in which they were placed."""
    emitted = run.history.emitted
    placed = {one.number: one for one in emitted if isinstance(one, Placed)}
    over = {one.number for one in emitted if isinstance(one, Resulted | Stopped)}
    active = {one.number: one for one in run.active_orders}
    found = []
    for number, one in placed.items():
        is_awaited = one.due_s is not None and number not in over and not run.is_over
        if number not in active and not is_awaited:
            continue
        placement = active.get(number)
        found.append(
            {
                **_named(run, one.order),
                "number": number,
                "dose": run.dose_of(number),
                "stage": STAGES[placement.status] if placement else "awaited",
                "placed_s": one.at_s,
                "due_s": one.due_s if is_awaited else None,
                "is_stoppable": placement is not None,
            }
        )
    return found


def examinations_json(run: Run) -> list[dict[str, Any]]:
    """The parts that can be examined where the patient is."""
    return [
        {"part": order.id.removeprefix("exam_"), "name": order.name, "takes_s": order.takes_s}
        for order in run.case.catalogue.examinations
        if order.can_be_ordered(run.location)
    ]


def places_json(run: Run) -> list[dict[str, Any]]:
    """All places, and how long it takes to get there."""
    catalogue = run.case.catalogue
    return [
        {"id": place.id, "name": place.name, "takes_s": catalogue.move_s(run.location, place.id)}
        for place in catalogue.places.values()
    ]


def _named(run: Run, order_id: str) -> dict[str, Any]:
    order = run.case.catalogue.orders[order_id]
    name = f"{order.name}, {order.route}" if order.route else order.name
    return {"order": order_id, "name": name, "category": order.category}


def _name_of(run: Run, what: str) -> str:
    catalogue = run.case.catalogue
    if what in catalogue.orders:
        return str(_named(run, what)["name"])
    if what in catalogue.places:
        return catalogue.places[what].name
    return _part_name(run, what)


def _part_name(run: Run, part: str) -> str:
    order = run.case.catalogue.orders.get(f"exam_{part}")
    return order.name if order is not None else part
