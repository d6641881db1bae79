"""What a browser or a program may not do."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
from django.conf import settings
from django.test import Client

from bedside.site.accounts.actions import add_user, create_token
from bedside.site.accounts.models import ApiToken, User
from bedside.site.accounts.queries import local_learner
from tests.support.site import Clock, get, new_player, post
from tests.support.sittings import T0

WISH = {"programme": "exam", "step": "first", "mode": "tutor", "items": 1}


@pytest.fixture
def browser(db: None) -> Client:
    """The browser of this computer's learner, with the check against forgery on."""
    return Client(enforce_csrf_checks=True)


def test_the_local_learner_is_signed_in_without_a_password(browser: Client) -> None:
    assert get(browser, "/api/programmes")["programmes"][0]["name"] == "exam"
    learner = local_learner()
    assert not learner.has_usable_password()
    assert not Client().login(username=learner.username, password="")


def test_a_call_that_writes_needs_the_forgery_token_even_in_local_mode(browser: Client, clock: Clock) -> None:
    refused = post(browser, "/api/sittings", WISH, expect=403)
    assert refused["code"] == "forged"
    browser.get("/practice")  # a page with a form gives the token
    token = browser.cookies[settings.CSRF_COOKIE_NAME].value
    made = browser.post("/api/sittings", json.dumps(WISH), content_type="application/json", headers={"X-CSRFToken": token})
    assert made.status_code == 201
    sitting = made.json()["id"]
    assert post(browser, f"/api/sittings/{sitting}/writers", {}, expect=403)["code"] == "forged"
    events = {"writer": made.json()["writer"], "events": []}
    assert post(browser, f"/api/sittings/{sitting}/events", events, expect=403)["code"] == "forged"


def test_a_form_that_another_site_sends_is_refused(browser: Client, clock: Clock) -> None:
    response = browser.post(
        "/api/sittings", json.dumps(WISH), content_type="text/plain", headers={"Origin": "https://evil.example"}
    )
    assert response.status_code == 403
    for path in ("/practice", "/welcome", "/me"):
        assert browser.post(path, {"programme": "exam"}).status_code == 403


def test_a_host_name_that_is_not_this_computer_is_refused(browser: Client) -> None:
    assert browser.get("/api/programmes", headers={"Host": "evil.example"}).status_code == 400
    for host in ("localhost:8000", "127.0.0.1:8000", "[::1]:8000"):
        assert browser.get("/api/programmes", headers={"Host": host}).status_code == 200


def test_a_program_needs_no_forgery_token_but_a_token_that_is_known(user: User, clock: Clock) -> None:
    made = create_token(user, at=T0)
    program = Client(enforce_csrf_checks=True, headers={"Authorization": f"Bearer {made.secret}"})
    post(program, "/api/sittings", WISH, expect=201)
    stranger = Client(enforce_csrf_checks=True, headers={"Authorization": "Bearer bedside_nothing"})
    # not even as the learner of this computer
    assert post(stranger, "/api/sittings", WISH, expect=401)["code"] == "not_signed_in"
    assert get(stranger, "/api/programmes", expect=401)["code"] == "not_signed_in"
    ApiToken.objects.update(revoked_at=T0)
    assert get(program, "/api/programmes", expect=401)["code"] == "not_signed_in"


def test_a_token_is_kept_as_its_hash(user: User) -> None:
    made = create_token(user, at=T0)
    kept = ApiToken.objects.get(pk=made.id)
    assert made.secret not in {kept.digest, kept.name}
    assert len(kept.digest) == 64


def test_the_token_of_someone_inactive_is_worth_nothing(user: User) -> None:
    made = create_token(user, at=T0)
    User.objects.update(is_active=False)
    get(Client(headers={"Authorization": f"Bearer {made.secret}"}), "/api/programmes", expect=401)


def test_answers_carry_the_policy_and_are_kept_by_no_cache(browser: Client) -> None:
    headers = browser.get("/api/programmes").headers
    policy = {part.split()[0]: part.split()[1:] for part in headers["Content-Security-Policy"].split(";")}
    assert policy == {
        "default-src": ["'self'"],
        "object-src": ["'none'"],
        "base-uri": ["'none'"],
        "form-action": ["'self'"],
        "frame-ancestors": ["'none'"],
    }
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["Cache-Control"] == "no-store"


def test_a_password_is_kept_with_argon2id(db: None) -> None:
    assert add_user("eve", password="correct horse battery", at=T0).password.startswith("argon2$argon2id$")


BAD_BODIES = [
    (b"", 400),
    (b"[]", 400),
    (b"nonsense", 400),
    (b'{"writer": NaN}', 400),
    (b"\xff\xfe", 400),
    (b'{"a": "\\u0000"}', 400),
    (b"[" * 50_000, 400),
    (b'{"items": ' + b"9" * 5000 + b"}", 400),
    (b" " * 300_000, 413),
]


@pytest.mark.parametrize(("body", "status"), BAD_BODIES, ids=range(len(BAD_BODIES)))
def test_a_body_that_is_no_sound_json_gets_one_clear_line(client: Client, body: bytes, status: int) -> None:
    response = client.post("/api/sittings", body, content_type="application/json")
    assert response.status_code == status
    assert set(response.json()) == {"detail", "code"}


def _bad_events() -> Iterator[dict[str, object]]:
    good: dict[str, object] = {"seq": 1, "type": "answered", "elapsed_ms": 0, "item": "x", "choice": ["A"], "ms": 1}
    yield {**good, "seq": 0}
    yield {**good, "seq": "1"}
    yield {**good, "seq": True}
    yield {**good, "elapsed_ms": -1}
    yield {**good, "elapsed_ms": 10**15}
    yield {**good, "type": "time_expired"}  # the server's own
    yield {**good, "type": "voided"}
    yield {**good, "choice": []}
    yield {**good, "choice": ["AB"]}
    yield {**good, "choice": ["A"] * 27}
    yield {**good, "correct": True}
    yield {**good, "item": "x" * 201}
    yield {"seq": 1, "type": "noted", "elapsed_ms": 0, "item": "x", "text": "x" * 4001}
    yield {"seq": 1, "type": "noted", "elapsed_ms": 0, "item": "x", "text": "\ud800"}
    yield {"seq": 1, "type": "highlighted", "elapsed_ms": 0, "item": "x", "ranges": [[0, 1]] * 201}
    yield {"seq": 1, "type": "settings", "elapsed_ms": 0, "values": {str(n): 1 for n in range(31)}}


@pytest.mark.parametrize("event", list(_bad_events()))
def test_an_event_that_does_not_fit_its_schema_is_refused_and_nothing_is_kept(
    client: Client, clock: Clock, event: dict[str, object]
) -> None:
    player = new_player(client, clock)
    body = {"writer": player.writer, "events": [event]}
    assert post(client, f"{player.path}/events", body, expect=400)["code"] == "invalid"
    assert player.state()["last_seq"] == {player.writer: 0}


def test_more_than_500_events_in_a_call_are_refused(client: Client, clock: Clock) -> None:
    player = new_player(client, clock)
    for _ in range(501):
        player.note("resumed")
    assert player.post(player.queue, expect=400)["code"] == "invalid"
    assert player.post(player.queue[:500])["acknowledged"] == 500
