"""The pages of the office, in the order in which they stand, and who may enter each."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from bedside.site.accounts.models import User
from bedside.site.accounts.roles import BANK_ROLES, Role, roles_of


@dataclass(frozen=True, slots=True)
class OfficePlace:
    """One page of the office's navigation."""

    name: str
    text: str | Promise
    roles: frozenset[Role]


PLACES = (
    OfficePlace("office:proctor", _("Proctor"), frozenset({Role.PROCTOR})),
    OfficePlace("office:accommodations", _("Accommodations"), frozenset({Role.PROCTOR, Role.ADMINISTRATOR})),
    OfficePlace("registration:list", _("Registrations"), frozenset({Role.PROCTOR, Role.ADMINISTRATOR})),
    OfficePlace("office:people", _("People"), frozenset({Role.ADMINISTRATOR})),
    OfficePlace("office:audit", _("Audit log"), frozenset({Role.ADMINISTRATOR})),
    OfficePlace("office:items", _("What items did"), frozenset({Role.REVIEWER, Role.ADMINISTRATOR})),
    OfficePlace("bankroom:bank", _("Bank"), BANK_ROLES),
    OfficePlace("reflection:office_reports", _("Reported errors"), BANK_ROLES),
    OfficePlace("journeys:office", _("Journeys"), frozenset({Role.ADMINISTRATOR})),
)
# what the office opens with: whoever may do several things begins with what they do most
FIRST = ("office:proctor", "office:people", "bankroom:bank")


def places_for(user: User) -> tuple[OfficePlace, ...]:
    """The pages that are open to this person."""
    held = roles_of(user)
    return tuple(place for place in PLACES if held & place.roles)
