"""What is chosen on the page `/exam`: out of the address, out of the form, or as it was last."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from django.http import QueryDict
from django.utils.translation import gettext as _

from bedside.errors import UsageError
from bedside.site.accounts.models import User
from bedside.site.accounts.queries import profile_of
from bedside.site.content import Content
from bedside.site.exam.day import CLOCKS, KINDS, MAX_ITEMS_A_BLOCK, Clock, Kind, days_of
from bedside.site.exam.drawing import DayWish
from bedside.site.exam.models import Sitting as SittingRow

FLAG = "1"


@dataclass(frozen=True, slots=True)
class DayOption:
    """One day of a step in the list of exams."""

    value: str  # "programme/step/day"
    title: str
    n_items: int  # of the bank that serve the step


@dataclass(frozen=True, slots=True)
class ExamOptions:
    """The days of one programme."""

    title: str
    days: tuple[DayOption, ...]


def exam_options(content: Content, *, on: date) -> list[ExamOptions]:
    """Every day of every exam that is in force, those with items first."""
    counts: dict[tuple[str, str], int] = {}
    for item in content.items.values():
        for entry in item.blueprint:
            counts[entry.programme, entry.step] = counts.get((entry.programme, entry.step), 0) + 1
    found = []
    for programme in content.programmes.values():
        days = []
        for edition in programme.on(on).steps:
            name = edition.step.name
            for form in edition.forms:
                title = edition.step.title
                if len(edition.forms) > 1:
                    title = _("{step}, day {n}").format(step=title, n=form.day)
                title = f"{title}: {form.title}" if form.title else title
                days.append(DayOption(f"{programme.name}/{name}/{form.day}", title, counts.get((programme.name, name), 0)))
        if days:
            found.append(ExamOptions(programme.title, tuple(days)))
    return sorted(found, key=lambda exam: -sum(day.n_items for day in exam.days))


def kept_wish(user: User, content: Content, *, on: date) -> DayWish | None:
    """As the last day was sat, else the exam of the profile, else the first with a form. None: there is no form at all."""
    last = SittingRow.objects.filter(user=user, kind__in=KINDS).order_by("-created_at").first()
    profile = profile_of(user)
    if last is not None and _is_there(content, last.programme, last.step, last.day, on=on):
        collection = last.filter.get("collection")
        return DayWish(
            last.programme,
            last.step,
            last.day,
            kind="half" if last.kind == "half" else "full",
            clock="compressed" if last.clock == "compressed" else "real",
            collection=collection if collection in set(content.bank.collection_of.values()) else None,
        )
    if _is_there(content, profile.programme, profile.step, 1, on=on):
        return DayWish(profile.programme, profile.step)
    first = next((day.value for exam in exam_options(content, on=on) for day in exam.days), None)
    return None if first is None else _named(first, content, on=on)


def asked_wish(data: QueryDict, content: Content, *, kept: DayWish, on: date) -> DayWish:
    """What an address or a form asks for; what it leaves out is as kept.

    Raises:
        UsageError: a day, form, clock or number that does not exist; names it.
    """
    named = data.get("day")
    wish = kept if named is None else _named(named, content, on=on)
    collection = data.get("collection") or None
    return replace(
        wish,
        kind=_kind(data.get("form", kept.kind)),
        clock=_clock(data.get("clock", kept.clock)),
        collection=collection if collection in set(content.bank.collection_of.values()) else None,
        items_a_block=_number(data.get("items", "")),
        is_proctored=data.get("proctored") == FLAG,
        accepts_shorter=data.get("accept") == FLAG,
    )


def value_of(wish: DayWish) -> str:
    """The day as the list of exams writes it."""
    return f"{wish.programme}/{wish.step}/{wish.day}"


def _named(value: str, content: Content, *, on: date) -> DayWish:
    programme, _slash, rest = value.partition("/")
    step, _slash, number = rest.partition("/")
    if not number.isascii() or not number.isdigit() or not _is_there(content, programme, step, int(number), on=on):
        raise UsageError(f'there is no day "{value[:60]}" of an exam')
    return DayWish(programme, step, int(number))


def _is_there(content: Content, programme: str, step: str, day: int, *, on: date) -> bool:
    known = content.programmes.get(programme)
    edition = known.on(on).step(step) if known else None
    return edition is not None and day in days_of(edition)


def _kind(name: str) -> Kind:
    for kind in KINDS:
        if name == kind:
            return kind
    raise UsageError(f'the form is "{name[:20]}"; it must be {" or ".join(KINDS)}')


def _clock(name: str) -> Clock:
    for clock in CLOCKS:
        if name == clock:
            return clock
    raise UsageError(f'the clock is "{name[:20]}"; it must be {" or ".join(CLOCKS)}')


def _number(text: str) -> int | None:
    if not text.strip():
        return None
    if text.strip().isascii() and text.strip().isdigit():
        return int(text.strip()[:6])
    raise UsageError(f'the number of items is "{text[:20]}"; it must be a whole number from 1 to {MAX_ITEMS_A_BLOCK}')
