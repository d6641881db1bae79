"""The proctor's view: who sits where, what a proctor does, and what a proctor never sees or touches."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from bedside.errors import ConflictError, NotFoundError
from bedside.site.accounts.models import AuditEntry, User
from bedside.site.accounts.roles import Role
from bedside.site.database import one_write
from bedside.site.exam import proctoring
from bedside.site.exam.ledger import verify_sitting
from bedside.site.exam.models import Sitting, SittingEvent, Writer
from bedside.site.office.queries import SHOWS, seats
from bedside.site.office.words import span
from tests.support.days import make_small_exam
from tests.support.people import browser_of, person, proctored_player, program_of
from tests.support.site import Clock, Player, get, new_player, post

pytestmark = pytest.mark.django_db

HOUR_S = 3600


@pytest.fixture
def pat(clock: Clock) -> User:
    return person("pat", Role.PROCTOR)


@pytest.fixture
def program(pat: User) -> Client:
    """The proctor's program."""
    return program_of(pat)


@pytest.fixture
def browser(pat: User) -> Client:
    """The proctor's browser."""
    return browser_of(pat)


@pytest.fixture
def sitter(client: Client, clock: Clock) -> Player:
    """A candidate, "ada", with a proctored block of four items and a clock of 10 minutes, opened."""
    player = proctored_player(client, clock, minutes=10)
    player.open_block()
    return player


def _do(program: Client, sitter: Player, deed: str, *, expect: int = 200, **body: Any) -> dict[str, Any]:
    return post(program, f"/api/office/sittings/{sitter.sitting}/{deed}", body, expect=expect)


def _seat(program: Client) -> dict[str, Any]:
    (found,) = get(program, "/api/office/sittings")["sittings"]
    seat: dict[str, Any] = found
    return seat


def _last_event(sitter: Player) -> SittingEvent:
    return SittingEvent.objects.filter(sitting_id=UUID(sitter.sitting)).latest("arrival")


# --- who sits where -----------------------------------------------------------------------------------------------------


def test_a_proctor_sees_who_sits_where(program: Client, sitter: Player, clock: Clock) -> None:
    clock.pass_s(60)
    items = get(sitter.client, f"{sitter.path}/blocks/1")["items"]
    sitter.do("answered", item=items[0]["id"], choice=["A"], ms=1000)
    found = _seat(program)
    assert (found["user"], found["programme"], found["step"], found["form"]) == ("ada", "exam", "first", "block")
    assert (found["state"], found["block"], found["n_blocks"]) == ("in_block", 1, 1)
    assert (found["n_answered"], found["n_items"], found["remaining_ms"]) == (1, 4, 9 * 60_000)


def test_a_practice_block_is_nobodys_business(program: Client, browser: Client, client: Client, clock: Clock) -> None:
    practice = new_player(client, clock)
    practice.open_block()
    assert get(program, "/api/office/sittings")["sittings"] == []
    deeds: dict[str, dict[str, Any]] = {
        "grant": {"seconds": 60, "reason": "x"},
        "suspend": {"reason": "x"},
        "reopen": {"reason": "x"},
        "void": {"reason": "x"},
        "message": {"text": "x"},
        "accommodate": {"time_factor": "2", "reason": "x"},
    }
    for deed, body in deeds.items():
        assert _do(program, practice, deed, expect=404, **body)["code"] == "not_found"
    assert browser.get(reverse("office:sitting", args=[practice.sitting])).status_code == 404
    assert browser.get(reverse("office:sitting_live", args=[practice.sitting])).status_code == 404
    assert not Writer.objects.filter(kind="proctor").exists()


def test_the_list_says_in_words_where_each_stands(browser: Client, sitter: Player, clock: Clock) -> None:
    page = browser.get("/office/proctor").content.decode()
    for words in ("Block 1 of 1", "0 of 4", "10:00", "just now", "Not seen for over a minute: 0"):
        assert words in page
    clock.pass_s(5 * 60)
    page = browser.get("/office/proctor/live").content.decode()
    for words in ("5:00", "not seen for 5 minutes", "Not seen for over a minute: 1"):
        assert words in page
    clock.pass_s(6 * 60)
    assert "Time is over" in browser.get("/office/proctor/live").content.decode()


