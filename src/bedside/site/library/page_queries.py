"""What the pages about the exams show: an edition of a programme, put into words, each with its place in the sources."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import TypeVar

from django.utils.translation import gettext as _

from bedside.programme import (
    UNKNOWN,
    Dated,
    Edition,
    Fee,
    Form,
    Marking,
    Programme,
    Record,
    Rule,
    Source,
    Standard,
    Statement,
    StepEdition,
    Unknown,
)
from bedside.site.content import Content
from bedside.site.library import phrases, pictures

DatedT = TypeVar("DatedT", bound=Dated)
MAX_SENTENCES = 3  # about an exam, where all stand side by side


@dataclass(frozen=True, slots=True)
class StepRow:
    """One step in the comparison."""

    name: str
    title: str
    formats: tuple[str, ...]  # one a day
    marks: tuple[str, ...]  # none, here and below: the same as in the row before
    marks_unknown: str
    standards: tuple[str, ...]
    fees: tuple[str, ...]
    rates: pictures.DotGroup | None
    rates_period: str
    rates_table: tuple[pictures.RateRow, ...]


@dataclass(frozen=True, slots=True)
class ExamRows:
    """One programme in the comparison."""

    name: str
    title: str
    short: str
    country: str
    unknown: str  # what no source states of the whole exam, in one sentence; empty where nothing is
    steps: tuple[StepRow, ...]
    sentences: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Cited:
    """Words with what they rest on: numbers of sources (from 1), the day, and a doubt if there is one."""

    text: str
    label: str
    sources: tuple[int, ...]
    as_of: date
    doubt: str
    note: str
    since: str = ""  # the days on which it holds, where the page tells them
    is_now: bool = False


@dataclass(frozen=True, slots=True)
class StepWords:
    """One step on that day, in full."""

    name: str
    title: str
    summary: str
    forms: tuple[Cited, ...]
    marks: tuple[Cited, ...]
    standards: tuple[Cited, ...]
    scale: str
    fees: tuple[Cited, ...]
    forms_by_date: tuple[Cited, ...]
    standards_by_date: tuple[Cited, ...]
    rates: tuple[pictures.DotGroup, ...]
    rates_table: tuple[tuple[pictures.RateRow, Cited], ...]
    axes: tuple[tuple[pictures.Bands, tuple[tuple[pictures.Band, Cited], ...]], ...]


@dataclass(frozen=True, slots=True)
class SourceWords:
    """A source, and the last day on which something was checked with it."""

    title: str
    kind: str
    url: str
    checked_on: date | None


@dataclass(frozen=True, slots=True)
class ExamWords:
    """One programme on that day, in full."""

    name: str
    title: str
    owner: str
    country: str
    summary: str
    checked_on: date
    steps: tuple[StepWords, ...]
    who: tuple[Cited, ...]
    why: tuple[Cited, ...]
    hours: tuple[Cited, ...]
    rules: tuple[tuple[str, tuple[Cited, ...]], ...]  # heading and rules
    fees: tuple[Cited, ...]
    events: tuple[Cited, ...]
    myths: tuple[Cited, ...]
    sources: tuple[SourceWords, ...]


def side_by_side(content: Content, *, on: date) -> list[ExamRows]:
    """Every programme on that day, those with items first."""
    served = Counter(entry.programme for item in content.items.values() for entry in item.blueprint)
    order = sorted(content.programmes.values(), key=lambda programme: -served[programme.name])
    return [_rows(programme.on(on)) for programme in order]


def _rows(edition: Edition) -> ExamRows:
    steps: list[StepRow] = []
    before: StepRow | None = None
    for step in edition.steps:
        row = _row(step, edition)
        steps.append(row if before is None else _without_what_is_the_same(row, before))
        before = row
    return ExamRows(
        name=edition.name,
        title=edition.title,
        short=phrases.short_name(edition.title),
        country=edition.country,
        unknown=_unknown(edition),
        steps=tuple(steps),
        sentences=_sentences(edition),
    )


def _without_what_is_the_same(row: StepRow, before: StepRow) -> StepRow:
    if (row.marks, row.marks_unknown) == (before.marks, before.marks_unknown):
        row = replace(row, marks=(), marks_unknown="")
    return replace(row, standards=()) if row.standards == before.standards else row


def _row(step: StepEdition, edition: Edition) -> StepRow:
    newest = pictures.newest(step.pass_rates, edition.groups)
    several = len(step.forms) > 1
    day = _("Day {n}: {words}")
    marks, marks_unknown = phrases.all_marks(step.marking, {kind.code: kind.title for kind in step.item_kinds})
    return StepRow(
        name=step.step.name,
        title=step.step.title,
        formats=tuple(
            day.format(n=form.day, words=phrases.format_of(form)) if several else phrases.format_of(form) for form in step.forms
        ),
        marks=marks,
        marks_unknown=marks_unknown,
        standards=tuple(_with_label(one, edition, step) for one in step.standards) or (_("Unknown"),),
        fees=tuple(phrases.fee_of(fee) for fee in _fees(step, edition) if not isinstance(fee.amount, Unknown)),
        rates=pictures.by_group(newest, edition.groups) if newest else None,
        rates_period=newest.period if newest else "",
        rates_table=pictures.rate_rows([newest], edition.groups) if newest else (),
    )


def _fees(step: StepEdition, edition: Edition) -> Sequence[Fee]:
    """The step's own fees; of an exam of one step those that name no step."""
    return step.fees or (edition.fees if len(edition.steps) == 1 else ())


