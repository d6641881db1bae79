"""What the pages on people and on the audit log read."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import OuterRef, Q, Subquery
from django.utils.translation import gettext as _

from bedside.errors import NotFoundError, UsageError
from bedside.site.accounts.audit import VERBS, verb_text
from bedside.site.accounts.models import LOCAL_LEARNER, ApprovedAccommodation, AuditEntry, User
from bedside.site.accounts.roles import ROLE_NAMES, Role
from bedside.site.exam.models import Sitting

MAX_PEOPLE = 500
ENTRIES_A_PAGE = 100


@dataclass(frozen=True, slots=True)
class Person:
    """One person in the lists of the office."""

    user: User
    roles: tuple[str, ...]  # in the words of the page
    factor: str = ""  # of what was approved; empty where nothing was
    break_minutes: int = 0
    stop_minutes: int = 0

    @property
    def is_learner(self) -> bool:
        """Whoever sits at this computer, without a password."""
        return self.user.username == LOCAL_LEARNER


def people(*, name: str = "", role: Role | None = None) -> list[Person]:
    """People by name, with their roles and with what was approved for them. Two statements."""
    newest = ApprovedAccommodation.objects.filter(user=OuterRef("pk")).order_by("-approved_at")
    rows = User.objects.annotate(
        factor=Subquery(newest.values("time_factor")[:1]),
        break_minutes=Subquery(newest.values("extra_break_minutes")[:1]),
        stop_minutes=Subquery(newest.values("stop_clock_minutes")[:1]),
    ).prefetch_related("role_grants")
    if name:
        rows = rows.filter(Q(username__icontains=name) | Q(first_name__icontains=name))
    if role is not None:
        rows = rows.filter(role_grants__role=role)
    return [
        Person(user, _role_names(user), user.factor or "", user.break_minutes or 0, user.stop_minutes or 0)
        for user in rows.order_by("username")[:MAX_PEOPLE]
    ]


def _role_names(user: User) -> tuple[str, ...]:
    held = {grant.role for grant in user.role_grants.all()}
    return tuple(str(ROLE_NAMES[role]) for role in Role if role in held)


def person(user_id: UUID) -> User:
    """A user by id.

    Raises:
        NotFoundError: there is none.
    """
    user = User.objects.filter(pk=user_id).first()
    if user is None:
        raise NotFoundError(f"there is no user {user_id}")
    return user


@dataclass(frozen=True, slots=True)
class AuditFilter:
    """Which entries: by verb, by who did it or to whom it was done, from and until which day (UTC), before which entry."""

    verb: str = ""
    who: str = ""
    since: date | None = None
    until: date | None = None
    before: datetime | None = None


@dataclass(frozen=True, slots=True)
class AuditLine:
    """One entry in words."""

    at: datetime
    actor: str
    verb: str
    subject: str
    subject_id: str
    sitting: UUID | None
    details: tuple[tuple[str, str], ...]


def read_audit_filter(data: Mapping[str, str]) -> AuditFilter:
    """The filter that an address asks for.

    Raises:
        UsageError: a day or an instant that is none.
    """
    return AuditFilter(
        verb=data.get("verb", "") if data.get("verb", "") in VERBS else "",
        who=data.get("who", "").strip()[:150],
        since=_day(data.get("since", "")),
        until=_day(data.get("until", "")),
        before=_instant(data.get("before", "")),
    )


def audit_lines(wanted: AuditFilter) -> tuple[list[AuditLine], datetime | None]:
    """The newest entries that fit, and the instant before which to go on, or None at the end."""
    rows = AuditEntry.objects.select_related("actor").order_by("-at", "id")
    if wanted.verb:
        rows = rows.filter(verb=wanted.verb)
    if wanted.since:
        rows = rows.filter(at__date__gte=wanted.since)
    if wanted.until:
        rows = rows.filter(at__date__lte=wanted.until)
    if wanted.before:
        rows = rows.filter(at__lt=wanted.before)
    if wanted.who:
        rows = rows.filter(_of_person(wanted.who))
    found = list(rows[: ENTRIES_A_PAGE + 1])
    shown = _whole_instants(found)
    return _lines(shown), (shown[-1].at if len(shown) < len(found) else None)


def _whole_instants(found: Sequence[AuditEntry]) -> list[AuditEntry]:
    """One page, cut between two instants so that the next page, which begins before the last of them, leaves none out."""
    if len(found) <= ENTRIES_A_PAGE:
        return list(found)
    shown = [entry for entry in found if entry.at > found[-1].at]
    return shown or list(AuditEntry.objects.select_related("actor").filter(at=found[-1].at))


def _of_person(name: str) -> Q:
    users = [str(key) for key in User.objects.filter(username=name).values_list("pk", flat=True)]
    sittings = [str(key) for key in Sitting.objects.filter(user__username=name).values_list("pk", flat=True)]
    return Q(actor__username=name) | Q(subject__in=[*users, *sittings, name])


def _lines(entries: Iterable[AuditEntry]) -> list[AuditLine]:
    entries = list(entries)
    ids = [one for one in map(_uuid, {entry.subject for entry in entries}) if one is not None]
    users = {str(user.pk): user.username for user in User.objects.filter(pk__in=ids)}
    sittings = {str(row.pk): row for row in Sitting.objects.select_related("user").filter(pk__in=ids).defer("form")}
    return [_line(entry, users, sittings) for entry in entries]


def _line(entry: AuditEntry, users: Mapping[str, str], sittings: Mapping[str, Sitting]) -> AuditLine:
    row = sittings.get(entry.subject)
    subject = users.get(entry.subject, entry.subject)
    if row is not None:
        subject = _("sitting of %(name)s") % {"name": row.user.username}
    return AuditLine(
        at=entry.at,
        actor=entry.actor.username if entry.actor else _("the command line"),
        verb=verb_text(entry.verb),
        subject=subject,
        subject_id=entry.subject,
        sitting=row.pk if row is not None and row.is_proctored else None,
        details=tuple((name.replace("_", " "), _shown(value)) for name, value in entry.detail.items() if value not in ("", [])),
    )


def _shown(value: Any) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)


def _day(text: str) -> date | None:
    if not text.strip():
        return None
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        raise UsageError(_("write the day as 2027-03-14, or leave it empty")) from None


def _instant(text: str) -> datetime | None:
    if not text.strip():
        return None
    try:
        moment = datetime.fromisoformat(text.strip())
    except ValueError:
        raise UsageError(_("the address is not whole; go back to the newest entries")) from None
    if moment.utcoffset() is None or abs(moment.utcoffset() or timedelta()) > timedelta(hours=14):
        raise UsageError(_("the address is not whole; go back to the newest entries"))
    return moment


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
