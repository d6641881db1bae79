"""A day of an exam as it can be sat here, out of a step's edition: blocks, clock, breaks, and what is left out.

Patient cases come after the items, where the content has some (`day_cases.py`). What else a form has beside items (essays,
simulations) can't be delivered here. It is left out and named in `ExamDay.left_out`; what no source states is named in
`ExamDay.notes`. Nothing is passed over in silence.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Literal

from django.utils.translation import gettext as _

from bedside import delivery, programme
from bedside.assembly import Block, Blueprint, Part, rows_of
from bedside.delivery import FixedBreak, Navigation
from bedside.errors import UsageError
from bedside.programme import Form, ItemForm, StepEdition, Unknown
from bedside.site.exam.day_cases import DayCases, cases_of
from bedside.site.exam.day_words import activity_words, notes_of
from bedside.site.exam.marks import DELIVERED, marking_of
from bedside.site.problems import NoFormError

Kind = Literal["full", "half"]
Clock = Literal["real", "compressed"]
KINDS: tuple[Kind, ...] = ("full", "half")
CLOCKS: tuple[Clock, ...] = ("real", "compressed")

COMPRESSED_PACE = Fraction(10)  # a Step 1 of 480 minutes then takes 48: one evening, and still three minutes a block
PROCTORED_GRACE_S = 120  # assumed, where the programme names none: enough for a router to start again
MAX_ITEMS_A_BLOCK = 200
STEPS_OF_ONE_BLOCK = 20  # a paper of one block is offered in twentieths
SETS = {ItemForm.SEQUENTIAL_SET: "sequential", ItemForm.SHARED_STIMULUS_SET: "shared"}


@dataclass(frozen=True, slots=True)
class DayBlock:
    """One block of the day. `seconds` are real ones, None where the day has one clock; `items` is what it is drawn to."""

    items: Block
    seconds: Fraction | None
    navigation: Navigation
    section: str | None
    break_after: FixedBreak | None = None


@dataclass(frozen=True, slots=True)
class ExamDay:
    """A day, whole or half, in real seconds. `break_s` None: breaks are unlimited and cost nothing."""

    programme: str
    step: StepEdition
    day: int
    kind: Kind
    form_id: str  # of the published form
    title: str
    blocks: tuple[DayBlock, ...]
    n_blocks_published: int
    limit_s: Fraction | None  # one clock over all blocks
    break_s: Fraction | None
    tutorial_s: Fraction
    is_unused_kept: bool  # do the breaks gain what is left of a block or of the tutorial?
    grace_s: int
    marking: delivery.Marking
    left_out: tuple[str, ...]
    notes: tuple[str, ...]
    cases: DayCases | None = None

    @property
    def blueprint(self) -> Blueprint:
        """What the form is drawn to."""
        return Blueprint(tuple(block.items for block in self.blocks), rows_of(self.step.axes))

    @property
    def testing_s(self) -> Fraction:
        """Seconds of all blocks, cases included."""
        of_cases = Fraction(self.cases.seconds if self.cases else 0)
        return self.limit_s or sum((block.seconds or Fraction() for block in self.blocks), Fraction()) + of_cases

    def shorter(self) -> list[ExamDay]:
        """This day and those that can stand for it, ever shorter: fewer blocks; of one block ever fewer items."""
        if len(self.blocks) > 1:
            return [self._first(n) for n in range(len(self.blocks), 0, -1)]
        return [self, *(self._of_one_block(Fraction(n, STEPS_OF_ONE_BLOCK)) for n in range(STEPS_OF_ONE_BLOCK - 1, 0, -1))]

    def _first(self, n_blocks: int) -> ExamDay:
        share = Fraction(n_blocks, len(self.blocks))
        blocks = [*self.blocks[: n_blocks - 1], replace(self.blocks[n_blocks - 1], break_after=None)]
        is_whole = n_blocks == len(self.blocks)
        return replace(
            self,
            blocks=self.blocks if is_whole else tuple(blocks),
            limit_s=None if self.limit_s is None else self.limit_s * share,
            break_s=None if self.break_s is None else self.break_s * share,
        )

    def _of_one_block(self, share: Fraction) -> ExamDay:
        (block,) = self.blocks
        parts = tuple(replace(part, n_items=int(part.n_items * share)) for part in block.items.parts)
        exact = Fraction(sum(part.n_items for part in parts), block.items.n_items)
        seconds = None if block.seconds is None else block.seconds * exact
        limit_s = None if self.limit_s is None else self.limit_s * exact
        return replace(self, blocks=(replace(block, items=Block(parts), seconds=seconds),), limit_s=limit_s)


@dataclass(frozen=True, slots=True)
class _Draft:
    """A block as published, and the parts of it that can be delivered."""

    published: programme.Block
    parts: tuple[Part, ...]
    share: Fraction = Fraction(1)  # of its items, and so of its minutes


def exam_day(
    name: str,
    edition: StepEdition,
    *,
    day: int = 1,
    kind: Kind = "full",
    items_a_block: int | None = None,
    has_cases: bool = False,
) -> ExamDay:
    """The day of a step as it is published.

    `items_a_block` is for a form whose number of items no source states. `has_cases`: are there patient cases to be played?

    Raises:
        UsageError: the step has no such day, or a number of items is given where it is published.
        NoFormError: no form is in force, no part of it can be delivered, or its number of items is unknown and not given.
    """
    form = _form_of(edition, day)
    drafts, left_out = _drafts(edition, _sized(form, items_a_block))
    share = Fraction(1, 2) if kind == "half" else Fraction(1)
    cases, activities = cases_of(form, share=share) if has_cases else (None, form.activities)
    left_out += [activity_words(activity) for activity in activities]
    if not drafts:
        raise NoFormError(_("nothing of this day can be sat here: {what}").format(what="; ".join(left_out)))
    left_out += _breaks_without_place(form, drafts)
    if kind == "half":
        drafts = _half(drafts)
    marking, unknown_marks = marking_of(edition)
    blocks = _with_breaks([_block(edition, draft) for draft in drafts], drafts, form, share)
    return ExamDay(
        programme=name,
        step=edition,
        day=day,
        kind=kind,
        form_id=form.id,
        title=form.title or "",
        blocks=blocks,
        n_blocks_published=len(form.blocks),
        limit_s=Fraction(form.minutes * 60) * share if isinstance(form.minutes, int) else None,
        break_s=_break_s(form, len(drafts), share),
        tutorial_s=Fraction(form.tutorial_minutes * 60) * share if isinstance(form.tutorial_minutes, int) else Fraction(),
        is_unused_kept=form.break_is_minimum,
        grace_s=form.grace_s if isinstance(form.grace_s, int) else PROCTORED_GRACE_S,
        marking=marking,
        left_out=tuple(left_out),
        notes=(*notes_of(form, edition, unknown_marks, has_left_out=bool(left_out)), *(cases.notes if cases else ())),
        cases=cases,
    )


def days_of(edition: StepEdition) -> tuple[int, ...]:
    """The days of a step on which there is a form."""
    return tuple(form.day for form in edition.forms)


def is_size_known(edition: StepEdition, day: int) -> bool:
    """Does a source state how many items the day has?"""
    form = next((form for form in edition.forms if form.day == day), None)
    return form is None or not any(isinstance(block.n_items_max, Unknown) for block in form.blocks)


def _form_of(edition: StepEdition, day: int) -> Form:
    found = next((form for form in edition.forms if form.day == day), None)
    if found is not None:
        return found
    if not edition.forms:
        raise NoFormError(_('no form of "{step}" is known to be in force today').format(step=edition.step.name))
    known = ", ".join(str(one) for one in days_of(edition))
    raise UsageError(f'"{edition.step.name}" has no day {day}; it has: {known}')


def _sized(form: Form, items_a_block: int | None) -> list[tuple[programme.Block, int]]:
    """Each block with its number of items: the usual number of the form where it is known, else the most."""
    blocks = form.blocks
    most = [block.n_items_max for block in blocks if not isinstance(block.n_items_max, Unknown)]
    if len(most) < len(blocks):
        if items_a_block is None:
            raise NoFormError(
                _("no source states how many items this day has; say how many a block is to have, and it is made with these")
            )
        if not 1 <= items_a_block <= MAX_ITEMS_A_BLOCK:
            raise UsageError(f"a block has 1 to {MAX_ITEMS_A_BLOCK} items, not {items_a_block}")
        return [(block, items_a_block) for block in blocks]
    if items_a_block is not None:
        raise UsageError("the number of items of this form is published; leave items out")
    total = form.items_typical if isinstance(form.items_typical, int) else form.n_items
    least = [block.n_items_min if isinstance(block.n_items_min, int) else 0 for block in blocks]
    sizes = list(most)
    surplus = sum(sizes) - (total if isinstance(total, int) else sum(sizes))
    while surplus > 0 and any(size > low for size, low in zip(sizes, least, strict=True)):
        for number in reversed(range(len(sizes))):  # the later blocks are the shorter ones, one item each
            if surplus and sizes[number] > least[number]:
                sizes[number], surplus = sizes[number] - 1, surplus - 1
    return list(zip(blocks, sizes, strict=True))


def _drafts(edition: StepEdition, sized: Sequence[tuple[programme.Block, int]]) -> tuple[list[_Draft], list[str]]:
    """The blocks that can be delivered, and in words what can't."""
    forms = {kind.code: kind.form for kind in edition.item_kinds}
    titles = {kind.code: kind.title for kind in edition.item_kinds}
    blocks = [block for block, _n in sized]
    drafts: list[_Draft] = []
    lost: dict[str, int] = {}
    for block, n_items in sized:
        published = block.parts or ()
        gone = [part for part in published if forms[part.kind] not in DELIVERED]
        for part in gone:
            lost[titles[part.kind]] = lost.get(titles[part.kind], 0) + (part.items if isinstance(part.items, int) else 0)
        kept = [part for part in published if part not in gone]
        if not published:
            drafts.append(_Draft(block, (_any_part(edition, block, n_items),)))
        elif kept:
            drafts.append(_Draft(block, tuple(_part(edition, part, forms, blocks) for part in kept)))
    left_out = [_("{what}: {n}").format(what=title, n=n) for title, n in lost.items()]
    if any(not block.parts for block in blocks):  # then any kind may come, and of these none does
        left_out += [kind.title for kind in edition.item_kinds if kind.form is ItemForm.MATCHING]
    return drafts, left_out