def test_the_list_is_narrowed_by_what_stands_and_by_name(program: Client, sitter: Player, clock: Clock) -> None:
    def shown(show: str, name: str = "") -> int:
        return len(get(program, f"/api/office/sittings?show={show}&name={name}")["sittings"])

    assert {show: shown(show) for show in SHOWS} == {"now": 1, "unseen": 0, "stopped": 0, "ended": 0, "all": 1}
    assert (shown("all", "AD"), shown("all", "bob")) == (1, 0)
    clock.pass_s(90)
    assert shown("unseen") == 1
    _do(program, sitter, "suspend", reason="fire alarm")
    assert shown("stopped") == 1
    _do(program, sitter, "void", reason="left the room")
    assert {show: shown(show) for show in SHOWS} == {"now": 0, "unseen": 0, "stopped": 0, "ended": 1, "all": 1}
    clock.pass_s(40 * HOUR_S)
    assert shown("all") == 0  # long over
    assert get(program, "/api/office/sittings?show=nonsense", expect=400)["code"] == "invalid"


def test_three_hundred_sittings_are_one_statement(client: Client, browser: Client, sitter: Player, clock: Clock) -> None:
    with CaptureQueriesContext(connection) as one:
        assert len(seats(at=clock.at)) == 1
    with CaptureQueriesContext(connection) as page_of_one:
        browser.get("/office/proctor/live")
    first = Sitting.objects.get(pk=sitter.sitting)
    for _ in range(299):
        first.pk = uuid4()
        first.save(force_insert=True)
    with CaptureQueriesContext(connection) as many:
        assert len(seats(at=clock.at)) == 300
    with CaptureQueriesContext(connection) as page_of_many:
        page = browser.get("/office/proctor/live").content.decode()
    assert page.count("data-row=") == 300
    assert (len(one), len(many)) == (1, 1)
    assert len(page_of_many) == len(page_of_one) <= 5  # the session, its user, the roles, and the list
    assert "form" not in many[0]["sql"].split("FROM", 1)[0].replace('"user__', "")  # no form is read, which is most of a row


def test_no_key_and_no_answer_is_ever_sent_to_a_proctor(program: Client, browser: Client, sitter: Player, clock: Clock) -> None:
    items = get(sitter.client, f"{sitter.path}/blocks/1")["items"]
    sitter.note("answered", item=items[2]["id"], choice=["D"], ms=1000)
    sitter.note("noted", item=items[2]["id"], text="my own note")
    sitter.send()
    sent = [
        browser.get(address).content.decode()
        for address in (
            "/office/proctor",
            "/office/proctor/live",
            reverse("office:sitting", args=[sitter.sitting]),
            reverse("office:sitting_live", args=[sitter.sitting]),
        )
    ]
    assert "answered an item; item 3" in " ".join(sent[2].split())
    sent.append(program.get("/api/office/sittings").content.decode())
    for text in sent:
        assert items[2]["id"] not in text
        assert "my own note" not in text
        assert not re.search(r'"?(key|choice|is_correct|correct)"?\s*[:=]', text)


