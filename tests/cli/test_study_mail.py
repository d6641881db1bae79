"""`bedside study mail` and `bedside study calendar`."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from unittest.mock import patch

import icalendar
import pytest
from django.conf import settings
from django.core import mail

from bedside.cli import BAD_INPUT, FAILED_CHECK, run
from bedside.site import clock
from bedside.site.accounts.actions import update_profile
from bedside.site.accounts.queries import local_learner
from bedside.site.reminding.models import DailyLine

pytestmark = pytest.mark.django_db
AT = datetime(2026, 11, 30, 9, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _site(content: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("django.conf.settings.CONTENT", content)
    monkeypatch.setattr(settings, "CAN_MAIL", True)
    monkeypatch.setattr(clock, "now", lambda: AT)
    learner = local_learner()
    update_profile(learner, at=AT, programme="usmle", step="step1", exam_on=AT.date() + timedelta(days=9), minutes_a_day=20)
    DailyLine.objects.create(user=learner, address="ada@example.org", hour=9, asked_at=AT, confirmed_at=AT)


def test_mail_sends_what_is_due_and_says_to_whom_once(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["study", "mail"]) == 0
    assert capsys.readouterr().out == "learner: sent\n"
    assert run(["study", "mail"]) == 0
    assert capsys.readouterr().out == "learner: sent before\n"
    assert [message.to for message in mail.outbox] == [["ada@example.org"]]


def test_a_dry_run_says_the_line_and_sends_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["study", "mail", "--dry-run"]) == 0
    assert capsys.readouterr().out.startswith("learner: would be sent: Today: ")
    assert mail.outbox == []


def test_mail_as_json_names_no_address(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["study", "mail", "--json"]) == 0
    told = capsys.readouterr().out
    assert "example.org" not in told
    (line,) = json.loads(told)["lines"]
    assert (line["user"], line["on"], line["outcome"]) == ("learner", "2026-11-30", "sent")


def test_a_line_that_was_not_taken_is_a_failed_check(capsys: pytest.CaptureFixture[str]) -> None:
    with patch("django.core.mail.backends.locmem.EmailBackend.send_messages", side_effect=TimeoutError):
        assert run(["study", "mail"]) == FAILED_CHECK
    assert capsys.readouterr().out == "learner: failed\n"


def test_without_a_mail_server_the_command_says_what_is_missing(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settings, "CAN_MAIL", False)
    assert run(["study", "mail"]) == BAD_INPUT
    assert "BEDSIDE_EMAIL_URL is not set" in capsys.readouterr().err


def test_nobody_who_wants_a_line_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    DailyLine.objects.all().delete()
    assert run(["study", "mail"]) == 0
    assert capsys.readouterr().out == "nobody has asked for the daily line\n"


def test_the_calendar_is_written_to_a_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "study.ics"
    assert run(["study", "calendar", "--out", str(out)]) == 0
    assert capsys.readouterr().out == f"{out}: 10 events\n"
    assert len(icalendar.Calendar.from_ical(out.read_bytes()).events) == 10


def test_a_calendar_in_no_folder_is_bad_usage(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["study", "calendar", "--out", str(tmp_path / "nowhere" / "study.ics")]) == BAD_INPUT
    assert "there is no folder" in capsys.readouterr().err
