"""The daily line: asked for, confirmed, sent once a study day, and stopped."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from smtplib import SMTPServerDisconnected
from unittest.mock import patch

import pytest
from django.conf import settings
from django.core import mail
from django.core.mail import EmailMessage
from django.test import Client

from bedside.errors import UsageError
from bedside.site.accounts.actions import update_profile
from bedside.site.accounts.models import User
from bedside.site.content import current_content
from bedside.site.exam.models import Sitting
from bedside.site.planning.models import StudyCalendar
from bedside.site.planning.sessions import day_of
from bedside.site.problems import TooOftenError
from bedside.site.reminding.mailboxes import ask_for_line
from bedside.site.reminding.models import DailyLine, SentLine
from bedside.site.reminding.saying import line_of
from bedside.site.reminding.sending import Outcome, Sent, send_due
from bedside.site.study.zones import keep_zone
from tests.support.people import browser_of, person
from tests.support.site import Clock, Player

pytestmark = pytest.mark.django_db
PAGE, LINE = "/me/reminders", "/me/reminders/line"
MAILBOX = "ada@example.org"
SEVEN = datetime(2026, 10, 26, 12, 0, tzinfo=UTC)  # 07:00 in Chicago
HOUR_S, DAY_S = 3600, 24 * 3600


@pytest.fixture(autouse=True)
def _mails(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "CAN_MAIL", True)
    monkeypatch.setattr(settings, "ADDRESS", "https://exam.example.org")


@pytest.fixture
def ada(user: User, clock: Clock) -> User:
    clock.at = SEVEN - timedelta(hours=2)
    update_profile(
        user, at=clock.at, programme="exam", step="first", exam_on=SEVEN.date() + timedelta(days=103), minutes_a_day=45
    )
    keep_zone(user, "America/Chicago", at=clock.at)
    return user


@pytest.fixture
def reader(ada: User) -> Client:
    return browser_of(ada)


@pytest.fixture
def confirmed(reader: Client, clock: Clock) -> Client:
    """Somebody who wants the line at 07:00 and confirmed it; it is 07:00."""
    reader.post(LINE, {"address": MAILBOX, "hour": "7"})
    Client().post(links(newest())["confirm"])
    mail.outbox.clear()
    clock.at = SEVEN
    return reader


def newest() -> EmailMessage:
    return mail.outbox[-1]


def links(message: EmailMessage) -> dict[str, str]:
    found = re.findall(r"https://exam\.example\.org(/mail/(\w+)/\S+)", str(message.body))
    return {kind: path for path, kind in found}


def send(clock: Clock, *, is_dry: bool = False) -> list[Sent]:
    return list(send_due(current_content(), at=clock.now(), is_dry=is_dry))


def outcomes(clock: Clock) -> list[Outcome]:
    return [one.outcome for one in send(clock)]


# --- asking and confirming


def test_nobody_gets_a_mail_who_did_not_ask(ada: User, clock: Clock) -> None:
    clock.at = SEVEN
    assert send(clock) == []
    assert mail.outbox == []


def test_asking_sends_a_link_and_nothing_else_until_it_is_followed(reader: Client, clock: Clock) -> None:
    reader.post(LINE, {"address": MAILBOX, "hour": "7"})
    assert newest().to == [MAILBOX]
    clock.at = SEVEN
    assert send(clock) == []
    page = Client().get(links(newest())["confirm"])  # a program that looks at links confirms nothing
    assert b"Yes, send it" in page.content
    assert DailyLine.objects.filter(confirmed_at__isnull=False).count() == 0
    assert b"Confirmed" in Client(enforce_csrf_checks=True).post(links(newest())["confirm"]).content
    assert outcomes(clock) == [Outcome.SENT]


def test_the_links_need_nobody_signed_in_and_set_no_cookie(reader: Client) -> None:
    reader.post(LINE, {"address": MAILBOX, "hour": "7"})
    for path in links(newest()).values():
        response = Client().get(path)
        assert response.status_code == 200
        assert not response.cookies
        assert response.headers["Referrer-Policy"] == "no-referrer"
        assert response.headers["Cache-Control"] == "private, no-store"


def test_a_link_that_was_changed_or_is_of_another_kind_is_none(reader: Client) -> None:
    reader.post(LINE, {"address": MAILBOX, "hour": "7"})
    confirm, stop = links(newest())["confirm"], links(newest())["stop"]
    assert Client().post(f"{confirm[:-1]}{'A' if confirm[-1] != 'A' else 'B'}").status_code == 404
    assert Client().post(stop.replace("/stop/", "/confirm/")).status_code == 404
    assert Client().post(confirm.replace("/confirm/", "/stop/")).status_code == 404
    assert DailyLine.objects.filter(confirmed_at__isnull=True).count() == 1


def test_a_link_holds_for_three_days(reader: Client, clock: Clock) -> None:
    reader.post(LINE, {"address": MAILBOX, "hour": "7"})
    clock.pass_s(3 * DAY_S + 1)
    assert Client().post(links(newest())["confirm"]).status_code == 404


def test_asking_again_for_the_same_mailbox_leaves_the_first_link_good(reader: Client) -> None:
    reader.post(LINE, {"address": MAILBOX, "hour": "7"})
    first = links(newest())["confirm"]
    reader.post(LINE, {"address": MAILBOX, "hour": "8"})
    assert links(newest())["confirm"] == first
    assert b"from 8:00 on" in Client().post(first).content


def test_another_address_has_to_be_confirmed_anew(confirmed: Client, clock: Clock) -> None:
    confirmed.post(LINE, {"address": "eve@example.org", "hour": "7"})
    assert newest().to == ["eve@example.org"]
    assert send(clock) == []


def test_another_hour_needs_no_new_link(confirmed: Client, clock: Clock) -> None:
    confirmed.post(LINE, {"address": MAILBOX, "hour": "9"})
    assert mail.outbox == []
    assert outcomes(clock) == [Outcome.NOT_DUE]
    clock.pass_s(2 * HOUR_S)
    assert outcomes(clock) == [Outcome.SENT]


def test_the_page_can_not_flood_a_mailbox(ada: User, clock: Clock) -> None:
    bob = person("bob")
    for one in (ada, ada, bob):
        ask_for_line(one, MAILBOX, 7, at=clock.now())
    for one, address in ((bob, MAILBOX.upper()), (person("carl"), MAILBOX)):
        with pytest.raises(TooOftenError):
            ask_for_line(one, address, 7, at=clock.now())
    clock.pass_s(DAY_S + 1)
    assert ask_for_line(bob, MAILBOX, 7, at=clock.now())


@pytest.mark.parametrize(
    "address",
    ["", "ada", "ada@", f"{'a' * 250}@example.org", "ada@example.org\nBcc: eve@example.org", "ada@example.org\r\n\r\nHello",
     "ada@example.org, eve@example.org", "Ada <ada@example.org>", "ada@example.org\x00"],
)  # fmt: skip
def test_what_is_no_single_mailbox_is_refused_and_nothing_is_sent(reader: Client, address: str) -> None:
    response = reader.post(LINE, {"address": address, "hour": "7"})
    assert response.status_code == 400
    assert b"no address of a mailbox" in response.content
    assert mail.outbox == []
    assert DailyLine.objects.count() == 0


@pytest.mark.parametrize("hour", ["", "3", "24", "-1", "7.5", "seven", "٧"])
def test_an_hour_that_is_none_is_refused(reader: Client, hour: str) -> None:
    assert reader.post(LINE, {"address": MAILBOX, "hour": hour}).status_code == 400
    assert mail.outbox == []


def test_a_site_without_a_mail_server_says_so(reader: Client, monkeypatch: pytest.MonkeyPatch, ada: User, clock: Clock) -> None:
    monkeypatch.setattr(settings, "CAN_MAIL", False)
    assert b"no mail server on this computer" in reader.get(PAGE).content
    with pytest.raises(UsageError, match="BEDSIDE_EMAIL_URL"):
        ask_for_line(ada, MAILBOX, 7, at=clock.now())


def test_a_confirmation_that_the_server_refused_is_told(reader: Client) -> None:
    with patch("django.core.mail.backends.locmem.EmailBackend.send_messages", side_effect=SMTPServerDisconnected):
        response = reader.post(LINE, {"address": MAILBOX, "hour": "7"})
    assert response.status_code == 409
    assert b"did not take the confirmation" in response.content


# --- the line


def test_the_line_says_minutes_pieces_and_days_and_nothing_of_what_is_learned(confirmed: Client, clock: Clock) -> None:
    (sent,) = send(clock)
    assert re.fullmatch(r"Today: \d+ minutes, \d+ pieces?\. 103 days to the exam\.", sent.said)
    text = str(newest().body)
    assert text.startswith(f"{sent.said}\nhttps://exam.example.org/\n")
    assert newest().subject == "Bedside: today"
    for word in ("SECRET", "renal", "Renal", "takeaway", "formula"):
        assert word not in str(newest().message())


def test_today_shows_the_session_that_was_told(confirmed: Client, clock: Clock, ada: User) -> None:
    (sent,) = send(clock)
    clock.pass_s(HOUR_S)
    day = day_of(ada, current_content(), at=clock.now())
    assert sent.said == line_of(round(day.planned_minutes), len(day.pieces), 103)


def test_a_mail_can_be_stopped_with_one_click(confirmed: Client, clock: Clock) -> None:
    send(clock)
    headers = newest().message()
    assert headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    address = str(headers["List-Unsubscribe"])
    assert address == f"<https://exam.example.org{links(newest())['stop']}>"
    program = Client(enforce_csrf_checks=True)
    for _time in range(2):  # mail programs may send it twice
        response = program.post(links(newest())["stop"], {"List-Unsubscribe": "One-Click"})
        assert response.status_code == 200
    assert DailyLine.objects.count() == 0
    clock.pass_s(DAY_S)
    assert send(clock) == []


def test_a_link_that_stops_is_only_looked_at_by_a_program_that_checks_mails(confirmed: Client, clock: Clock) -> None:
    send(clock)
    assert b"Stop it" in Client().get(links(newest())["stop"]).content
    assert DailyLine.objects.count() == 1


def test_it_can_be_stopped_on_the_page(confirmed: Client) -> None:
    confirmed.post(LINE, {"stop": "1"})
    assert MAILBOX not in confirmed.get(PAGE).content.decode()
    assert DailyLine.objects.count() == 0


def test_one_line_a_day_goes_out_however_often_the_timer_calls(confirmed: Client, clock: Clock) -> None:
    assert outcomes(clock) == [Outcome.SENT]
    clock.pass_s(HOUR_S)
    assert outcomes(clock) == [Outcome.SENT_BEFORE]
    clock.pass_s(DAY_S - HOUR_S)
    assert outcomes(clock) == [Outcome.SENT]
    assert len(mail.outbox) == 2
    assert mail.outbox[0].extra_headers["Message-ID"] != mail.outbox[1].extra_headers["Message-ID"]


def test_of_two_timers_at_once_one_sends(confirmed: Client, clock: Clock, ada: User) -> None:
    def beside(*_: object, **__: object) -> str:
        SentLine.objects.create(user=ada, on=SEVEN.date(), state="sending", at=clock.now())
        return "Today: 1 minute, 1 piece."

    with patch("bedside.site.reminding.sending.say", beside):  # another one gets there while this one reckons
        assert outcomes(clock) == [Outcome.SENT_BEFORE]
    assert mail.outbox == []


def test_asking_anew_on_the_same_day_gives_no_second_line(confirmed: Client, clock: Clock) -> None:
    send(clock)
    confirmed.post(LINE, {"stop": "1"})
    confirmed.post(LINE, {"address": MAILBOX, "hour": "7"})
    Client().post(links(newest())["confirm"])
    assert outcomes(clock) == [Outcome.SENT_BEFORE]


def test_what_the_server_refused_is_tried_again_the_same_day(
    confirmed: Client, clock: Clock, caplog: pytest.LogCaptureFixture
) -> None:
    with patch("django.core.mail.backends.locmem.EmailBackend.send_messages", side_effect=ConnectionRefusedError(111, MAILBOX)):
        assert outcomes(clock) == [Outcome.FAILED]
    clock.pass_s(HOUR_S)
    assert outcomes(clock) == [Outcome.SENT]
    row = SentLine.objects.get()
    assert (row.state, row.n_tries) == ("sent", 2)


def test_a_failure_is_logged_without_the_address(confirmed: Client, clock: Clock) -> None:
    refused = patch(
        "django.core.mail.backends.locmem.EmailBackend.send_messages", side_effect=ConnectionRefusedError(111, MAILBOX)
    )
    with refused, patch("bedside.site.reminding.mails.LOG.warning") as warning:
        send(clock)
    text = warning.call_args.args[0] % warning.call_args.args[1:]
    assert text.endswith("was not sent: ConnectionRefusedError 111")


def test_one_who_fails_keeps_nobody_else_from_theirs(confirmed: Client, clock: Clock) -> None:
    bob = person("bob")
    update_profile(bob, at=clock.now(), programme="exam", step="first", minutes_a_day=30)
    keep_zone(bob, "America/Chicago", at=clock.now())
    DailyLine.objects.create(user=bob, address="bob@example.org", hour=7, asked_at=clock.now(), confirmed_at=clock.now())
    real = line_of

    def failing(user: User, *_: object, **__: object) -> str:
        if user.username == "ada":
            raise UsageError("this plan can't be made")
        return real(30, 2, None)

    with patch("bedside.site.reminding.sending.say", failing):
        assert outcomes(clock) == [Outcome.FAILED, Outcome.SENT]
    assert newest().to == ["bob@example.org"]


@pytest.mark.parametrize(
    ("hours", "outcome"), [(-0.1, Outcome.NOT_DUE), (0, Outcome.SENT), (11.9, Outcome.SENT), (12, Outcome.NOT_DUE)]
)
def test_a_line_comes_from_its_hour_on_and_not_at_night(
    confirmed: Client, clock: Clock, hours: float, outcome: Outcome
) -> None:
    clock.at = SEVEN + timedelta(hours=hours)
    assert outcomes(clock) == [outcome]


def test_the_hour_is_that_of_the_person_also_after_the_clocks_changed(confirmed: Client, clock: Clock) -> None:
    clock.at = SEVEN + timedelta(days=7)  # 06:00 in Chicago since the clocks went back
    assert outcomes(clock) == [Outcome.NOT_DUE]
    clock.pass_s(HOUR_S)
    assert outcomes(clock) == [Outcome.SENT]


def test_no_line_comes_on_a_day_off(confirmed: Client, clock: Clock, ada: User) -> None:
    off = SEVEN.date().isoformat()
    StudyCalendar.objects.create(user=ada, days_off=[[off, off]], changed_at=clock.now())
    assert outcomes(clock) == [Outcome.DAY_OFF]
    clock.pass_s(DAY_S)
    assert outcomes(clock) == [Outcome.SENT]


def test_no_line_comes_on_the_day_of_the_exam_nor_after_it(confirmed: Client, clock: Clock, ada: User) -> None:
    update_profile(ada, at=clock.now(), exam_on=SEVEN.date())
    assert outcomes(clock) == [Outcome.DAY_OFF]
    clock.pass_s(DAY_S)
    assert outcomes(clock) == [Outcome.DAY_OFF]


def test_no_line_comes_when_the_session_is_finished(confirmed: Client, clock: Clock) -> None:
    with patch("bedside.site.reminding.saying.keep_day") as made:
        made.return_value.is_finished = True
        assert outcomes(clock) == [Outcome.FINISHED]
    assert SentLine.objects.count() == 0


def test_no_line_comes_while_a_proctored_sitting_is_under_way(sitter: Player, clock: Clock) -> None:
    ada = User.objects.get(username="ada")
    hour = clock.now().hour
    DailyLine.objects.create(user=ada, address=MAILBOX, hour=hour, asked_at=clock.now(), confirmed_at=clock.now())
    assert outcomes(clock) == [Outcome.SEALED]
    Sitting.objects.all().update(is_proctored=False)
    assert outcomes(clock) == [Outcome.SENT]


def test_somebody_who_may_not_sign_in_gets_none(confirmed: Client, clock: Clock, ada: User) -> None:
    ada.is_active = False
    ada.save(update_fields=["is_active"])
    assert send(clock) == []


def test_a_dry_run_says_what_would_go_out_and_sends_nothing(confirmed: Client, clock: Clock) -> None:
    (one,) = send(clock, is_dry=True)
    assert one.outcome is Outcome.WOULD_SEND
    assert one.said.startswith("Today: ")
    assert mail.outbox == []
    assert SentLine.objects.count() == 0


def test_one_of_a_thing_is_said_in_the_singular() -> None:
    assert line_of(1, 1, 1) == "Today: 1 minute, 1 piece. 1 day to the exam."
    assert line_of(45, 12, None) == "Today: 45 minutes, 12 pieces."
