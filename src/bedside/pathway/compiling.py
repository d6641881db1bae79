"""Rules as written to rules that can be asked: names proven, grounds there, every example worked out."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from bedside.expressions import Value
from bedside.findings import Finding, Severity
from bedside.pathway.entries import About, CertificateEntry, DeadlineEntry, PathwayFile, Place, Row, RuleEntry, WhenNotMet
from bedside.pathway.examples import Worked, check_examples
from bedside.pathway.moment import Exam
from bedside.pathway.requirement import Language, Requirement, compile_requirement, compile_value
from bedside.pathway.rule import Deadline, Grounds, ResultTime, Rule
from bedside.pathway.vocabulary import vocabulary
from bedside.programme import Programme, Source
from bedside.programme import Rule as Fact
from bedside.reading import Document, Path_, did_you_mean

MIN_EXAMPLES = 2

RULES: Mapping[str, str] = {
    "pathway-format": "A key is unknown or missing, or a value is not what the field takes.",
    "name-differs": "The name is not that of the file.",
    "unknown-programme": "The programme does not exist.",
    "duplicate-id": "Two rules or deadlines have the same id.",
    "duplicate-name": "Two files declare the same certificate or place, or say how late a result may come.",
    "unknown-fact": "The programme has no rule of that id.",
    "no-grounds": "A rule has neither a fact nor sources, day and confidence of its own; it is not loaded.",
    "unknown-source": "A rule names a source that the file's `sources` does not have.",
    "unknown-subject": "A rule is about a step, certificate or place that does not exist.",
    "no-text": "A rule has no words.",
    "requirement": "What a rule asks for is not in the language, or names what does not exist.",
    "no-requirement": "A rule that can be against something asks for nothing.",
    "rows": "Rows with a rule that is not about states, or limits and `limit_is` that do not stand together.",
    "too-few-examples": f"A rule has fewer than {MIN_EXAMPLES} examples.",
    "example-format": "An example names what does not exist, or lacks what it must have.",
    "example-differs": "An example does not come out as it says.",
}


@dataclass(slots=True)
class Compiler:
    """The rules of the files of one programme."""

    programmes: Mapping[str, Programme]
    name: str
    files: Sequence[PathwayFile]
    all_files: Sequence[PathwayFile]  # of the other programmes too

    @property
    def programme(self) -> Programme:
        """The programme that the rules are about."""
        return self.programmes[self.name]

    @property
    def steps_of_records(self) -> Mapping[str, frozenset[str]]:
        """The steps that attempts in a record may name, by programme."""
        former = {
            name: [step for file in self.all_files if file.programme == name for step in file.former_steps]
            for name in self.programmes
        }
        return {name: frozenset([*(step.name for step in one.steps), *former[name]]) for name, one in self.programmes.items()}

    @property
    def certificates_of_records(self) -> frozenset[str]:
        """The certificates that a record may name: those of every programme, for all can stand in one record."""
        return frozenset(one.name for file in self.all_files for one in file.certificates)

    @property
    def exam(self) -> Exam:
        """The programme's steps, and those that a file says are no longer given."""
        steps = tuple(step.name for step in self.programme.steps)
        return Exam(self.programme.name, steps, tuple(name for file in self.files for name in file.former_steps))

    @property
    def certificates(self) -> tuple[CertificateEntry, ...]:
        """Every certificate that a file declares."""
        return tuple(one for file in self.files for one in file.certificates)

    @property
    def places(self) -> tuple[Place, ...]:
        """Every place that a file declares."""
        return tuple(one for file in self.files for one in file.places)

    @property
    def titles(self) -> Mapping[str, str]:
        """Steps and certificates by name, for people."""
        steps = {step.name: step.title for step in self.programme.steps}
        return {**steps, **{one.name: one.title for one in self.certificates}}

    def results(self, file: PathwayFile) -> list[ResultTime]:
        """How late a result may come, where the file says it; what is wrong in it `compile` tells."""
        fact = self.facts.get(file.results.fact) if file.results is not None else None
        days = fact.values.get(file.results.latest_days) if fact is not None and file.results is not None else None
        if fact is None or isinstance(days, bool) or not isinstance(days, int):
            return []
        return [ResultTime(days, Grounds(fact.sources, fact.as_of, fact.confidence, None, None))]

    @property
    def facts(self) -> Mapping[str, Fact]:
        """Every rule of the programme that may be named, by id."""
        one = self.programme
        return {fact.id: fact for fact in (*one.eligibility, *one.attempts, *one.time_limits, *one.rules)}

    def compile(self, file: PathwayFile, document: Document) -> tuple[list[Rule], list[Deadline], list[Finding]]:
        """The rules and deadlines of one file, and what is wrong in it."""
        one = _OfFile(self, file, document)
        one.check_names()
        one.check_results()
        rules = [rule for index, entry in enumerate(file.rules) for rule in one.rule(entry, ("rules", index))]
        deadlines = [one.deadline(entry, ("deadlines", index)) for index, entry in enumerate(file.deadlines)]
        return rules, [entry for entry in deadlines if entry is not None], one.findings


