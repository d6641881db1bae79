"""The answers of `bedside case` for people and as JSON."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from bedside.cases import (
    Case,
    CaseFile,
    EventReached,
    Examined,
    Failure,
    Moved,
    Note,
    Placed,
    Refused,
    Resulted,
    Run,
    Score,
    ScoreLine,
    Started,
    StateEntered,
    Stopped,
    Tally,
    format_duration,
)
from bedside.findings import plural

WIDTH = 100
_ENDS = {
    "died": "the patient died",
    "met": "the end was reached",
    "time": "time ran out",
    "candidate": "the candidate ended it",
}


def case_line(counts: Mapping[str, Any]) -> str:
    """One line for one case: `endo-001: proved, 0 errors, 3 warnings`."""
    parts = [plural(counts[f"{name}s"], name) for name in ("error", "warning")]
    return f"{counts['case']}: {'proved' if counts['is_proved'] else 'not proved'}, {', '.join(parts)}"


def clock(at_s: int | None) -> str:
    """A virtual time as a duration; empty where there is none."""
    return "" if at_s is None else format_duration(at_s)


def run_lines(run: Run, result: Score) -> Iterator[str]:
    """What happened, then the score."""
    variant = f", variant {run.variant}" if run.variant is not None else ""
    yield f"{run.case.id}: {run.case.file.title} (seed {run.seed}{variant})"
    for one in run.history.emitted:
        text = _told(one)
        if text is not None:
            yield f"  {clock(one.at_s):>10}  {text}"
    yield from _score_lines(run, result)


def run_as_dict(run: Run, result: Score) -> dict[str, Any]:
    """A run and its score."""
    end = run.end
    return {
        "case": run.case.id,
        "seed": run.seed,
        "variant": run.variant,
        "end": None if end is None else {"at_s": end.at_s, "reason": end.reason},
        "percent": round(result.percent, 3),
        "uncapped": round(result.uncapped, 3),
        "raw": round(result.raw, 3),
        "possible": result.possible,
        "items": [_line_as_dict(line) for line in (*result.lines, *result.harms)],
        "needless": {
            "points": result.parsimony.points,
            "intrusive": list(result.parsimony.intrusive),
            "clutter": list(result.parsimony.clutter),
        },
        "limits": [{"id": cap.id, "percent": cap.percent} for cap in result.caps],
        "happened": [
            {"at_s": one.at_s, "text": text} for one in run.history.emitted for text in [_told(one)] if text is not None
        ],
    }


def explain_lines(case: Case, run: Run, result: Score, script: str) -> Iterator[str]:
    """The rubric with windows and points, and what each order moves."""
    yield f"{case.id}: {case.file.title}"
    yield f"what {script} earns, item by item:"
    found = {line.id: line for line in (*result.lines, *result.harms)}
    for item in _rubric(case, found):
        mark = "!" if item["is_critical"] else " "
        points = (
            f"{item['points']:6.1f} of {item['possible']:g}"
            if item["possible"]
            else f"{item['points']:6.1f} (harm {item['worth']:g})"
        )
        yield f" {mark} {item['id']:<22} {points:<22} {item['at'] or '-':>8}  {item['wants']}"
    yield from _score_lines(run, result)
    yield "what each order moves, per hour or toward [value, time]:"
    for order, effects in _movers(case.file).items():
        yield f"   {order:<22} {'; '.join(effects)}"


def explained(case: Case, run: Run, result: Score) -> dict[str, Any]:
    """The same as values."""
    found = {line.id: line for line in (*result.lines, *result.harms)}
    return {
        "case": case.id,
        "percent": round(result.percent, 3),
        "end": run.end.reason if run.end is not None else None,
        "items": list(_rubric(case, found)),
        "orders": _movers(case.file),
    }


def tally_lines(file: CaseFile, tally: Tally, shortest: Failure | None) -> Iterator[str]:
    """What fuzzing came to."""
    yield f"{file.id}: {tally.n:,} candidates, {plural(tally.n_failures, 'failure')}"
    for policy, runs in sorted(tally.runs.items()):
        yield f"  {policy:<10} {runs:>7,}  {tally.died[policy] / runs:6.1%} died"
    ends = ", ".join(f"{_ENDS.get(reason, reason)} {number:,}" for reason, number in sorted(tally.ends.items()))
    yield f"  ends: {ends}"
    yield f"  best score by chance alone: {tally.best_by_chance:.1f} (candidate {tally.best_number})"
    never = [item.id for item in file.rubric if not tally.earned[item.id]]
    if never:
        yield f"  earned or triggered by nobody: {', '.join(never)}"
    for failure in tally.failures[:5]:
        yield f"  broken: {failure.policy} {failure.number}: {failure.text}"
    if shortest is not None:
        yield f"  the first, made short: {shortest.text}"
        yield from (f"  {clock(at_s):>10}  {command}" for at_s, command in shortest.commands)


def tally_as_dict(case_id: str, tally: Tally, shortest: Failure | None) -> dict[str, Any]:
    """The same as values."""
    return {
        "case": case_id,
        "runs": dict(sorted(tally.runs.items())),
        "died": dict(sorted(tally.died.items())),
        "ends": dict(sorted(tally.ends.items())),
        "earned": dict(sorted(tally.earned.items())),
        "states": sorted(tally.states),
        "best_by_chance": round(tally.best_by_chance, 3),
        "failures": tally.n_failures,
        "broken": [{"number": one.number, "policy": one.policy, "seed": one.seed, "text": one.text} for one in tally.failures],
        "shortest": None
        if shortest is None
        else {"text": shortest.text, "commands": [{"at_s": at_s, "command": str(one)} for at_s, one in shortest.commands]},
    }


def _score_lines(run: Run, result: Score) -> Iterator[str]:
    end = run.end
    if end is not None:
        yield f"end: {_ENDS[end.reason]} at {clock(end.at_s)}"
    lost = [line for line in result.lines if line.points < line.possible]
    harms = [line for line in result.harms if line.points]
    for line in (*lost, *harms):
        shown = f"{line.points:.1f} of {line.possible:g}" if line.possible else f"{line.points:g}"
        yield f"  {line.id}: {shown}"[:WIDTH]
    if result.parsimony.points:
        needless = ", ".join((*result.parsimony.intrusive, *result.parsimony.clutter))
        yield f"  needless orders: {result.parsimony.points:g} ({needless})"
    for cap in result.caps:
        yield f"  limited to {cap.percent:g} by {cap.id}"
    yield f"score: {result.percent:.1f} ({result.band}), {result.raw:.1f} of {result.possible:g} points"


def _line_as_dict(line: ScoreLine) -> dict[str, Any]:
    return {
        "id": line.id,
        "kind": line.kind,
        "points": round(line.points, 3),
        "possible": line.possible,
        "at_s": line.at_s,
        "dimension": line.dimension,
    }


def _told(one: object) -> str | None:
    match one:
        case Placed():
            return f"order {one.order}"
        case Started():
            return f"started {one.order}"
        case Stopped():
            return f"stopped {one.order}"
        case Refused():
            return f"refused {one.what}: {one.reason}"
        case Resulted():
            return f"{one.order}: {_report(one.report)}"
        case Examined():
            return f"{one.part}: {_report(one.report)}"
        case Note():
            return f"note: {one.text}"
        case Moved():
            return f"now in {one.to}"
        case EventReached():
            return f"event {one.event}"
        case StateEntered():
            return f"{one.region} is {one.state}"
        case _:
            return None


def _report(report: Any) -> str:
    if isinstance(report, str):
        return report
    return ", ".join(f"{line.name} {line.shown}{' ' + line.flag if line.flag else ''}" for line in report)


def _rubric(case: Case, found: Mapping[str, ScoreLine]) -> Iterator[dict[str, Any]]:
    for plan in case.items:
        line = found[plan.id]
        yield {
            "id": plan.id,
            "kind": plan.kind,
            "is_critical": plan.is_critical,
            "worth": plan.points,
            "points": round(line.points, 3),
            "possible": line.possible,
            "at": clock(line.at_s),
            "wants": _wants(plan.item),
            "why": plan.why,
        }


def _wants(item: Any) -> str:
    """An item in words: its targets, its guard, its window."""
    parts: list[str] = []
    for key in ("do", "before", "watch", "reach", "avoid", "event"):
        value = getattr(item, key, None)
        if value is not None:
            parts.append(f"{key} {value if isinstance(value, str) else ', '.join(value)}")
    if getattr(item, "when", None):
        parts.append(f"when {item.when}")
    if getattr(item, "full_s", None) is not None:
        parts.append(f"full until {format_duration(item.full_s)}, nothing from {format_duration(item.zero_s)}")
    if getattr(item, "every_s", None) is not None:
        parts.append(f"every {format_duration(item.every_s)}")
    if getattr(item, "from_event", None):
        parts.append(f"from {item.from_event}")
    if getattr(item, "until_event", None):
        parts.append(f"until {item.until_event}")
    return ", ".join(parts)


def _movers(file: CaseFile) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for name, effect in file.effects.items():
        moves = [f"{variable} {rate:+g}" for variable, rate in effect.rate.items()]
        moves += [
            f"{variable} to [{pull.target:g}, {format_duration(round(pull.tau_s))}]" for variable, pull in effect.relax.items()
        ]
        moves += ["in phases"] if effect.phases else []
        lasts = f", lasts {format_duration(effect.lasts_s)}" if effect.lasts_s is not None else ""
        text = f"{name} after {format_duration(effect.onset_s)}{lasts}: {', '.join(moves) or 'no variable'}"
        for order in effect.by:
            found.setdefault(order, []).append(text)
    return dict(sorted(found.items()))