def _any_part(edition: StepEdition, block: programme.Block, n_items: int) -> Part:
    forms = {kind.form for kind in edition.item_kinds}
    kinds = frozenset(DELIVERED[form] for form in forms if form in DELIVERED)
    # what lies inside the sessions beside the items is no part of their number, so sets are not either where they lie there
    beside = any(not activity.comes_after_blocks for form in edition.forms for activity in form.activities)
    sets = frozenset() if beside else frozenset(SETS[form] for form in forms if form in SETS)
    return Part(n_items, kinds, sets, section=edition.step.sections.get(block.section or ""))


def _part(edition: StepEdition, part: programme.Part, forms: Mapping[str, ItemForm], blocks: Sequence[programme.Block]) -> Part:
    n_items = part.items if isinstance(part.items, int) else 0
    within = section_codes(edition, blocks).get(part.section or "", {})
    return Part(
        n_items, frozenset({DELIVERED[forms[part.kind]]}), frozenset(), edition.step.sections.get(part.section or ""), within
    )


def section_codes(edition: StepEdition, blocks: Sequence[programme.Block]) -> Mapping[str, Mapping[str, frozenset[str]]]:
    """Which codes the items of a section have: section → axis → codes.

    A section whose name is a code of an axis has the items with that code. If just one section of the form has no code of its
    name, it has the codes that the others leave (biology: botany and zoology). Sections that name no code have any items.
    """
    sections = list(dict.fromkeys(part.section for block in blocks for part in block.parts if part.section))
    for axis in edition.axes:
        named = [section for section in sections if section in axis.codes]
        rest = [section for section in sections if section not in axis.codes]
        if not axis.is_partition or not named or len(rest) > 1:
            continue
        codes = {section: {axis.name: frozenset({section})} for section in named}
        left = frozenset(axis.codes) - set(named)
        return codes | {section: {axis.name: left} for section in rest if left}
    return {}


