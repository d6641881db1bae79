"""Blocks of the day: its questions in tutor mode, what is due in tutor mode, and a timed block as in the exam."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from bedside.bank import Item
from bedside.delivery import Mode
from bedside.site.accounts.models import User
from bedside.site.accounts.queries import profile_of
from bedside.site.content import Content
from bedside.site.exam.actions import Issued
from bedside.site.exam.members import members_met, shown_items
from bedside.site.exam.sealed import see_may_make
from bedside.site.exam.stock import serves
from bedside.site.exam.tutor_block import create_tutor_block
from bedside.site.planning.sessions import Day
from bedside.site.planning.telling import items_of_block
from bedside.site.practice.actions import Wish, create_practice_block
from bedside.site.practice.choice import kept_choice
from bedside.site.problems import NoItemsError
from bedside.site.study.queries import due_today
from bedside.study import Kind

MOST_ITEMS = 40  # in one block; what is due beyond them is due afterwards still


def block_of_session(user: User, content: Content, day: Day, *, seed: int, at: datetime) -> Issued:
    """Make a block in tutor mode of the session's questions that are not done, in the session's order.

    Raises:
        NoItemsError: there are none.
        SealedError: a proctored sitting of the user is under way.
        TooOftenError: they made too many sittings in the last hour.
    """
    step = (day.blueprint.programme, day.blueprint.step)
    names = dict.fromkeys(one.piece.item for one in day.pieces if one.piece.item and not one.is_done)
    items = shown_items(content, names, met=members_met(user), seed=seed)
    items = [item for item in items if serves(item, *step)]
    if not items:
        raise NoItemsError("the session for today has no question that is not done")
    return _tutor_block(user, content, items, step, seed=seed, at=at)


def timed_block_of_session(user: User, content: Content, day: Day, *, seed: int, at: datetime) -> Issued:
    """Make the timed block that the session wants, at the pace of the exam.

    Raises:
        NoItemsError: it wants none, or nothing fits.
        SealedError: a proctored sitting of the user is under way.
        TooOftenError: they made too many sittings in the last hour.
    """
    piece = next((one.piece for one in day.pieces if one.piece.kind is Kind.BLOCK and not one.is_done), None)
    if piece is None:
        raise NoItemsError("the session for today has no timed block that is not done")
    wish = Wish(day.blueprint.programme, day.blueprint.step, Mode.TIMED, items_of_block(piece))
    return create_practice_block(user, wish, content=content, seed=seed, at=at)


def block_of_due(user: User, content: Content, *, seed: int, at: datetime) -> Issued:
    """Make a block of the unseen items by which something due today can be tested, the least remembered first.

    Raises:
        NoItemsError: there are none.
        SealedError: a proctored sitting of the user is under way.
        TooOftenError: they made too many sittings in the last hour.
    """
    items = shown_items(content, due_today(user, content, at=at).items, met=members_met(user), seed=seed)
    chosen = kept_choice(profile_of(user), content, on=at.date())
    programme, step, fitting = _of_one_step(items, (chosen.programme, chosen.step) if chosen else None)
    return _tutor_block(user, content, fitting, (programme, step), seed=seed, at=at)


def _tutor_block(
    user: User, content: Content, items: Sequence[Item], step: tuple[str, str], *, seed: int, at: datetime
) -> Issued:
    programme, name = step
    see_may_make(user, programme=programme, step=name, is_proctored=False, at=at)
    return create_tutor_block(user, content, items[:MOST_ITEMS], step, seed=seed, at=at)


def _of_one_step(items: Sequence[Item], wanted: tuple[str, str] | None) -> tuple[str, str, list[Item]]:
    """A block is of one step: the one that the person practises, where an item serves it, else that of the first item."""
    if not items:
        raise NoItemsError("no item that you have not seen tests what is due today")
    if wanted is None or not any(serves(item, *wanted) for item in items):
        entry = items[0].blueprint[0]
        wanted = entry.programme, entry.step
    return *wanted, [item for item in items if serves(item, *wanted)]
