"""A person with a history: blocks answered on many days, their reviews, reasons for errors, and cards; all made up, by rows.

`main` makes it for the learner of a computer: PROGRAMME STEP DAYS BLOCKS_A_DAY CARDS on the command line.
"""

from __future__ import annotations

import random
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from bedside.bank import Item
from bedside.delivery import Form, Mode
from bedside.site import clock
from bedside.site.accounts.models import User
from bedside.site.accounts.queries import local_learner
from bedside.site.cards.models import Card, Note
from bedside.site.content import Content, current_content
from bedside.site.exam.blocks import form_block
from bedside.site.exam.models import Response, Sitting, SittingItem
from bedside.site.exam.stock import serves
from bedside.site.library.actions import keep_versions
from bedside.site.library.delivering import deliver
from bedside.site.reflection.models import ErrorReason
from bedside.site.study.models import StudyReview
from bedside.site.study.taking_in import take_in_answers

ITEMS_A_BLOCK = 40
SPENT_ON_AN_ITEM = timedelta(seconds=90)


@dataclass(frozen=True)
class Life:
    """What is to be made up."""

    programme: str = "exam"
    step: str = "first"
    days: int = 60
    blocks_a_day: int = 1
    n_cards: int = 0
    seed: int = 5


def live(user: User, content: Content, life: Life, *, at: datetime) -> None:
    """Make up the days up to `at`; four of five have blocks."""
    rng = random.Random(life.seed)
    items = [
        item
        for item in content.items.values()
        if serves(item, life.programme, life.step) and item.set is None and item.kind.value == "one_best_answer"
    ]
    for day in range(life.days):
        if rng.random() < 0.8:
            for block in range(life.blocks_a_day):
                begun = at - timedelta(days=life.days - day) + timedelta(hours=2 * block + 1)
                chosen = rng.sample(items, min(ITEMS_A_BLOCK, len(items)))
                add_block(user, content, chosen, life, rng, at=begun, p_right=0.45 + 0.4 * day / life.days)
    add_cards(user, life, rng, at=at)
    while take_in(user, content, at=at):
        pass


def take_in(user: User, content: Content, *, at: datetime) -> bool:
    """Take in as much as one request may; answers whether there was something."""
    before = StudyReview.objects.filter(user=user).count()
    take_in_answers(user, content, at=at)
    return StudyReview.objects.filter(user=user).count() > before


def add_block(
    user: User, content: Content, items: Sequence[Item], life: Life, rng: random.Random, *, at: datetime, p_right: float
) -> Sitting:
    """A block in tutor mode, answered from first to last."""
    delivered = [deliver(content, item, programme=life.programme, step=life.step) for item in items]
    versions = keep_versions(delivered, at=at)
    form = Form(id=str(uuid4()), mode=Mode.TUTOR, blocks=(form_block(delivered, None),), grace_s=None, stop_clock_s=0)
    ended = at + len(items) * SPENT_ON_AN_ITEM
    sitting = Sitting.objects.create(
        user=user,
        programme=life.programme,
        step=life.step,
        kind="block",
        mode="tutor",
        form=form.as_dict(),
        seed=1,
        n_asked=len(items),
        n_items=len(items),
        created_at=at,
        state="finished",
        ended_at=ended,
        n_answered=len(items),
        clock_at=ended,
        is_disclosed=True,
    )
    responses, reasons = [], []
    for position, item in enumerate(items, start=1):
        is_right = rng.random() < p_right
        response = _response(sitting, item, position, rng, is_right=is_right)
        response.item_version = versions[item.id]
        responses.append(response)
        if not is_right and rng.random() < 0.6:
            reasons.append(_reason(response, rng))
    rows = [_given(one) for one in responses]
    SittingItem.objects.bulk_create(rows)
    Response.objects.bulk_create(responses)
    ErrorReason.objects.bulk_create(reasons)
    return sitting


def add_cards(user: User, life: Life, rng: random.Random, *, at: datetime) -> None:
    """Cards of one's own, each reviewed once to three times."""
    notes, cards, reviews = [], [], []
    for _ in range(life.n_cards):
        changed_at = at - timedelta(days=life.days)
        made = {"user": user, "changed_at": changed_at}
        note = Note(key=UUID(int=rng.getrandbits(128)), kind="basic", made_at=changed_at, **made)
        card = Card(note=note, key=UUID(int=rng.getrandbits(128)), ord=0, front="front", back="back", **made)
        notes.append(note)
        cards.append(card)
        day = rng.randrange(life.days)
        for _ in range(rng.choice([1, 1, 2, 3])):
            when = at - timedelta(days=life.days - day, minutes=rng.randrange(30, 600))
            day += rng.choice([2, 5, 9, 15])
            if when < at:
                grade = rng.choices([1, 2, 3, 4], [15, 10, 65, 10])[0]
                reviews.append(
                    StudyReview(user=user, subject=f"card:{card.key}", grade=grade, at=when, origin="card", kept_at=when)
                )
    Note.objects.bulk_create(notes, batch_size=1000)
    Card.objects.bulk_create(cards, batch_size=1000)
    StudyReview.objects.bulk_create(reviews, batch_size=1000)


def _response(sitting: Sitting, item: Item, position: int, rng: random.Random, *, is_right: bool) -> Response:
    key = "".join(option.letter for option in item.options if option.is_key)
    wrong = [option.letter for option in item.options if not option.is_key]
    weights = [3, 4, 2] if is_right else [1, 3, 3]
    return Response(
        sitting=sitting,
        user=sitting.user,
        item=item.id,
        version=item.version,
        block=1,
        position=position,
        options="".join(option.letter for option in item.options),
        choice=key if is_right else rng.choice(wrong),
        correct=is_right,
        ms=int(item.seconds * 1000 * max(0.08, rng.lognormvariate(-0.25 if is_right else 0.0, 0.5))),
        changes=0,
        confidence=rng.choices(["sure", "", "unsure"], weights)[0],
        mode="tutor",
        answered_at=sitting.created_at + position * SPENT_ON_AN_ITEM,
    )


def _given(response: Response) -> SittingItem:
    return SittingItem(
        sitting=response.sitting,
        position=response.position,
        block=1,
        item=response.item,
        item_version=response.item_version,
        key=response.choice,
    )


def _reason(response: Response, rng: random.Random) -> ErrorReason:
    return ErrorReason(
        user=response.user,
        sitting=response.sitting_id,
        item=response.item,
        item_version=response.version,
        reason=rng.choices(["did_not_know", "misread", "confused", "changed_from_right"], [4, 2, 3, 1])[0],
        chosen=response.choice,
        at=response.answered_at,
    )


def main() -> None:
    """Make up a life for the learner of this computer."""
    programme, step, *numbers = sys.argv[1:]
    days, blocks, cards = map(int, numbers)
    live(local_learner(), current_content(), Life(programme, step, days, blocks, cards), at=clock.now())
