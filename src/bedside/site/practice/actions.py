"""Making a practice block."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import uuid4

from bedside.delivery import Form, Mode, marking_as_dict
from bedside.errors import UsageError
from bedside.programme import StepEdition
from bedside.site.accounts.accommodations import Accommodation, accommodation_of
from bedside.site.accounts.models import Profile, User
from bedside.site.content import Content
from bedside.site.database import one_write
from bedside.site.exam.actions import Issued, Plan, create_sitting
from bedside.site.exam.blocks import form_block
from bedside.site.exam.marks import marking_of
from bedside.site.exam.members import members_met, shown_items
from bedside.site.exam.sealed import see_may_make
from bedside.site.exam.stock import items_of_step
from bedside.site.library.delivered import Delivered
from bedside.site.library.delivering import deliver
from bedside.site.practice.pool import Filter, choose, history_of, pool, sets_of
from bedside.site.problems import NoItemsError

MAX_ITEMS = 200
MAX_MINUTES = 600
DEFAULT_ITEM_S = 90  # the pace of the USMLE, for a step whose file gives no clock


@dataclass(frozen=True, slots=True)
class Wish:
    """What a learner wants to practise. Without `minutes` a timed block has the pace of the exam, a tutor block no clock."""

    programme: str
    step: str
    mode: Mode
    n_items: int
    minutes: int | None = None
    filter: Filter = field(default_factory=Filter)


def create_practice_block(user: User, wish: Wish, *, content: Content, seed: int, at: datetime) -> Issued:
    """Choose items and make a sitting of one block. Takes what there is where that is less than was asked for.

    Raises:
        UsageError: no such programme, step, code or collection, or a number out of its range.
        NoItemsError: nothing fits.
        SealedError: a proctored sitting of the user is under way.
        TooOftenError: they made too many sittings in the last hour.
    """
    _check(wish)
    see_may_make(user, programme=wish.programme, step=wish.step, is_proctored=False, at=at)
    history = history_of(user)
    ids = pool(content, programme=wish.programme, step=wish.step, wanted=wish.filter, history=history)
    if not ids:
        raise NoItemsError("no item fits this choice; take away a filter or choose another step")
    last = history.used if wish.filter.state == "any" else frozenset[str]()
    sets = sets_of(items_of_step(content, wish.programme, wish.step, wish.filter.collection))
    chosen = choose(ids, wish.n_items, seed=seed, last=last, sets=sets)
    shown = shown_items(content, chosen, met=members_met(user), seed=seed)
    if not shown:
        raise NoItemsError("no item fits this choice; take away a filter or choose another step")
    items = [deliver(content, item, programme=wish.programme, step=wish.step) for item in shown]
    edition = content.programmes[wish.programme].on(at.date()).step(wish.step)
    form = _form(wish, items, _limit_s(wish, len(items), edition), accommodation_of(user, is_proctored=False))
    plan = Plan(
        programme=wish.programme,
        step=wish.step,
        kind="block",
        form=form,
        items=items,
        n_asked=wish.n_items,
        seed=seed,
        filter=wish.filter.as_dict(),
        marking=marking_as_dict(marking_of(edition)[0]),
    )
    _remember(user, wish)
    return create_sitting(user, plan, at=at)


def pace_s(edition: StepEdition | None) -> float:
    """Seconds for one item, as the exam gives them on that date; `DEFAULT_ITEM_S` where nothing is published."""
    for form in edition.forms if edition else ():
        for block in form.blocks:
            if isinstance(block.minutes, int) and isinstance(block.n_items_max, int) and block.n_items_max:
                return block.minutes * 60 / block.n_items_max
        if isinstance(form.block_minutes, int) and isinstance(form.n_items, int) and form.n_items:
            return form.block_minutes * 60 / form.n_items
    return DEFAULT_ITEM_S


def _check(wish: Wish) -> None:
    if wish.mode is Mode.EXAM:
        raise UsageError('a practice block is sat in mode "tutor" or "timed"')
    if not 1 <= wish.n_items <= MAX_ITEMS:
        raise UsageError(f"a practice block has 1 to {MAX_ITEMS} items, not {wish.n_items}")
    if wish.minutes is not None and not 1 <= wish.minutes <= MAX_MINUTES:
        raise UsageError(f"a practice block has 1 to {MAX_MINUTES} minutes, not {wish.minutes}")


def _limit_s(wish: Wish, n_items: int, edition: StepEdition | None) -> int | None:
    if wish.minutes is not None:
        return wish.minutes * 60
    if wish.mode is Mode.TUTOR:
        return None
    return math.ceil(n_items * pace_s(edition) / 60) * 60


def _form(wish: Wish, items: Sequence[Delivered], limit_s: int | None, accommodation: Accommodation) -> Form:
    return Form(
        id=str(uuid4()),
        mode=wish.mode,
        blocks=(form_block(items, limit_s),),
        grace_s=None,  # in practice an answer given in time counts whenever it arrives
        time_factor=accommodation.time_factor,
        stop_clock_s=accommodation.stop_clock_s if limit_s is not None else 0,
    )


def _remember(user: User, wish: Wish) -> None:
    """So that the page can offer the same again."""
    choice = {
        "programme": wish.programme,
        "step": wish.step,
        "mode": wish.mode.value,
        "items": wish.n_items,
        "minutes": wish.minutes,
        "filter": wish.filter.as_dict(),
    }
    with one_write():
        Profile.objects.update_or_create(user=user, defaults={"last_practice": choice})
