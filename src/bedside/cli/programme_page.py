"""A programme for a reader at the terminal: tables, and behind each fact the number of its source, its day and confidence."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from rich.console import Console
from rich.padding import Padding
from rich.rule import Rule as Line
from rich.table import Table
from rich.text import Text

from bedside.findings import plural
from bedside.programme import (
    Axis,
    Block,
    Edition,
    Form,
    Programme,
    Record,
    Rule,
    Source,
    Statement,
    StepEdition,
    Unknown,
)

Shown = object


def print_list(console: Console, programmes: Iterable[Programme]) -> None:
    """One line a programme."""
    rows = [[one.name, one.title, ", ".join(step.name for step in one.steps), one.checked_on] for one in programmes]
    console.print(_table(["name", "title", "steps", "checked on"], rows))


def print_edition(console: Console, edition: Edition) -> None:
    """The whole of an edition."""
    _Page(console, edition).print()


@dataclass(slots=True)
class _Page:
    console: Console
    edition: Edition
    numbers: dict[Source, int] = field(default_factory=dict)

    def print(self) -> None:
        edition = self.edition
        self.console.print(Text(edition.title, style="bold"))
        self.console.print(f"{edition.owner}; {edition.country}. As it is on {edition.on}.")
        self.console.print(edition.summary)
        for step in edition.steps:
            self._step(step)
        self._rules("Who may sit", edition.eligibility)
        self._rules("Attempts", edition.attempts)
        self._rules("Time limits", edition.time_limits)
        self._rules("Rules of the day and afterwards", edition.rules)
        self._fees()
        self._facts()
        self._statements("Who succeeds", edition.who_succeeds)
        self._statements("Why it is hard", edition.why_hard)
        self._myths()
        self._events()
        self._sources()

    def _evidence(self, record: Record) -> str:
        numbers = [self.numbers.setdefault(source, len(self.numbers) + 1) for source in record.sources]
        return f"[{', '.join(map(str, numbers))}] {record.as_of}, {record.confidence.value}"

    def _heading(self, text: str) -> None:
        self.console.print()
        self.console.print(Line(text, align="left", characters="─"))

    def _print(self, title: str, head: Sequence[str], rows: Sequence[Sequence[Shown]]) -> None:
        if rows:
            self.console.print()
            self.console.print(Text(title, style="bold"))
            self.console.print(_table(head, rows))

    def _step(self, edition: StepEdition) -> None:
        step = edition.step
        self._heading(f"{step.title} ({step.name})")
        if step.summary:
            self.console.print(step.summary)
        if not edition.forms:
            self.console.print(f"No form is known to be in force on {self.edition.on}.")
        for form in edition.forms:
            self._form(form, step.sections)
        self._scoring(edition)
        for axis in edition.axes:
            self._axis(axis)
        self._rates(edition)

    def _form(self, form: Form, sections: Mapping[str, str]) -> None:
        title = f"Day {form.day}" + (f": {form.title}" if form.title else "")
        blocks = form.blocks
        alike = len({(one.minutes, one.n_items_min, one.n_items_max, one.section) for one in blocks}) == 1
        if alike:
            one = blocks[0]
            each = "without a clock of their own" if one.minutes is None else f"of {_counted(one.minutes, 'minute')}"
            rows = [["blocks", f"{len(blocks)} {each}, {_items(one)} each"]]
        else:
            rows = [
                [
                    f"block {one.number}" + (f", {sections.get(one.section, one.section)}" if one.section else ""),
                    f"{_counted(one.minutes, 'minute')}, {_items(one)}"
                    if one.minutes is not None
                    else f"{_items(one)}, on the clock of the form",
                ]
                for one in blocks
            ]
        rows += [[f"{one.title}", f"{_span(one.count_min, one.count_max)}{_each(one.minutes_each)}"] for one in form.activities]
        totals: list[tuple[str, Shown]] = [
            ("items in all, at most", form.n_items),
            ("items to answer, at most", form.items_to_answer),
            ("items of a usual form", form.items_typical),
            ("scored items", form.items_scored),
            ("items on trial", form.items_pretest),
            ("minutes of the form", form.minutes),
            ("minutes of break, at least" if form.break_is_minimum else "minutes of break", form.break_minutes),
            ("minutes of tutorial", form.tutorial_minutes),
            ("minutes of the session" + (", about" if form.session_is_approximate else ""), form.session_minutes),
        ]
        rows += [[label, _said(value)] for label, value in totals if value is not None]
        rows += [[f"break after block {one.after_block}", _counted(one.minutes, "minute")] for one in form.breaks]
        rows.append(["in force", f"{_said(form.valid_from, '')} to {_said(form.valid_to, 'now')}".strip()])
        rows.append(["source", self._evidence(form)])
        if form.note:
            rows.append(["note", form.note])
        self._print(title, ["", ""], rows)

    def _scoring(self, edition: StepEdition) -> None:
        kinds = {kind.code: kind.title for kind in edition.item_kinds}
        rows: list[list[Shown]] = [
            [
                ", ".join(kinds.get(kind, kind) for kind in one.kinds),
                one.correct,
                one.wrong,
                one.blank,
                f"{one.partial.per_right_option} an option; {one.partial.any_wrong_option} if one is wrong"
                if one.partial
                else "",
                self._evidence(one),
            ]
            for one in edition.marking
        ]
        self._print("Marks", ["items", "right", "wrong", "blank", "part", "source"], rows)
        shares = [[name, f"{share:.0%}", self._evidence(one)] for one in edition.weights for name, share in one.shares.items()]
        self._print("Weights", ["component", "share", "source"], shares)
        scales = [
            [one.kind, _scale(one.low, one.high, one.reports), one.text or "", self._evidence(one)] for one in edition.scales
        ]
        self._print("Scale", ["kind", "from, to", "", "source"], scales)
        groups = self.edition.groups
        standards: list[list[Shown]] = [
            [
                one.kind.value.replace("_", " "),
                "" if one.score is None else one.score,
                groups.get(one.group, one.group) if one.group else "everyone",
                " ".join(part for part in (one.text, one.note) if part),
                self._evidence(one),
            ]
            for one in edition.standards
        ] or [["unknown", "", "", "None is known to be in force.", ""]]
        self._print("Standard", ["kind", "score", "for", "", "source"], standards)
        errors: list[list[Shown]] = [
            [one.kind.upper(), one.value, one.note or "", self._evidence(one)] for one in edition.step.errors
        ]
        self._print("Standard errors, points of the scale", ["", "value", "", "source"], errors)

    def _axis(self, axis: Axis) -> None:
        rows: list[list[Shown]] = [
            [f"{row.label} ({row.note})" if row.note else row.label, f"{_span(row.low, row.high)}%", self._evidence(row)]
            for row in axis.ranges
        ] or [[label, "unknown", ""] for label in axis.codes.values()]
        kind = "one code an item" if axis.is_partition else "several codes an item; not to be summed"
        self._print(f"Blueprint: {axis.title} ({kind})", ["", "share", "source"], rows)

    def _rates(self, edition: StepEdition) -> None:
        groups = self.edition.groups
        rows: list[list[Shown]] = [
            [
                one.period,
                groups.get(group, group),
                "" if rate.n is None else _count(rate.n),
                f"{_said(rate.percent)}%" if rate.percent_high is None else f"{_span(rate.percent, rate.percent_high)}%",
                self._evidence(one),
            ]
            for one in edition.pass_rates
            for group, rate in one.rates.items()
        ]
        self._print("Pass rates", ["when", "who", "sat", "passed", "source"], rows)

    def _fees(self) -> None:
        rows: list[list[Shown]] = [
            [
                fee.what,
                f"{_count(fee.amount)} {fee.currency}",
                "" if fee.surcharge is None else f"+ {_said(fee.surcharge)} {fee.surcharge_for or ''}",
                self._evidence(fee),
            ]
            for fee in self.edition.fees
        ]
        self._print("Fees", ["for", "amount", "surcharge", "source"], rows)

    def _facts(self) -> None:
        rows: list[list[Shown]] = [
            [fact.label, f"{_count(fact.value)} {fact.unit or ''}".strip(), self._evidence(fact)]
            for fact in (*self.edition.hours, *self.edition.facts)
        ]
        self._print("Numbers", ["", "", "source"], rows)

    def _rules(self, title: str, rules: Sequence[Rule]) -> None:
        if rules:
            self._heading(title)
        for rule in rules:
            self._paragraph(f"{_said(rule.text)}" + (f" ({rule.note})" if rule.note else ""), rule)

    def _statements(self, title: str, statements: Sequence[Statement]) -> None:
        if statements:
            self._heading(title)
        for one in statements:
            self._paragraph(one.text, one)

    def _myths(self) -> None:
        if self.edition.myths:
            self._heading("Often claimed, and not so")
        for myth in self.edition.myths:
            self._paragraph(f"“{myth.claim}” {myth.truth}", myth)

    def _events(self) -> None:
        if self.edition.events:
            self._heading("What changed, and what is announced")
        known = sorted(self.edition.events, key=lambda one: str(one.on))
        for event in known:
            self._paragraph(f"{_said(event.on, '')}: {event.text}", event)

    def _paragraph(self, text: str, record: Record) -> None:
        self.console.print(Padding(f"• {text} {self._evidence(record)}", (0, 0, 0, 2)))

    def _sources(self) -> None:
        self._heading("Sources")
        for source, number in self.numbers.items():
            kind = source.kind.value.replace("_", " ")
            self.console.print(Padding(f"[{number}] {source.title} ({kind}) {source.url or ''}".rstrip(), (0, 0, 0, 2)))


def _table(head: Sequence[str], rows: Sequence[Sequence[Shown]]) -> Table:
    table = Table(box=None, pad_edge=False, show_header=any(head), header_style="dim")
    for name in head:
        table.add_column(name, overflow="fold")
    for row in rows:
        table.add_row(*(_said(cell) for cell in row))
    return table


def _said(value: Shown, absent: str = "") -> str:
    return absent if value is None else str(value)


def _span(low: Shown, high: Shown) -> str:
    if low == high:
        return _said(low)
    return f"at most {high}" if isinstance(low, Unknown) else f"{low} to {high}"


def _counted(value: Shown, noun: str) -> str:
    return plural(value, noun) if isinstance(value, int) else f"{_said(value)} {noun}s"


def _items(block: Block) -> str:
    low, high = block.n_items_min, block.n_items_max
    return _counted(low, "item") if low == high else f"{_span(low, high)} items"


def _each(minutes: Sequence[int]) -> str:
    return f", at most {' or '.join(map(str, minutes))} minutes each" if minutes else ""


def _count(value: Shown) -> str:
    return f"{value:,}" if isinstance(value, int | float) else _said(value)


def _scale(low: Shown, high: Shown, reports: Sequence[str]) -> str:
    if reports:
        return " or ".join(reports)
    return "" if low is None and high is None else f"{_said(low, '…')} to {_said(high, '…')}"
