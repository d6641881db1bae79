"""C204, C206, C403 and C5xx to C7xx: what runs have shown of a case, judged. `evidence` has the runs, the gates are here.

Where the design is silent: an item is earned in full from 95% of its points on, as a `watch` loses seconds to the clock; a
score counts as higher, lower or the same with a tolerance of half a percent. Orders that a case declares neutral need no reason
to be in the expert's script (C502). A move or a cancel that the end condition waits for may go uncredited, if nobody dies
without it (C501). Findings of several variants that say one thing are one finding.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from bedside.cases.case_file import DEAD, CaseFile
from bedside.cases.catalogue import Catalogue
from bedside.cases.durations import format_duration
from bedside.cases.evidence import Evidence
from bedside.cases.fuzzing import MAX_BY_CHANCE
from bedside.cases.lint.codes import DYNAMIC
from bedside.cases.lint.credited import credited_actions
from bedside.cases.lint.panel_gate import check_panel
from bedside.cases.lint.view import View
from bedside.cases.lint.waivers import apply_waivers
from bedside.cases.policies import EXPERT
from bedside.cases.targets import ORDER, Targets
from bedside.cases.trials import BUILT_IN, Trials, expert_of
from bedside.findings import Finding, in_order, plural
from bedside.reading import Path_

MIN_EXPERT = 95.0
MOST = {"nothing": ("C603", 10.0), "everything": ("C604", 35.0), "kitchen_sink": ("C605", 60.0)}
IN_FULL = 0.95
TOLERANCE = 0.5  # percent
MAX_FREE = 0.6
MAX_PINNED = 0.3
_PROOF_CODES = frozenset({"C901", "C902", "C903"})


def check_evidence(case: CaseFile, catalogue: Catalogue, evidence: Evidence) -> list[Finding]:
    """All that the runs show to be wrong, in the order of the file, less what the case waives."""
    view = View(case, catalogue, catalogue.analytes)
    findings = [
        *_of_all_variants(view, evidence.trials),
        *_visits(view, evidence),
        *_fuzz(view, evidence),
        *check_panel(view, evidence.panel),
        *_mutants(view, evidence),
    ]
    kept = apply_waivers(view, findings, checked=DYNAMIC - _PROOF_CODES)
    # that a waiver names no warning, the static checks have said
    return in_order(dict.fromkeys(one for one in kept if one.rule != "C119"))


def _of_all_variants(view: View, trials: Sequence[Trials]) -> Iterator[Finding]:
    """Every finding once, with the variants that show it where not all do."""
    variants: dict[Finding, list[str]] = {}
    for one in trials:
        for finding in dict.fromkeys(_trials(view, one)):
            variants.setdefault(finding, []).append(one.variant or "")
    for finding, names in variants.items():
        where = "" if len(names) == len(trials) else f" (variant {', '.join(names)})"
        yield replace(finding, text=finding.text + where)


def _trials(view: View, trials: Trials) -> Iterator[Finding]:
    expert = expert_of(trials)
    if view.case.end.when is not None and expert.reason != "met":
        reason = {"died": "the patient dies", "time": "time runs out"}.get(expert.reason, "it ends before")
        yield view.finding("C204", ("end", "when"), f"the expert never meets it: {reason}")
    items = {item.id: number for number, item in enumerate(view.case.rubric)}
    for one in expert.points:
        if one.possible and one.points < IN_FULL * one.possible:
            text = f"the expert earns {one.points:.1f} of {one.possible:g} for {one.id}"
            yield view.finding("C403", ("rubric", items[one.id], "id"), text)
    yield from _ranges(view, trials)
    yield from _drops(view, trials)
    yield from _added(view, trials)
    for delay_s, percent in trials.delays:
        if percent > expert.percent + TOLERANCE:
            text = f"the expert scores {expert.percent:.1f}, and {percent:.1f} with all {format_duration(delay_s)} later"
            yield view.finding("C608", ("scripts", EXPERT), text, of_key=True)
            break


def _ranges(view: View, trials: Trials) -> Iterator[Finding]:
    for name, wanted in view.case.expect.items():
        percent = trials.played(name).percent
        if not wanted[0] <= round(percent, 1) <= wanted[1]:
            text = f"{name} scores {percent:.1f}, outside {wanted[0]:g} to {wanted[1]:g}"
            yield view.finding("C601", ("expect", name), text)
    percent = expert_of(trials).percent
    if percent < MIN_EXPERT:
        text = f"the expert scores {percent:.1f}, below {MIN_EXPERT:g}"
        yield view.finding("C602", ("scripts", EXPERT), text, of_key=True)
    for name in BUILT_IN:
        code, most = MOST[name]
        percent = trials.played(name).percent
        if percent > most:
            yield view.finding(code, ("rubric",), f"{name} scores {percent:.1f}, above {most:g}", of_key=True)


def _drops(view: View, trials: Trials) -> Iterator[Finding]:
    expert = expert_of(trials)
    names = Targets(view.case, view.catalogue)
    credited = credited_actions(view)
    neutral = {action for target in view.case.scoring.neutral for action in names.actions(target)}
    idle: list[str] = []
    for one in trials.drops:
        shown = one.action[1] if one.action[0] == ORDER else ":".join(one.action)
        is_vital = one.reason != expert.reason and (one.action[0] == ORDER or "died" in {one.reason, expert.reason})
        if is_vital and one.action not in credited:
            text = f"without {shown} the expert's case ends otherwise ({one.reason}), and no item credits it"
            yield view.finding("C501", ("scripts", EXPERT), text, of_key=True)
        is_idle = one.same_course and abs(one.percent - expert.percent) < 1e-9
        if is_idle and one.action[0] == ORDER and one.action not in neutral | credited:
            idle.append(shown)
    if idle:
        text = f"the expert's order changes neither score nor patient: {', '.join(dict.fromkeys(idle))}"
        yield view.finding("C502", ("scripts", EXPERT), text, of_key=True)


def _added(view: View, trials: Trials) -> Iterator[Finding]:
    percent = expert_of(trials).percent
    items = {item.id: number for number, item in enumerate(view.case.rubric)}
    for one in trials.harms:
        if one.percent >= percent:
            text = f"the expert scores no lower with {':'.join(one.action)} at {format_duration(one.at_s)}"
            yield view.finding("C606", ("rubric", items[str(one.item)], "id"), text)
    for one in trials.neutral:
        if abs(one.percent - percent) > TOLERANCE:
            text = f"the expert scores {percent:.1f}, and {one.percent:.1f} with the neutral order {one.action[1]}"
            yield view.finding("C607", ("scoring", "neutral"), text, of_key=True)


def _visits(view: View, evidence: Evidence) -> Iterator[Finding]:
    seen = set(evidence.tally.states)
    for trials in evidence.trials:
        seen.update(*(played.states for played in trials.scripts))
    for region, automaton in view.case.regions.items():
        for state in automaton.states:
            if state not in seen and state not in {automaton.initial, DEAD}:
                path: Path_ = ("regions", region, state)
                yield view.finding("C206", path, f"no script and no candidate visits {state}", of_key=True)


def _fuzz(view: View, evidence: Evidence) -> Iterator[Finding]:
    tally = evidence.tally
    if tally.n_failures:
        first = tally.failures[0]
        text = f"{plural(tally.n_failures, 'run')} of {tally.n:,} broke; {first.policy} {first.number}: {first.text}"
        yield view.finding("C701", ("id",), text)
    if tally.best_by_chance > MAX_BY_CHANCE:
        text = f"candidate {tally.best_number} acts by chance and scores {tally.best_by_chance:.1f}"
        yield view.finding("C702", ("rubric",), text, of_key=True)
    for name in view.case.variables:
        share = tally.pinned_s[name] / tally.watched_s if tally.watched_s else 0.0
        if share > MAX_PINNED:
            text = f"{name} is at a bound for {share:.0%} of the time of perturbed experts"
            yield view.finding("C708", ("variables", name), text, of_key=True)
    for number, item in enumerate(view.case.rubric):
        share = tally.by_chance[item.id] / tally.n_by_chance if tally.n_by_chance else 0.0
        if item.pts > 0 and share > MAX_FREE:
            text = f"{share:.0%} of the candidates who act by chance earn {item.id}"
            yield view.finding("C709", ("rubric", number, "id"), text)
    if view.case.end.when is not None and tally.n and not tally.ends["met"]:
        yield view.finding("C711", ("end", "when"), f"none of {plural(tally.n, 'candidate')} meets it")


def _mutants(view: View, evidence: Evidence) -> Iterator[Finding]:
    unnoticed = [one.what for one in evidence.mutants if not one.is_noticed]
    if unnoticed:
        shown = "; ".join(unnoticed[:6]) + (f"; and {len(unnoticed) - 6} more" if len(unnoticed) > 6 else "")
        text = f"{len(unnoticed)} of {len(evidence.mutants)} may be left out, and no script notices: {shown}"
        yield view.finding("C710", ("scripts",), text, of_key=True)
