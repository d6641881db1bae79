"""The audit log: never changed, never shortened; which deeds are written down, and how the administrator finds them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from bedside.errors import ConflictError
from bedside.site.accounts.actions import create_token, revoke_token
from bedside.site.accounts.audit import VERBS, audit
from bedside.site.accounts.models import AuditEntry, User
from bedside.site.accounts.roles import Role, roles_of
from tests.support.people import browser_of, person
from tests.support.site import Clock
from tests.support.sittings import T0, minutes

pytestmark = pytest.mark.django_db


def test_the_audit_log_is_never_changed_and_never_shortened() -> None:
    audit(actor=None, verb="user_added", subject="x", at=T0)
    entry = AuditEntry.objects.get()
    entry.verb = "signed_in"
    deeds: list[Callable[[], object]] = [
        entry.save,
        entry.delete,
        AuditEntry.objects.all().delete,
        lambda: AuditEntry.objects.update(verb="signed_in"),
        lambda: AuditEntry.objects.bulk_update([entry], ["verb"]),
    ]
    for deed in deeds:
        with pytest.raises(ConflictError), transaction.atomic():
            deed()
    assert AuditEntry.objects.get().verb == "user_added"


def test_a_sign_in_with_a_password_is_written_down_and_one_without_is_not(clock: Clock) -> None:
    pat = person("pat", Role.PROCTOR, password="correct horse battery")
    Client().post("/login/", {"username": "pat", "password": "wrong horse battery"})
    Client().get("/me")
    assert not AuditEntry.objects.filter(verb="signed_in").exists()
    Client().post("/login/", {"username": "pat", "password": "correct horse battery"})
    entry = AuditEntry.objects.get(verb="signed_in")
    assert (entry.actor, entry.subject) == (pat, str(pat.pk))


def test_tokens_made_and_revoked_are_written_down_without_their_secret() -> None:
    pat, root = person("pat"), person("root", Role.ADMINISTRATOR)
    made = create_token(pat, name="import", at=T0, actor=root)
    revoke_token(UUID(made.id), at=minutes(1), actor=root)
    found = AuditEntry.objects.filter(verb__startswith="token_").order_by("at")
    assert [(entry.verb, entry.actor, entry.subject) for entry in found] == [
        ("token_created", root, str(pat.pk)),
        ("token_revoked", root, str(pat.pk)),
    ]
    assert made.secret not in str([entry.detail for entry in found])


@pytest.fixture
def root(clock: Clock) -> User:
    return person("root", Role.ADMINISTRATOR)


def _text(answer: Any) -> str:
    text: str = answer.content.decode()
    return text


def test_an_administrator_changes_roles_with_a_reason_and_it_is_written_down(root: User) -> None:
    ada = person("ada", Role.CANDIDATE)
    browser, address = browser_of(root), reverse("office:person", args=[ada.pk])
    assert browser.post(address, {"role": ["proctor"], "reason": " "}).status_code == 400
    assert roles_of(ada) == {Role.CANDIDATE}
    assert browser.post(address, {"role": ["proctor", "chief"], "reason": "x"}).status_code == 400
    assert browser.post(address, {"role": ["candidate", "proctor"], "reason": "exam in May"}).status_code == 302
    assert roles_of(ada) == {Role.CANDIDATE, Role.PROCTOR}
    entry = AuditEntry.objects.get(verb="roles_changed")
    assert (entry.actor, entry.detail) == (root, {"added": ["proctor"], "removed": [], "reason": "exam in May"})
    assert "exam in May" in _text(browser.get("/office/audit"))


def test_an_administrator_who_is_the_last_one_is_told_so(root: User) -> None:
    browser, address = browser_of(root), reverse("office:person", args=[root.pk])
    for data in ({"role": ["candidate"]}, {"close": "1"}):
        answer = browser.post(address, {**data, "reason": "rest"})
        assert answer.status_code == 409
        assert "is the last administrator" in _text(answer)
    assert roles_of(root) == {Role.ADMINISTRATOR}


def test_an_administrator_adds_and_closes_a_person(root: User) -> None:
    browser = browser_of(root)
    wish = {"username": "bob", "password": "correct horse battery", "role": ["candidate", "author"]}
    assert browser.post("/office/people", {**wish, "password": "short"}).status_code == 400
    assert browser.post("/office/people", wish).status_code == 302
    bob = User.objects.get(username="bob")
    assert bob.check_password("correct horse battery")
    assert AuditEntry.objects.get(verb="user_added", subject=str(bob.pk)).actor == root
    assert browser.post("/office/people", wish).status_code == 409
    browser.post(reverse("office:person", args=[bob.pk]), {"close": "1", "reason": "left"})
    assert not User.objects.get(username="bob").is_active
    assert "no, closed" in _text(browser.get("/office/people?name=bob"))
    browser.post(reverse("office:person", args=[bob.pk]), {"open": "1", "reason": "is back"})
    assert User.objects.get(username="bob").is_active


def test_the_audit_page_finds_by_verb_by_person_and_by_day(root: User) -> None:
    ada = person("ada", Role.CANDIDATE)
    audit(actor=root, verb="roles_changed", subject=str(ada.pk), at=minutes(24 * 60), detail={"reason": "found this"})
    browser = browser_of(root)
    for query in ("", "?verb=roles_changed", "?who=ada", "?since=2026-03-03", "?until=2026-03-03"):
        assert "found this" in _text(browser.get(f"/office/audit{query}")), query
    for query in ("?verb=signed_in", "?who=bob", "?since=2026-03-04", "?until=2026-03-02"):
        assert "found this" not in _text(browser.get(f"/office/audit{query}")), query
    for query in ("?since=soon", "?before=soon", "?before=2026-03-02T09:00:00"):
        assert browser.get(f"/office/audit{query}").status_code == 400


def test_the_audit_page_leads_through_all_entries_and_leaves_none_out(root: User) -> None:
    for n in range(250):
        audit(actor=root, verb="signed_in", subject=str(root.pk), at=minutes(1 + n // 3), detail={"n": f"<{n}>"})
    browser, address, seen = browser_of(root), "/office/audit?verb=signed_in", []
    while address:
        with CaptureQueriesContext(
            connection,
        ) as queries:
            page = _text(browser.get(address))
        assert len(queries) < 15
        seen += [n for n in range(250) if f"n: &lt;{n}&gt;" in page]
        older = page.split('href="?', 1)[1].split('"', 1)[0].replace("&amp;", "&") if ">Older<" in page else ""
        address = f"/office/audit?{older}" if older else ""
    assert sorted(seen) == list(range(250))


def test_every_verb_has_words(root: User) -> None:
    assert all(str(text).strip() for text in VERBS.values())
    audit(actor=root, verb="something_new", subject=str(uuid4()), at=T0)
    assert "something new" in _text(browser_of(root).get("/office/audit"))
