"""What one candidate is given: blocks of items, and patient cases, under a clock. The form never holds a key."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, fields
from enum import StrEnum
from fractions import Fraction
from itertools import groupby
from typing import Any

from bedside.errors import UsageError


class Mode(StrEnum):
    """How a sitting is taken: with the explanation after each answer, against the clock, or as the exam itself."""

    TUTOR = "tutor"
    TIMED = "timed"
    EXAM = "exam"


class Navigation(StrEnum):
    """Where a candidate may go inside a block. A closed block is closed in all of them."""

    FREE = "free"  # any item; the block can be ended early
    NO_EARLY_END = "no_early_end"  # any item; the block lasts its full time
    FORWARD_ONLY = "forward_only"  # an item that was moved on from is behind


class SetKind(StrEnum):
    """How the items of a set hang together."""

    SEQUENTIAL = "sequential"  # parts of one patient's course; an answer is locked once the candidate moves on
    SHARED = "shared"  # items about one stimulus, answered in any order


@dataclass(frozen=True, slots=True)
class FormItem:
    """One item of a form, by id and version, with its options in the order shown; a numeric item has none.

    `set` names the set of its block that it belongs to.
    """

    id: str
    version: int
    kind: str  # "one_best_answer", "multiple_select" or "numeric"
    options: tuple[str, ...]  # letters
    set: str | None = None


@dataclass(frozen=True, slots=True)
class FormSet:
    """Items of one block that belong together; they stand next to each other, in order."""

    id: str
    kind: SetKind


@dataclass(frozen=True, slots=True)
class FixedBreak:
    """A break at one place. `seconds` None: as long as the candidate likes, since no length is published.

    One that is counted runs on the clock of the form or on the break bank; one that is not costs nothing up to its length.
    """

    seconds: int | None
    is_counted: bool


@dataclass(frozen=True, slots=True)
class FormCase:
    """A patient case that is played in a block of its own, by its id and what binds to it: the SHA-256 of its text, the digest
    of the catalogue of orders, and the version of the engine. What happens in it is not this package's to know.

    `seed` chooses its variant. In the last `final_s` seconds of its block only final orders are taken.
    """

    id: str
    digest: str
    catalogue: str
    semantics: str
    seed: int
    final_s: int


@dataclass(frozen=True, slots=True)
class FormBlock:
    """Items that are worked on together, or one patient case. `limit_s` is None where no clock runs, or where the form has one
    over all blocks; that of a case holds the time for final orders.

    `tutorial_s` is how much of the time before it costs nothing, for a tutorial of its own.
    """

    items: tuple[FormItem, ...]
    limit_s: int | None
    navigation: Navigation = Navigation.FREE
    section: str | None = None
    break_after: FixedBreak | None = None
    sets: tuple[FormSet, ...] = ()
    case: FormCase | None = None
    tutorial_s: int = 0


@dataclass(frozen=True, slots=True)
class Form:
    """One sitting's blocks and clock.

    `break_s` and `tutorial_s` fill the break bank; `break_s` None means that breaks are unlimited and cost nothing, as in
    practice. `grace_s` is how long after a deadline an answer given in time may still arrive; None means without limit.
    `limit_s` is one clock over all blocks, where the exam has that; the blocks then have none of their own.

    Accommodations: `time_factor` multiplies every block's minutes (1, 5/4, 3/2 or 2), `extra_break_s` is added to the break
    bank, and `stop_clock_s` is how long in all the candidate may stop the clock inside blocks.

    `is_unused_kept` says whether the break bank gains what is left of a block or of the tutorial. Of a case it gains nothing.

    `pace` says how many times faster than real a rehearsal's clock runs. All seconds here are divided by it already; it is
    kept so that it can be said.
    """

    id: str
    mode: Mode
    blocks: tuple[FormBlock, ...]
    break_s: int | None = None
    tutorial_s: int = 0
    grace_s: int | None = None
    time_factor: Fraction = Fraction(1)
    limit_s: int | None = None
    extra_break_s: int = 0
    stop_clock_s: int = 0
    pace: Fraction = Fraction(1)
    is_unused_kept: bool = True
    _home: Mapping[str, Place] = field(init=False, repr=False, compare=False, default_factory=dict)
    _home_of_case: Mapping[str, int] = field(init=False, repr=False, compare=False, default_factory=dict)

    def __post_init__(self) -> None:
        home: dict[str, Place] = {}
        for number, block in enumerate(self.blocks, start=1):
            for item in block.items:
                if item.id in home:
                    raise UsageError(f'form {self.id}: item "{item.id}" stands in it twice')
                home[item.id] = _place(self.id, number, len(home) + 1, block, item)
            _see_sets(self.id, number, block)
        object.__setattr__(self, "_home", home)
        object.__setattr__(self, "_home_of_case", _homes_of_cases(self.id, self.blocks))

    def block_of(self, item_id: str) -> int | None:
        """The number (from 1) of the block that holds the item, or None."""
        place = self._home.get(item_id)
        return place.block if place else None

    def block_of_case(self, case_id: str) -> int | None:
        """The number (from 1) of the block in which the case is played, or None."""
        return self._home_of_case.get(case_id)

    @property
    def cases(self) -> dict[int, FormCase]:
        """The cases by the number of their block, in the order of the form."""
        return {number: block.case for number, block in enumerate(self.blocks, start=1) if block.case is not None}

    def final_ms(self, block: int, time_factor: Fraction | None = None) -> int:
        """Milliseconds for final orders at the end of the case in block `block` (from 1); 0 where it is a block of items."""
        case = self.blocks[block - 1].case
        return 0 if case is None else _scaled_ms(case.final_s, time_factor or self.time_factor) or 0

    def item(self, item_id: str) -> FormItem:
        """The item by its id.

        Raises:
            KeyError: the form has no such item.
        """
        return self._home[item_id].item

    def places(self, items: Collection[str] | None = None) -> list[Place]:
        """Where these items stand, or all of them, in the order of the form; those that are not in it are left out."""
        if items is None:
            return list(self._home.values())
        return sorted((self._home[item] for item in items if item in self._home), key=lambda place: place.position)

    def limit_ms(self, block: int, time_factor: Fraction | None = None) -> int | None:
        """Milliseconds of block `block` (from 1) with the candidate's time factor, or None without a clock of its own."""
        return _scaled_ms(self.blocks[block - 1].limit_s, time_factor or self.time_factor)

    def total_ms(self, time_factor: Fraction | None = None) -> int | None:
        """Milliseconds of the clock over all blocks with the candidate's time factor, or None where there is none."""
        return _scaled_ms(self.limit_s, time_factor or self.time_factor)

    def set_of(self, item_id: str) -> FormSet | None:
        """The set that the item belongs to, or None."""
        return self._home[item_id].set

    def before_in_turn(self, item_id: str) -> tuple[str, ...]:
        """The items that must be moved on from before this one is reached: the earlier parts of its sequential set, or the
        earlier items of its forward-only block. Empty where the item can be reached freely."""
        place = self._home[item_id]
        if not self.is_in_turn(item_id):
            return ()
        block = self.blocks[place.block - 1]
        is_forward_only = block.navigation is Navigation.FORWARD_ONLY
        earlier = block.items[: block.items.index(place.item)]
        return tuple(item.id for item in earlier if is_forward_only or item.set == place.item.set)

    def is_in_turn(self, item_id: str) -> bool:
        """Is the item one that is moved on from?"""
        place = self._home[item_id]
        is_sequential = place.set is not None and place.set.kind is SetKind.SEQUENTIAL
        return is_sequential or self.blocks[place.block - 1].navigation is Navigation.FORWARD_ONLY

    def as_dict(self) -> dict[str, Any]:
        """The form as JSON; `form_from_dict` reads it back."""
        return {
            "id": self.id,
            "mode": self.mode.value,
            "blocks": [_block_as_dict(block) for block in self.blocks],
            "break_s": self.break_s,
            "tutorial_s": self.tutorial_s,
            "grace_s": self.grace_s,
            "time_factor": str(self.time_factor),
            "limit_s": self.limit_s,
            "extra_break_s": self.extra_break_s,
            "stop_clock_s": self.stop_clock_s,
            "pace": str(self.pace),
            "is_unused_kept": self.is_unused_kept,
        }