def _unknown(edition: Edition) -> str:
    has_fee = any(not isinstance(fee.amount, Unknown) for step in edition.steps for fee in _fees(step, edition))
    has_rates = any(step.pass_rates for step in edition.steps)
    if has_fee and has_rates:
        return ""
    return _("Pass rate unknown.") if has_fee else _("Fee unknown.") if has_rates else _("Fee and pass rate unknown.")


def _sentences(edition: Edition) -> tuple[str, ...]:
    """One on who succeeds, then why it is hard; what is about the whole exam before what is about one step."""
    why = sorted(edition.why_hard, key=lambda statement: bool(statement.steps) and len(edition.steps) > 1)
    chosen = (*edition.who_succeeds[:1], *why)[:MAX_SENTENCES]
    return tuple(statement.text for statement in chosen)


def _with_label(standard: Standard, edition: Edition, step: StepEdition) -> str:
    words = phrases.standard_of(standard, step.scale)
    return f"{edition.groups.get(standard.group, standard.group)}: {words}" if standard.group else words


def in_full(programme: Programme, *, on: date) -> ExamWords:
    """One programme on that day."""
    edition = programme.on(on)
    cite = _Citer(edition.sources)
    step_names = {step.step.name for step in edition.steps}
    rules = (
        (_("Who may sit"), cite.all(edition.eligibility)),
        (_("How often"), cite.all(edition.attempts)),
        (_("Within which time"), cite.all(edition.time_limits)),
        (_("On the day and after it"), cite.all(edition.rules)),
    )
    exam = ExamWords(
        name=edition.name,
        title=edition.title,
        owner=edition.owner,
        country=edition.country,
        summary=edition.summary,
        checked_on=programme.checked_on,
        steps=tuple(_step(step, edition, cite) for step in edition.steps),
        who=cite.all(edition.who_succeeds),
        why=cite.all(edition.why_hard),
        hours=tuple(cite.one(fact, phrases.value_of(fact), fact.label) for fact in edition.hours),
        rules=tuple((heading, records) for heading, records in rules if records),
        fees=tuple(cite.one(fee, phrases.fee_of(fee), fee.what) for fee in edition.fees if not set(fee.steps) & step_names),
        events=tuple(cite.one(event, event.text, str(event.on)) for event in reversed(edition.events)),
        myths=tuple(cite.one(myth, myth.truth, myth.claim) for myth in edition.myths),
        sources=(),
    )
    return _with_sources(exam, cite, edition.sources)