def test_the_break_bank_runs_down_in_the_list_as_it_does_for_the_candidate(
    program: Client, client: Client, clock: Clock, own_content: Path
) -> None:
    make_small_exam(own_content)  # blocks of 10 minutes, 20 minutes of breaks and 4 of a tutorial
    day = {"programme": "exam", "step": "first", "form": "full", "mode": "exam", "proctored": True}
    made = post(client, "/api/sittings", day, expect=201)
    player = Player(client, clock, made["id"], made["writer"], synced_at=clock.at)
    player.open_block()
    clock.pass_s(120)
    player.do("block_closed", block=1)
    banked_ms = _seat(program)["break_ms"]
    assert banked_ms == player.state()["break_ms"] == (20 + 4 + 8) * 60_000  # the tutorial and what was left of the block
    player.do("break_started")
    clock.pass_s(5 * 60)
    found = _seat(program)
    assert (found["state"], found["block"], found["n_blocks"]) == ("on_break", None, 4)
    assert found["break_ms"] == player.state()["break_ms"] == banked_ms - 5 * 60_000
    clock.pass_s(30 * 60)
    assert _seat(program)["break_ms"] == player.state()["break_ms"] == -3 * 60_000
    _do(program, player, "suspend", reason="fire alarm")
    clock.pass_s(HOUR_S)
    assert _seat(program)["break_ms"] == player.state()["break_ms"] == -3 * 60_000


# --- what a proctor does ------------------------------------------------------------------------------------------------


def test_granted_time_moves_the_deadline_and_is_written_down_by_the_proctor(
    program: Client, sitter: Player, clock: Clock, pat: User
) -> None:
    clock.pass_s(60)
    assert _do(program, sitter, "grant", seconds=300, reason="the light went out")["remaining_ms"] == 14 * 60_000
    assert sitter.state()["remaining_ms"] == 14 * 60_000
    event = _last_event(sitter)
    assert (event.type, event.body) == ("granted_time", {"block": 1, "seconds": 300, "reason": "the light went out"})
    assert (event.writer.kind, event.writer.user) == ("proctor", pat)
    entry = AuditEntry.objects.get(verb="sitting_granted")
    assert (entry.actor, entry.subject, entry.at) == (pat, sitter.sitting, clock.at)
    assert entry.detail == event.body
    assert verify_sitting(Sitting.objects.get(pk=sitter.sitting), head=None).problems == ()


def test_a_proctor_has_one_writer_a_sitting_and_another_proctor_another(program: Client, sitter: Player, clock: Clock) -> None:
    second = program_of(person("sam", Role.PROCTOR))
    for one in (program, program, second):
        clock.pass_s(1)
        _do(one, sitter, "message", text="five minutes")
    rows = Writer.objects.filter(sitting_id=UUID(sitter.sitting), kind="proctor").order_by("issued_at")
    assert [(row.user and row.user.username, row.last_seq) for row in rows] == [("pat", 2), ("sam", 1)]


def test_a_suspended_sitting_loses_no_time_and_takes_no_answer(program: Client, sitter: Player, clock: Clock) -> None:
    items = get(sitter.client, f"{sitter.path}/blocks/1")["items"]
    clock.pass_s(60)
    assert _do(program, sitter, "suspend", reason="fire alarm")["state"] == "suspended"
    state = sitter.state()
    assert (state["state"], state["suspended_reason"]) == ("suspended", "fire alarm")
    clock.pass_s(HOUR_S)
    told = sitter.do("answered", item=items[0]["id"], choice=["A"], ms=1)
    assert [one["reason"] for one in told["refused"]] == ["Suspended"]
    reopened = _do(program, sitter, "reopen", reason="all clear")
    assert (reopened["state"], reopened["remaining_ms"]) == ("in_block", 9 * 60_000)
    assert [entry.detail["reason"] for entry in AuditEntry.objects.filter(subject=sitter.sitting).order_by("at")] == [
        "fire alarm",
        "all clear",
    ]


def test_a_deed_at_the_very_instant_of_the_players_event_folds_after_it(program: Client, sitter: Player) -> None:
    assert _do(program, sitter, "grant", seconds=60, reason="x")["block"] == 1  # the block was opened at this instant


def test_a_void_sitting_can_be_nothing_else_again(program: Client, sitter: Player) -> None:
    assert _do(program, sitter, "void", reason="a phone")["state"] == "voided"
    refused = _do(program, sitter, "grant", seconds=60, reason="x", expect=409)
    assert refused["code"] == "conflict"
    assert AuditEntry.objects.filter(subject=sitter.sitting).count() == 1


