"""What the pages about the exams show: an edition of a programme, put into words, each with its place in the sources."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from bedside.programme import UNKNOWN, Axis, Edition, PassRate, Programme, Record, Rule, Source, Statement, StepEdition
from bedside.site.content import Content
from bedside.site.library import phrases


@dataclass(frozen=True, slots=True)
class Cited:
    """Words with what they rest on: numbers of sources (from 1), the day, and how far they are to be trusted."""

    text: str
    label: str
    sources: tuple[int, ...]
    as_of: date
    confidence: str
    note: str


@dataclass(frozen=True, slots=True)
class FormWords:
    """One day of a step."""

    day: int
    title: str
    blocks: tuple[str, ...]
    clock: str
    items: str
    session: str
    activities: tuple[str, ...]
    cited: Cited


@dataclass(frozen=True, slots=True)
class AxisRow:
    """One row of a blueprint."""

    label: str
    share: str


@dataclass(frozen=True, slots=True)
class AxisWords:
    """One axis of a blueprint with its published rows."""

    title: str
    is_partition: bool
    rows: tuple[AxisRow, ...]


@dataclass(frozen=True, slots=True)
class RateWords:
    """How many of a group passed in the newest period that is published."""

    group: str
    share: str
    n: str


@dataclass(frozen=True, slots=True)
class StepWords:
    """One step on that day."""

    name: str
    title: str
    summary: str
    forms: tuple[FormWords, ...]
    session: str
    marks: tuple[Cited, ...]
    standards: tuple[Cited, ...]
    scale: str
    rates: tuple[RateWords, ...]
    rates_period: str
    rates_cited: Cited | None
    fees: tuple[Cited, ...]
    axes: tuple[AxisWords, ...]


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
    eligibility: tuple[Cited, ...]
    attempts: tuple[Cited, ...]
    time_limits: tuple[Cited, ...]
    rules: tuple[Cited, ...]
    hours: tuple[Cited, ...]
    other_fees: tuple[Cited, ...]
    events: tuple[tuple[str, Cited], ...]
    myths: tuple[tuple[str, Cited], ...]
    sources: tuple[Source, ...]


def side_by_side(content: Content, *, on: date) -> list[ExamWords]:
    """Every programme on that day, those with items first."""
    served = Counter(entry.programme for item in content.items.values() for entry in item.blueprint)
    order = sorted(content.programmes.values(), key=lambda programme: -served[programme.name])
    return [in_full(programme, on=on) for programme in order]


def in_full(programme: Programme, *, on: date) -> ExamWords:
    """One programme on that day."""
    edition = programme.on(on)
    cite = _Citer(edition.sources)
    step_names = {step.step.name for step in edition.steps}
    return ExamWords(
        name=edition.name,
        title=edition.title,
        owner=edition.owner,
        country=edition.country,
        summary=edition.summary,
        checked_on=programme.checked_on,
        steps=tuple(_step(step, edition, cite) for step in edition.steps),
        who=cite.all(edition.who_succeeds),
        why=cite.all(edition.why_hard),
        eligibility=cite.all(edition.eligibility),
        attempts=cite.all(edition.attempts),
        time_limits=cite.all(edition.time_limits),
        rules=cite.all(edition.rules),
        hours=tuple(cite.one(fact, phrases.value_of(fact), fact.label) for fact in edition.hours),
        other_fees=tuple(
            cite.one(fee, phrases.fee_of(fee), fee.what) for fee in edition.fees if not set(fee.steps) & step_names
        ),
        events=tuple((str(event.on), cite.one(event, event.text)) for event in reversed(edition.events)),
        myths=tuple((myth.claim, cite.one(myth, myth.truth)) for myth in edition.myths),
        sources=edition.sources,
    )


class _Citer:
    """Numbers the sources of an edition, and puts words beside them."""

    def __init__(self, sources: Sequence[Source]) -> None:
        self.numbers = {source: number for number, source in reversed(list(enumerate(sources, start=1)))}

    def one(self, record: Record, text: str, label: str = "") -> Cited:
        numbers = tuple(sorted({self.numbers[source] for source in record.sources if source in self.numbers}))
        return Cited(text, label, numbers, record.as_of, record.confidence.value, record.note or "")

    def all(self, records: Iterable[Statement | Rule]) -> tuple[Cited, ...]:
        return tuple(self.one(record, phrases.words(record.text)) for record in records)


def _step(edition: StepEdition, whole: Edition, cite: _Citer) -> StepWords:
    step = edition.step
    newest = _newest(edition.pass_rates)
    kinds = {kind.code: kind.title for kind in step.item_kinds}
    return StepWords(
        name=step.name,
        title=step.title,
        summary=step.summary or "",
        forms=tuple(
            FormWords(
                day=form.day,
                title=form.title or "",
                blocks=tuple(phrases.blocks_of(form)),
                clock=phrases.clock_of(form),
                items=phrases.number(form.n_items),
                session=phrases.hours(form.session_minutes),
                activities=tuple(activity.title for activity in form.activities),
                cited=cite.one(form, ""),
            )
            for form in edition.forms
        ),
        session=phrases.hours(edition.session_minutes),
        marks=tuple(
            cite.one(mark, phrases.marks_of(mark), ", ".join(kinds.get(kind, kind) for kind in mark.kinds))
            for mark in edition.marking
        ),
        standards=tuple(
            cite.one(one, phrases.standard_of(one), whole.groups.get(one.group or "", "")) for one in edition.standards
        ),
        scale=phrases.scale_of(edition.scale),
        rates=_rates(newest, whole),
        rates_period=newest.period if newest else "",
        rates_cited=cite.one(newest, "") if newest else None,
        fees=tuple(cite.one(fee, phrases.fee_of(fee), fee.what) for fee in edition.fees),
        axes=tuple(_axis(axis) for axis in edition.axes if axis.ranges),
    )


def _newest(rates: Sequence[PassRate]) -> PassRate | None:
    return max(rates, key=lambda rate: (rate.period, rate.as_of), default=None)


def _rates(newest: PassRate | None, whole: Edition) -> tuple[RateWords, ...]:
    if newest is None:
        return ()
    return tuple(
        RateWords(whole.groups.get(group, group.replace("_", " ")), phrases.share_of(rate), phrases.size_of(rate))
        for group, rate in newest.rates.items()
    )


def _axis(axis: Axis) -> AxisWords:
    rows = []
    for row in axis.ranges:
        is_known = row.low is not UNKNOWN and row.high is not UNKNOWN
        share = (
            f"{row.low}–{row.high}%"
            if is_known and row.low != row.high
            else f"{row.low}%"
            if is_known
            else phrases.number(UNKNOWN)
        )
        rows.append(AxisRow(row.label, share))
    return AxisWords(axis.title, axis.is_partition, tuple(rows))
