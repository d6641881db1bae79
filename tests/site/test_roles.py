"""Who may enter where: the five roles, the door of the office, and the learner of this computer."""

from __future__ import annotations

import json
from collections.abc import Iterator
from uuid import UUID

import pytest
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from bedside.errors import ConflictError, UsageError
from bedside.site.accounts.guard import OfficeDoor, only
from bedside.site.accounts.models import AuditEntry, RoleGrant, User
from bedside.site.accounts.queries import local_learner
from bedside.site.accounts.role_changes import change_roles, set_active
from bedside.site.accounts.roles import LEARNER_ROLES, Role, has_role, roles_of
from tests.support.people import browser_of, person, program_of
from tests.support.site import Clock, get
from tests.support.sittings import T0

pytestmark = pytest.mark.django_db

NOBODYS = UUID(int=7)
PROCTOR = frozenset({Role.PROCTOR})
ADMINISTRATOR = frozenset({Role.ADMINISTRATOR})
BOTH = PROCTOR | ADMINISTRATOR
READERS = frozenset({Role.AUTHOR, Role.REVIEWER, Role.ADMINISTRATOR})

# every address behind the door, by its name, and who may enter; a new one fails the test below until it stands here
PAGES: dict[str, tuple[frozenset[Role], dict[str, object]]] = {
    "office:office": (BOTH | READERS, {}),
    "office:proctor": (PROCTOR, {}),
    "office:proctor_live": (PROCTOR, {}),
    "office:message_all": (PROCTOR, {}),
    "office:sitting": (PROCTOR, {"sitting_id": NOBODYS}),
    "office:sitting_live": (PROCTOR, {"sitting_id": NOBODYS}),
    "office:act": (PROCTOR, {"sitting_id": NOBODYS, "deed": "grant"}),
    "office:accommodations": (BOTH, {}),
    "office:accommodation": (BOTH, {"user_id": NOBODYS}),
    "office:people": (ADMINISTRATOR, {}),
    "office:person": (ADMINISTRATOR, {"user_id": NOBODYS}),
    "office:audit": (ADMINISTRATOR, {}),
    "office:items": (frozenset({Role.REVIEWER, Role.ADMINISTRATOR}), {}),
    "registration:list": (BOTH, {}),
    "registration:required": (ADMINISTRATOR, {}),
    "registration:one": (BOTH, {"registration_id": NOBODYS}),
    "registration:act": (ADMINISTRATOR, {"registration_id": NOBODYS, "deed": "extend"}),
    "registration:candidate": (BOTH, {"user_id": NOBODYS}),
    "registration:register": (ADMINISTRATOR, {"user_id": NOBODYS}),
    "registration:file": (ADMINISTRATOR, {"user_id": NOBODYS}),
    "registration:validity": (ADMINISTRATOR, {"user_id": NOBODYS}),
    "registration:record": (BOTH, {"user_id": NOBODYS}),
    "registration:part": (BOTH, {"user_id": NOBODYS, "part": "person"}),
    "registration:certify": (ADMINISTRATOR, {"sitting_id": NOBODYS}),
    "journeys:office": (ADMINISTRATOR, {}),
    "journeys:office-deed": (ADMINISTRATOR, {"journey_id": NOBODYS, "deed": "hide"}),
    "reflection:office_reports": (READERS, {}),
    "reflection:office_report": (READERS, {"report_id": NOBODYS}),
    "bankroom:bank": (READERS, {}),
    "bankroom:reviews": (READERS, {}),
    "bankroom:item": (READERS, {"name": "renal-0001"}),
}
CALLS: dict[tuple[str, str], frozenset[Role]] = {
    ("GET", "/office/sittings"): PROCTOR,
    ("POST", "/office/message"): PROCTOR,
    **{
        ("POST", f"/office/sittings/{{sitting_id}}/{deed}"): PROCTOR
        for deed in ("grant", "suspend", "reopen", "void", "message", "accommodate")
    },
}


def _patterns(resolver: URLResolver, before: str = "", space: str = "") -> Iterator[tuple[str, str, URLPattern]]:
    for one in resolver.url_patterns:
        path = before + str(one.pattern)
        if isinstance(one, URLResolver):
            yield from _patterns(one, path, one.namespace or space)
        else:
            yield path, f"{space}:{one.name}", one


def test_every_page_of_the_office_names_the_roles_that_may_enter() -> None:
    found = {
        name: getattr(one.callback, "roles", None)
        for path, name, one in _patterns(get_resolver())
        if path == "office" or path.startswith("office/")
    }
    assert found == {name: roles for name, (roles, _) in PAGES.items()}


