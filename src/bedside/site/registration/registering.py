"""Who may sit, and until when: registering, extending, withdrawing, and asking again what was suspended.

Each deed asks the rules about the office's record, for the first and the last day. What is surely not met is refused, with
all reasons. What is not certain is refused too, until an administrator decides on exactly those rules, with a reason that is
kept beside their name.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from datetime import date, datetime, timedelta
from uuid import UUID

from bedside.errors import ConflictError, NotFoundError, UsageError
from bedside.site.accounts.accommodations import read_reason
from bedside.site.accounts.models import User
from bedside.site.accounts.roles import Role, has_role
from bedside.site.database import one_write
from bedside.site.registration.judging import Judgement, judge
from bedside.site.registration.models import (
    ENDED,
    OPEN,
    STANDING,
    SUSPENDED,
    WITHDRAWN,
    OfficeRecord,
    Registration,
)
from bedside.site.registration.record_rows import lock, newest_record, record_in, see_may_act
from bedside.site.registration.results import uncertified
from bedside.site.registration.rules import MOST_EXTENSIONS, step_rules, steps_of, window_of
from bedside.site.registration.standing import judgement_of, write_deed


class NotEligibleError(ConflictError):
    """The rules say no, or not surely yes. `judgement` has every reason."""

    def __init__(self, text: str, judgement: Judgement) -> None:
        super().__init__(text)
        self.judgement = judgement


def register(
    actor: User,
    candidate: User,
    *,
    programme: str,
    step: str,
    first: date,
    last: date | None,
    at: datetime,
    reason: str,
    overridden: Collection[str] = (),
) -> Registration:
    """Register a candidate for a step, from a first to a last day; the programme's own length where it states one.

    Raises:
        NotAllowedError: not an administrator, or the candidate themselves.
        NotFoundError: no such programme.
        UsageError: no such step, days that can't be, no reason, or they don't sit exams.
        NoRulesError: the rules do not load.
        NotEligibleError: the rules are against it, or not certain, and nobody decided on exactly those that are not.
        ConflictError: they are registered for this step already, or a sitting of theirs has no certified result yet.
        StoreError: the store refused; nothing was kept.
    """
    see_may_act(actor, candidate)
    if not has_role(candidate, Role.CANDIDATE):
        raise UsageError(f'"{candidate.username}" is closed or not a candidate; give them the role first')
    why = read_reason(reason)
    if step not in steps_of(programme):
        raise UsageError(f'the programme has no step "{step[:60]}"')
    until = _see_period(programme, first, last, today=at.date())
    pathway = step_rules(programme)
    with one_write():
        lock(candidate)
        _see_free(actor, candidate, programme, step, at=at)
        record = newest_record(candidate)
        judgement = judge(pathway, record_in(record), step, first, until)
        _see_eligible(judgement, overridden)
        made = Registration.objects.create(
            candidate=candidate,
            programme=programme,
            step=step,
            first_day=first,
            last_day=until,
            state=STANDING,
            overridden=sorted(overridden),
            registered_by=actor,
            registered_at=at,
        )
        _write(made, actor, "made", record, judgement, reason=why, at=at, overridden=overridden)
    return made


def extend(
    actor: User, registration_id: UUID, *, last: date | None, at: datetime, reason: str, overridden: Collection[str] = ()
) -> Registration:
    """Let a standing registration end later: once, and by one more period, where the programme states a length.

    Raises as `register` does; a ConflictError too where it does not stand, has ended, or was extended before.
    """

    def deed(row: Registration, record: OfficeRecord | None) -> None:
        if row.state != STANDING or row.last_day < at.date():
            raise ConflictError("only a registration that stands and has not ended can be extended")
        window = window_of(row.programme, at.date())
        if window is not None and row.n_extensions >= MOST_EXTENSIONS:
            raise ConflictError("it has been extended before, and the programme allows one extension")
        most = window.last_day(row.last_day + timedelta(days=1)) if window else None
        until = last or most
        if until is None:
            raise UsageError("name the last day; the programme does not say how long an extension is")
        if until <= row.last_day or (most is not None and until > most):
            raise UsageError(f"the new last day must be after {row.last_day}" + (f", and at most {most}" if most else ""))
        row.last_day = until
        judgement = judgement_of(row, record, on=at.date())
        _see_eligible(judgement, {*row.overridden, *overridden}, given=overridden)
        row.n_extensions += 1
        row.overridden = sorted({*row.overridden, *overridden})
        row.save(update_fields=["last_day", "n_extensions", "overridden"])
        _write(row, actor, "extended", record, judgement, reason=why, at=at, overridden=overridden)

    why = read_reason(reason)
    return _act(actor, registration_id, deed)


def withdraw(actor: User, registration_id: UUID, *, at: datetime, reason: str) -> Registration:
    """End a registration for good; a sitting that has begun goes on.

    Raises as `register` does; a ConflictError where it is over already.
    """

    def deed(row: Registration, record: OfficeRecord | None) -> None:
        if row.state not in OPEN:
            raise ConflictError("this registration is over already")
        row.state = WITHDRAWN
        row.save(update_fields=["state"])
        write_deed(row, actor, "withdrawn", reason=why, record=record, answer={}, at=at)

    why = read_reason(reason)
    return _act(actor, registration_id, deed)


def ask_again(
    actor: User, registration_id: UUID, *, at: datetime, reason: str, overridden: Collection[str] = ()
) -> Registration:
    """Let a suspended registration stand again, if the rules have nothing against it any more.

    Raises as `register` does; a ConflictError where it is not suspended or has ended.
    """

    def deed(row: Registration, record: OfficeRecord | None) -> None:
        if row.state != SUSPENDED or row.last_day < at.date():
            raise ConflictError("only a registration that is suspended and has not ended can be asked about again")
        judgement = judgement_of(row, record, on=at.date())
        _see_eligible(judgement, {*row.overridden, *overridden}, given=overridden)
        row.state = STANDING
        row.overridden = sorted({*row.overridden, *overridden})
        row.save(update_fields=["state", "overridden"])
        _write(row, actor, "reinstated", record, judgement, reason=why, at=at, overridden=overridden)

    why = read_reason(reason)
    return _act(actor, registration_id, deed)


def registration_named(registration_id: UUID) -> Registration:
    """A registration.

    Raises:
        NotFoundError: there is none.
    """
    row = Registration.objects.select_related("candidate", "registered_by").filter(pk=registration_id).first()
    if row is None:
        raise NotFoundError(f"there is no registration {registration_id}")
    return row


def _act(actor: User, registration_id: UUID, deed: Callable[[Registration, OfficeRecord | None], None]) -> Registration:
    candidate = registration_named(registration_id).candidate
    see_may_act(actor, candidate)
    with one_write():
        lock(candidate)
        row = Registration.objects.select_for_update().get(pk=registration_id)
        deed(row, newest_record(candidate))
    return row


def _write(
    row: Registration,
    actor: User,
    verb: str,
    record: OfficeRecord | None,
    judgement: Judgement,
    *,
    reason: str,
    at: datetime,
    overridden: Collection[str],
) -> None:
    write_deed(row, actor, verb, reason=reason, record=record, answer=judgement.as_dict(), at=at, overridden=overridden)


def _see_period(programme: str, first: date, last: date | None, *, today: date) -> date:
    """The last day of a period that can be."""
    if first < today:
        raise UsageError(f"the first day must be {today} or later")
    window = window_of(programme, today)
    if window is None:
        if last is None:
            raise UsageError("name the last day; the programme does not say how long a registration holds")
        most = None
    else:
        most = window.last_day(first)
    until = last or most
    assert until is not None
    if until < first:
        raise UsageError("the last day is before the first")
    if most is not None and until > most:
        raise UsageError(f"the last day is {most} at most: so long does a registration of the programme hold")
    return until


def _see_free(actor: User, candidate: User, programme: str, step: str, *, at: datetime) -> None:
    """No other registration of the step is open, and no sitting under one waits for its result."""
    rows = Registration.objects.filter(candidate=candidate, programme=programme, step=step)
    for row in rows.filter(state__in=OPEN):
        if row.last_day >= at.date():
            raise ConflictError(
                f"they have a registration for this step already, until {row.last_day}; extend or withdraw that one"
            )
        row.state = ENDED
        row.save(update_fields=["state"])
        write_deed(row, actor, "ended", reason="its last day is over", record=None, answer={}, at=at)
    waiting = uncertified(candidate, programme, step)
    if waiting:
        day = waiting[0].created_at.date()
        raise ConflictError(
            f"their sitting of {day} has no certified result yet; certify it first, since it counts as an attempt, or have a "
            "proctor make it void"
        )


def _see_eligible(judgement: Judgement, decided: Collection[str], *, given: Collection[str] | None = None) -> None:
    """The rules say yes, or somebody has decided on exactly those that are not certain."""
    doubtful = {one.rule for one in judgement.doubtful}
    spare = set(decided if given is None else given) - doubtful
    if judgement.holds(decided) and not spare:
        return
    if judgement.is_passed:
        text = "they have passed this step"
    elif judgement.against:
        text = "the rules are against it"
    elif judgement.until is not None:
        text = f"they are eligible until {judgement.until} only"
    elif spare:
        text = "only rules that are not certain can be decided on, and these are none of them: " + ", ".join(sorted(spare))
    else:
        text = "it is not certain that they are eligible; an administrator can decide on the rules that are not certain"
    raise NotEligibleError(text, judgement)
