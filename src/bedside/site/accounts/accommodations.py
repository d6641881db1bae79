"""Accommodations: one profile for practice and exam alike, and whose word it rests on.

Larger text, reduced motion and the reader-safe pages are a person's own, always. More time, longer breaks and a clock that
may be stopped are a person's own in practice and in rehearsals, on a local site and on a hosted one. In a proctored exam they
are those that a proctor or an administrator approved, and none where nobody did: nobody gives themselves double time.
During a sitting only a proctor changes them (`site/exam/proctoring.py`).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from typing import Any

from bedside.errors import NotAllowedError, UsageError
from bedside.site.accounts.audit import audit
from bedside.site.accounts.models import LOCAL_LEARNER, MAX_EXTRA_MINUTES, TIME_FACTORS, ApprovedAccommodation, User
from bedside.site.accounts.queries import profile_of
from bedside.site.accounts.roles import Role, require_role
from bedside.site.database import one_write

MAX_REASON_CHARACTERS = 500


@dataclass(frozen=True, slots=True)
class Accommodation:
    """What of the clock is different for a person. `approval` is the id of what was approved, None for their own choice."""

    time_factor: Fraction = Fraction(1)  # times the minutes of each block: 1, 5/4, 3/2 or 2
    extra_break_s: int = 0  # added to the break bank
    stop_clock_s: int = 0  # for which the clock may be stopped inside blocks, in all
    approval: str | None = None

    def as_dict(self) -> dict[str, Any]:
        """As JSON, to be kept with a sitting."""
        return {
            "time_factor": str(self.time_factor),
            "extra_break_s": self.extra_break_s,
            "stop_clock_s": self.stop_clock_s,
            "approval": self.approval,
        }


NO_ACCOMMODATION = Accommodation()


def accommodation_of(user: User, *, is_proctored: bool) -> Accommodation:
    """What holds for a new sitting of this person: what was approved where it is proctored, else what they chose."""
    if is_proctored:
        approved = approved_of(user)
        return NO_ACCOMMODATION if approved is None else _of(approved, approval=str(approved.pk))
    return _of(profile_of(user), approval=None)


def approved_of(user: User) -> ApprovedAccommodation | None:
    """The newest that was approved, or None where nothing ever was."""
    newest: ApprovedAccommodation | None = (
        ApprovedAccommodation.objects.filter(user=user).select_related("approved_by").order_by("-approved_at").first()
    )
    return newest


def _of(row: Any, *, approval: str | None) -> Accommodation:
    return Accommodation(Fraction(row.time_factor), row.extra_break_minutes * 60, row.stop_clock_minutes * 60, approval)


def approve_accommodation(
    user: User,
    *,
    time_factor: str,
    extra_break_minutes: int,
    stop_clock_minutes: int,
    reason: str,
    actor: User,
    at: datetime,
) -> ApprovedAccommodation:
    """Write down what this person's proctored exams are to be like, from the next one on; those begun stay as they are.

    Raises:
        NotAllowedError: `actor` is neither a proctor nor an administrator, or is the person themselves.
        UsageError: a value out of its range, or no reason; or the person is the learner of this computer.
        StoreError: the store refused; nothing was kept.
    """
    require_role(actor, Role.PROCTOR, Role.ADMINISTRATOR)
    if actor == user:
        raise NotAllowedError("nobody approves an accommodation of their own; ask another proctor or an administrator")
    if user.username == LOCAL_LEARNER:
        raise UsageError(
            f'"{LOCAL_LEARNER}" is whoever sits at this computer; add a user for a person who sits a proctored exam'
        )
    if time_factor not in dict(TIME_FACTORS):
        raise UsageError(f'the time factor is "{time_factor[:20]}"; it must be one of {", ".join(dict(TIME_FACTORS))}')
    for name, minutes in (("extra break", extra_break_minutes), ("stopped clock", stop_clock_minutes)):
        if not 0 <= minutes <= MAX_EXTRA_MINUTES:
            raise UsageError(f"{name}: write 0 to {MAX_EXTRA_MINUTES} minutes, not {minutes}")
    values = {
        "time_factor": time_factor,
        "extra_break_minutes": extra_break_minutes,
        "stop_clock_minutes": stop_clock_minutes,
        "reason": read_reason(reason),
    }
    with one_write():
        made: ApprovedAccommodation = ApprovedAccommodation.objects.create(
            user=user, approved_by=actor, approved_at=at, **values
        )
        audit(actor=actor, verb="accommodation_approved", subject=str(user.pk), at=at, detail=values)
    return made


def read_reason(text: str) -> str:
    """The reason for a deed, without which it is not done.

    Raises:
        UsageError: it is empty or too long.
    """
    reason = " ".join(text.split())
    if not reason:
        raise UsageError("give a reason; it is kept in the audit log")
    if len(reason) > MAX_REASON_CHARACTERS:
        raise UsageError(f"the reason has {len(reason)} characters; write at most {MAX_REASON_CHARACTERS}")
    return reason