@dataclass(slots=True)
class _OfFile:
    whole: Compiler
    file: PathwayFile
    document: Document
    findings: list[Finding] = field(default_factory=list)

    def add(self, rule: str, path: Path_, text: str, *, of_key: bool = False) -> None:
        place = self.document.place(path, of_key=of_key)
        self.findings.append(Finding(self.document.file, place.line, place.column, rule, Severity.ERROR, text))

    def _complain(self, at: Path_, what: str) -> None:
        self.add("requirement", at, what)

    def check_names(self) -> None:
        ids = Counter(one.id for file in self.whole.files for one in file.rules)
        ids.update(one.id for file in self.whole.files for one in file.deadlines)
        given: list[tuple[Path_, str]] = [(("rules", index), one.id) for index, one in enumerate(self.file.rules)]
        given += [(("deadlines", index), one.id) for index, one in enumerate(self.file.deadlines)]
        for path, identity in given:
            if ids[identity] > 1:
                self.add("duplicate-id", (*path, "id"), f'the id "{identity}" is given {ids[identity]} times')
        names = Counter(one.name for one in self.whole.certificates)
        names.update(one.code for one in self.whole.places)
        for index, certificate in enumerate(self.file.certificates):
            if names[certificate.name] > 1:
                self.add("duplicate-name", ("certificates", index), f'"{certificate.name}" is declared twice')
        for index, place in enumerate(self.file.places):
            if names[place.code] > 1:
                self.add("duplicate-name", ("places", index), f'"{place.code}" is declared twice')

    def check_results(self) -> None:
        entry = self.file.results
        if entry is not None and self._fact_named(entry.fact, ("results",)) is not None and not self.whole.results(self.file):
            self.add("unknown-fact", ("results", "latest_days"), f'"{entry.latest_days}" is no number of days of {entry.fact}')
        if entry is not None and sum(one.results is not None for one in self.whole.files) > 1:
            self.add("duplicate-name", ("results",), "more than one file says how late a result may come")

    def rule(self, entry: RuleEntry, path: Path_) -> list[Rule]:
        before = len(self.findings)
        fact = self._fact(entry, path)
        self._check_shape(entry, path)
        text = self._text(entry, fact, path)
        says = vocabulary(self.whole.exam, self._scores())
        values = self._values(entry, fact, says, path)
        requires = self._requires(entry, {*says, *values}, path)
        grounds: dict[str | None, Grounds | None] = (
            {code: self._row_grounds(row, (*path, "rows", code)) for code, row in entry.rows.items()}
            if entry.rows
            else {None: self._grounds(entry, fact, path)}
        )
        if len(self.findings) > before:
            return []
        rules = [
            Rule(
                id=entry.id if code is None else f"{entry.id}.{code}",
                about=entry.about,
                of=self._of(entry) if code is None else (code,),
                when_not_met=entry.when_not_met,
                text=text if code is None else _put_in(text, entry.rows[code]),
                grounds=one,
                vocabulary=says,
                requires=requires,
                values=values,
                limit=None if code is None else entry.rows[code].limit,
                limit_is=entry.limit_is,
                note=entry.note if code is None else entry.rows[code].note,
                written=_written(entry.requires),
            )
            for code, one in grounds.items()
            if one is not None
        ]
        whole = self.whole
        worked = Worked(whole.exam, whole.steps_of_records, whole.certificates_of_records, self.document, self.add)
        check_examples(entry, rules, path, worked)
        return rules

    def _text(self, entry: RuleEntry, fact: Fact | None, path: Path_) -> str:
        text = entry.text or (fact.text if fact is not None and isinstance(fact.text, str) else "")
        if not text:
            self.add("no-text", path, f'"{entry.id}" has no text, and its fact has none')
        return text

    def _values(
        self, entry: RuleEntry | DeadlineEntry, fact: Fact | None, says: Collection[str], path: Path_
    ) -> Mapping[str, Value]:
        """Numbers, days and words of the rule and its fact. One that hid a name of the language would change its meaning."""
        given = fact.values if fact is not None else {}
        values = {**{name: value for name, value in given.items() if isinstance(value, int | float | str)}, **entry.values}
        for name in sorted({*values} & {*says, "limit", "training_reached_on"}):
            self._complain(path, f'the value "{name}" has the name of something else')
        return values

    def _requires(self, entry: RuleEntry, names: Collection[str], path: Path_) -> Requirement | None:
        if entry.requires is None:
            return None
        of_rows = ("limit", "training_reached_on") if entry.rows else ()
        language = Language({*names, *of_rows}, self._scores(), self._complain)
        return compile_requirement(entry.requires, (*path, "requires"), language)

    def deadline(self, entry: DeadlineEntry, path: Path_) -> Deadline | None:
        before = len(self.findings)
        fact = self._fact(entry, path)
        says = vocabulary(self.whole.exam, self._scores())
        values = self._values(entry, fact, says, path)
        language = Language({*says, *values}, self._scores(), self._complain)
        day = compile_value(entry.day, (*path, "day"), language)
        when = None if entry.when is None else compile_requirement(entry.when, (*path, "when"), language)
        grounds = self._grounds(entry, fact, path)
        if len(self.findings) > before or grounds is None:
            return None
        written = _written([entry.day, entry.when])
        return Deadline(entry.id, entry.what, grounds, says, day, when, values, written)

    def _scores(self) -> dict[str, Collection[str]]:
        return {one.name: one.scores for one in self.whole.certificates}

    def _fact(self, entry: RuleEntry | DeadlineEntry, path: Path_) -> Fact | None:
        if entry.fact is None:
            return None
        return self._fact_named(entry.fact, path)

    def _fact_named(self, name: str, path: Path_) -> Fact | None:
        facts = self.whole.facts
        if name not in facts:
            hint = did_you_mean(name, sorted(facts))
            self.add("unknown-fact", (*path, "fact"), f'{self.whole.programme.name} has no rule "{name}"{hint}')
        return facts.get(name)

    def _grounds(self, entry: RuleEntry | DeadlineEntry, fact: Fact | None, path: Path_) -> Grounds | None:
        if fact is not None:
            begins, ends = entry.valid_from or fact.valid_from, entry.valid_to or fact.valid_to
            known = [None if one is not None and not isinstance(one, date) else one for one in (begins, ends)]
            return Grounds(fact.sources, fact.as_of, fact.confidence, known[0], known[1], is_dated=known == [begins, ends])
        if entry.fact is not None:
            return None  # it was complained of
        if not entry.sources or entry.as_of is None or entry.confidence is None:
            self.add("no-grounds", path, f'"{entry.id}" needs a fact, or sources, as_of and confidence')
            return None
        sources = self._sources(entry.sources, path)
        return Grounds(sources, entry.as_of, entry.confidence, entry.valid_from, entry.valid_to)

    def _row_grounds(self, row: Row, path: Path_) -> Grounds:
        return Grounds(self._sources(row.sources, path), row.as_of, row.confidence, row.valid_from, row.valid_to)

    def _sources(self, names: Sequence[str], path: Path_) -> tuple[Source, ...]:
        for index, name in enumerate(names):
            if name not in self.file.sources:
                hint = did_you_mean(name, sorted(self.file.sources))
                self.add("unknown-source", (*path, "sources", index), f'the source "{name}" does not exist{hint}')
        return tuple(self.file.sources[name] for name in names if name in self.file.sources)

    def _of(self, entry: RuleEntry) -> tuple[str, ...] | None:
        return None if entry.of == "all" or entry.about is About.TRAINING else tuple(entry.of or ())

    def _check_shape(self, entry: RuleEntry, path: Path_) -> None:
        if entry.requires is None and (entry.when_not_met is not WhenNotMet.INFORMS or entry.rows):
            self.add("no-requirement", path, f'"{entry.id}" can be against something and asks for nothing')
        if entry.rows and (entry.about is not About.STATE or entry.of is not None):
            self.add("rows", path, "a rule with rows is about states, and has no `of`")
        if any(row.limit is not None for row in entry.rows.values()) != (entry.limit_is is not None):
            self.add("rows", path, "limit_is stands where rows have limits, and only there")
        if len(entry.examples) < MIN_EXAMPLES and entry.requires is not None:
            self.add("too-few-examples", path, f'"{entry.id}" has {len(entry.examples)} of {MIN_EXAMPLES} examples')
        known: Mapping[About, Collection[str]] = {
            About.STEP: self.whole.exam.steps,
            About.CERTIFICATE: [one.name for one in self.whole.certificates],
            About.STATE: [one.code for one in self.whole.places],
        }
        named = () if entry.of == "all" else (*(entry.of or ()), *entry.rows)
        if not named and entry.of != "all" and entry.about is not About.TRAINING:
            self.add("unknown-subject", path, f'"{entry.id}" says of nothing what it is about; `of` is missing')
        for name in named if entry.about in known else ():
            if name not in known[entry.about]:
                at = (*path, "rows", name) if name in entry.rows else (*path, "of")
                hint = did_you_mean(name, sorted(known[entry.about]))
                self.add("unknown-subject", at, f'no {entry.about.value} "{name}"{hint}', of_key=True)


def _written(tree: Any) -> str:
    return json.dumps(tree, ensure_ascii=False, default=str)


def _put_in(text: str, row: Row) -> str:
    limit = row.limit.words if row.limit is not None else ""
    return text.replace("{limit}", limit).replace("{note}", row.note or "")
