"""Making the sitting of a whole day: its items drawn from the bank, its form, its marks.

The drawing takes a second or two, so that it happens before the transaction that keeps the sitting.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from fractions import Fraction
from threading import Lock
from typing import Any
from uuid import uuid4

from django.utils.translation import gettext as _

from bedside.assembly import Draw, Missing, PoolItem, PoolTooThinError, draw, longest, missing
from bedside.delivery import Form, FormBlock, Mode, marking_as_dict
from bedside.errors import UsageError
from bedside.site.accounts.accommodations import Accommodation, accommodation_of
from bedside.site.accounts.models import User
from bedside.site.accounts.roles import Role, require_role
from bedside.site.content import Content
from bedside.site.exam.actions import Issued, Plan, create_sitting
from bedside.site.exam.admission import Wanted, admission
from bedside.site.exam.blocks import form_block
from bedside.site.exam.case_blocks import case_blocks
from bedside.site.exam.case_port import DrawnCase, cases
from bedside.site.exam.day import COMPRESSED_PACE, Clock, DayBlock, ExamDay, Kind, exam_day
from bedside.site.exam.sealed import see_may_make
from bedside.site.exam.stock import exposure_of, items_of_step, pool_of, see_collection, seen_by, step_of
from bedside.site.library.delivered import Delivered
from bedside.site.library.delivering import deliver
from bedside.site.problems import BankTooThinError

OFFER_SEED = 0  # what a bank can carry does not depend on who asks


@dataclass(frozen=True, slots=True)
class DayWish:
    """A day that somebody wants to sit. `items_a_block` only where the number of items isn't published."""

    programme: str
    step: str
    day: int = 1
    kind: Kind = "full"
    mode: Mode = Mode.EXAM
    clock: Clock = "real"
    is_proctored: bool = False
    collection: str | None = None
    items_a_block: int | None = None
    accepts_shorter: bool = False

    @property
    def pace(self) -> Fraction:
        """How many times faster than real the clock runs."""
        return COMPRESSED_PACE if self.clock == "compressed" else Fraction(1)


@dataclass(frozen=True, slots=True)
class Capacity:
    """What a collection can carry of a day: what it lacks, and the longest day that it carries, None where it is none."""

    missing: tuple[Missing, ...]
    longest: ExamDay | None
    is_balanced: bool


def create_day(user: User, wish: DayWish, *, content: Content, seed: int, at: datetime) -> Issued:
    """Draw a form and make its sitting.

    Raises:
        UsageError: no such programme, step, day or collection, or a mode or clock that is not for it.
        NotAllowedError: a proctored sitting is for candidates alone.
        SealedError: a proctored sitting of the user is under way.
        ConflictError: they have a proctored sitting of this step that has not ended, or the register does not admit them.
        TooOftenError: they made too many sittings in the last hour.
        NoFormError: the programme does not say enough of this day.
        BankTooThinError: the collection can't carry the form; holds what is missing and the longest form it can.
    """
    if wish.mode is Mode.TUTOR:
        raise UsageError('a whole or half form is sat in mode "exam" or "timed"')
    if wish.is_proctored:
        require_role(user, Role.CANDIDATE)
        _see_as_published(wish)
        wanted = Wanted(user.pk, wish.programme, wish.step, wish.day, wish.kind, wish.clock)
        admission().see_may_make(wanted, at=at)
    see_may_make(user, programme=wish.programme, step=wish.step, is_proctored=wish.is_proctored, at=at)
    asked = day_of(content, wish, at=at)
    if asked.cases:
        cases().make_ready()
    day = _carried(content, wish, asked)
    seen = seen_by(user)
    items = items_of_step(content, wish.programme, wish.step, wish.collection)
    exposure = exposure_of(items, at=at)
    pool = pool_of(items, programme=wish.programme, step=wish.step, seen=seen, exposure=exposure, at=at)
    drawn = draw(day.blueprint, pool, frozenset(seen), seed)
    drawn_cases = cases().draw(day.cases, user=user, seed=seed) if day.cases else ()
    delivered = [deliver(content, content.items[name], programme=wish.programme, step=wish.step) for name in drawn.items]
    accommodation = accommodation_of(user, is_proctored=wish.is_proctored)
    plan = Plan(
        programme=wish.programme,
        step=wish.step,
        kind=wish.kind,
        form=form_of(day, drawn, delivered, wish=wish, accommodation=accommodation, drawn_cases=drawn_cases),
        case_texts=tuple(one.text for one in drawn_cases),
        items=delivered,
        n_asked=asked.blueprint.n_items,
        seed=seed,
        filter=_kept(wish, day, drawn),
        day=wish.day,
        clock=wish.clock,
        is_proctored=wish.is_proctored,
        marking=marking_as_dict(day.marking),
    )
    return create_sitting(user, plan, at=at)


