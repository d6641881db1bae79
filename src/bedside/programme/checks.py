"""What a programme file can get wrong although each field is sound: names that lead nowhere, dates and sums that disagree.

Each check walks the records with their paths, so that a finding stands where the offence is. `RULES` names them all.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from bedside.findings import Finding, Severity, plural
from bedside.programme.blueprint import Axis
from bedside.programme.definition import Programme
from bedside.programme.form import BlockGroup, Form, total
from bedside.programme.step import Step
from bedside.programme.values import UNKNOWN, Dated, Unknown
from bedside.reading import Document, Path_, did_you_mean

MAX_MIDPOINT_GAP = 5.0  # per cent; the official rows of the USMLE lie up to 4.5 from 100
SHARE_TOLERANCE = 1e-6  # shares are written with two or three decimals


@dataclass(frozen=True, slots=True)
class Check:
    """A named rule that programme files are held to."""

    severity: Severity
    text: str


RULES: Mapping[str, Check] = {
    "programme-format": Check(Severity.ERROR, "A key is unknown or missing, or a value is not what the field takes."),
    "unknown-source": Check(Severity.ERROR, "A record names a source that the file's `sources` does not have."),
    "unused-source": Check(Severity.NOTE, "No record names the source."),
    "name-differs": Check(Severity.ERROR, "The programme's name is not the name of its file."),
    "duplicate-id": Check(Severity.ERROR, "Two records have the same id."),
    "duplicate-name": Check(Severity.ERROR, "Two steps, or two axes of a step, have the same name."),
    "unknown-step": Check(Severity.ERROR, "A record names a step that the programme does not have."),
    "unknown-group": Check(Severity.ERROR, "A record names a group of candidates that `groups` does not have."),
    "unknown-section": Check(Severity.ERROR, "A form names a section that the step does not have."),
    "unknown-kind": Check(Severity.ERROR, "A form or a mark names a kind of item that the step does not have."),
    "kind-without-marking": Check(Severity.WARNING, "No mark covers a kind of item."),
    "dates-reversed": Check(Severity.ERROR, "A record ends before it begins."),
    "dates-overlap": Check(Severity.ERROR, "Two forms of a day, or two standards or marks for the same, are in force at once."),
    "range-unknown-code": Check(Severity.ERROR, "A row of a blueprint covers a code that the axis does not have."),
    "range-reversed": Check(Severity.ERROR, "The low end of a range, or of a number of items, is above its high end."),
    "code-covered-twice": Check(Severity.WARNING, "Two rows of a partition cover the same code at once."),
    "code-without-range": Check(Severity.WARNING, "A code of a partition that has rows is in none of them."),
    "midpoints": Check(
        Severity.NOTE, f"The midpoints of a partition's rows add to more than {MAX_MIDPOINT_GAP:g} away from 100 per cent."
    ),
    "parts-arithmetic": Check(Severity.ERROR, "The parts of a block do not add to its items."),
    "items-arithmetic": Check(Severity.ERROR, "The items of a form are more or fewer than its blocks can hold."),
    "session-arithmetic": Check(
        Severity.ERROR, "Blocks, breaks, tutorial and activities do not add to the minutes of the session."
    ),
    "break-after-nothing": Check(Severity.ERROR, "A break stands after a block that the form does not have."),
    "shares-sum": Check(Severity.ERROR, "The shares of the components do not add to 1."),
}


def check_programme(programme: Programme, document: Document, *, stem: str) -> list[Finding]:
    """Every offence against `RULES` in a programme whose fields are sound. `stem` is the file's name without `.yaml`."""
    checker = _Checker(programme, document)
    if programme.name != stem:
        checker.add("name-differs", ("name",), f'the name is "{programme.name}" and the file is "{stem}.yaml"')
    checker.check_ids()
    checker.check_references()
    for index, step in enumerate(programme.steps):
        checker.check_step(step, ("steps", index))
    return checker.findings