def test_an_accommodation_during_the_sitting_moves_the_open_block(program: Client, sitter: Player, clock: Clock) -> None:
    clock.pass_s(120)
    told = _do(program, sitter, "accommodate", time_factor="3/2", extra_break_s=600, stop_clock_s=300, reason="letter 17")
    assert told["remaining_ms"] == 13 * 60_000  # 10 minutes times 1.5, less the 2 that passed
    state = sitter.state()
    assert state["accommodation"] == {"time_factor": "3/2", "extra_break_s": 600, "stop_clock_s": 300}
    entry = AuditEntry.objects.get(verb="sitting_accommodated")
    assert entry.detail == {"time_factor": "3/2", "extra_break_s": 600, "stop_clock_s": 300, "reason": "letter 17"}
    assert _last_event(sitter).type == "accommodated"


def test_a_message_reaches_one_and_a_message_to_all_reaches_all_that_go_on(
    program: Client, sitter: Player, clock: Clock
) -> None:
    bob = program_of(person("bob", Role.CANDIDATE))
    second, gone = proctored_player(bob, clock), proctored_player(bob, clock)
    practice = new_player(bob, clock)
    _do(program, gone, "void", reason="a phone")
    _do(program, sitter, "message", text="Speak to me after this block.")
    assert post(program, "/api/office/message", {"text": "Ten minutes left."}) == {"sent": 2, "failed": []}
    assert [one["text"] for one in get(sitter.client, f"{sitter.path}/pulse")["messages"]] == [
        "Speak to me after this block.",
        "Ten minutes left.",
    ]
    assert [one["text"] for one in get(bob, f"{second.path}/pulse")["messages"]] == ["Ten minutes left."]
    assert get(bob, f"{practice.path}/pulse")["messages"] == []
    assert AuditEntry.objects.filter(verb="sitting_message").count() == 3
    clock.pass_s(1)
    _do(program, sitter, "message", text="See me.", reason="a note was found")
    newest = AuditEntry.objects.filter(verb="sitting_message").latest("at")
    assert newest.detail == {"text": "See me.", "reason": "a note was found"}
    assert "a note was found" not in str(get(sitter.client, f"{sitter.path}/pulse"))


def test_a_proctor_does_nothing_to_a_sitting_of_their_own(program: Client, pat: User, clock: Clock) -> None:
    own = proctored_player(program, clock)
    own.open_block()
    assert _do(program, own, "grant", seconds=60, reason="x", expect=403)["code"] == "not_allowed"
    assert post(program, "/api/office/message", {"text": "x"}) == {"sent": 0, "failed": []}
    assert not AuditEntry.objects.filter(subject=own.sitting).exists()


@pytest.mark.parametrize(
    ("deed", "told"),
    [("reopen", "is not suspended"), ("grant", "no block is open"), ("suspend", "once the sitting has begun")],
)
def test_what_the_rules_refuse_leaves_no_trace_and_says_why(
    program: Client, client: Client, clock: Clock, deed: str, told: str
) -> None:
    waiting = proctored_player(client, clock)
    n_events = SittingEvent.objects.count()
    body = {"reason": "x", **({"seconds": 60} if deed == "grant" else {})}
    assert told in _do(program, waiting, deed, expect=409, **body)["detail"]
    assert SittingEvent.objects.count() == n_events
    assert not Writer.objects.filter(kind="proctor").exists()
    assert not AuditEntry.objects.filter(subject=waiting.sitting).exists()


@pytest.mark.parametrize(
    ("deed", "body"),
    [
        ("grant", {"seconds": 0, "reason": "x"}),
        ("grant", {"seconds": 86_401, "reason": "x"}),
        ("grant", {"seconds": "60", "reason": "x"}),
        ("grant", {"seconds": 60}),
        ("suspend", {"reason": ""}),
        ("suspend", {"reason": "   "}),
        ("void", {}),
        ("message", {"text": ""}),
        ("message", {"text": "x" * 1001}),
        ("accommodate", {"time_factor": "3", "reason": "x"}),
        ("accommodate", {"time_factor": "2", "extra_break_s": 999_999, "reason": "x"}),
    ],
)
def test_a_deed_without_a_reason_or_out_of_range_is_refused(
    program: Client, sitter: Player, deed: str, body: dict[str, Any]
) -> None:
    n_events = SittingEvent.objects.count()
    _do(program, sitter, deed, expect=400, **body)
    assert SittingEvent.objects.count() == n_events