def _see_as_published(wish: DayWish) -> None:
    """Under a proctor's eyes everybody sits the published form; a school that has a bank of its own names its collection, and
    one that rehearses with its proctors may do it on a compressed clock, which the proctor's view says."""
    if wish.mode is not Mode.EXAM:
        raise UsageError('a proctored sitting is sat in mode "exam"')
    for name, is_asked in (
        ("accept_shorter", wish.accepts_shorter),
        ("items", wish.items_a_block is not None),
    ):
        if is_asked:
            raise UsageError(f"a proctored sitting is the form as it is published; leave out {name}")


def day_of(content: Content, wish: DayWish, *, at: datetime) -> ExamDay:
    """The day that is wished for, as the programme has it at that date.

    Raises:
        UsageError: no such programme, step, day or collection.
        NoFormError: the programme does not say enough of this day.
    """
    step_of(content, wish.programme, wish.step)
    see_collection(content, wish.collection)
    edition = content.programmes[wish.programme].on(at.date()).step(wish.step)
    assert edition is not None
    return exam_day(
        wish.programme,
        edition,
        day=wish.day,
        kind=wish.kind,
        items_a_block=wish.items_a_block,
        has_cases=cases().are_there(),
    )


def capacity_of(content: Content, wish: DayWish, day: ExamDay) -> Capacity:
    """What the collection can carry of the day, whoever asks."""
    found = _CAPACITIES.of(content, wish, day)
    if day.cases is None:
        return found
    n_there = cases().n_drawable()
    short = () if n_there >= day.cases.n else (Missing("cases", "", _("Patient cases"), day.cases.n, n_there),)
    longest_day = found.longest and replace(found.longest, cases=day.cases.first(n_there) if n_there else None)
    return Capacity((*found.missing, *short), longest_day, found.is_balanced)


def form_of(
    day: ExamDay,
    drawn: Draw,
    items: Sequence[Delivered],
    *,
    wish: DayWish,
    accommodation: Accommodation,
    drawn_cases: Sequence[DrawnCase] = (),
) -> Form:
    """The form of the sitting. All its seconds are divided by the pace of its clock."""
    by_id = {item.id: item for item in items}
    pace = wish.pace
    return Form(
        id=str(uuid4()),
        mode=wish.mode,
        blocks=tuple(
            _block(block, [by_id[name] for name in names], pace) for block, names in zip(day.blocks, drawn.blocks, strict=True)
        )
        + case_blocks(drawn_cases, tutorial_s=day.cases.tutorial_s if day.cases else 0, pace=pace),
        break_s=_seconds(day.break_s, pace),
        is_unused_kept=day.is_unused_kept,
        tutorial_s=_seconds(day.tutorial_s, pace) or 0,
        grace_s=day.grace_s if wish.is_proctored else None,  # in a rehearsal an answer given in time always counts
        time_factor=accommodation.time_factor,
        limit_s=_seconds(day.limit_s, pace),
        extra_break_s=_seconds(Fraction(accommodation.extra_break_s), pace) or 0,
        stop_clock_s=_seconds(Fraction(accommodation.stop_clock_s), pace) or 0,
        pace=pace,
    )


