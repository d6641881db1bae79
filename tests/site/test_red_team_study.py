"""What an attacker or a careless person does to cards, decks, plans and files of data: it is refused, and costs nobody else."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.conf import settings
from django.test import Client, override_settings
from django.urls import URLResolver, get_resolver

from bedside.errors import UsageError
from bedside.site.accounts.actions import add_user, update_profile
from bedside.site.accounts.days import LAST_DAY
from bedside.site.accounts.models import User
from bedside.site.brake import Brake
from bedside.site.cards import showing
from bedside.site.cards.actions import make_note
from bedside.site.cards.clozes import MAX_DEPTH, gaps_in, numbers_in, written
from bedside.site.cards.models import Card, CardMedia, Note
from bedside.site.cards.showing import MAX_KEPT, MAX_SIDE, gist_of, plain_text, shown
from bedside.site.carrying.bringing import import_person
from bedside.site.carrying.writing import export_person
from bedside.site.content import current_content
from bedside.site.decks import media_in
from bedside.site.decks import views as deck_views
from bedside.site.decks.actions import import_deck
from bedside.site.planning import nightly
from bedside.site.planning.actions import add_goal
from bedside.site.planning.limits import MOST_GOALS
from bedside.site.planning.models import StudyGoal
from bedside.site.planning.nightly import rebuild_all
from bedside.site.planning.planned import goals_of
from bedside.site.reminding import sending
from bedside.site.reminding.models import DailyLine
from bedside.site.reminding.sending import Outcome, send_due
from tests.site.test_decks import deck, deck_note
from tests.support import lives
from tests.support.lives import PNG, lines, with_lines
from tests.support.people import browser_of, proctored_player
from tests.support.site import Clock
from tests.support.sittings import T0

pytestmark = pytest.mark.django_db
APPS = {"today", "study", "cards", "decks", "planning", "reflection", "progress", "carrying", "reminding"}
WEEK = {f"minutes_{day}": "60" for day in range(7)}


@pytest.fixture
def ada(user: User, own_data: Path, clock: Clock) -> Client:
    """Ada's browser; the questions of the first run are answered."""
    update_profile(user, at=T0)
    return browser_of(user)


