"""What goes wrong is said in the same way everywhere: JSON under the API, a page elsewhere, and never a traceback."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.db import OperationalError, connection
from django.test import Client

from bedside.errors import StoreError
from bedside.site.accounts.actions import add_user, create_token
from bedside.site.accounts.models import ApiToken, Profile, User
from bedside.site.accounts.queries import local_learner
from bedside.site.database import is_store_failure, one_write
from tests.support.site import Clock, Player, get, new_player, post
from tests.support.sittings import T0

only_sqlite = pytest.mark.skipif(connection.vendor != "sqlite", reason="is about SQLite")
EVIL = {"Host": "evil.example"}


@contextmanager
def _full_store() -> Iterator[None]:
    """SQLite refuses every write, as on a disk without room."""
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA query_only=1")
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA query_only=0")


# --- the store ----------------------------------------------------------------------------------------------------------


@only_sqlite
@pytest.mark.django_db(transaction=True)
def test_a_page_that_writes_says_that_the_store_takes_nothing(clock: Clock) -> None:
    browser = Client()
    browser.post("/welcome", {"skip": "1"})
    forms: list[tuple[str, dict[str, str]]] = [
        ("/welcome", {"skip": "1"}),
        ("/welcome", {"minutes_a_day": "45"}),
        ("/me", {"first_name": "Ada", "theme": "dark", "text_size": "large"}),
    ]
    with _full_store():
        answers = [browser.post(path, form) for path, form in forms]
        answers.append(browser.post("/me/display", {"theme": "dark"}, content_type="application/json"))
        for answer in answers:
            assert answer.status_code == 503
            assert "The store does not take anything now" in answer.content.decode()
    learner = local_learner()
    assert (learner.first_name, learner.profile.theme) == ("", "system")
    assert browser.post("/me", forms[2][1]).status_code == 302
    assert (User.objects.get().first_name, Profile.objects.get().theme) == ("Ada", "dark")


@only_sqlite
@pytest.mark.django_db(transaction=True)
def test_the_first_visit_to_a_full_store_is_told_so_too() -> None:
    with _full_store():
        assert Client().get("/").status_code == 503
    assert not User.objects.exists()


@only_sqlite
@pytest.mark.django_db(transaction=True)
def test_nobody_and_no_token_is_made_in_a_full_store() -> None:
    ada = add_user("ada", password=None, at=T0)
    with _full_store():
        with pytest.raises(StoreError):
            add_user("bob", password=None, at=T0)
        with pytest.raises(StoreError):
            create_token(ada, at=T0)
    assert (User.objects.count(), ApiToken.objects.count()) == (1, 0)


@pytest.mark.parametrize(
    "text",
    ["unable to open database file", "attempt to write a readonly database", "disk I/O error", "database or disk is full"],
)
def test_a_store_out_of_reach_is_a_store_that_refuses(text: str) -> None:
    assert is_store_failure(OperationalError(text))
    assert not is_store_failure(sqlite3.OperationalError(text))  # it comes to us as Django's
    assert not is_store_failure(OperationalError("no such table: users"))


@pytest.mark.django_db(transaction=True)
def test_a_store_out_of_reach_becomes_one_error() -> None:
    with pytest.raises(StoreError, match="unable to open"), one_write():
        raise OperationalError("unable to open database file")


@pytest.mark.django_db
def test_a_page_that_cant_even_read_its_reader_still_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    def out_of_reach(*_: object) -> None:
        raise OperationalError("unable to open database file")

    monkeypatch.setattr("bedside.site.middleware.local_learner", out_of_reach)
    answer = Client().get("/me")
    assert answer.status_code == 503
    assert "Unable to open database file." in answer.content.decode()


# --- the API ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [
        ("get", "/api/nothing", 404, "not_found"),
        ("post", "/api/", 404, "not_found"),
        ("delete", "/api/sittings", 405, "wrong_method"),
        ("put", "/api/programmes/exam", 405, "wrong_method"),
        ("post", "/api/openapi.json", 405, "wrong_method"),
    ],
)
def test_an_address_or_a_method_that_is_none_is_said_in_json(
    client: Client, method: str, path: str, status: int, code: str
) -> None:
    answer = getattr(client, method)(path, headers={"Accept-Encoding": "gzip"})
    assert answer.status_code == status
    assert answer.headers["Content-Type"].startswith("application/json")
    assert "Content-Encoding" not in answer.headers
    assert int(answer.headers["Content-Length"]) == len(answer.content)
    assert answer.json().keys() == {"detail", "code"}
    assert answer.json()["code"] == code


def test_a_host_that_is_not_served_is_said_in_json(client: Client) -> None:
    answer = client.get("/api/programmes", headers=EVIL)
    assert (answer.status_code, answer.json()["code"]) == (400, "bad_host")
    assert "Content-Security-Policy" in answer.headers


def test_outside_the_api_an_error_stays_a_page(client: Client) -> None:
    assert client.get("/nothing").headers["Content-Type"].startswith("text/html")


def test_static_files_are_for_known_hosts_only(client: Client) -> None:
    static = client.get("/static/css/tokens.css")
    assert static.status_code == 200
    static.close()
    assert client.get("/static/css/tokens.css", headers=EVIL).status_code == 400


def test_a_stranger_s_host_leaves_no_traceback_in_the_log(client: Client, capfd: pytest.CaptureFixture[str]) -> None:
    for path in ("/", "/api/programmes", "/static/css/tokens.css"):
        client.get(path, headers=EVIL)
    assert capfd.readouterr().err == ""


def test_the_description_is_read_without_signing_in(db: None) -> None:
    stranger = Client(headers={"Authorization": "Bearer nobody"})
    assert get(stranger, "/api/openapi.json")["info"]["title"] == "Bedside"


@pytest.mark.parametrize("body", ["[" * 100_000, '{"theme": ' * 50_000, '{"theme": [["dark"]]}', "\ud800", "null"])
def test_a_look_that_is_no_sound_json_is_refused(db: None, clock: Clock, body: str) -> None:
    raw = body.encode("utf-8", "surrogatepass")
    answer = Client().post("/me/display", raw, content_type="application/json")
    assert answer.status_code == 400
    assert "This could not be done" in answer.content.decode()


# --- what a call may hold -----------------------------------------------------------------------------------------------

WISH = {"programme": "exam", "step": "first", "mode": "tutor", "items": 1}


def test_a_note_may_spell_the_escape_of_nul_but_not_hold_it(player: Player) -> None:
    item = player.open_block()[0]["id"]
    note = "the text \\u0000, written out"
    player.do("noted", item=item, text=note)
    assert player.state()["notes"] == {item: note}
    player.note("noted", item=item, text="a\0b")
    assert player.post(player.queue, expect=400)["code"] == "bad_request"
    player.queue.clear()
    player.seq -= 1
    player.note("settings", values={"a\0b": 1})
    assert player.post(player.queue, expect=400)["code"] == "bad_request"


@pytest.mark.parametrize(
    "neutral", [{"clock": "real"}, {"proctored": False}, {"filter": None}, {"filter": {}}, {"form": "block"}, {"minutes": None}]
)
def test_a_value_that_asks_for_nothing_special_is_taken(client: Client, clock: Clock, neutral: dict[str, object]) -> None:
    assert post(client, "/api/sittings", {**WISH, **neutral}, expect=201)["outline"]["form"] == "block"


@pytest.mark.parametrize(
    ("field", "value"), [("form", "whole"), ("clock", None), ("proctored", 0), ("proctored", None), ("filter", []), ("mode", 1)]
)
def test_what_is_not_known_at_all_is_refused_as_such(client: Client, field: str, value: object) -> None:
    assert post(client, "/api/sittings", {**WISH, field: value}, expect=400)["code"] == "invalid"


def test_the_codes_of_an_axis_are_given_once(client: Client, clock: Clock) -> None:
    twice = {**WISH, "filter": {"system": ["renal"], "axes": {"system": ["blood"]}}}
    assert "give the codes of system once" in post(client, "/api/sittings", twice, expect=400)["detail"]
    for once in ({"system": ["renal"], "axes": {"system": []}}, {"system": [], "axes": {"system": ["renal"]}}):
        post(client, "/api/sittings", {**WISH, "filter": once}, expect=201)


# --- pages --------------------------------------------------------------------------------------------------------------


def test_no_cache_keeps_a_page_of_somebody_s(db: None, clock: Clock) -> None:
    browser = Client()
    browser.post("/welcome", {"skip": "1"})
    player = new_player(browser, clock)
    player.open_block()
    assert "no-store" in browser.get(f"/sit/{player.sitting}").headers["Cache-Control"]
    player.do("block_closed", block=1)
    for path in ("/", "/practice", "/programmes", "/me", f"/report/{player.sitting}"):
        answer = browser.get(path)
        assert (answer.status_code, answer.headers["Cache-Control"]) == (200, "private, no-store")
    assert browser.get("/me/responses.csv").headers["Cache-Control"] == "no-store"
