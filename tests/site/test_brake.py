"""The brake on password guessing. It is there in hosted mode only, so the site runs in a process of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.support.tables import data_with

HOSTED = {"BEDSIDE_MODE": "hosted", "BEDSIDE_HOSTS": "exam.example.org"}
SCRIPT = """
import json
from datetime import timedelta
from bedside.cli import django_site
django_site.start()
from django.contrib.auth.hashers import Argon2PasswordHasher as Hasher
Hasher.time_cost, Hasher.memory_cost, Hasher.parallelism = 1, 8, 1
from axes.models import AccessAttempt
from django.conf import settings
from django.db.models import F
from django.test import Client
from bedside.site import clock
from bedside.site.accounts.actions import add_user
from bedside.site.accounts.models import AuditEntry
add_user("ada", password="correct horse battery", at=clock.now())
add_user("bob", password="correct horse battery", at=clock.now())
def sign_in(name, password, address="192.0.2.1"):
    browser = Client(REMOTE_ADDR=address, SERVER_NAME="exam.example.org")
    answer = browser.post("/login/", {"username": name, "password": password}, secure=True)
    return [answer.status_code, answer.content.decode()]
told = {"wrong": [sign_in("ada", f"guess {n}") for n in range(6)]}
told["right_while_braked"] = sign_in("ada", "correct horse battery")
told["somebody_else"] = sign_in("bob", "correct horse battery")
told["from_elsewhere"] = sign_in("ada", "correct horse battery", "192.0.2.2")
told["kept"] = str(list(AccessAttempt.objects.values()))
AccessAttempt.objects.update(attempt_time=F("attempt_time") - settings.AXES_COOLOFF_TIME - timedelta(seconds=1))
told["after_the_rest"] = sign_in("ada", "correct horse battery")
def signed_in():
    browser = Client(REMOTE_ADDR="192.0.2.3", SERVER_NAME="exam.example.org")
    browser.post("/login/", {"username": "bob", "password": "correct horse battery"}, secure=True)
    return browser
def change(browser, old):
    new = "another long pass 42"
    fields = {"old_password": old, "new_password1": new, "new_password2": new}
    answer = browser.post("/me/password", fields, secure=True)
    return [answer.status_code, answer.content.decode()]
found_window = signed_in()
told["change"] = [change(found_window, f"guess {n}") for n in range(6)] + [change(found_window, "correct horse battery")]
told["audit"] = [entry.actor.username for entry in AuditEntry.objects.filter(verb="signed_in").order_by("at")]
print(json.dumps(told))
"""


@pytest.fixture(scope="module")
def told(tables: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What a hosted site answered to somebody who guesses."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("BEDSIDE_", "DJANGO_", "DATABASE_URL"))}
    data = data_with(tables, tmp_path_factory.mktemp("hosted") / "data")
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT],
        env={**kept, **HOSTED, "BEDSIDE_DATA": str(data)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "Traceback" not in done.stderr
    answers: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return answers


def test_the_sixth_wrong_password_is_not_even_looked_at(told: dict[str, Any]) -> None:
    assert [status for status, _ in told["wrong"]] == [200, 200, 200, 200, 429, 429]
    assert "Too many wrong passwords for this name; wait 15 minutes" in told["wrong"][5][1]


def test_the_right_password_does_not_show_while_the_brake_is_on(told: dict[str, Any]) -> None:
    assert told["right_while_braked"] == told["wrong"][5]


def test_the_brake_holds_one_name_from_one_address_only(told: dict[str, Any]) -> None:
    assert told["somebody_else"][0] == 302
    assert told["from_elsewhere"][0] == 302


def test_after_a_rest_the_right_password_signs_in(told: dict[str, Any]) -> None:
    assert told["after_the_rest"][0] == 302


def test_each_sign_in_is_in_the_audit_log_and_no_guess_is(told: dict[str, Any]) -> None:
    assert told["audit"] == ["bob", "ada", "ada", "bob"]


def test_no_password_that_was_tried_is_kept(told: dict[str, Any]) -> None:
    assert "guess" not in told["kept"]
    assert "correct horse" not in told["kept"]


def test_whoever_finds_an_open_window_can_guess_the_password_no_more_often_than_at_the_door(told: dict[str, Any]) -> None:
    assert [status for status, _ in told["change"]] == [400, 400, 400, 400, 429, 429, 429]
    assert "This is not your password." in told["change"][0][1]
    assert "Too many wrong passwords for this name; wait 15 minutes" in told["change"][6][1]