@pytest.fixture
def hosted(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Others use the server too."""
    monkeypatch.setattr(deck_views, "BRAKE", Brake(an_hour=2))
    with override_settings(IS_LOCAL=False):
        yield


def basic(front: str) -> dict[str, str]:
    return {"key": str(uuid4()), "kind": "basic", "field-0": front, "field-1": "back"}


# --- texts that would take a server's time ------------------------------------------------------------------------------------


def test_blanks_after_the_mark_of_a_picture_take_no_time(ada: Client) -> None:
    assert ada.post("/cards/new", basic("(media:" + " " * 19_900)).status_code == 302  # tried out one by one: eight hours


def test_gaps_within_gaps_without_end_are_text_from_a_depth_on(ada: Client) -> None:
    text = "{{c1::" * 2400 + "}}" * 2400
    assert written(gaps_in(text)) == text
    assert numbers_in(gaps_in("".join(f"{{{{c{n}::" for n in range(1, 30)) + "}}" * 30)) == tuple(range(1, MAX_DEPTH + 1))
    assert ada.post("/cards/new", basic("") | {"kind": "cloze", "field-0": text}).status_code == 302


def test_many_gaps_in_a_long_text_are_refused(user: User) -> None:
    text = " ".join(f"{{{{c{n}::{'*a*_' * 40}}}}}" for n in range(1, 101))
    with pytest.raises(UsageError, match="100 gaps are too many for so long a text"):
        make_note(user, kind="cloze", fields=[("Text", text)], at=T0)
    make_note(user, kind="cloze", fields=[("Text", " ".join(f"{{{{c{n}::x}}}}" for n in range(1, 101)))], at=T0)


@pytest.mark.parametrize("side", ["<div>" * 60_000 + "words", "words" + "<div>" * 500, "words" + "<p>x" * MAX_SIDE])
def test_a_side_that_a_parser_would_take_long_for_is_shown_as_its_words(side: str) -> None:
    assert "<div>" not in shown(side)
    assert "<p>" not in shown(side)
    assert len(shown(side)) <= MAX_SIDE
    assert len(plain_text(side)) <= MAX_SIDE
    assert len(gist_of(side)) <= 200


def test_what_is_shown_as_words_is_no_markup() -> None:
    side = "&lt;script&gt;alert(1)&lt;/script&gt;<script>alert(2)</script><img src=x onerror=alert(3)>" + "<div>" * 500
    assert "<script" not in shown(side)
    assert "<img" not in shown(side)


def test_long_sides_are_not_kept_in_memory() -> None:
    before = showing._kept.cache_info().currsize
    shown(f"{uuid4()}" + "x" * MAX_KEPT)
    assert showing._kept.cache_info().currsize == before


def test_what_can_not_be_read_of_a_call_or_a_form_is_told(ada: Client) -> None:
    assert ada.post("/study/sent", "[" * 100_000, content_type="application/json").status_code == 400
    assert ada.post("/today/minutes", {"minutes": "9" * 400}).status_code == 400
    assert ada.post("/me/reminders/line", {"address": "a@example.org", "hour": "9" * 5000}).status_code == 400


# --- the bank, and the disk, of a server that others use ----------------------------------------------------------------------


@pytest.mark.usefixtures("hosted")
def test_the_keys_of_the_bank_leave_no_server_that_others_use(ada: Client) -> None:
    assert b'name="items"' not in ada.get("/cards/export", secure=True).content
    assert ada.post("/cards/export", {"items": "1"}, secure=True).status_code == 403


def test_they_leave_ones_own_computer(ada: Client) -> None:
    assert b'name="items"' in ada.get("/cards/export").content
    response = ada.post("/cards/export", {"items": "1"})
    assert response.status_code == 200
    assert response.getvalue()


def picture(n: int) -> bytes:
    return PNG + bytes([n])


@pytest.mark.usefixtures("hosted", "own_data")
def test_a_deck_over_the_room_of_a_person_is_not_taken(user: User, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = deck(tmp_path / "d.apkg", deck_note("a", "front"), media={"one.png": picture(1), "two.png": picture(2)})
    monkeypatch.setattr(media_in, "MAX_MEDIA_BYTES", len(PNG) * 2)
    with pytest.raises(UsageError, match="more than there is room for"):
        import_deck(user, path, at=T0)
    assert not Note.objects.exists()
    assert not CardMedia.objects.exists()


@pytest.mark.usefixtures("hosted", "own_data")
def test_a_deck_that_is_taken_again_needs_no_more_room(user: User, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = deck(tmp_path / "d.apkg", deck_note("a", "front"), media={"one.png": picture(1)})
    import_deck(user, path, at=T0)
    monkeypatch.setattr(media_in, "MAX_MEDIA_BYTES", len(PNG) * 3)
    assert import_deck(user, path, at=T0).n_media == 1


@pytest.mark.usefixtures("own_data")
def test_no_deck_fills_the_disk(user: User, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = deck(tmp_path / "d.apkg", deck_note("a", "front"), media={"one.png": picture(1)})
    monkeypatch.setattr(media_in, "LEAST_FREE_BYTES", 2**60)
    with pytest.raises(UsageError, match="more than there is room for"):
        import_deck(user, path, at=T0)


@pytest.mark.usefixtures("hosted")
def test_decks_go_in_and_out_so_many_times_an_hour(ada: Client) -> None:
    for _ in range(2):
        assert ada.post("/cards/export", secure=True).getvalue()
    assert ada.post("/cards/export", secure=True).status_code == 429
    assert ada.post("/cards/import", secure=True).status_code == 429


# --- days and numbers that nothing can reckon with ----------------------------------------------------------------------------


@pytest.mark.parametrize("day", ["9999-12-31", "0001-01-01"])
def test_an_exam_lies_in_years_that_can_be_reckoned_with(ada: Client, user: User, day: str) -> None:
    assert ada.post("/plan", {**WEEK, "step": "exam/first", "exam_on": day}).status_code == 400
    assert ada.post("/plan/goals", {"step": "exam/first", "exam_on": day}).status_code == 400
    with pytest.raises(UsageError, match="exam_on"):
        update_profile(user, at=T0, exam_on=date.fromisoformat(day))
    with pytest.raises(UsageError, match="exam_on"):
        add_goal(user, current_content(), programme="exam", step="first", exam_on=date.fromisoformat(day), at=T0)


def test_the_last_of_these_days_is_planned_for(ada: Client) -> None:
    assert ada.post("/plan", {**WEEK, "step": "exam/first", "exam_on": LAST_DAY.isoformat()}).status_code == 302
    assert ada.post("/plan/goals", {"step": "exam/first", "exam_on": LAST_DAY.isoformat()}).status_code == 302
    for path in ("/", "/plan", "/study", "/progress/memory", "/me/calendar.ics"):
        assert ada.get(path).status_code == 200


@pytest.mark.parametrize(
    ("table", "values", "named"),
    [
        ("reviews", {"at": "0001-01-01T00:00:00Z"}, 'field "at": must lie in the years'),
        ("reviews", {"at": "9999-12-31T23:59:59Z"}, 'field "at": must lie in the years'),
        ("error_reasons", {"at": "0001-01-01T00:00:00Z"}, 'field "at": must lie in the years'),
        ("profile", {"exam_on": "9999-12-31"}, 'field "exam_on": must be a date'),
        ("goals", {"not_before": "9999-12-31"}, 'field "not_before": must be a date'),
        ("cards", {"due_on": "0001-01-01"}, 'field "due_on": must be a date'),
        ("calendar", {"days_off": [["2026-01-01", "2026-01-01"]] * 101}, "101 ranges"),
        ("calendar", {"days_off": [["0001-01-01", "9999-12-31"]]}, "a range of days"),
        ("cards", {"imported": {"set_by_hand": [1]}}, 'field "imported": set_by_hand.0'),
        ("cards", {"imported": {"state": "dreamt"}}, 'field "imported": state'),
        ("cards", {"imported": {"memory": 3}}, 'field "imported": memory'),
        ("notetypes", {"templates": [{}]}, 'field "templates": each must have a name'),
        ("fits", {"parameters": [1e308] * 21}, 'field "parameters": must be numbers from 0'),
        ("fits", {"parameters": [0.0] * 21}, 'field "parameters": the last one'),
        ("fits", {"parameters": [-1.0] * 21}, 'field "parameters": must be numbers from 0'),
    ],
)
@pytest.mark.usefixtures("own_data")
def test_a_file_with_such_days_or_numbers_is_refused(
    user: User, tmp_path: Path, table: str, values: dict[str, Any], named: str
) -> None:
    lives.whole_life(user)
    path = tmp_path / "mine.zip"
    export_person(user, path, at=T0 + lives.LATER)
    rows = lines(path, table)
    rows[0] = {**rows[0], **values}
    with pytest.raises(UsageError, match=named):
        import_person(user, with_lines(path, table, rows), at=T0 + lives.LATER)


def test_exams_beyond_number_are_not_planned_for(user: User) -> None:
    rows = [StudyGoal(user=user, key=uuid4(), programme="exam", step="first", changed_at=T0) for _ in range(MOST_GOALS + 88)]
    StudyGoal.objects.bulk_create(rows)
    assert len(goals_of(user)) == MOST_GOALS  # a hundred took 14 s with each page, and in the night for all


# --- one person's data is nobody else's trouble -------------------------------------------------------------------------------


@pytest.fixture
def three(user: User) -> list[User]:
    """Ada, bob and carol, with a day for their exam."""
    people = [user, *(add_user(name, password=None, at=T0) for name in ("bob", "carol"))]
    for one in people:
        update_profile(one, at=T0, programme="exam", step="first", exam_on=T0.date() + timedelta(days=90))
    return people


def failing(of: str, name: str) -> Any:
    def fails(user: User, *_: object, **__: object) -> str:
        if user.username == of:
            raise OverflowError("date value out of range")
        return name

    return fails


def test_the_night_goes_on_after_a_plan_that_fails(three: list[User], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(nightly, "rebuild", failing("bob", ""))
    seen: list[str] = []
    made = rebuild_all(current_content(), at=T0, told=lambda one: seen.append(one.username))
    assert (made.n_people, made.n_failed, seen) == (2, 1, ["ada", "carol"])


def test_the_mail_goes_on_after_a_line_that_fails(three: list[User], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sending, "say", failing("bob", "Today: 1 minute."))
    for one in three:
        DailyLine.objects.create(user=one, address="a@example.org", hour=4, asked_at=T0, confirmed_at=T0)
    noon = datetime.combine(T0.date(), datetime.min.time(), tzinfo=T0.tzinfo) + timedelta(hours=12)
    outcomes = {one.user: one.outcome for one in send_due(current_content(), at=noon, is_dry=True)}
    assert outcomes == {"ada": Outcome.WOULD_SEND, "bob": Outcome.FAILED, "carol": Outcome.WOULD_SEND}


# --- addresses ----------------------------------------------------------------------------------------------------------------


def addresses(values: dict[str, str]) -> Iterator[str]:
    """Every address of the study pages, filled in."""
    for part in get_resolver().url_patterns:
        if isinstance(part, URLResolver) and part.app_name in APPS:
            for one in part.url_patterns:
                path = f"/{one.pattern}".replace("/^", "/").rstrip("$")
                for name, value in values.items():
                    path = path.replace(name, value)
                if "(?P" not in path:
                    yield path


def filled(user: User, sitting: str = "") -> dict[str, str]:
    note = Note.objects.filter(user=user).first()
    media = CardMedia.objects.filter(user=user).first()
    assert note is not None
    assert media is not None
    any_id = str(uuid4())
    return {
        "<uuid:key>": str(note.key),
        "<str:name>": f"{media.sha256}.png",
        "<uuid:sitting_id>": sitting or any_id,
        "<int:position>": "1",
        "<slug:name>": "0123456789abcdef",
        "<uuid:report_id>": any_id,
        "<str:token>": "x",
    }


def test_nothing_that_was_learned_is_shown_while_a_proctored_sitting_is_under_way(
    ada: Client, user: User, client: Client, clock: Clock
) -> None:
    lives.whole_life(user)
    make_note(user, kind="basic", fields=[("Front", "SECRET question"), ("Back", "SECRET answer")], at=T0)
    player = proctored_player(client, clock, minutes=10)
    player.open_block()
    paths = list(addresses(filled(user, player.sitting)))
    assert len(paths) > 40
    for path in paths:
        for response in (ada.get(path), ada.post(path, {"look": "1", "takeaways": "1", "items": "1"})):
            assert not response.streaming, path
            assert b"SECRET" not in response.content, path
            assert response.headers.get("Content-Type", "").startswith(("text/", "application/json")) or not response.content


def test_nothing_of_one_person_is_anothers_to_see_or_change(ada: Client, user: User) -> None:
    lives.whole_life(user)
    bob = add_user("bob", password=None, at=T0)
    update_profile(bob, at=T0)
    card = Card.objects.filter(user=user).first()
    assert card is not None
    browser = browser_of(bob)
    for path in (path for path in addresses(filled(user)) if "/notes/" in path or "/media/" in path):
        assert browser.get(path).status_code in (404, 405), path
        assert browser.post(path, {"field-0": "x", "field-1": "y"}).status_code in (404, 405), path
    assert browser.post("/cards/aside", {"aside": str(card.key)}).status_code == 404
    grade = {"do": "grade", "review": str(uuid4()), "subject": f"card:{card.key}", "grade": 3}
    deeds = [{"do": "aside", "card": str(card.key)}, grade]
    told = browser.post("/study/sent", json.dumps({"deeds": deeds}), content_type="application/json").json()
    assert [one["place"] for one in told["refused"]] == [0, 1]


def test_each_form_of_the_study_pages_asks_for_the_forgery_token(ada: Client, user: User) -> None:
    lives.whole_life(user)
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(user)
    for path in addresses(filled(user)):
        if not path.startswith("/mail/"):  # whose link is the proof
            assert strict.post(path).status_code in (403, 405), path
    assert settings.SESSION_COOKIE_SAMESITE == "Lax"
