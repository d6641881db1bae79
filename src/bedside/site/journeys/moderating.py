"""Reports of journeys and what comes of them: an administrator hides a journey, shows it again, or closes its reports.

A hidden journey is gone at once from the library, from every group and from its address; its row stays, so that it can be
shown again. Every deed is written down with who did it; the words of a report stand with the report only.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from bedside.errors import ConflictError, NotFoundError, UsageError
from bedside.site.accounts.audit import audit
from bedside.site.accounts.models import User
from bedside.site.accounts.roles import Role, require_role
from bedside.site.database import one_write
from bedside.site.journeys.models import MAX_REASON, JourneyReport, LibraryJourney
from bedside.site.problems import TooOftenError

DAY = timedelta(days=1)
MAX_A_DAY = 20  # reports of one person; `assumed`, as for errors in items
SHOWN_CLOSED = 20  # closed reports of one journey


@dataclass(frozen=True, slots=True)
class Case:
    """A journey as a moderator sees it, with its reports: the open ones first, then the newest closed."""

    row: LibraryJourney
    open: tuple[JourneyReport, ...]
    closed: tuple[JourneyReport, ...]


def report_journey(user: User, journey_id: UUID, *, reason: str, at: datetime) -> JourneyReport:
    """Keep why somebody thinks that a journey should not be shown. While one of theirs is open, a second changes nothing.

    Raises:
        NotFoundError: no such journey is shown.
        UsageError: no words, or too many.
        TooOftenError: they reported too much today.
    """
    words = _words(reason)
    with one_write():
        row = _standing(journey_id)
        if row.hidden_at is not None:
            raise NotFoundError("there is no such journey")
        before = JourneyReport.objects.filter(journey=row, user=user, closed_at__isnull=True).first()
        if before is not None:
            return before
        if JourneyReport.objects.filter(user=user, reported_at__gt=at - DAY).count() >= MAX_A_DAY:
            raise TooOftenError(
                f"you have reported {MAX_A_DAY} journeys within a day, which is all that can be; go on tomorrow"
            )
        made = JourneyReport.objects.create(journey=row, user=user, reason=words, reported_at=at)
        audit(actor=user, verb="journey_reported", subject=str(row.pk), at=at, detail={"report": str(made.pk)})
    return made


def cases() -> list[Case]:
    """Every journey that is not withdrawn: those with open reports first, the longest open before; the hidden, and the rest."""
    found = [_case(row) for row in LibraryJourney.objects.filter(withdrawn_at__isnull=True).prefetch_related("reports__user")]
    return sorted(found, key=_place)


def hide(who: User, journey_id: UUID, *, reason: str, at: datetime) -> None:
    """Show a journey no longer; its open reports are closed by it.

    Raises:
        NotAllowedError: who asks is no administrator.
        NotFoundError: there is no such journey, or it was withdrawn.
        ConflictError: it is hidden.
        UsageError: no reason, or too long a one.
    """
    require_role(who, Role.ADMINISTRATOR)
    words = _words(reason)
    with one_write():
        row = _standing(journey_id)
        if row.hidden_at is not None:
            raise ConflictError("the journey is hidden already")
        row.hidden_at, row.hidden_reason = at, words
        row.save(update_fields=["hidden_at", "hidden_reason"])
        n = _close(row, at)
        detail = {"reason": words, "reports_closed": n}
        audit(actor=who, verb="journey_hidden", subject=str(row.pk), at=at, detail=detail)


def show(who: User, journey_id: UUID, *, reason: str, at: datetime) -> None:
    """Show a hidden journey again.

    Raises:
        NotAllowedError: who asks is no administrator.
        NotFoundError: there is no such journey, or it was withdrawn.
        ConflictError: it is not hidden.
        UsageError: no reason, or too long a one.
    """
    require_role(who, Role.ADMINISTRATOR)
    words = _words(reason)
    with one_write():
        row = _standing(journey_id)
        if row.hidden_at is None:
            raise ConflictError("the journey is not hidden")
        row.hidden_at, row.hidden_reason = None, ""
        row.save(update_fields=["hidden_at", "hidden_reason"])
        audit(actor=who, verb="journey_shown", subject=str(row.pk), at=at, detail={"reason": words})


def close(who: User, journey_id: UUID, *, reason: str, at: datetime) -> None:
    """Close the open reports of a journey, which stays as it is.

    Raises:
        NotAllowedError: who asks is no administrator.
        NotFoundError: there is no such journey, or it was withdrawn.
        ConflictError: it has no open report.
        UsageError: no reason, or too long a one.
    """
    require_role(who, Role.ADMINISTRATOR)
    words = _words(reason)
    with one_write():
        row = _standing(journey_id)
        n = _close(row, at)
        if not n:
            raise ConflictError("the journey has no open report")
        detail = {"reason": words, "reports_closed": n}
        audit(actor=who, verb="journey_report_closed", subject=str(row.pk), at=at, detail=detail)


def _standing(journey_id: UUID) -> LibraryJourney:
    row = LibraryJourney.objects.select_for_update().filter(pk=journey_id, withdrawn_at__isnull=True).first()
    if row is None:
        raise NotFoundError("there is no such journey")
    return row


def _close(row: LibraryJourney, at: datetime) -> int:
    return JourneyReport.objects.filter(journey=row, closed_at__isnull=True).update(closed_at=at)


def _case(row: LibraryJourney) -> Case:
    reports = sorted(row.reports.all(), key=lambda one: one.reported_at)
    closed = [one for one in reversed(reports) if one.closed_at is not None]
    return Case(row, tuple(one for one in reports if one.closed_at is None), tuple(closed[:SHOWN_CLOSED]))


def _place(case: Case) -> tuple[int, float, str]:
    if case.open:
        return 0, case.open[0].reported_at.timestamp(), str(case.row.pk)
    if case.row.hidden_at is not None:
        return 1, -case.row.hidden_at.timestamp(), str(case.row.pk)
    return 2, -case.row.imported_at.timestamp(), str(case.row.pk)


def _words(text: str) -> str:
    words = " ".join(text.replace("\0", "").split())
    if not words:
        raise UsageError("give a reason")
    if len(words) > MAX_REASON:
        raise UsageError(f"the reason may have at most {MAX_REASON} characters")
    return words
