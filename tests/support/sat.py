"""A whole day that was sat: a form of any size with made-up items, answered by a seeded candidate."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from django.test import Client

from bedside.delivery import Form, FormBlock, FormItem, Mode
from bedside.site.accounts.models import User
from bedside.site.exam.actions import Plan, create_sitting
from bedside.site.library.delivered import Delivered, DeliveredAnswer, DeliveredOption, DeliveredTakeaway
from tests.support.site import Clock, Player

LETTERS = "ABCDE"
KEY = "B"
AREAS = ("renal", "cardiovascular", "blood")
SKILLS = ("diagnosis", "management")
WORDS = "<p>A 24-year-old woman is brought to the office because of weakness for two days. Item {n} of a made-up form.</p>" * 6


@dataclass(frozen=True)
class Day:
    """What is to be sat, and by what kind of candidate. A `numeric` item stands at every position that it divides."""

    blocks: int = 2
    items: int = 10
    minutes: int = 30
    kind: str = "full"
    clock: str = "real"
    pace: int = 1
    time_factor: Fraction = Fraction(1)
    marking: Mapping[str, Any] | None = None
    n_asked: int | None = None
    collection: str = "bedside"
    status: str = "draft"
    numeric: int = 0
    share_right: float = 0.7
    share_blank: float = 0.05
    seed: int = 1


def delivered_item(n: int, day: Day) -> Delivered:
    """Item `n` of a form, whole; its key is B, or 7.35 within 0.02."""
    is_numeric = bool(day.numeric) and n % day.numeric == 0
    return Delivered(
        id=f"{AREAS[n % 3]}-{n:04d}",
        version=1,
        content_hash=f"{n:064d}",
        kind="numeric" if is_numeric else "one_best_answer",
        collection=day.collection,
        stem="A made-up item.",
        stem_html=WORDS.format(n=n),
        lead_in="Which is it?",
        lead_in_html="Which of the following is the most likely diagnosis?",
        options=() if is_numeric else tuple(_option(letter, n) for letter in LETTERS),
        takeaways=(DeliveredTakeaway(f"{AREAS[n % 3]}.one", "The one thing to take away."),),
        sources=("A journal 1998;338:26",),
        status=day.status,
        codes={"system": (AREAS[n % 3],), "competency": (SKILLS[n % 2],)},
        answer=DeliveredAnswer("7.35", "0.02", "mmol/L", "Because.", "<p>Because.</p>") if is_numeric else None,
    )


def _option(letter: str, n: int) -> DeliveredOption:
    reason = f"Reason {letter} of item {n}: " + "what speaks for it and against it, at some length. " * 5
    return DeliveredOption(letter, f"Choice {letter}", f"Choice {letter}", letter == KEY, reason, f"<p>{reason}</p>")


def made_sitting(user: User, day: Day, clock: Clock) -> tuple[str, str]:
    """A sitting of that day, not begun: its id and its player's writer."""
    items = [delivered_item(n, day) for n in range(1, day.blocks * day.items + 1)]
    form = Form(
        id="form",
        mode=Mode.EXAM,
        blocks=tuple(_block(items[start : start + day.items], day) for start in range(0, len(items), day.items)),
        break_s=45 * 60 // day.pace,
        time_factor=day.time_factor,
        pace=Fraction(day.pace),
    )
    plan = Plan(
        programme="exam",
        step="first",
        kind=day.kind,
        form=form,
        items=items,
        n_asked=day.n_asked or len(items),
        seed=day.seed,
        clock=day.clock,
        marking=day.marking or {},
    )
    issued = create_sitting(user, plan, at=clock.now())
    return str(issued.sitting.pk), str(issued.writer)


def _block(items: Sequence[Delivered], day: Day) -> FormBlock:
    return FormBlock(
        tuple(FormItem(item.id, 1, item.kind, tuple(option.letter for option in item.options)) for item in items),
        day.minutes * 60 // day.pace,
    )


def sat(client: Client, user: User, day: Day, clock: Clock) -> Player:
    """The player of a day that was sat to its end by chance of the seed."""
    sitting, writer = made_sitting(user, day, clock)
    player = Player(client, clock, sitting, writer, synced_at=clock.at)
    rng = random.Random(day.seed)
    player.note("started")
    for block in range(1, day.blocks + 1):
        player.note("block_opened", block=block)
        for place in range(1, day.items + 1):
            _work(player, (block - 1) * day.items + place, day, rng)
        player.note("block_closed", block=block)
        player.send()
        clock.pass_s(60 / day.pace)
    return player


def _work(player: Player, n: int, day: Day, rng: random.Random) -> None:
    item = delivered_item(n, day)
    ms = rng.randint(20_000, 100_000) * day.minutes * 60 // day.items // 100 // day.pace
    player.clock.pass_s(ms / 1000)
    if rng.random() < day.share_blank:
        return
    is_right = rng.random() < day.share_right
    if rng.random() < 0.1:
        _answer(player, item, is_right=rng.random() < 0.3, ms=ms // 2)
    if rng.random() < 0.15:
        player.note("flagged", item=item.id, on=True)
    _answer(player, item, is_right=is_right, ms=ms, confidence=rng.choice(["sure", "unsure", None]))


def _answer(player: Player, item: Delivered, *, is_right: bool, ms: int, confidence: str | None = None) -> None:
    if item.kind == "numeric":
        what: dict[str, Any] = {"value": "7.36" if is_right else "7.5"}
    else:
        what = {"choice": [KEY if is_right else "D"]}
    player.note("answered", item=item.id, ms=ms, **what, **({"confidence": confidence} if confidence else {}))