def form_from_dict(data: Mapping[str, Any]) -> Form:
    """The form that `Form.as_dict` wrote. A form of an earlier version has no sets, sections or clock over all blocks."""
    return Form(
        id=data["id"],
        mode=Mode(data["mode"]),
        blocks=tuple(_block_from_dict(block) for block in data["blocks"]),
        break_s=data["break_s"],
        tutorial_s=data["tutorial_s"],
        grace_s=data["grace_s"],
        time_factor=Fraction(data["time_factor"]),
        limit_s=data.get("limit_s"),
        extra_break_s=data.get("extra_break_s", 0),
        stop_clock_s=data.get("stop_clock_s", 0),
        pace=Fraction(data.get("pace", "1")),
        is_unused_kept=data.get("is_unused_kept", True),
    )


_CASE = tuple(one.name for one in fields(FormCase))


def _block_as_dict(block: FormBlock) -> dict[str, Any]:
    pause, case = block.break_after, block.case
    # a block without a case is written as it was before there were any, so that its digest stays
    beside: dict[str, Any] = {} if case is None else {"case": {name: getattr(case, name) for name in _CASE}}
    if block.tutorial_s:
        beside["tutorial_s"] = block.tutorial_s
    return {
        "limit_s": block.limit_s,
        "items": [
            {"id": item.id, "version": item.version, "kind": item.kind, "options": list(item.options), "set": item.set}
            for item in block.items
        ],
        "navigation": block.navigation.value,
        "section": block.section,
        "break_after": pause and {"seconds": pause.seconds, "is_counted": pause.is_counted},
        "sets": [{"id": one.id, "kind": one.kind.value} for one in block.sets],
        **beside,
    }


