"""What another password does to the ways in that were open before."""

from __future__ import annotations

from uuid import UUID

import pytest
from django.test import Client

from bedside.site.accounts.actions import create_token, revoke_token, set_password
from bedside.site.accounts.models import ApiToken, AuditEntry, User
from tests.support.people import person
from tests.support.site import Clock, get
from tests.support.sittings import T0

pytestmark = pytest.mark.django_db


def test_a_new_password_makes_every_token_of_the_person_worthless_and_is_audited(
    user: User, client: Client, clock: Clock
) -> None:
    token = ApiToken.objects.get(user=user)
    other = create_token(person("eve"), at=T0)
    get(client, "/api/programmes")

    set_password(user, "a long new pass 42", at=T0)

    assert get(client, "/api/programmes", expect=401)["code"] == "not_signed_in"
    get(Client(headers={"Authorization": f"Bearer {other.secret}"}), "/api/programmes")
    entry = AuditEntry.objects.get(verb="token_revoked")
    assert (entry.subject, entry.detail) == (str(user.pk), {"token": str(token.pk)})


def test_a_token_that_was_revoked_before_keeps_its_time(user: User, clock: Clock) -> None:
    first, second = create_token(user, at=T0), create_token(user, at=T0)
    revoke_token(UUID(first.id), at=T0)
    clock.pass_s(60)

    set_password(user, "a long new pass 42", at=clock.at)

    revoked = dict(ApiToken.objects.values_list("pk", "revoked_at"))
    assert (revoked[UUID(first.id)], revoked[UUID(second.id)]) == (T0, clock.at)
