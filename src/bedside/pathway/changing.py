"""What differs between two days, and why: rules that came and went, facts that grew old, what the record dates in between."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from bedside.pathway.answer import Plain
from bedside.pathway.days import MONTHS_OF_A_YEAR, day_of, months_after
from bedside.pathway.differences import Difference, Subject, compare
from bedside.pathway.entries import About
from bedside.pathway.evaluation import check
from bedside.pathway.folder import Pathway
from bedside.pathway.record import Record, Validity
from bedside.pathway.rule import FRESH_YEARS, Deadline, Rule
from bedside.programme import Confidence


class CauseKind(StrEnum):
    """Why something stands otherwise."""

    RULE_BEGAN = "rule_began"  # it came into force
    RULE_ENDED = "rule_ended"
    FACT_OLD = "fact_old"  # it was last checked more than a year ago since that day, and closes nothing alone any more
    RECORD = "record"  # the record dates it in between
    RULE_NEW = "rule_new"  # the older rules do not have it
    RULE_GONE = "rule_gone"
    RULE_REWRITTEN = "rule_rewritten"


@dataclass(frozen=True, slots=True, kw_only=True)
class Cause:
    """Something from which a difference can come.

    `day` is None for rules that were written anew, `rule` and `source` are None for what the record says.
    """

    kind: CauseKind
    day: date | None
    rule: str | None
    text: str
    source: str | None

    def as_dict(self) -> dict[str, Plain]:
        """The cause as JSON."""
        return {
            "kind": self.kind.value,
            "date": self.day.isoformat() if self.day else None,
            "rule": self.rule,
            "text": self.text,
            "source": self.source,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Changes:
    """What stood otherwise on the earlier of two days, and from what that can come."""

    since: date
    on: date
    differences: tuple[Difference, ...]
    causes: tuple[Cause, ...]

    def as_dict(self) -> dict[str, Plain]:
        """It as JSON."""
        return {
            "since": self.since.isoformat(),
            "on": self.on.isoformat(),
            "differences": [one.as_dict() for one in self.differences],
            "causes": [one.as_dict() for one in self.causes],
        }


def changes(
    pathway: Pathway,
    record: Record,
    since: date,
    on: date,
    *,
    pathway_before: Pathway | None = None,
    record_before: Record | None = None,
) -> Changes:
    """What differs between the answers of two days, with the causes after the first and up to the second.

    `pathway_before` are older rules, and `record_before` is an older record, each for the first day; absent: the same.
    Rules about states are causes where the record aims at the state or it stands otherwise.

    Raises:
        ValueError: the first day is after the second.
        ExpressionError: a rule can't be computed for this record.
    """
    if since > on:
        raise ValueError(f"{since} is after {on}")
    older, then = pathway_before or pathway, record_before or record
    differences = compare(check(older, then, since), check(pathway, record, on))
    places = {one.name for one in differences if one.about is Subject.STATE} | {*record.goals.states}
    rules = _dated_rules(pathway, places)
    found = [*_of_rules(rules, since, on), *_of_record(record, since, on)]
    if record_before is not None:
        found += _of_records(record_before, record, found)
    if pathway_before is not None:
        found += _of_files(_dated_rules(pathway_before, places), rules)
    return Changes(since=since, on=on, differences=differences, causes=tuple(sorted(found, key=_order)))


def _order(cause: Cause) -> tuple[date, str, str, str]:
    return cause.day or date.max, cause.kind.value, cause.rule or "", cause.text


def _dated_rules(pathway: Pathway, places: Collection[str]) -> list[Rule | Deadline]:
    """Rules and deadlines; those of places only where they are among these."""
    return [*(rule for rule in pathway.rules if _concerns(rule, places)), *pathway.deadlines]


def _concerns(rule: Rule, places: Collection[str]) -> bool:
    return rule.about is not About.STATE or rule.of is None or any(name in places for name in rule.of)


def _of_rules(rules: Iterable[Rule | Deadline], since: date, on: date) -> Iterator[Cause]:
    for rule in rules:
        grounds = rule.grounds
        if not grounds.is_dated:
            continue
        ended = grounds.valid_to + timedelta(days=1) if grounds.valid_to is not None and grounds.valid_to < date.max else None
        if grounds.valid_from is not None and since < grounds.valid_from <= on:
            yield _of_rule(CauseKind.RULE_BEGAN, grounds.valid_from, rule)
        if ended is not None and since < ended <= on:
            yield _of_rule(CauseKind.RULE_ENDED, ended, rule)
        old = _old_from(rule)
        is_in_force = (grounds.valid_from is None or grounds.valid_from <= on) and (ended is None or on < ended)
        if old is not None and since < old <= on and is_in_force:
            yield _of_rule(CauseKind.FACT_OLD, old, rule)


def _old_from(rule: Rule | Deadline) -> date | None:
    """The first day on which its fact is more than a year old; None where it is not certain anyway."""
    if rule.grounds.confidence is Confidence.LOW:
        return None
    return day_of(months_after(rule.grounds.as_of.toordinal(), FRESH_YEARS * MONTHS_OF_A_YEAR) + 1)


def _of_rule(kind: CauseKind, day: date | None, rule: Rule | Deadline) -> Cause:
    text = rule.what if isinstance(rule, Deadline) else rule.text
    return Cause(kind=kind, day=day, rule=rule.id, text=text, source=rule.grounds.source)


def _of_record(record: Record, since: date, on: date) -> Iterator[Cause]:
    for day, text in dated(record):
        if since < day <= on:
            yield Cause(kind=CauseKind.RECORD, day=day, rule=None, text=text, source=None)


def _of_records(before: Record, after: Record, found: Iterable[Cause]) -> Iterator[Cause]:
    """What one of two records dates and the other does not, unless it is told already."""
    told = {(one.day, one.text) for one in found}
    then, now = {*dated(before)}, {*dated(after)}
    for day, text in sorted(now - then - told):
        yield Cause(kind=CauseKind.RECORD, day=day, rule=None, text=f"{text} (entered since)", source=None)
    for day, text in sorted(then - now):
        yield Cause(kind=CauseKind.RECORD, day=day, rule=None, text=f"{text} (no longer in the record)", source=None)


def dated(record: Record) -> Iterator[tuple[date, str]]:
    """Every day of a record from which something counts, with what it is."""
    for sat in record.attempts:
        yield sat.date, f"{sat.step}: {sat.result.value}"
        if sat.reported is not None:
            yield sat.reported, f"{sat.step} of {sat.date}: the result came out"
        if sat.validity is not Validity.VALID:
            yield (
                sat.validity_from or sat.date,
                f"{sat.step} of {sat.date}: the result is {sat.validity.value.replace('_', ' ')}",
            )
    for held in record.certificates:
        yield held.date, f"{held.name}: dated"
        if held.expires is not None and held.expires < date.max:
            yield held.expires + timedelta(days=1), f"{held.name} of {held.date}: expired"
    for stretch in record.training:
        yield stretch.start, "training: began"
        if stretch.end is not None and stretch.end < date.max:
            yield stretch.end + timedelta(days=1), "training: ended"
    if record.person.degree is not None:
        yield record.person.degree.date, "degree: awarded"
    for bar in record.bars:
        yield bar.from_, "bar: began"
        if bar.until is not None and bar.until < date.max:
            yield bar.until + timedelta(days=1), "bar: ended"
    for permit in record.permits:
        yield permit.from_, f"{permit.step}: the eligibility period began"
        if permit.until < date.max:
            yield permit.until + timedelta(days=1), f"{permit.step}: the eligibility period ended"


def _of_files(before: Iterable[Rule | Deadline], after: Iterable[Rule | Deadline]) -> Iterator[Cause]:
    """Rules that older files do not have, or have in other words, with other days, numbers or grounds."""
    then, now = {rule.id: rule for rule in before}, {rule.id: rule for rule in after}
    for name in sorted({*then, *now}):
        if name not in then:
            yield _of_rule(CauseKind.RULE_NEW, None, now[name])
        elif name not in now:
            yield _of_rule(CauseKind.RULE_GONE, None, then[name])
        elif then[name] != now[name]:
            yield _of_rule(CauseKind.RULE_REWRITTEN, None, now[name])