def _with_sources(exam: ExamWords, cite: _Citer, sources: Sequence[Source]) -> ExamWords:
    words = tuple(
        SourceWords(source.title, phrases.kind_of(source), source.url or "", cite.checked.get(source)) for source in sources
    )
    return replace(exam, sources=words)


class _Citer:
    """Numbers the sources of an edition, puts words beside them, and keeps when each was last checked."""

    def __init__(self, sources: Sequence[Source]) -> None:
        self.numbers = {source: number for number, source in reversed(list(enumerate(sources, start=1)))}
        self.checked: dict[Source, date] = {}

    def one(self, record: Record, text: str, label: str = "", *, on: date | None = None) -> Cited:
        for source in record.sources:
            self.checked[source] = max(record.as_of, self.checked.get(source, record.as_of))
        numbers = tuple(sorted({self.numbers[source] for source in record.sources if source in self.numbers}))
        doubt, note = phrases.confidence_of(record.confidence), record.note or ""
        if on is None or not isinstance(record, Dated):
            return Cited(text, label, numbers, record.as_of, doubt, note)
        return Cited(text, label, numbers, record.as_of, doubt, note, phrases.days_of(record), record.is_in_force(on))

    def all(self, records: Iterable[Statement | Rule]) -> tuple[Cited, ...]:
        return tuple(self.one(record, phrases.words(record.text)) for record in records)


def _step(edition: StepEdition, whole: Edition, cite: _Citer) -> StepWords:
    step, groups = edition.step, whole.groups
    kinds = {kind.code: kind.title for kind in step.item_kinds}

    def mark(one: Marking) -> Cited:
        names = ", ".join(kinds.get(kind, kind) for kind in one.kinds)
        return cite.one(one, phrases.marks_of(one) or phrases.number(UNKNOWN), names)

    def standard(one: Standard) -> Cited:
        words = phrases.standard_of(one, edition.scale)
        return cite.one(one, words, groups.get(one.group or "", ""), on=whole.on)

    def form(one: Form) -> Cited:
        words = "; ".join(filter(None, (phrases.format_of(one), phrases.breaks_of(one))))
        return cite.one(one, words, one.title or (_("Day {n}").format(n=one.day) if step.days > 1 else ""), on=whole.on)

    return StepWords(
        name=step.name,
        title=step.title,
        summary=step.summary or "",
        forms=tuple(form(one) for one in edition.forms),
        marks=tuple(mark(one) for one in edition.marking),
        standards=tuple(standard(one) for one in edition.standards),
        scale=", ".join(phrases.scale_of(scale) for scale in edition.scales) or phrases.number(UNKNOWN),
        fees=tuple(cite.one(fee, phrases.fee_of(fee), fee.what) for fee in edition.fees),
        forms_by_date=_by_date(step.forms, form),
        standards_by_date=_by_date(step.standards, standard),
        rates=pictures.over_time(edition.pass_rates, groups),
        rates_table=tuple((row, cite.one(row.record, "")) for row in pictures.rate_rows(edition.pass_rates, groups)),
        axes=tuple(
            (picture, tuple((row, cite.one(row.record, "")) for row in picture.rows))
            for picture in (pictures.bands(axis) for axis in edition.axes if axis.ranges)
        ),
    )


def _by_date(records: Sequence[DatedT], words: Callable[[DatedT], Cited]) -> tuple[Cited, ...]:
    """All that held once, holds now or will hold, the latest first; nothing where it never changed."""
    if all(record.valid_from is None and record.valid_to is None for record in records):
        return ()
    return tuple(words(record) for record in sorted(records, key=_begins, reverse=True))


def _begins(record: Dated) -> str:
    return record.valid_from.isoformat() if isinstance(record.valid_from, date) else ""
