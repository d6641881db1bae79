"""What a proctor does to a sitting, and what a proctor never touches."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest
from django.test import Client
from django.urls import reverse

from bedside.errors import ConflictError, NotFoundError
from bedside.site.accounts.models import AuditEntry, User
from bedside.site.accounts.roles import Role
from bedside.site.database import one_write
from bedside.site.exam import proctoring
from bedside.site.exam.ledger import verify_sitting
from bedside.site.exam.models import Sitting, SittingEvent, Writer
from bedside.site.office.words import span
from tests.support.people import person, proctored_player, program_of
from tests.support.proctor import do
from tests.support.site import Clock, Player, get, new_player, post

pytestmark = pytest.mark.django_db

HOUR_S = 3600


def _last_event(sitter: Player) -> SittingEvent:
    return SittingEvent.objects.filter(sitting_id=UUID(sitter.sitting)).latest("arrival")


# --- what a proctor does ------------------------------------------------------------------------------------------------


def test_granted_time_moves_the_deadline_and_is_written_down_by_the_proctor(
    program: Client, sitter: Player, clock: Clock, pat: User
) -> None:
    clock.pass_s(60)
    assert do(program, sitter, "grant", seconds=300, reason="the light went out")["remaining_ms"] == 14 * 60_000
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
        do(one, sitter, "message", text="five minutes")
    rows = Writer.objects.filter(sitting_id=UUID(sitter.sitting), kind="proctor").order_by("issued_at")
    assert [(row.user and row.user.username, row.last_seq) for row in rows] == [("pat", 2), ("sam", 1)]


def test_a_suspended_sitting_loses_no_time_and_takes_no_answer(program: Client, sitter: Player, clock: Clock) -> None:
    items = get(sitter.client, f"{sitter.path}/blocks/1")["items"]
    clock.pass_s(60)
    assert do(program, sitter, "suspend", reason="fire alarm")["state"] == "suspended"
    state = sitter.state()
    assert (state["state"], state["suspended_reason"]) == ("suspended", "fire alarm")
    clock.pass_s(HOUR_S)
    told = sitter.do("answered", item=items[0]["id"], choice=["A"], ms=1)
    assert [one["reason"] for one in told["refused"]] == ["Suspended"]
    reopened = do(program, sitter, "reopen", reason="all clear")
    assert (reopened["state"], reopened["remaining_ms"]) == ("in_block", 9 * 60_000)
    assert [entry.detail["reason"] for entry in AuditEntry.objects.filter(subject=sitter.sitting).order_by("at")] == [
        "fire alarm",
        "all clear",
    ]


def test_a_deed_at_the_very_instant_of_the_players_event_folds_after_it(program: Client, sitter: Player) -> None:
    assert do(program, sitter, "grant", seconds=60, reason="x")["block"] == 1  # the block was opened at this instant


def test_a_void_sitting_can_be_nothing_else_again(program: Client, sitter: Player) -> None:
    assert do(program, sitter, "void", reason="a phone")["state"] == "voided"
    refused = do(program, sitter, "grant", seconds=60, reason="x", expect=409)
    assert refused["code"] == "conflict"
    assert AuditEntry.objects.filter(subject=sitter.sitting).count() == 1


def test_an_accommodation_during_the_sitting_moves_the_open_block(program: Client, sitter: Player, clock: Clock) -> None:
    clock.pass_s(120)
    told = do(program, sitter, "accommodate", time_factor="3/2", extra_break_s=600, stop_clock_s=300, reason="letter 17")
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
    do(program, gone, "void", reason="a phone")
    do(program, sitter, "message", text="Speak to me after this block.")
    assert post(program, "/api/office/message", {"text": "Ten minutes left."}) == {"sent": 2, "failed": []}
    assert [one["text"] for one in get(sitter.client, f"{sitter.path}/pulse")["messages"]] == [
        "Speak to me after this block.",
        "Ten minutes left.",
    ]
    assert [one["text"] for one in get(bob, f"{second.path}/pulse")["messages"]] == ["Ten minutes left."]
    assert get(bob, f"{practice.path}/pulse")["messages"] == []
    assert AuditEntry.objects.filter(verb="sitting_message").count() == 3
    clock.pass_s(1)
    do(program, sitter, "message", text="See me.", reason="a note was found")
    newest = AuditEntry.objects.filter(verb="sitting_message").latest("at")
    assert newest.detail == {"text": "See me.", "reason": "a note was found"}
    assert "a note was found" not in str(get(sitter.client, f"{sitter.path}/pulse"))


def test_a_proctor_does_nothing_to_a_sitting_of_their_own(program: Client, pat: User, clock: Clock) -> None:
    own = proctored_player(program, clock)
    own.open_block()
    assert do(program, own, "grant", seconds=60, reason="x", expect=403)["code"] == "not_allowed"
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
    assert told in do(program, waiting, deed, expect=409, **body)["detail"]
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
    do(program, sitter, deed, expect=400, **body)
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
