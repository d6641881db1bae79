"""Days of exams with items that mean nothing: made, and sat to their end through the core."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from datetime import timedelta
from pathlib import Path

from bedside import delivery
from bedside.assembly import Draw, Part, PoolItem, SetPlace, draw
from bedside.delivery import Body, Event, Form, FormItem, Navigation, Sitting, fold
from bedside.programme import Axis
from bedside.site.accounts.accommodations import NO_ACCOMMODATION, Accommodation
from bedside.site.exam.case_port import DrawnCase
from bedside.site.exam.day import ExamDay
from bedside.site.exam.drawing import DayWish, form_of
from bedside.site.library.delivered import Delivered, DeliveredAnswer, DeliveredOption, DeliveredSet
from tests.support.pools import codes_by_chance
from tests.support.site import PROGRAMME
from tests.support.sittings import PLAYER, T0

_RECORD = "sources: [page], as_of: 2026-01-01, confidence: high"
FORM = (
    "      - {id: form.first, layout: [{blocks: 4, minutes: 10, items_min: 3, items_max: 3}], break_minutes: 20, "
    f"break_is_minimum: true, tutorial_minutes: 4, {_RECORD}}}"
)
RANGES = f"""\
        ranges:
          - {{id: range.renal, covers: [renal], label: "Renal", low: 25, high: 50, {_RECORD}}}
          - {{id: range.rest, covers: [cardiovascular, blood], label: "Heart and blood", low: 50, high: 75, {_RECORD}}}
"""
SPARE = 3  # so many times as many items as a form takes


def make_small_exam(folder: Path) -> Path:
    """Of a content folder of twelve items one whose exam is a day of four blocks of three items, with ranges."""
    published = next(line for line in PROGRAMME.splitlines() if "form.first" in line)
    systems = 'codes: {renal: "Renal", cardiovascular: "Heart and vessels", blood: "Blood"}\n'
    text = PROGRAMME.replace(published, FORM).replace(systems, systems + RANGES)
    (folder / "programmes" / "exam.yaml").write_text(text, encoding="utf-8")
    return folder


def pool_for(day: ExamDay, *, seed: int = 1) -> list[PoolItem]:
    """Items for each part of each block, and sets of two and three where the step has sets."""
    rng = random.Random(seed)
    items: list[PoolItem] = []
    for number, part in enumerate(part for block in day.blueprint.blocks for part in block.parts):
        items += _items_for(part, day.step.axes, f"part{number}", rng)
    return items


def _items_for(part: Part, axes: tuple[Axis, ...], name: str, rng: random.Random) -> Iterator[PoolItem]:
    kinds, sets = sorted(part.kinds), sorted(part.set_kinds)
    n = 0
    while n < part.n_items * SPARE:
        size = rng.choice([1, 1, 1, 2, 3]) if sets else 1
        set_kind = rng.choice(sets) if sets else ""
        for position in range(size):
            codes = codes_by_chance(axes, rng)
            codes |= {axis: (rng.choice(sorted(allowed)),) for axis, allowed in part.within.items()}
            place = SetPlace(f"{name}-set{n}", set_kind, position + 1) if size > 1 else None
            yield PoolItem(f"{name}-{n}-{position}", rng.choice(kinds), codes, families=(f"{name}-{n}",), set=place)
        n += size


def delivered_of(item: PoolItem, sizes: dict[str, int]) -> Delivered:
    """The item as it would be delivered: five options of which B and, where several are right, D are the key."""
    keys = {"B", "D"} if item.kind == "multiple_select" else {"B"}
    letters = "" if item.kind == "numeric" else "ABCDE"
    place = item.set
    return Delivered(
        id=item.id,
        version=1,
        content_hash="0" * 64,
        kind=item.kind,
        collection="generated",
        stem="",
        stem_html="",
        lead_in="",
        lead_in_html="",
        options=tuple(DeliveredOption(letter, letter, letter, letter in keys, "", "") for letter in letters),
        takeaways=(),
        sources=(),
        status="draft",
        codes=item.codes,
        answer=DeliveredAnswer("7.35", "0.02", "", "", "") if item.kind == "numeric" else None,
        set=DeliveredSet(place.id, place.kind, place.position, sizes[place.id]) if place else None,
    )


def form_for(
    day: ExamDay,
    wish: DayWish,
    *,
    accommodation: Accommodation = NO_ACCOMMODATION,
    drawn_cases: Sequence[DrawnCase] = (),
) -> tuple[Form, Draw]:
    """The day's form, drawn from a pool that is made for it."""
    pool = pool_for(day)
    drawn = draw(day.blueprint, pool, (), 1)
    sizes: dict[str, int] = {}
    for item in pool:
        if item.set:
            sizes[item.set.id] = sizes.get(item.set.id, 0) + 1
    by_id = {item.id: delivered_of(item, sizes) for item in pool}
    items = [by_id[name] for name in drawn.items]
    return form_of(day, drawn, items, wish=wish, accommodation=accommodation, drawn_cases=drawn_cases), drawn


def sit_to_the_end(form: Form) -> Sitting:
    """The sitting of somebody who answers every item, a second each, and ends each block as soon as it can be ended."""
    events: list[Event] = []
    at = T0

    def add(body: Body) -> None:
        events.append(Event(PLAYER, len(events) + 1, at, at, 0, body))

    add(delivery.Started())
    for number, block in enumerate(form.blocks, start=1):
        add(delivery.BlockOpened(number))
        opened_at = at
        for item in block.items:
            at += timedelta(seconds=1)
            add(delivery.ItemShown(item.id))
            add(_answer(item))
            if form.is_in_turn(item.id):
                add(delivery.MovedOn(item.id))
        if block.navigation is Navigation.NO_EARLY_END:
            limit_ms = form.limit_ms(number)
            assert limit_ms is not None
            at = opened_at + timedelta(milliseconds=limit_ms)
        else:
            add(delivery.BlockClosed(number))
    sitting = fold(form, events)
    return delivery.as_of(form, sitting, at)


def _answer(item: FormItem) -> delivery.Answered:
    if item.kind == "numeric":
        return delivery.Answered(item.id, value="7.36", ms=1000)
    return delivery.Answered(item.id, choice=("B", "D") if item.kind == "multiple_select" else ("B",), ms=1000)
