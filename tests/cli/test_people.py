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
from bedside.site.accounts.roles import Role, roles_of
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
    assert json.loads(capsys.readouterr().out) == {"id": str(bob.pk), "name": "bob", "roles": ["candidate"]}
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


def test_a_user_gets_the_roles_that_are_named(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["user", "add", "pat", "--role", "proctor", "--role", "author", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["roles"] == ["author", "proctor"]
    assert roles_of(User.objects.get(username="pat")) == {Role.AUTHOR, Role.PROCTOR}
    assert AuditEntry.objects.get(verb="user_added").detail == {"roles": ["author", "proctor"]}


def test_a_role_that_is_none_names_those_that_there_are(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["user", "add", "pat", "--role", "chief"]) == BAD_INPUT
    told = capsys.readouterr().err
    assert told.startswith('bedside: there is no role "chief"; the roles are candidate, author, reviewer, proctor')
    assert not User.objects.exists()


def test_users_are_listed_with_their_roles(capsys: pytest.CaptureFixture[str]) -> None:
    run(["user", "add", "ada"])
    run(["user", "add", "pat", "--role", "proctor"])
    capsys.readouterr()
    assert run(["user", "list"]) == 0
    assert capsys.readouterr().out == "ada: candidate\npat: proctor\n"
    assert run(["user", "list", "--role", "proctor", "--json"]) == 0
    (one,) = json.loads(capsys.readouterr().out)["users"]
    assert (one["name"], one["roles"], one["is_active"], one["has_password"]) == ("pat", ["proctor"], True, False)


def test_roles_are_given_and_taken_away_with_a_reason(capsys: pytest.CaptureFixture[str]) -> None:
    run(["user", "add", "pat", "--role", "author"])
    capsys.readouterr()
    assert run(["user", "roles", "pat", "--add", "proctor", "--remove", "author", "--reason", "exam in May"]) == 0
    assert capsys.readouterr().out == "pat: proctor\n"
    entry = AuditEntry.objects.get(verb="roles_changed")
    assert entry.actor is None
    assert entry.detail == {"added": ["proctor"], "removed": ["author"], "reason": "exam in May"}
    assert run(["user", "roles", "pat", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["roles"] == ["proctor"]
    assert run(["user", "roles", "pat", "--add", "author", "--remove", "author"]) == BAD_INPUT


def test_the_last_administrator_stays_one(capsys: pytest.CaptureFixture[str]) -> None:
    run(["user", "add", "root", "--role", "administrator"])
    capsys.readouterr()
    assert run(["user", "roles", "root", "--remove", "administrator"]) == BAD_INPUT
    assert 'bedside: "root" is the last administrator' in capsys.readouterr().err
    assert roles_of(User.objects.get(username="root")) == {Role.ADMINISTRATOR}


def test_a_password_is_changed_and_the_learner_has_none(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    run(["user", "add", "bob"])
    monkeypatch.setattr("sys.stdin", io.StringIO("correct horse battery\n"))
    assert run(["user", "password", "bob"]) == 0
    assert User.objects.get(username="bob").check_password("correct horse battery")
    assert AuditEntry.objects.filter(verb="password_set").count() == 1
    monkeypatch.setattr("sys.stdin", io.StringIO("correct horse battery\n"))
    assert run(["user", "password", "learner"]) == BAD_INPUT
    assert "has no password" in capsys.readouterr().err


def test_a_token_is_listed_without_its_secret_and_revoked_for_good(capsys: pytest.CaptureFixture[str]) -> None:
    run(["user", "add", "bob"])
    run(["token", "create", "--user", "bob", "--name", "import", "--json"])
    made = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert run(["token", "list", "--user", "bob", "--json"]) == 0
    shown = capsys.readouterr().out
    assert made["token"] not in shown
    assert [(one["id"], one["name"], one["revoked_at"]) for one in json.loads(shown)["tokens"]] == [
        (made["id"], "import", None)
    ]
    assert run(["token", "revoke", made["id"]]) == 0
    assert user_of_token(made["token"]) is None
    assert run(["token", "revoke", made["id"]]) == 0  # once more changes nothing
    assert AuditEntry.objects.filter(verb="token_revoked").count() == 1
    assert run(["token", "revoke", "nonsense"]) == BAD_INPUT
    assert run(["token", "revoke", "6f1c2e0a-1b2c-4d3e-8f90-123456789abc"]) == BAD_INPUT
