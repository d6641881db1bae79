"""Milestones as written to milestones that can be placed: names proven, grounds there, no circle."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from bedside.expressions import Value
from bedside.findings import Finding, Severity
from bedside.pathway.entries import About
from bedside.pathway.folder import Pathway
from bedside.pathway.requirement import Language, Requirement, compile_requirement, compile_value
from bedside.pathway.timeline.calendars import build_calendar
from bedside.pathway.timeline.entries import (
    AfterEntry,
    CostEntry,
    DurationEntry,
    GapEntry,
    KnownDay,
    MilestoneEntry,
    SpanEntry,
    TimelineFile,
)
from bedside.pathway.timeline.ordering import circle_of
from bedside.pathway.timeline.plan import After, Choice, Cost, Duration, Grounds, Milestone, Plan
from bedside.pathway.timeline.seasons import Calendar, Window
from bedside.pathway.timeline.spans import DAYS_OF_A_WEEK, NOTHING, Span
from bedside.pathway.vocabulary import Names, Say, vocabulary
from bedside.reading import Document, Path_, did_you_mean

RULES: Mapping[str, str] = {
    "timeline-format": "A key is unknown or missing, or a value is not what the field takes.",
    "name-differs": "The name is not that of the file.",
    "unknown-programme": "There are no rules about the programme.",
    "duplicate-id": "Two milestones, calendars or choices have the same name.",
    "unknown-source": "A source is named that the file's `sources` does not have.",
    "unknown-milestone": "A milestone waits for one that does not exist.",
    "unknown-date": "A window or an offset names a calendar or a day that does not exist.",
    "unknown-subject": "A milestone gives a step or certificate that does not exist, or asks for rules of nothing.",
    "unknown-choice": "A milestone belongs to a way that no choice has.",
    "requirement": "What is asked is not in the language of rules, or names what does not exist.",
    "backwards": "The shortest is longer than the typical length, or that longer than the longest.",
    "no-repeat": "A day does not say where it is in later seasons.",
    "circle": "Milestones wait for each other.",
}


@dataclass(slots=True)
class Compiler:
    """The milestones of the files of one programme."""

    pathway: Pathway
    files: Sequence[tuple[TimelineFile, Document]]
    findings: list[Finding] = field(default_factory=list)

    def compile(self) -> Plan | None:
        """The road; None where a finding was made that is an error."""
        says = vocabulary(self.pathway.exam, [one.name for one in self.pathway.certificates])
        self._check_names()
        calendars: dict[str, Calendar] = {}
        for file, document in self.files:
            one = OfFile(self, file, document, says, calendars)
            calendars |= {entry.name: build_calendar(entry, ("calendars", n), one) for n, entry in enumerate(file.calendars)}
        milestones: list[Milestone] = []
        choices: list[Choice] = []
        for file, document in self.files:
            one = OfFile(self, file, document, says, calendars)
            choices += [one.choice(n) for n in range(len(file.choices))]
            milestones += [one.milestone(entry, ("milestones", n)) for n, entry in enumerate(file.milestones)]
        if self.findings:
            return None
        circle = circle_of(milestones, choices)
        if circle:
            file, document = next(pair for pair in self.files if circle[0] in {one.id for one in pair[0].milestones})
            at = next(n for n, one in enumerate(file.milestones) if one.id == circle[0])
            OfFile(self, file, document, says, calendars).add(
                "circle", ("milestones", at, "id"), f"these wait for each other: {', '.join(circle)}"
            )
            return None
        return Plan(self.pathway.exam.programme, says, calendars, tuple(choices), tuple(milestones))

    def _check_names(self) -> None:
        given: list[tuple[str, Document, Path_]] = []
        for file, document in self.files:
            given += [(one.id, document, ("milestones", n, "id")) for n, one in enumerate(file.milestones)]
            given += [(one.name, document, ("calendars", n, "name")) for n, one in enumerate(file.calendars)]
            given += [(one.name, document, ("choices", n, "name")) for n, one in enumerate(file.choices)]
        times = Counter(name for name, _, _ in given)
        for name, document, path in given:
            if times[name] > 1:
                place = document.place(path)
                text = f'"{name}" is given {times[name]} times'
                finding = Finding(document.file, place.line, place.column, "duplicate-id", Severity.ERROR, text)
                self.findings.append(finding)

    @property
    def milestone_ids(self) -> frozenset[str]:
        """The id of every milestone of the road."""
        return frozenset(one.id for file, _ in self.files for one in file.milestones)

    @property
    def ways(self) -> Mapping[str, frozenset[str]]:
        """The ways of each choice."""
        return {one.name: frozenset(way.name for way in one.ways) for file, _ in self.files for one in file.choices}


@dataclass(slots=True)
class OfFile:
    """What the milestones of one file are read with."""

    whole: Compiler
    file: TimelineFile
    document: Document
    says: Mapping[str, Say]
    calendars: Mapping[str, Calendar]

    def add(self, rule: str, path: Path_, text: str) -> None:
        """Complain."""
        place = self.document.place(path)
        finding = Finding(self.document.file, place.line, place.column, rule, Severity.ERROR, text)
        self.whole.findings.append(finding)

    def grounds(self, entry: DurationEntry | GapEntry | CostEntry | KnownDay, path: Path_) -> Grounds:
        """What an entry rests on."""
        for n, name in enumerate(entry.sources):
            if name not in self.file.sources:
                hint = did_you_mean(name, sorted(self.file.sources))
                self.add("unknown-source", (*path, "sources", n), f'the source "{name}" does not exist{hint}')
        found = tuple(self.file.sources[name] for name in entry.sources if name in self.file.sources)
        return Grounds(found, entry.as_of, entry.confidence, getattr(entry, "note", None))

    def choice(self, n: int) -> Choice:
        """Where the road forks."""
        entry = self.file.choices[n]
        when = self.requirement(entry.when, ("choices", n, "when"))
        return Choice(entry.name, entry.title, when, tuple((way.name, way.title) for way in entry.ways))

    def milestone(self, entry: MilestoneEntry, path: Path_) -> Milestone:
        """One thing on the road."""
        self._check(entry, path)
        window = None
        if entry.window is not None:
            calendar = self.calendars.get(entry.window.calendar)
            for name in (entry.window.opens, entry.window.closes):
                if calendar is None or name not in calendar.dates:
                    self.add("unknown-date", (*path, "window"), f'no calendar "{entry.window.calendar}" has a day "{name}"')
            window = Window(calendar, entry.window.opens, entry.window.closes) if calendar is not None else None
        return Milestone(
            id=entry.id,
            title=entry.title,
            kind=entry.kind,
            when=self.requirement(entry.when, (*path, "when")),
            choice=(entry.choice.of, entry.choice.is_) if entry.choice else None,
            unless=(entry.unless.of, entry.unless.is_) if entry.unless else None,
            visa=entry.visa,
            after=tuple(self._after(one, (*path, "after", n)) for n, one in enumerate(entry.after)),
            duration=self._duration(entry.duration, (*path, "duration")) if entry.duration else None,
            durations={name: self._duration(one, (*path, "durations", name)) for name, one in entry.durations.items()},
            window=window,
            done_on=self._value(entry.done_on, (*path, "done_on")),
            done=self.requirement(entry.done, (*path, "done")),
            done_if_met=tuple(one for one in self.whole.pathway.rules if one.id == entry.done_if_met),
            gives=entry.gives,
            asks=entry.asks,
            each_state=entry.each is not None,
            lasts_as_state_asks=entry.lasts is not None,
            runs_on=entry.runs_on,
            is_optional=entry.optional,
            needs_day=entry.needs_day,
            costs=tuple(self._cost(one, (*path, "costs", n)) for n, one in enumerate(entry.costs)),
            documents=entry.documents,
            note=entry.note,
        )

    def requirement(self, tree: Any, path: Path_) -> Requirement | None:
        """A condition in the language of rules."""
        return None if tree is None else compile_requirement(tree, path, self._language())

    def _value(self, text: str | None, path: Path_) -> Callable[[Names], Value | None] | None:
        return None if text is None else compile_value(text, path, self._language())

    def _language(self) -> Language:
        scores = {one.name: one.scores for one in self.whole.pathway.certificates}
        return Language(set(self.says), scores, lambda path, text: self.add("requirement", path, text))

    def _check(self, entry: MilestoneEntry, path: Path_) -> None:
        for key, choice in (("choice", entry.choice), ("unless", entry.unless)):
            if choice is not None and choice.is_ not in self.whole.ways.get(choice.of, frozenset()):
                self.add("unknown-choice", (*path, key), f'no choice "{choice.of}" has a way "{choice.is_}"')
        gives = entry.gives
        steps = (*self.whole.pathway.exam.steps, *self.whole.pathway.exam.former_steps)
        if gives is not None and gives.pass_ is not None and gives.pass_ not in steps:
            self.add("unknown-subject", (*path, "gives"), f'no step "{gives.pass_}"{did_you_mean(gives.pass_, steps)}')
        known = sorted(self.whole.pathway.certificate_names)
        if gives is not None and gives.certificate is not None and gives.certificate not in known:
            hint = did_you_mean(gives.certificate, known)
            self.add("unknown-subject", (*path, "gives"), f'no certificate "{gives.certificate}"{hint}')
        ids = [one.id for one in self.whole.pathway.rules]
        if entry.done_if_met is not None and entry.done_if_met not in ids:
            hint = did_you_mean(entry.done_if_met, ids)
            self.add("unknown-subject", (*path, "done_if_met"), f'the pathway has no rule "{entry.done_if_met}"{hint}')
        asked = {
            "step": gives is not None and gives.pass_ is not None,
            "certificate": gives is not None and gives.certificate is not None,
            "state": entry.each is not None,
            "visa": any(rule.about is About.VISA and entry.visa in (rule.of or ()) for rule in self.whole.pathway.rules),
            None: True,
        }
        if not asked[entry.asks]:
            self.add("unknown-subject", (*path, "asks"), f"it asks for the rules of a {entry.asks}, and has none")
        if entry.lasts is not None and entry.each is None:
            self.add("unknown-subject", (*path, "lasts"), "it lasts as a state asks, and is not there for each state")

    def _after(self, entry: AfterEntry, path: Path_) -> After:
        if entry.id not in self.whole.milestone_ids:
            hint = did_you_mean(entry.id, sorted(self.whole.milestone_ids))
            self.add("unknown-milestone", (*path, "id"), f'no milestone "{entry.id}"{hint}')
        if entry.overlap is not None:
            ahead = span_of(entry.overlap)
            return After(entry.id, Span(-ahead.days, -ahead.months), self.grounds(entry.overlap, (*path, "overlap")))
        if entry.gap is None:
            return After(entry.id, NOTHING, None)
        return After(entry.id, span_of(entry.gap), self.grounds(entry.gap, (*path, "gap")))

    def _duration(self, entry: DurationEntry, path: Path_) -> Duration:
        typical = span_of(entry.typical)
        least, most = span_of(entry.min or entry.typical), span_of(entry.max or entry.typical)
        for shorter, longer in ((least, typical), (typical, most)):
            if shorter.after(self.file.checked_on) > longer.after(self.file.checked_on):
                self.add("backwards", path, "min, typical and max are not in order")
        return Duration(least, typical, most, self.grounds(entry, path))

    def _cost(self, entry: CostEntry, path: Path_) -> Cost:
        amount = entry.amount if isinstance(entry.amount, int) else None
        when = self.requirement(entry.when, (*path, "when"))
        return Cost(entry.what, amount, entry.currency, when, self.grounds(entry, path))


def span_of(entry: SpanEntry | GapEntry) -> Span:
    """A length of time as written."""
    return Span(entry.days + DAYS_OF_A_WEEK * entry.weeks, entry.months)


def check_head(file: TimelineFile, document: Document, programmes: Sequence[str]) -> list[Finding]:
    """What is wrong at the top of a file."""
    if file.programme in programmes:
        return []
    place = document.place(("programme",))
    hint = did_you_mean(file.programme, sorted(programmes))
    text = f'there are no rules about "{file.programme}"{hint}'
    return [Finding(document.file, place.line, place.column, "unknown-programme", Severity.ERROR, text)]