@dataclass(slots=True)
class _Checker:
    programme: Programme
    document: Document
    findings: list[Finding] = field(default_factory=list)

    def add(self, rule: str, path: Path_, text: str, *, of_key: bool = False) -> None:
        place = self.document.place(path, of_key=of_key)
        severity = RULES[rule].severity
        self.findings.append(Finding(self.document.file, place.line, place.column, rule, severity, text))

    def require(self, rule: str, path: Path_, name: str, known: Collection[str], what: str) -> None:
        if name not in known:
            self.add(rule, path, f'{what} "{name}" does not exist{did_you_mean(name, sorted(known))}')

    def check_ids(self) -> None:
        seen: dict[str, int] = {}
        for path, mapping in mappings(self.document.value):
            identity = mapping.get("id")
            if isinstance(identity, str):
                line = self.document.place((*path, "id")).line
                if identity in seen:
                    self.add("duplicate-id", (*path, "id"), f'the id "{identity}" stands in line {seen[identity]} already')
                seen.setdefault(identity, line)
            self._check_dates(path, mapping)

    def _check_dates(self, path: Path_, mapping: Mapping[str, Any]) -> None:
        begins, ends = mapping.get("valid_from"), mapping.get("valid_to")
        # days are ISO text here, so that their order is that of the text
        if isinstance(begins, str) and isinstance(ends, str) and UNKNOWN.value not in {begins, ends} and begins > ends:
            self.add("dates-reversed", (*path, "valid_to"), f"{ends} is before {begins}, where it begins")

    def check_references(self) -> None:
        steps = {step.name for step in self.programme.steps}
        for key in ("eligibility", "attempts", "time_limits", "rules", "fees", "hours", "facts", "events"):
            self._check_steps(key, getattr(self.programme, key), steps)
        for key in ("who_succeeds", "why_hard"):
            self._check_steps(key, getattr(self.programme, key), steps)
        for index, rate in enumerate(self.programme.pass_rates):
            self.require("unknown-step", ("pass_rates", index, "step"), rate.step, steps, "the step")
            for group in rate.rates:
                path = ("pass_rates", index, "rates", group)
                self.require("unknown-group", path, group, self.programme.groups, "the group")

    def _check_steps(self, key: str, records: Sequence[Any], steps: Collection[str]) -> None:
        for index, record in enumerate(records):
            for at, name in enumerate(record.steps):
                self.require("unknown-step", (key, index, "steps", at), name, steps, "the step")

    def check_step(self, step: Step, path: Path_) -> None:
        self._check_names([one.name for one in self.programme.steps], step.name, path, "step")
        for index, axis in enumerate(step.axes):
            self._check_names([one.name for one in step.axes], axis.name, (*path, "axes", index), "axis")
            self._check_axis(axis, (*path, "axes", index))
        for index, form in enumerate(step.forms):
            self._check_form(form, step, (*path, "forms", index))
        self._check_overlaps(step.forms, (*path, "forms"), lambda form: [f"day {form.day}"])
        self._check_scoring(step, path)

    def _check_names(self, names: list[str], name: str, path: Path_, what: str) -> None:
        if names.count(name) > 1 and names.index(name) != path[-1]:
            self.add("duplicate-name", (*path, "name"), f'a second {what} "{name}"')

    def _check_scoring(self, step: Step, path: Path_) -> None:
        kinds = {kind.code for kind in step.item_kinds}
        for index, marking in enumerate(step.marking):
            for at, kind in enumerate(marking.kinds):
                self.require("unknown-kind", (*path, "marking", index, "kinds", at), kind, kinds, "the kind of item")
        marked = {kind for marking in step.marking for kind in marking.kinds}
        for index, one in enumerate(step.item_kinds):
            if one.code not in marked:
                self.add("kind-without-marking", (*path, "item_kinds", index, "code"), f'no mark covers "{one.code}"')
        self._check_overlaps(step.marking, (*path, "marking"), lambda marking: list(marking.kinds))
        groups = self.programme.groups
        for index, standard in enumerate(step.standards):
            if standard.group is not None:
                at_group = (*path, "standards", index, "group")
                self.require("unknown-group", at_group, standard.group, groups, "the group")
        for index, mean in enumerate(step.means):
            self.require("unknown-group", (*path, "means", index, "group"), mean.group, groups, "the group")
        self._check_overlaps(
            step.standards,
            (*path, "standards"),
            lambda standard: [f"the group {standard.group}" if standard.group else "everyone"],
        )
        for index, weighting in enumerate(step.weights):
            added = sum(weighting.shares.values())
            if not math.isclose(added, 1, abs_tol=SHARE_TOLERANCE):
                self.add("shares-sum", (*path, "weights", index, "shares"), f"the shares add to {added:g}, not to 1")

    def _check_overlaps(self, records: Sequence[Any], path: Path_, subjects: Callable[[Any], list[str]]) -> None:
        for index, record in enumerate(records):
            for earlier in records[:index]:
                shared = [subject for subject in subjects(record) if subject in subjects(earlier)]
                if shared and _overlap(record, earlier):
                    text = f'"{record.id}" is in force together with "{earlier.id}" for {", ".join(shared)}'
                    self.add("dates-overlap", (*path, index, "id"), text)

    def _check_axis(self, axis: Axis, path: Path_) -> None:
        for index, row in enumerate(axis.ranges):
            at = (*path, "ranges", index)
            for position, code in enumerate(row.covers):
                self.require("range-unknown-code", (*at, "covers", position), code, axis.codes, "the code")
            if not isinstance(row.low, Unknown) and not isinstance(row.high, Unknown) and row.low > row.high:
                self.add("range-reversed", (*at, "low"), f"{row.low} is above {row.high}")
        if axis.is_partition and axis.ranges:
            self._check_partition(axis, path)

    def _check_partition(self, axis: Axis, path: Path_) -> None:
        covered = {code for row in axis.ranges for code in row.covers}
        for code in axis.codes:
            if code not in covered:
                self.add("code-without-range", (*path, "codes", code), f'no row covers "{code}"', of_key=True)
        for index, row in enumerate(axis.ranges):
            for earlier in axis.ranges[:index]:
                twice = sorted(set(row.covers) & set(earlier.covers))
                if twice and _overlap(row, earlier):
                    text = f'"{earlier.id}" covers {", ".join(twice)} already'
                    self.add("code-covered-twice", (*path, "ranges", index, "covers"), text)
        added = axis.midpoint_sum()
        if added is not None and abs(added - 100) > MAX_MIDPOINT_GAP:
            self.add("midpoints", (*path, "ranges"), f"the midpoints add to {added:g} per cent", of_key=True)

    def _check_form(self, form: Form, step: Step, path: Path_) -> None:
        kinds = {kind.code for kind in step.item_kinds}
        for index, group in enumerate(form.layout):
            self._check_group(group, (*path, "layout", index), step, kinds)
        self._check_items(form, path)
        self._check_session(form, path)
        n_blocks = len(form.blocks)
        for index, pause in enumerate(form.breaks):
            if pause.after_block > n_blocks:
                text = f"the form has {plural(n_blocks, 'block')}, not {pause.after_block}"
                self.add("break-after-nothing", (*path, "breaks", index, "after_block"), text)

    def _check_group(self, group: BlockGroup, path: Path_, step: Step, kinds: Collection[str]) -> None:
        low, high = group.items_min, group.items_max
        if not isinstance(low, Unknown) and not isinstance(high, Unknown) and low > high:
            self.add("range-reversed", (*path, "items_min"), f"{low} is above {high}")
        if group.section is not None:
            self.require("unknown-section", (*path, "section"), group.section, step.sections, "the section")
        for index, part in enumerate(group.parts):
            at = (*path, "parts", index)
            self.require("unknown-kind", (*at, "kind"), part.kind, kinds, "the kind of item")
            if part.section is not None:
                self.require("unknown-section", (*at, "section"), part.section, step.sections, "the section")
        held = total([part.items for part in group.parts])
        if group.parts and not isinstance(held, Unknown) and not isinstance(high, Unknown) and held != high:
            text = f"the parts have {plural(held, 'item')}, the block {high}"
            self.add("parts-arithmetic", (*path, "parts"), text, of_key=True)

    def _check_items(self, form: Form, path: Path_) -> None:
        times = [group.blocks for group in form.layout]
        least = total([group.items_min for group in form.layout], times)
        most = total([group.items_max for group in form.layout], times)
        for key in ("items_max", "items_typical"):
            items = getattr(form, key)
            if not isinstance(items, int):
                continue
            if isinstance(most, int) and items > most:
                self.add("items-arithmetic", (*path, key), f"{items} items do not fit into blocks for {most}")
            if isinstance(least, int) and items < least:
                self.add("items-arithmetic", (*path, key), f"the blocks have at least {plural(least, 'item')}, not {items}")
        scored, pretest, items = form.items_scored, form.items_pretest, form.n_items
        if isinstance(scored, int) and isinstance(pretest, int) and isinstance(items, int) and scored + pretest != items:
            text = f"{scored} scored and {pretest} pretest items are not {items}"
            self.add("items-arithmetic", (*path, "items_scored"), text)

    def _check_session(self, form: Form, path: Path_) -> None:
        if not isinstance(form.session_minutes, int) or form.session_is_approximate or form.block_minutes is None:
            return
        pauses = [pause.minutes for pause in form.breaks if not pause.is_counted]
        others = [UNKNOWN if one.minutes_total is None else one.minutes_total for one in form.activities]
        tutorials = [one.tutorial_minutes or 0 for one in form.activities]
        added = total([form.block_minutes, form.break_minutes or 0, form.tutorial_minutes or 0, *pauses, *others, *tutorials])
        if isinstance(added, int) and added != form.session_minutes:
            text = f"blocks, breaks, tutorial and activities take {added} minutes, the session {form.session_minutes}"
            self.add("session-arithmetic", (*path, "session_minutes"), text)


def mappings(value: Any, path: Path_ = ()) -> Iterator[tuple[Path_, Mapping[str, Any]]]:
    """Every mapping of a document with its path, outermost first. The reader has bounded the depth."""
    if isinstance(value, dict):
        yield path, value
        for key, member in value.items():
            yield from mappings(member, (*path, key))
    elif isinstance(value, list):
        for index, member in enumerate(value):
            yield from mappings(member, (*path, index))


def _overlap(one: Dated, other: Dated) -> bool:
    if UNKNOWN in {one.valid_from, one.valid_to, other.valid_from, other.valid_to}:
        return False  # not known when; nothing to say
    begins = [record.valid_from for record in (one, other) if isinstance(record.valid_from, date)]
    ends = [record.valid_to for record in (one, other) if isinstance(record.valid_to, date)]
    return not begins or not ends or max(begins) <= min(ends)