def _block(block: DayBlock, items: Sequence[Delivered], pace: Fraction) -> FormBlock:
    pause = block.break_after
    if pause is not None and pause.seconds is not None:
        pause = replace(pause, seconds=round(pause.seconds / pace))
    return form_block(
        items,
        _seconds(block.seconds, pace),
        navigation=block.navigation,
        section=block.section,
        break_after=pause,
    )


def _seconds(real_s: Fraction | None, pace: Fraction) -> int | None:
    return None if real_s is None else round(real_s / pace)


def _carried(content: Content, wish: DayWish, asked: ExamDay) -> ExamDay:
    """The day as it is asked for, or the longest that the collection carries where that is accepted."""
    capacity = capacity_of(content, wish, asked)
    if not capacity.missing:
        return asked
    if capacity.longest is not None and wish.accepts_shorter:
        return capacity.longest
    raise too_thin(capacity)


def too_thin(capacity: Capacity) -> BankTooThinError:
    """The error that says what is missing and what can be had instead."""
    first, day = capacity.missing[0], capacity.longest
    of = "cases" if first.axis == "cases" else "items"
    text = f"the bank is too thin for this form: {first.label} needs {first.needed} {of} and has {first.there}"
    if len(capacity.missing) > 1:
        text += f", and {len(capacity.missing) - 1} more rows are short"
    n_blocks = len(day.blocks) if day else 0
    n_items = day.blueprint.n_items if day else 0
    and_cases = f" and {day.cases.n} cases" if day and day.cases else ""
    text += f"; the longest form it can carry has {n_items} items{and_cases}, ask for it with accept_shorter" if day else ""
    return BankTooThinError(text, capacity.missing, n_blocks=n_blocks, n_items=n_items, is_balanced=capacity.is_balanced)


def _kept(wish: DayWish, day: ExamDay, drawn: Draw) -> Mapping[str, Any]:
    """What is kept of the choice with the sitting, and how well the form meets its blueprint."""
    return {
        "collection": wish.collection,
        "left_out": list(day.left_out),
        "outside": [
            {"axis": row.bounds.row.axis, "label": row.bounds.row.label, "items": row.outside}
            for row in drawn.rows
            if row.outside
        ],
        "open_axes": list(drawn.open_axes),
        "seen_before": len(drawn.seen),
        "together": drawn.n_enemies,
        "gap": round(drawn.gap, 6),
    }


def _capacity(content: Content, wish: DayWish, day: ExamDay) -> Capacity:
    items = items_of_step(content, wish.programme, wish.step, wish.collection)
    pool = pool_of(items, programme=wish.programme, step=wish.step, seen={}, exposure={}, at=None)
    lacking = missing(day.blueprint, pool) or _unfillable(day, pool)
    if not lacking:
        return Capacity((), day, is_balanced=True)
    days = [one for one in day.shorter() if one.blueprint.n_items]
    offer = longest([one.blueprint for one in days], pool, OFFER_SEED)
    return Capacity(lacking, days[offer.place] if offer else None, is_balanced=offer is not None and offer.is_balanced)


def _unfillable(day: ExamDay, pool: Sequence[PoolItem]) -> tuple[Missing, ...]:
    """What stands in the way although there are enough items: sets that don't come out with the blocks."""
    if not any(item.set for item in pool):
        return ()
    try:
        draw(day.blueprint, pool, (), OFFER_SEED)
    except PoolTooThinError as error:
        return error.missing
    return ()


@dataclass(slots=True)
class _Capacities:
    """Kept while the content is the same: to find the longest form, several are drawn."""

    lock: Lock = field(default_factory=Lock)
    content: Content | None = None
    known: dict[tuple[Any, ...], Capacity] = field(default_factory=dict)

    def of(self, content: Content, wish: DayWish, day: ExamDay) -> Capacity:
        key = (wish.programme, wish.step, wish.day, wish.kind, wish.collection, wish.items_a_block, day.form_id)
        with self.lock:
            if self.content is not content:
                self.content, self.known = content, {}
            found = self.known.get(key)
        if found is None:
            found = _capacity(content, wish, day)
            with self.lock:
                if self.content is content:
                    self.known[key] = found
        return found


_CAPACITIES = _Capacities()
