"""The lane for calls that save answers says and keeps what the site itself would, and leaves everything unusual to it."""

from __future__ import annotations

import io
import json
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

import pytest
from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from django.test import Client

from bedside.delivery import Mode
from bedside.site.accounts.actions import create_token, revoke_token
from bedside.site.accounts.models import ApiToken, User
from bedside.site.api.lane import Lane
from bedside.site.exam.models import Sitting, SittingEvent
from bedside.site.timings import SAVED
from tests.support.site import Clock, Player, new_player
from tests.support.sittings import T0

pytestmark = pytest.mark.django_db

CHANGING = {"content-length", "date"}
NOBODY = {"401 Unauthorized", "404 Not Found"}  # on a local site nobody is the local learner, whose sitting it is not


@dataclass
class Answered:
    """What a call was answered."""

    status: str
    headers: dict[str, str]
    told: Any


@dataclass
class Door:
    """The site's WSGI application with its lane, and how many calls went past the lane."""

    site: WSGIHandler = field(default_factory=WSGIHandler)
    n_past: int = 0

    def __post_init__(self) -> None:
        self.lane = Lane(self._past)

    def _past(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        self.n_past += 1
        return self.site(environ, start_response)

    def post(self, path: str, body: bytes, token: str, **environ: Any) -> Answered:
        said: list[Any] = []
        asked = {
            "REQUEST_METHOD": "POST",
            "PATH_INFO": path,
            "QUERY_STRING": "",
            "SERVER_NAME": "localhost",
            "SERVER_PORT": "80",
            "SERVER_PROTOCOL": "HTTP/1.1",
            "REMOTE_ADDR": "127.0.0.1",
            "HTTP_HOST": "localhost",
            "HTTP_AUTHORIZATION": f"Bearer {token}",
            "CONTENT_TYPE": "application/json",
            "CONTENT_LENGTH": str(len(body)),
            "wsgi.input": io.BytesIO(body),
            "wsgi.errors": io.StringIO(),
            "wsgi.url_scheme": "http",
            **environ,
        }
        asked = {name: value for name, value in asked.items() if value is not None}
        with _connection_left_open():
            parts = self.lane(asked, lambda status, headers: said.extend((status, headers)))
            text = b"".join(parts)
            if hasattr(parts, "close"):
                parts.close()
        assert dict(said[1])["Content-Length"] == str(len(text))
        return Answered(said[0], {name.lower(): value for name, value in said[1]}, json.loads(text))


@pytest.fixture
def token(user: User) -> str:
    return create_token(user, name="a program", at=T0).secret


@pytest.fixture
def door() -> Door:
    return Door()


@contextmanager
def _connection_left_open() -> Iterator[None]:
    """The test's transaction is in it. Django's test client does the same around each of its calls."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    try:
        yield
    finally:
        for signal in (request_started, request_finished):
            signal.connect(close_old_connections)


@pytest.fixture
def player(client: Client, clock: Clock) -> Player:
    made = new_player(client, clock)
    made.open_block()
    return made


def _body(player: Player, **fields: Any) -> bytes:
    player.note("answered", item=_first_item(player), choice=["B"], ms=1000)
    events, player.queue = player.queue, []
    return json.dumps({"writer": player.writer, "events": events, **fields}).encode()


def _first_item(player: Player) -> str:
    return str(Sitting.objects.get(pk=player.sitting).delivery_form().blocks[0].items[0].id)


def _learned(door: Door, player: Player, token: str) -> None:
    """The site has answered such a call once, so that the lane is open."""
    assert door.post(f"{player.path}/events", _body(player), token).status == "200 OK"
    assert door.n_past == 1


def test_the_lane_says_what_the_site_says(door: Door, client: Client, clock: Clock, token: str) -> None:
    by_site, by_lane = (new_player(client, clock) for _ in range(2))
    for player in (by_site, by_lane):
        player.open_block()
    first = door.post(f"{by_site.path}/events", _body(by_site), token)
    second = door.post(f"{by_lane.path}/events", _body(by_lane), token)
    assert door.n_past == 1
    assert (first.status, second.status) == ("200 OK", "200 OK")
    own = {"head", "signature"}  # of the ledger, which has gone on
    assert {key: value for key, value in first.told.items() if key not in own} == {
        key: value for key, value in second.told.items() if key not in own
    }
    assert {name: first.headers[name] for name in first.headers if name not in CHANGING} == {
        name: second.headers[name] for name in second.headers if name not in CHANGING
    }
    assert second.headers["cache-control"] == "no-store"
    assert "default-src" in second.headers["content-security-policy"]
    kept = [
        list(SittingEvent.objects.filter(sitting_id=one.sitting).order_by("arrival").values_list("seq", "type", "outcome"))
        for one in (by_site, by_lane)
    ]
    assert kept[0] == kept[1]


def test_a_tutor_is_told_the_key_in_the_lane_too(door: Door, client: Client, clock: Clock, token: str) -> None:
    player = new_player(client, clock, mode=Mode.TUTOR.value)
    player.open_block()
    first = door.post(f"{player.path}/events", _body(player), token)
    again = door.post(f"{player.path}/events", _body(player), token)
    assert door.n_past == 1
    assert first.told["revealed"] == again.told["revealed"]
    assert first.told["revealed"][0]["key"]


def test_sending_the_same_events_again_changes_nothing(door: Door, player: Player, token: str) -> None:
    _learned(door, player, token)
    body = _body(player)
    answers = [door.post(f"{player.path}/events", body, token).told for _ in range(2)]
    assert answers[0]["acknowledged"] == answers[1]["acknowledged"]
    assert door.n_past == 1


def test_each_saved_call_is_timed_once(door: Door, player: Player, token: str) -> None:
    _learned(door, player, token)
    n_before = SAVED.n
    door.post(f"{player.path}/events", _body(player), token)
    assert SAVED.n == n_before + 1


UNUSUAL: dict[str, tuple[str, dict[str, Any], str]] = {
    "an unknown token": ("", {"HTTP_AUTHORIZATION": "Bearer none"}, "401"),
    "another way to sign in": ("", {"HTTP_AUTHORIZATION": "Basic YTpi"}, "401"),
    "a host that is not served": ("", {"HTTP_HOST": "elsewhere.example"}, "400"),
    "a method that saves nothing": ("", {"REQUEST_METHOD": "PUT"}, "405"),
    "a field that there is not": ('{"writer": "%s", "events": [], "more": 1}', {}, "400"),
    "a number that is none": ('{"writer": "%s", "events": NaN}', {}, "400"),
    "a NUL": ('{"writer": "%s", "events": [{"type": "\\u0000"}]}', {}, "400"),
    "a text that is no JSON": ("%s", {}, "400"),
    "an unknown writer": (json.dumps({"writer": str(uuid4()), "events": []}) + "%.0s", {}, "404"),
}


@pytest.mark.parametrize("case", UNUSUAL.values(), ids=UNUSUAL)
def test_what_is_unusual_is_the_sites_to_answer(
    case: tuple[str, dict[str, Any], str], door: Door, player: Player, token: str
) -> None:
    text, environ, status = case
    _learned(door, player, token)
    body = (text % player.writer).encode() if text else _body(player)
    answered = door.post(f"{player.path}/events", body, token, **environ)
    assert answered.status.startswith(status)
    assert door.n_past == 2
    assert set(answered.told) >= {"detail", "code"}


def test_a_body_over_the_limit_is_refused_without_being_read(door: Door, player: Player, token: str) -> None:
    _learned(door, player, token)
    body = b" " * (settings.DATA_UPLOAD_MAX_MEMORY_SIZE + 1)
    assert door.post(f"{player.path}/events", body, token).status.startswith("413")


def test_another_persons_sitting_is_not_there(door: Door, player: Player, token: str) -> None:
    _learned(door, player, token)
    stranger = create_token(User.objects.create(username="stranger"), name="theirs", at=T0).secret
    assert door.post(f"{player.path}/events", _body(player), stranger).status.startswith("404")


def test_a_revoked_token_is_out_at_once(door: Door, player: Player, token: str) -> None:
    _learned(door, player, token)
    assert door.post(f"{player.path}/events", _body(player), token).status == "200 OK"
    revoke_token(ApiToken.objects.get(name="a program").pk, at=T0)
    assert door.post(f"{player.path}/events", _body(player), token).status.startswith("401")


def test_a_superseded_player_is_told_to_stop(door: Door, player: Player, token: str) -> None:
    _learned(door, player, token)
    player.take_over()
    answered = door.post(f"{player.path}/events", _body(player), token)
    assert answered.status.startswith("409")
    assert answered.told["code"] == "writer_superseded"


def test_where_the_site_asks_for_an_encrypted_connection_so_does_the_lane(
    door: Door, player: Player, token: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    _learned(door, player, token)
    monkeypatch.setattr(settings, "SECURE_SSL_REDIRECT", True)
    door.post(f"{player.path}/events", _body(player), token)
    assert door.n_past == 2


def test_a_store_that_fails_is_reported_by_the_site(
    door: Door, player: Player, token: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    _learned(door, player, token)

    def fail(*_: Any) -> None:
        raise OSError("the disk is gone")

    monkeypatch.setattr("bedside.site.api.lane.acknowledge", fail)
    assert door.post(f"{player.path}/events", _body(player), token).status == "200 OK"  # the site was able to
    assert door.n_past == 2


def test_the_lane_is_closed_until_the_site_has_answered_on_that_kind_of_connection(
    door: Door, player: Player, token: str
) -> None:
    _learned(door, player, token)
    door.post(f"{player.path}/events", _body(player), token, **{"wsgi.url_scheme": "https"})
    assert door.n_past == 2
    assert door.lane._headers.keys() == {("http", True), ("https", True)}


@dataclass
class Visit:
    """A browser that has signed in, by what it sends with each call."""

    client: Client
    forgery: str

    @property
    def environ(self) -> dict[str, Any]:
        cookies = "; ".join(f"{name}={morsel.value}" for name, morsel in self.client.cookies.items())
        return {"HTTP_COOKIE": cookies, "HTTP_X_CSRFTOKEN": self.forgery, "HTTP_AUTHORIZATION": None}


@pytest.fixture
def visit(user: User) -> Visit:
    user.set_password("a long password")
    user.save()
    client = Client()
    client.force_login(user, backend=settings.AUTHENTICATION_BACKENDS[0])
    forgery = "a" * 32
    client.cookies[settings.CSRF_COOKIE_NAME] = forgery
    return Visit(client, forgery)


def _by_browser(door: Door, player: Player, visit: Visit, **environ: Any) -> Answered:
    return door.post(f"{player.path}/events", _body(player), "", **{**visit.environ, **environ})


def test_a_browser_takes_the_lane_by_its_session(door: Door, player: Player, visit: Visit) -> None:
    first = _by_browser(door, player, visit)
    again = _by_browser(door, player, visit)
    assert (first.status, again.status, door.n_past) == ("200 OK", "200 OK", 1)
    assert {name: first.headers[name] for name in first.headers if name not in CHANGING} == {
        name: again.headers[name] for name in again.headers if name not in CHANGING
    }
    assert "Cookie" in again.headers["vary"]


def test_a_call_that_another_page_made_a_browser_send_is_refused(door: Door, player: Player, visit: Visit) -> None:
    _by_browser(door, player, visit)
    n_before = SittingEvent.objects.count()
    for environ in ({"HTTP_X_CSRFTOKEN": ""}, {"HTTP_X_CSRFTOKEN": "b" * 32}, {"HTTP_ORIGIN": "http://elsewhere.example"}):
        assert _by_browser(door, player, visit, **environ).status.startswith("403")
    assert SittingEvent.objects.count() == n_before


def test_a_session_that_is_over_is_nobodys(door: Door, player: Player, visit: Visit) -> None:
    _by_browser(door, player, visit)
    kept = visit.environ
    visit.client.logout()
    assert door.post(f"{player.path}/events", _body(player), "", **kept).status in NOBODY


def test_a_session_begun_with_another_password_is_nobodys(door: Door, player: Player, visit: Visit, user: User) -> None:
    _by_browser(door, player, visit)
    user.set_password("another long password")
    user.save()
    assert _by_browser(door, player, visit).status in NOBODY


def test_somebody_who_may_no_longer_come_in_is_nobody(door: Door, player: Player, visit: Visit, user: User) -> None:
    _by_browser(door, player, visit)
    User.objects.filter(pk=user.pk).update(is_active=False)
    assert _by_browser(door, player, visit).status in NOBODY


@pytest.mark.parametrize("key", ["", "no such session", "x" * 500])
def test_a_made_up_session_is_nobodys(key: str, door: Door, player: Player, visit: Visit) -> None:
    _by_browser(door, player, visit)
    visit.client.cookies[settings.SESSION_COOKIE_NAME] = key
    assert _by_browser(door, player, visit).status in NOBODY


def test_a_token_that_is_not_known_is_not_made_good_by_a_session(door: Door, player: Player, visit: Visit) -> None:
    _by_browser(door, player, visit)
    assert _by_browser(door, player, visit, HTTP_AUTHORIZATION="Bearer none").status.startswith("401")
