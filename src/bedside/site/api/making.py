"""From the call that asks for a sitting to the sitting."""

from __future__ import annotations

import secrets
from dataclasses import asdict
from datetime import datetime
from typing import Any

from bedside.delivery import Mode
from bedside.errors import UsageError
from bedside.site.accounts.models import User
from bedside.site.api.schemas import FilterIn, SittingIn
from bedside.site.content import Content
from bedside.site.exam.actions import Issued
from bedside.site.exam.drawing import DayWish, create_day
from bedside.site.practice.actions import Wish, create_practice_block
from bedside.site.practice.pool import Filter
from bedside.site.problems import BankTooThinError

USUAL_ITEMS = 20
SEEDS = 2**62  # fits the database's signed integer


def make_sitting(user: User, wish: SittingIn, *, content: Content, at: datetime) -> Issued:
    """Make what is wished for.

    Raises:
        UsageError: what is asked for does not go together, or names what is not there.
        NoItemsError, NoFormError, BankTooThinError: there is not enough to make it of.
        SealedError, TooOftenError, ConflictError: what the user made already stands in the way.
    """
    seed = secrets.randbelow(SEEDS)
    if wish.form == "block":
        return create_practice_block(user, _block_wish(wish), content=content, seed=seed, at=at)
    return create_day(user, _day_wish(wish), content=content, seed=seed, at=at)


def too_thin_json(error: BankTooThinError) -> dict[str, Any]:
    """What is missing and what can be had instead, as the API answers it."""
    offer = {"form": "block-list", "blocks": error.n_blocks, "items": error.n_items, "balanced": error.is_balanced}
    return {
        "detail": str(error),
        "code": "bank_too_thin",
        "missing": [asdict(one) for one in error.missing],
        "offer": offer if error.n_blocks else None,
    }


def _block_wish(wish: SittingIn) -> Wish:
    for name, is_asked in (
        ("clock", wish.clock == "compressed"),
        ("proctored", wish.proctored),
        ("day", wish.day != 1),
        ("accept_shorter", wish.accept_shorter),
    ):
        if is_asked:
            raise UsageError(f'{name} is for a whole or half day: ask for form "full" or "half"')
    return Wish(
        programme=wish.programme,
        step=wish.step,
        mode=Mode(wish.mode),
        n_items=wish.items or USUAL_ITEMS,
        minutes=wish.minutes,
        filter=Filter(_axes(wish.filter), wish.filter.state, wish.filter.collection),
    )


def _day_wish(wish: SittingIn) -> DayWish:
    assert wish.form != "block"
    if wish.minutes is not None:
        raise UsageError("the minutes of a whole or half day are those of the exam; leave minutes out")
    if _axes(wish.filter) or wish.filter.state != "any":
        raise UsageError("a whole or half day is drawn to the blueprint; of the filter it takes the collection alone")
    return DayWish(
        programme=wish.programme,
        step=wish.step,
        day=wish.day,
        kind=wish.form,
        mode=Mode(wish.mode),
        clock=wish.clock,
        is_proctored=wish.proctored,
        collection=wish.filter.collection,
        items_a_block=wish.items,
        accepts_shorter=wish.accept_shorter,
    )


def _axes(filter_: FilterIn) -> dict[str, tuple[str, ...]]:
    given = {
        **filter_.axes,
        **({"system": filter_.system} if filter_.system else {}),
        **({"competency": filter_.competency} if filter_.competency else {}),
    }
    return {axis: tuple(codes) for axis, codes in given.items() if codes}
