"""A record on a day, and the days on which what is known of it turns.

Nothing reads the day asked about but through `Moment.since` and `Asked`, and both note what they compared it with. So the
first later day on which a rule can say something else is known exactly, without trying every day.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import NoReturn

from bedside.errors import ExpressionError
from bedside.expressions import Value
from bedside.pathway.days import NEVER, merged, reached
from bedside.pathway.record import Accreditor, Attempt, Bar, BarReason, Held, Record, Result, Validity

DAYS_AFTER_CONDITION = 1


class NotKnown(Exception):  # noqa: N818  (no error: an answer)
    """The record does not say. `field` is what it would have to say, for people."""

    def __init__(self, field_: str) -> None:
        self.field = field_
        super().__init__(field_)


@dataclass(frozen=True, slots=True)
class Exam:
    """What attempts are made at: a programme, its steps, and those no longer given whose attempts still count."""

    programme: str
    steps: tuple[str, ...]
    former_steps: tuple[str, ...]


@dataclass(slots=True)
class Moment:
    """A record on a day (an ordinal).

    `turns` collects the later days on which an answer given so far can change, `missing` what the record does not say, and
    `known` the names of the language that were worked out.
    """

    record: Record
    exam: Exam
    day: int
    step: str | None = None  # the one that `this_...` means
    turns: set[int] = field(default_factory=set)
    missing: set[str] = field(default_factory=set)
    known: dict[str, Value] = field(default_factory=dict, repr=False)
    _sat: dict[str, list[Attempt]] = field(default_factory=dict)

    def since(self, day: int) -> bool:
        """Is the day asked about that day or later?"""
        if self.day < day < NEVER:
            self.turns.add(day)
        return self.day >= day

    def attempts(self, step: str) -> list[Attempt]:
        """The attempts at a step up to the day, oldest first."""
        if step not in self._sat:
            named = [one for one in self.record.attempts if one.programme == self.exam.programme and one.step == step]
            self._sat[step] = sorted((one for one in named if self.since(one.date.toordinal())), key=lambda one: one.date)
        return self._sat[step]

    def stands(self, attempt: Attempt) -> bool | None:
        """Is it a pass that counts on the day? None: not known."""
        if attempt.result is Result.PENDING or not self._is_out(attempt):
            return None
        if attempt.result is not Result.PASS:
            return False
        changed = attempt.validity is not Validity.VALID and self.since((attempt.validity_from or attempt.date).toordinal())
        if not changed:
            return True
        return False if attempt.validity is Validity.INVALIDATED else None

    def _is_out(self, attempt: Attempt) -> bool:
        return attempt.reported is None or self.since(attempt.reported.toordinal())

    def first_pass(self, step: str) -> Attempt | None:
        """The first pass that counts; None where there is none.

        Raises:
            NotKnown: a result is pending or under review, and no earlier one counts.
        """
        for attempt in self.attempts(step):
            passed = self.stands(attempt)
            if passed is None:
                raise NotKnown(f"the result of {step} on {attempt.date}")
            if passed:
                return attempt
        return None

    def passed(self, step: str) -> bool:
        """Does a pass count, whichever it is?"""
        verdicts = [self.stands(attempt) for attempt in self.attempts(step)]
        if True not in verdicts and None in verdicts:
            raise NotKnown(f"the result of {step}")
        return True in verdicts

    def held(self, name: str) -> list[Held]:
        """The certificates of that name that are there on the day, oldest first."""
        there = [one for one in self.record.certificates if one.name == name and self.since(one.date.toordinal())]
        valid = [one for one in there if one.expires is None or not self.since(one.expires.toordinal() + 1)]
        return sorted(valid, key=lambda one: one.date)

    def expired_on(self, name: str) -> date | None:
        """The last day of the newest certificate of that name, where it is over; None where there is none, or one is held."""
        if self.held(name):
            return None
        ends = [one.expires for one in self.record.certificates if one.name == name and one.expires is not None]
        return max((end for end in ends if self.since(end.toordinal() + DAYS_AFTER_CONDITION)), default=None)

    def permit(self, step: str) -> tuple[int, int]:
        """First and last day of the eligibility period that is next to end; `NEVER` twice where there is none."""
        named = sorted((one.until.toordinal(), one.from_.toordinal()) for one in self.record.permits if one.step == step)
        for until, start in named:
            if not self.since(until + DAYS_AFTER_CONDITION):
                return start, until
        return NEVER, NEVER

    def is_barred(self) -> bool:
        """Is the day inside a bar whose end is known, or that has none? That after a failed validation is not looked at."""
        return any(self._is_inside(bar) for bar in self._bars() if not _ends_by_rule(bar))

    def validation_bar_on(self) -> int:
        """The day on which the newest bar began that follows a failed validation examination and has no end of its own."""
        begun = [bar.from_.toordinal() for bar in self._bars() if _ends_by_rule(bar)]
        return max((day for day in begun if self.since(day)), default=NEVER)

    def _bars(self) -> list[Bar]:
        return [bar for bar in self.record.bars if bar.programme == self.exam.programme]

    def _is_inside(self, bar: Bar) -> bool:
        ended = bar.until is not None and self.since(bar.until.toordinal() + DAYS_AFTER_CONDITION)
        return self.since(bar.from_.toordinal()) and not ended

    def training_on(self, months: int) -> int:
        """The day on which accredited training reaches so many months.

        Raises:
            NotKnown: it hangs on training that other bodies accredited: what that counts for is not known.
        """
        sure = reached(self._stretches([Accreditor.ACGME]), months)
        perhaps = reached(self._stretches([one for one in Accreditor if one is not Accreditor.NONE]), months)
        if perhaps < sure and self.since(perhaps) and not self.since(sure):
            raise NotKnown("whether training that the ACGME did not accredit counts")
        return sure

    def is_in_training(self) -> bool:
        """Is the day inside a stretch of accredited training?"""
        inside = [self.since(start) and not self.since(end) for start, end in self._stretches([Accreditor.ACGME])]
        return any(inside)

    def _stretches(self, accreditors: Iterable[Accreditor]) -> list[tuple[int, int]]:
        chosen = set(accreditors)
        return merged(
            (one.start.toordinal(), one.end.toordinal() + DAYS_AFTER_CONDITION if one.end else NEVER)
            for one in self.record.training
            if one.accredited in chosen
        )


def _ends_by_rule(bar: Bar) -> bool:
    return bar.until is None and bar.reason is BarReason.VALIDATION_EXAMINATION


class Asked(int):
    """The day asked about, as expressions see it: it can be compared, and notes with what; it can't be computed with."""

    moment: Moment

    @classmethod
    def of(cls, moment: Moment) -> Asked:
        """The day of a moment."""
        asked = cls(moment.day)
        asked.moment = moment
        return asked

    def _compared(self, other: object) -> None:
        if isinstance(other, int | float):
            for turn in (int(other // 1), int(other // 1) + 1):
                self.moment.since(turn)

    def __lt__(self, other: int) -> bool:
        self._compared(other)
        return int(self) < other

    def __le__(self, other: int) -> bool:
        self._compared(other)
        return int(self) <= other

    def __gt__(self, other: int) -> bool:
        self._compared(other)
        return int(self) > other

    def __ge__(self, other: int) -> bool:
        self._compared(other)
        return int(self) >= other

    def __eq__(self, other: object) -> bool:
        self._compared(other)
        return int(self) == other

    def __ne__(self, other: object) -> bool:
        return not self == other

    __hash__ = int.__hash__

    def _refuse(self, *_: object) -> NoReturn:
        raise ExpressionError("`on` can only be compared: write `on >= days_after(x, 30)`, not `on - 30 >= x`", column=1)

    __add__ = __radd__ = __sub__ = __rsub__ = __mul__ = __rmul__ = _refuse
    __truediv__ = __rtruediv__ = __floordiv__ = __rfloordiv__ = __mod__ = __rmod__ = _refuse
    __pow__ = __rpow__ = __neg__ = __pos__ = _refuse
