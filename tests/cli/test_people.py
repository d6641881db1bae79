"""`bedside user`, `bedside token` and `bedside keys`."""

from __future__ import annotations

import io
import json
import stat
from pathlib import Path

import pytest

from bedside.cli import BAD_INPUT, run
from bedside.site.accounts.models import AuditEntry, User
from bedside.site.accounts.queries import user_of_token
from bedside.site.keys import is_signed, sign_head

pytestmark = pytest.mark.django_db


def test_a_user_is_made_without_a_password(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["user", "add", "bob"]) == 0
    assert capsys.readouterr().out == 'made the user "bob"\n'
    assert not User.objects.get(username="bob").has_usable_password()
    assert AuditEntry.objects.get().verb == "user_added"


def test_a_password_is_read_from_the_input(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("correct horse battery\n"))
    assert run(["user", "add", "bob", "--password", "--json"]) == 0
    bob = User.objects.get(username="bob")
    assert json.loads(capsys.readouterr().out) == {"id": str(bob.pk), "name": "bob"}
    assert bob.check_password("correct horse battery")


@pytest.mark.parametrize("password", ["short", "", "password1234", "bobbobbobbob"])
def test_a_weak_password_is_refused_and_no_user_is_made(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], password: str
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(password + "\n"))
    assert run(["user", "add", "bobbobbobbob", "--password"]) == BAD_INPUT
    assert capsys.readouterr().err.startswith("bedside: the password ")
    assert not User.objects.exists()


@pytest.mark.parametrize("name", ["", "a b", "x" * 151, "a/b", "\n"])
def test_a_name_that_is_none_is_refused(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["user", "add", name]) == BAD_INPUT
    assert "is no user name" in capsys.readouterr().err


def test_a_name_that_is_taken_is_refused_in_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    run(["user", "add", "bob"])
    capsys.readouterr()
    assert run(["user", "add", "bob"]) == BAD_INPUT
    captured = capsys.readouterr()
    assert (captured.out, captured.err) == ("", 'bedside: a user named "bob" exists already\n')


def test_a_token_signs_in_its_user(capsys: pytest.CaptureFixture[str]) -> None:
    run(["user", "add", "bob"])
    capsys.readouterr()
    assert run(["token", "create", "--user", "bob", "--json"]) == 0
    made = json.loads(capsys.readouterr().out)
    assert set(made) == {"id", "user", "token"}
    found = user_of_token(made["token"])
    assert found is not None
    assert found.username == made["user"] == "bob"


def test_the_local_learner_is_made_for_a_token(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["token", "create", "--user", "learner"]) == 0
    captured = capsys.readouterr()
    assert captured.out.startswith("bedside_")
    assert captured.out.count("\n") == 1
    assert "not shown again" in captured.err


def test_a_token_for_nobody_says_how_to_make_somebody(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["token", "create", "--user", "bob"]) == BAD_INPUT
    assert capsys.readouterr().err == 'bedside: no user is named "bob"; `bedside user add bob` makes one\n'


def test_the_public_key_checks_what_the_server_signs(data_dir: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["keys", "show", "--json"]) == 0
    shown = json.loads(capsys.readouterr().out)
    assert shown["algorithm"] == "Ed25519"
    head = "ab" * 32
    signature = sign_head(data_dir, head)
    assert is_signed(shown["public_key"], head, signature)
    assert not is_signed(shown["public_key"], "cd" * 32, signature)
    assert not is_signed(shown["public_key"], head, "no hex")


def test_keys_are_for_their_owner_only(data_dir: Path) -> None:
    run(["keys", "show"])
    key = data_dir / "keys" / "signing_key.pem"
    assert stat.S_IMODE(key.stat().st_mode) == 0o600
    assert stat.S_IMODE(key.parent.stat().st_mode) == 0o700