def test_every_call_of_the_office_stands_in_the_list_of_those_that_are_tried() -> None:
    paths = get(program_of(person("pat")), "/api/openapi.json")["paths"]
    found = {(method.upper(), path) for path, methods in paths.items() for method in methods if "/office" in path}
    assert found == {(method, f"/api{path}") for method, path in CALLS}


@pytest.mark.parametrize("role", [*Role, None])
@pytest.mark.parametrize("name", PAGES)
def test_a_page_of_the_office_is_closed_to_every_other_role(name: str, role: Role | None) -> None:
    roles, arguments = PAGES[name]
    browser = browser_of(person("somebody", *([role] if role else [])))
    for method in ("get", "post"):
        status = getattr(browser, method)(reverse(name, kwargs=arguments)).status_code
        if role in roles:
            assert status != 403
        else:
            assert status in {403, 405}
    if role not in roles:
        assert 403 in {getattr(browser, method)(reverse(name, kwargs=arguments)).status_code for method in ("get", "post")}


@pytest.mark.parametrize("role", [*Role, None])
@pytest.mark.parametrize("call", CALLS)
def test_a_call_of_the_office_is_closed_to_every_other_role(call: tuple[str, str], role: Role | None) -> None:
    method, path = call
    program = program_of(person("somebody", *([role] if role else [])))
    address = "/api" + path.replace("{sitting_id}", str(NOBODYS))
    answer = program.generic(method, address, json.dumps({}), content_type="application/json")
    if role in CALLS[call]:
        assert answer.status_code in {200, 400, 404}
    else:
        assert (answer.status_code, answer.json()["code"]) == (403, "not_allowed")


@pytest.mark.parametrize("call", CALLS)
def test_a_call_of_the_office_without_a_token_is_told_to_sign_in_or_is_the_learners(call: tuple[str, str]) -> None:
    method, path = call
    address = "/api" + path.replace("{sitting_id}", str(NOBODYS))
    stranger = Client(headers={"Authorization": "Bearer bedside_nothing"})
    assert stranger.generic(method, address, "{}", content_type="application/json").status_code == 401
    assert Client().generic(method, address, "{}", content_type="application/json").status_code == 403


def test_a_page_that_names_no_role_is_closed_to_everybody() -> None:
    def forgotten(_request: HttpRequest) -> HttpResponse:
        return HttpResponse("open")

    door = OfficeDoor(forgotten)
    for path in ("/office", "/office/new"):
        with pytest.raises(PermissionDenied):
            door.process_view(RequestFactory().get(path), forgotten, (), {})
    for view, path in ((only(Role.PROCTOR)(forgotten), "/office/new"), (forgotten, "/officers")):
        door.process_view(RequestFactory().get(path), view, (), {})  # is not refused


def test_somebody_without_the_role_is_told_how_to_sign_in_as_somebody_else() -> None:
    answer = Client().get("/office/proctor")
    assert answer.status_code == 403
    assert 'href="/login/?next=/office/proctor"' in answer.content.decode()


def test_the_navigation_leads_to_the_office_those_who_may_enter() -> None:
    assert 'href="/office"' in browser_of(person("pat", Role.PROCTOR)).get("/practice").content.decode()
    assert 'href="/office"' not in browser_of(person("ada", Role.CANDIDATE)).get("/practice").content.decode()
    assert 'href="/office"' not in Client().get("/practice").content.decode()


def test_who_writes_is_led_to_the_bank(monkeypatch: pytest.MonkeyPatch) -> None:
    browser = browser_of(person("alma", Role.AUTHOR))
    assert 'href="/office/bank"' in browser.get("/library").content.decode()
    assert 'href="/office/bank"' not in browser_of(person("ada", Role.CANDIDATE)).get("/library").content.decode()

    assert 'href="/office"' not in browser.get("/practice").content.decode()  # nobody else is at this computer
    monkeypatch.setattr(settings, "IS_LOCAL", False)
    assert 'href="/office"' in browser.get("/practice").content.decode()


def test_the_office_leads_each_to_their_first_page() -> None:
    browser = browser_of(person("pat", Role.PROCTOR))
    assert browser.get("/office").headers["Location"] == "/office/proctor"
    root = browser_of(person("root", Role.ADMINISTRATOR))
    assert root.get("/office").headers["Location"] == "/office/people"
    alma = browser_of(person("alma", Role.AUTHOR))
    assert alma.get("/office").headers["Location"] == "/office/bank"


# --- what a role is worth -----------------------------------------------------------------------------------------------


def test_a_person_can_have_several_roles_and_a_closed_one_has_none() -> None:
    pat = person("pat", Role.PROCTOR, Role.AUTHOR)
    assert roles_of(pat) == {Role.PROCTOR, Role.AUTHOR}
    assert has_role(pat, Role.ADMINISTRATOR, Role.AUTHOR)
    pat.is_active = False
    assert roles_of(pat) == frozenset()