def _block_from_dict(data: Mapping[str, Any]) -> FormBlock:
    pause = data.get("break_after")
    return FormBlock(
        items=tuple(
            FormItem(item["id"], item["version"], item["kind"], tuple(item["options"]), item.get("set"))
            for item in data["items"]
        ),
        limit_s=data["limit_s"],
        navigation=Navigation(data.get("navigation", "free")),
        section=data.get("section"),
        break_after=FixedBreak(pause["seconds"], pause["is_counted"]) if pause else None,
        sets=tuple(FormSet(one["id"], SetKind(one["kind"])) for one in data.get("sets", ())),
        case=FormCase(**{name: data["case"][name] for name in _CASE}) if "case" in data else None,
        tutorial_s=data.get("tutorial_s", 0),
    )


def _scaled_ms(seconds: int | None, time_factor: Fraction) -> int | None:
    return None if seconds is None else int(seconds * 1000 * time_factor)


@dataclass(frozen=True, slots=True)
class Place:
    """Where an item stands in a form."""

    block: int  # from 1
    position: int  # in the form, from 1
    item: FormItem
    set: FormSet | None


def _place(form_id: str, number: int, position: int, block: FormBlock, item: FormItem) -> Place:
    found = next((one for one in block.sets if one.id == item.set), None)
    if item.set is not None and found is None:
        raise UsageError(f'form {form_id}, block {number}: item "{item.id}" names the set "{item.set}", which is not there')
    return Place(number, position, item, found)


def _homes_of_cases(form_id: str, blocks: Iterable[FormBlock]) -> dict[str, int]:
    """The block of each case; one stands in the form once, and alone in its block."""
    found: dict[str, int] = {}
    for number, block in enumerate(blocks, start=1):
        if block.case is None:
            continue
        if block.case.id in found:
            raise UsageError(f'form {form_id}: case "{block.case.id}" stands in it twice')
        if block.items:
            raise UsageError(f"form {form_id}, block {number}: a case has its block for itself")
        found[block.case.id] = number
    return found


def _see_sets(form_id: str, number: int, block: FormBlock) -> None:
    """The items of a set stand next to each other."""
    runs = [name for name, _ in groupby(item.set for item in block.items) if name is not None]
    for name in runs:
        if runs.count(name) > 1:
            raise UsageError(f'form {form_id}, block {number}: the items of the set "{name}" do not stand together')
