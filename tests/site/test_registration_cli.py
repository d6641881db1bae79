"""`bedside registration`: to read who may sit."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from django.conf import settings

from bedside.cli import BAD_INPUT, run
from bedside.site.accounts.models import User
from bedside.site.accounts.roles import Role
from bedside.site.registration.models import Registration
from bedside.site.registration.results import change_validity
from tests.support.people import person
from tests.support.registering import READY, TODAY, enrol, know, passed, write_three_steps
from tests.support.site import Clock
from tests.support.sittings import T0

pytestmark = pytest.mark.django_db


@pytest.fixture
def ada(content_dir: Path, tmp_path: Path, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> User:
    """A candidate with a registration that stands and one that was suspended."""
    monkeypatch.setattr(settings, "CONTENT", write_three_steps(tmp_path / "content"))
    root, ada = person("root", Role.ADMINISTRATOR), person("ada", Role.CANDIDATE)
    know(root, ada, **{**READY, "attempts": [passed("first")]})
    enrol(root, ada)
    enrol(root, ada, "second", overridden=["exam.second.old"])
    change_validity(
        root,
        ada,
        programme="exam",
        step="first",
        on=TODAY.replace(year=2025),
        validity="invalidated",
        since=TODAY,
        reason="a letter",
        at=T0,
    )
    return ada


def test_registrations_are_listed_with_what_suspended_them(ada: User, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["registration", "list"]) == 0
    assert capsys.readouterr().out.splitlines() == [
        "ada: The Exam: Third step, 2026-03-02 to 2026-06-01, suspended (The third step needs the first.)",
        "ada: The Exam: Second step, 2026-03-02 to 2026-06-01, stands",
    ]
    assert run(["registration", "list", "--show", "suspended", "--name", "ad", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)["registrations"]
    assert [(one["candidate"], one["step"], one["state"]) for one in told] == [("ada", "third", "suspended")]
    assert run(["registration", "list", "--name", "nobody"]) == 0
    assert capsys.readouterr().out == ""
    assert run(["registration", "list", "--show", "some"]) == BAD_INPUT


def test_one_candidates_are_shown_with_every_deed_and_the_answer_of_the_rules(
    ada: User, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["registration", "show", "ada"]) == 0
    said = capsys.readouterr().out
    assert "exam/third, 2026-03-02 to 2026-06-01, suspended\n  2026-03-02 09:00 made by root: applied\n" in said
    assert "suspended by root: The third step needs the first." in said
    assert "made by root: applied Decided on: exam.second.old." in said
    assert run(["registration", "show", "ada", "--json"]) == 0
    third = json.loads(capsys.readouterr().out)["registrations"][0]
    assert [one["what"] for one in third["deeds"]] == ["made", "suspended"]
    assert third["deeds"][0]["answer"]["days"][0]["status"] == "eligible"
    assert Registration.objects.count() == 2
    assert run(["registration", "show", "nobody"]) == BAD_INPUT