def test_event_and_audit_entry_are_kept_together_or_not_at_all(
    sitter: Player, pat: User, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(**_: object) -> None:
        raise ConflictError("the audit log is broken")

    monkeypatch.setattr(proctoring, "audit", broken)
    n_events = SittingEvent.objects.count()
    with pytest.raises(ConflictError):
        proctoring.suspend(pat, Sitting.objects.get(pk=sitter.sitting).pk, reason="x", at=clock.at)
    assert SittingEvent.objects.count() == n_events
    assert sitter.state()["state"] == "in_block"


def test_a_sitting_that_is_not_proctored_is_not_even_locked(client: Client, clock: Clock) -> None:
    practice = new_player(client, clock)
    with one_write(), pytest.raises(NotFoundError):
        proctoring.proctored(Sitting.objects.get(pk=practice.sitting).pk)


# --- by the pages -------------------------------------------------------------------------------------------------------


def test_a_proctor_acts_by_the_pages(browser: Client, sitter: Player, clock: Clock) -> None:
    def act(deed: str, **data: str) -> int:
        clock.pass_s(1)
        return browser.post(reverse("office:act", args=[sitter.sitting, deed]), data).status_code

    assert act("grant", minutes="5", reason="the light went out") == 302
    assert sitter.state()["remaining_ms"] == 15 * 60_000 - 1000
    assert act("suspend", reason="fire alarm") == 302
    assert sitter.state()["state"] == "suspended"
    assert act("reopen", reason="all clear") == 302
    assert act("message", text="Go on.") == 302
    assert act("accommodate", time_factor="2", extra_break_minutes="10", stop_clock_minutes="0", reason="letter 17") == 302
    assert sitter.state()["accommodation"]["extra_break_s"] == 600
    page = browser.get(reverse("office:sitting", args=[sitter.sitting])).content.decode()
    for words in ("granted time; block 1; 300 seconds; because: the light went out", "because: fire alarm", "“Go on.”"):
        assert words in " ".join(page.split())
    assert act("void", reason="a phone") == 400  # the box was not ticked
    assert act("void", reason="a phone", sure="1") == 302
    assert "This sitting has ended." in browser.get(reverse("office:sitting", args=[sitter.sitting])).content.decode()
    assert act("dance", reason="x") == 404


def test_a_form_that_was_refused_keeps_what_was_written_and_says_why(browser: Client, sitter: Player) -> None:
    answer = browser.post(reverse("office:act", args=[sitter.sitting, "reopen"]), {"reason": "all clear"})
    assert answer.status_code == 409
    page = answer.content.decode()
    assert "The sitting is not suspended." in page
    assert 'value="all clear"' in page
    for minutes in ("", "0", "x", "-1", "99999999", "²"):
        answer = browser.post(reverse("office:act", args=[sitter.sitting, "grant"]), {"minutes": minutes, "reason": "x"})
        assert answer.status_code == 400, minutes
    assert sitter.state()["remaining_ms"] == 10 * 60_000


def test_a_message_to_all_by_the_page_says_to_how_many(browser: Client, sitter: Player) -> None:
    assert browser.post("/office/proctor/message", {"text": " "}).status_code == 400
    answer = browser.post("/office/proctor/message", {"text": "Ten minutes left."}, follow=True)
    assert "Sent to 1." in answer.content.decode()


def test_what_is_left_is_said_with_its_sign() -> None:
    assert [span(ms) for ms in (0, 61_000, 3_723_000, -30_000)] == ["0:00", "1:01", "1:02:03", "overrun by 0:30"]
