"""What the practice page and Today show of a choice and of the blocks that were sat."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from bedside.delivery import Mode
from bedside.programme import Axis
from bedside.site.accounts.models import User
from bedside.site.accounts.page_queries import step_title
from bedside.site.content import Content
from bedside.site.exam.models import Response
from bedside.site.exam.models import Sitting as SittingRow
from bedside.site.practice.actions import pace_s
from bedside.site.practice.choice import Choice
from bedside.site.practice.pool import STATES, History, State, outline, pool


@dataclass(frozen=True, slots=True)
class CodeChoice:
    """One code of an axis: how many items carry it, and whether it is chosen."""

    code: str
    label: str
    n: int
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class AxisChoice:
    """One axis of the step's blueprint with its codes."""

    name: str
    title: str
    codes: tuple[CodeChoice, ...]

    @property
    def n_chosen(self) -> int:
        return sum(code.is_chosen for code in self.codes)


@dataclass(frozen=True, slots=True)
class StateChoice:
    """Items by what was done with them so far."""

    name: State
    n: int


@dataclass(frozen=True, slots=True)
class Offer:
    """All there is to choose from beside what is chosen, and how many items fit."""

    axes: tuple[AxisChoice, ...]
    states: tuple[StateChoice, ...]
    collections: tuple[tuple[str, int], ...]
    n_available: int
    n_given: int
    minutes: int | None  # of a timed block at the pace of the exam


def offer(content: Content, choice: Choice, history: History, *, on: date) -> Offer:
    """What the form shows for this choice."""
    known = content.programmes[choice.programme].step(choice.step)
    counted = outline(content, programme=choice.programme, step=choice.step, collection=choice.collection, history=history)
    fitting = pool(content, programme=choice.programme, step=choice.step, wanted=choice.filter, history=history)
    n_given = max(0, min(len(fitting), choice.n_items))
    edition = content.programmes[choice.programme].on(on).step(choice.step)
    return Offer(
        axes=tuple(_axis_choice(axis, choice, counted.by_axis.get(axis.name, {})) for axis in known.axes) if known else (),
        states=tuple(StateChoice(state, counted.by_state[state]) for state in STATES),
        collections=tuple(counted.by_collection.items()),
        n_available=len(fitting),
        n_given=n_given,
        minutes=-(-int(n_given * pace_s(edition)) // 60) if n_given else None,
    )


def _axis_choice(axis: Axis, choice: Choice, counts: dict[str, int] | object) -> AxisChoice:
    known = counts if isinstance(counts, dict) else {}
    chosen = choice.codes.get(axis.name, ())
    codes = (CodeChoice(code, label, known.get(code, 0), code in chosen) for code, label in axis.codes.items())
    return AxisChoice(axis.name, axis.title, tuple(code for code in codes if code.n or code.is_chosen))


@dataclass(frozen=True, slots=True)
class PastBlock:
    """One sitting in a list: what it was, how far it came, and how many answers were right once that may be said."""

    id: str
    title: str
    mode: str
    at: datetime
    n_items: int
    n_answered: int
    n_correct: int | None  # None before the report was given out; in tutor mode once it has ended
    is_open: bool


def past_blocks(user: User, content: Content, *, at: datetime, limit: int = 20) -> list[PastBlock]:
    """The newest sittings of a person, open and ended."""
    rows = list(SittingRow.objects.filter(user=user).exclude(state="voided").order_by("-created_at")[:limit])
    right: dict[object, int] = {}
    for sitting_id in Response.objects.filter(sitting__in=rows, correct=True).values_list("sitting_id", flat=True):
        right[sitting_id] = right.get(sitting_id, 0) + 1
    return [_past(row, right.get(row.pk, 0), content, at=at) for row in rows]


def _past(row: SittingRow, n_right: int, content: Content, *, at: datetime) -> PastBlock:
    is_told = row.is_disclosed or row.mode == Mode.TUTOR.value
    is_open = row.state != "finished" and (row.deadline is None or row.deadline > at)
    return PastBlock(
        id=str(row.pk),
        title=step_title(content, row.programme, row.step),
        mode=row.mode,
        at=row.created_at,
        n_items=row.n_items,
        n_answered=row.n_answered,
        n_correct=n_right if is_told and not is_open else None,
        is_open=is_open,
    )