def test_a_token_carries_the_roles_that_its_user_has_now(clock: Clock) -> None:
    pat = person("pat", Role.PROCTOR)
    program = program_of(pat)
    assert get(program, "/api/office/sittings")["sittings"] == []
    change_roles(pat, {Role.CANDIDATE}, at=T0, actor=None)
    assert get(program, "/api/office/sittings", expect=403)["code"] == "not_allowed"
    change_roles(pat, {Role.PROCTOR}, at=T0, actor=None)
    set_active(pat, False, at=T0, actor=None)
    get(program, "/api/office/sittings", expect=401)


def test_nobody_takes_the_last_administrators_role_away_nor_closes_them() -> None:
    root = person("root", Role.ADMINISTRATOR)
    other = person("other", Role.ADMINISTRATOR)
    change_roles(other, {Role.CANDIDATE}, at=T0, actor=root)
    with pytest.raises(ConflictError, match="last administrator"):
        change_roles(root, {Role.CANDIDATE}, at=T0, actor=root)
    with pytest.raises(ConflictError, match="last administrator"):
        set_active(root, False, at=T0, actor=root)
    assert roles_of(User.objects.get(pk=root.pk)) == {Role.ADMINISTRATOR}
    change_roles(other, {Role.ADMINISTRATOR}, at=T0, actor=root)
    set_active(other, False, at=T0, actor=root)  # one who is closed counts for none
    with pytest.raises(ConflictError, match="last administrator"):
        change_roles(root, set(), at=T0, actor=root)


def test_a_change_that_changes_nothing_leaves_no_entry() -> None:
    pat = person("pat", Role.PROCTOR)
    before = AuditEntry.objects.count()
    change_roles(pat, {Role.PROCTOR}, at=T0, actor=None)
    assert AuditEntry.objects.count() == before


# --- the learner of this computer ---------------------------------------------------------------------------------------


def test_the_learner_is_no_proctor_and_no_administrator_and_cant_become_one() -> None:
    learner = local_learner()
    assert roles_of(learner) == LEARNER_ROLES == {Role.CANDIDATE, Role.AUTHOR, Role.REVIEWER}
    for role in (Role.PROCTOR, Role.ADMINISTRATOR):
        with pytest.raises(UsageError, match="without a password"):
            change_roles(learner, LEARNER_ROLES | {role}, at=T0, actor=None)
    with pytest.raises(UsageError, match="can't be closed"):
        set_active(learner, False, at=T0, actor=None)


@pytest.mark.parametrize(
    "headers",
    [
        {"X-Forwarded-For": "192.0.2.7"},
        {"X-Forwarded-For": "127.0.0.1"},
        {"Forwarded": "for=192.0.2.7"},
        {"X-Real-IP": "192.0.2.7"},
        {"X-Forwarded-Host": "exam.example.org"},
        {"Via": "1.1 proxy"},
    ],
)
def test_a_request_that_a_proxy_passed_on_is_nobodys(headers: dict[str, str]) -> None:
    assert get(Client(headers=headers), "/api/programmes", expect=401)["code"] == "not_signed_in"
    assert Client(headers=headers).get("/practice").headers["Location"].startswith("/login/")


@pytest.mark.parametrize("address", ["192.0.2.7", "10.0.0.2", "172.17.0.1", ""])
def test_a_request_from_another_computer_is_nobodys(address: str) -> None:
    get(Client(REMOTE_ADDR=address), "/api/programmes", expect=401)
    assert get(Client(REMOTE_ADDR="127.0.0.1"), "/api/programmes")["programmes"]
    assert get(Client(REMOTE_ADDR="::1"), "/api/programmes")["programmes"]


def test_another_host_name_is_refused_whatever_the_address_says() -> None:
    assert Client(headers={"Host": "exam.example.org"}).get("/practice").status_code == 400


def test_somebody_else_signs_in_on_a_local_site_and_is_who_they_are(clock: Clock) -> None:
    person("pat", Role.PROCTOR, password="correct horse battery")
    browser = Client()
    assert browser.get("/office/proctor").status_code == 403
    answer = browser.post(
        "/login/?next=/office/proctor", {"username": "pat", "password": "correct horse battery", "next": "/office/proctor"}
    )
    assert answer.headers["Location"] == "/office/proctor"
    assert browser.get("/office/proctor").status_code == 200
    page = browser.get("/me").content.decode()
    assert "You are signed in as pat." in page
    browser.post("/logout/")
    assert "Whoever sits at this computer" in browser.get("/me").content.decode()


def test_a_role_is_held_once() -> None:
    pat = person("pat", Role.PROCTOR)
    change_roles(pat, {Role.PROCTOR, Role.AUTHOR}, at=T0, actor=None)
    assert RoleGrant.objects.filter(user=pat).count() == 2