def _half(drafts: list[_Draft]) -> list[_Draft]:
    """Every other block; of one block half of its items, and so of its minutes."""
    if len(drafts) > 1:
        return drafts[::2]
    (only,) = drafts
    parts = tuple(replace(part, n_items=-(-part.n_items // 2)) for part in only.parts)
    whole = sum(part.n_items for part in only.parts)
    return [replace(only, parts=parts, share=Fraction(sum(part.n_items for part in parts), whole))]


def _block(edition: StepEdition, draft: _Draft) -> DayBlock:
    block = draft.published
    minutes = block.minutes if isinstance(block.minutes, int) else None
    navigation = Navigation.FREE
    if block.navigation is programme.Navigation.NO_EARLY_END:
        navigation = Navigation.NO_EARLY_END
    elif block.navigation is programme.Navigation.FORWARD_ONLY:
        navigation = Navigation.FORWARD_ONLY
    return DayBlock(
        items=Block(draft.parts),
        seconds=None if minutes is None else Fraction(minutes * 60) * draft.share,
        navigation=navigation,
        section=edition.step.sections.get(block.section or ""),
    )


def _with_breaks(blocks: list[DayBlock], drafts: Sequence[_Draft], form: Form, share: Fraction) -> tuple[DayBlock, ...]:
    """Each fixed break after the last block that stands before it here, if a block follows."""
    for pause in form.breaks:
        place = _place_of_break(pause, drafts)
        if place is not None:
            seconds = round(pause.minutes * 60 * share) if isinstance(pause.minutes, int) else None
            blocks[place] = replace(blocks[place], break_after=FixedBreak(seconds, pause.is_counted))
    return tuple(blocks)


def _place_of_break(pause: programme.FixedBreak, drafts: Sequence[_Draft]) -> int | None:
    before = [place for place, draft in enumerate(drafts) if draft.published.number <= pause.after_block]
    return before[-1] if before and before[-1] + 1 < len(drafts) else None


def _breaks_without_place(form: Form, drafts: Sequence[_Draft]) -> list[str]:
    lost = [pause.after_block for pause in form.breaks if _place_of_break(pause, drafts) is None]
    return [_("the break after block {n}, since nothing follows it here").format(n=n) for n in lost]


def _break_s(form: Form, n_blocks: int, share: Fraction) -> Fraction | None:
    """The pool of break time. None where a length isn't published and breaks are not known to be none, and where one clock
    runs over everything."""
    if isinstance(form.break_minutes, int):
        return Fraction(form.break_minutes * 60) * share
    if isinstance(form.break_minutes, Unknown) or n_blocks == 1 or form.minutes is not None:
        return None
    is_filled = isinstance(form.session_minutes, int) and form.session_minutes == form.block_minutes
    return Fraction() if form.breaks or is_filled else None
