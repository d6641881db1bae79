"""The examples beside a rule, worked out: each must come out as it says, to the first day on which it is met."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from bedside.errors import ExpressionError
from bedside.pathway.days import day_of
from bedside.pathway.entries import About, Example, RuleEntry
from bedside.pathway.moment import Exam, Moment
from bedside.pathway.record_file import check_record
from bedside.pathway.rule import Rule
from bedside.pathway.turning import first_day
from bedside.reading import Document, Path_

_WORDS: Mapping[bool | None, str] = {True: "met", False: "not_met", None: "unknown"}


class Add(Protocol):
    """Takes what is wrong."""

    def __call__(self, rule: str, path: Path_, text: str, *, of_key: bool = False) -> None:
        """The name of the check, where it stands, and what is wrong."""


@dataclass(frozen=True, slots=True)
class Worked:
    """What examples are worked out with, and who is told."""

    exam: Exam
    steps: Mapping[str, frozenset[str]]
    certificates: frozenset[str]
    document: Document
    add: Add


def check_examples(entry: RuleEntry, rules: Sequence[Rule], path: Path_, worked: Worked) -> None:
    """Complain of every example that does not come out."""
    for index, example in enumerate(entry.examples):
        at = (*path, "examples", index)
        offences = check_record(
            example.record, worked.document, (*at, "record"), steps=worked.steps, certificates=worked.certificates
        )
        for offence in offences:
            worked.add("example-format", at, offence.text)
        rule = _chosen(entry, rules, example, at, worked.add)
        if rule is not None and not offences:
            _check(rule, example, worked.exam, at, worked.add)


def _chosen(entry: RuleEntry, rules: Sequence[Rule], example: Example, at: Path_, add: Add) -> Rule | None:
    """The rule that the example asks: the one of its place, where there are rows."""
    if (example.place is not None) != (entry.about is About.STATE):
        add("example-format", at, "`place` names the state where a rule is about states, and stands nowhere else")
        return None
    named = example.place or example.of
    several = entry.about is About.STEP and entry.of != "all" and len(entry.of or ()) > 1
    if named is None and several:
        add("example-format", at, "`of` must say which of them is asked about")
        return None
    if (example.comes == "not_met") != (example.from_ is not None):
        add("example-format", at, "`from` stands with `not_met`, and only there: the first day on which it is met, or never")
        return None
    for rule in rules:
        if named is None or rule.of is None or named in rule.of:
            return rule
    add("example-format", at, f'the rule is not about "{named}"')
    return None


def _check(rule: Rule, example: Example, exam: Exam, at: Path_, add: Add) -> None:
    step = None
    if rule.about is About.STEP:
        step = example.of or (rule.of[0] if rule.of else exam.steps[0])
    moment = Moment(example.record, exam, example.on.toordinal(), step)
    try:
        if not rule.grounds.is_in_force(moment):
            add("example-differs", (*at, "on"), f"the rule is not in force on {example.on}")
            return
        comes = _WORDS[rule.ask(moment)]
        if comes != example.comes:
            fields = f" (not known: {', '.join(sorted(moment.missing))})" if moment.missing else ""
            add("example-differs", (*at, "comes"), f"it comes out {comes}, not {example.comes}{fields}")
        elif example.from_ is not None:
            first = first_day(lambda m: rule.ask(m) is True, example.record, exam, moment.day, step)
            found = day_of(first) if first is not None else None
            wanted = example.from_ if isinstance(example.from_, date) else None
            if found != wanted:
                add("example-differs", (*at, "from"), f"it is first met {found or 'never'}, not {wanted or 'never'}")
    except ExpressionError as error:
        add("example-differs", at, f"it can't be computed: {error}")
