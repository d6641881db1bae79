"""What the environment says, and what the settings make of it."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, Encoding, NoEncryption, PrivateFormat
from django.core.management import call_command

from bedside.errors import StoreError, UsageError
from bedside.site.environment import NEVER_BY_ITSELF, VARIABLES, database_settings, is_loopback, read_environment
from bedside.site.keys import public_key_hex, secret_key

HOSTED = {"BEDSIDE_MODE": "hosted", "BEDSIDE_HOSTS": "exam.example.org, www.example.org"}


def test_without_any_variable_it_is_this_computer_alone() -> None:
    environment = read_environment({})
    assert environment.is_local
    assert environment.hosts == ("localhost", "127.0.0.1", "[::1]")
    assert environment.data == Path("data").absolute()
    assert database_settings(environment)["OPTIONS"]["transaction_mode"] == "IMMEDIATE"


def test_hosted_mode_serves_the_hosts_that_are_named() -> None:
    assert read_environment(HOSTED).hosts == ("exam.example.org", "www.example.org")


@pytest.mark.parametrize(
    ("variables", "told"),
    [
        ({"BEDSIDE_MODE": "cloud"}, "BEDSIDE_MODE"),
        ({"BEDSIDE_MODE": "hosted"}, "BEDSIDE_HOSTS"),
        ({**HOSTED, "BEDSIDE_HOSTS": "*"}, "BEDSIDE_HOSTS"),
        ({**HOSTED, "BEDSIDE_HOSTS": " , "}, "BEDSIDE_HOSTS"),
        ({**HOSTED, "BEDSIDE_DEBUG": "1"}, "BEDSIDE_DEBUG"),
        ({"BEDSIDE_LOG": "loud"}, "BEDSIDE_LOG"),
    ],
)
def test_a_value_that_is_not_allowed_names_its_variable(variables: dict[str, str], told: str) -> None:
    with pytest.raises(UsageError, match=told):
        read_environment(variables)


def test_a_postgresql_database_is_read_from_its_address() -> None:
    url = "postgresql://ada:p%40ss@db.example.org:5433/bedside?sslmode=require"
    found = database_settings(read_environment({"DATABASE_URL": url}))
    assert (found["NAME"], found["USER"], found["PASSWORD"]) == ("bedside", "ada", "p@ss")
    assert (found["HOST"], found["PORT"]) == ("db.example.org", "5433")
    assert found["OPTIONS"] == {"prepare_threshold": NEVER_BY_ITSELF, "sslmode": "require"}


@pytest.mark.parametrize("url", ["mysql://x/y", "postgresql://localhost", "nonsense", "postgresql://host:port/name"])
def test_a_database_address_that_is_none_is_refused(url: str) -> None:
    with pytest.raises(UsageError, match="DATABASE_URL"):
        database_settings(read_environment({"DATABASE_URL": url}))


@pytest.mark.parametrize(
    ("host", "is_one"),
    [
        *((host, True) for host in ("localhost", "127.0.0.1", "127.9.9.9", "::1", "[::1]")),
        *((host, False) for host in ("0.0.0.0", "::", "10.0.0.1", "localhost.example.org", "")),
    ],
)
def test_the_loopback_is_known(host: str, is_one: bool) -> None:
    assert is_loopback(host) is is_one


def _settings(expression: str, tmp_path: Path, **variables: str) -> str:
    """A value of the settings in a process of its own, since settings are read once."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("BEDSIDE_", "DJANGO_"))}
    done = subprocess.run(
        [sys.executable, "-c", f"from bedside.site import settings; print({expression})"],
        env={**kept, "BEDSIDE_DATA": str(tmp_path), **variables},
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout.strip()


def test_hosted_mode_has_no_learner_without_a_password_and_speaks_https_only(tmp_path: Path) -> None:
    expression = (
        "any('LocalLearner' in name for name in settings.MIDDLEWARE), settings.SESSION_COOKIE_SECURE, "
        "settings.CSRF_COOKIE_SECURE, settings.SECURE_SSL_REDIRECT, settings.SECURE_HSTS_SECONDS >= 31536000, settings.DEBUG"
    )
    assert _settings(expression, tmp_path, **HOSTED) == "False True True True True False"


def test_reading_the_settings_writes_nothing(tmp_path: Path) -> None:
    _settings("settings.ALLOWED_HOSTS", tmp_path / "data")
    assert not (tmp_path / "data").exists()


def test_keys_are_made_once_and_kept(tmp_path: Path) -> None:
    assert secret_key(tmp_path) == secret_key(tmp_path)
    assert len(secret_key(tmp_path)) >= 50
    assert public_key_hex(tmp_path) == public_key_hex(tmp_path)
    for path in (tmp_path / "keys").iterdir():
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert sorted(path.name for path in (tmp_path / "keys").iterdir()) == ["secret_key", "signing_key.pem"]


def test_a_key_that_cant_be_made_is_a_clear_error(tmp_path: Path) -> None:
    (tmp_path / "keys").write_text("in the way", encoding="utf-8")
    with pytest.raises(StoreError, match="the key can't be"):
        secret_key(tmp_path)


@pytest.mark.parametrize("kept", [b"", b"\n", b"short", b"\xff" * 60])
def test_a_secret_key_that_is_none_names_its_file_and_what_to_do(tmp_path: Path, kept: bytes) -> None:
    path = tmp_path / "keys" / "secret_key"
    path.parent.mkdir()
    path.write_bytes(kept)
    with pytest.raises(StoreError, match=r"keys/secret_key: this is no key.*backup, or remove it"):
        secret_key(tmp_path)


def _rsa_key() -> bytes:
    return rsa.generate_private_key(public_exponent=65537, key_size=2048).private_bytes(
        Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()
    )


def _locked_key() -> bytes:
    return Ed25519PrivateKey.generate().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, BestAvailableEncryption(b"a password"))


@pytest.mark.parametrize("make", [bytes, lambda: b"nonsense", lambda: b"\xff" * 60, _rsa_key, _locked_key])
def test_a_signing_key_that_is_none_names_its_file_and_what_to_do(tmp_path: Path, make: Callable[[], bytes]) -> None:
    path = tmp_path / "keys" / "signing_key.pem"
    path.parent.mkdir()
    path.write_bytes(make())
    with pytest.raises(StoreError, match=r"keys/signing_key.pem: this is no Ed25519.*backup, or remove it"):
        public_key_hex(tmp_path)


@pytest.mark.django_db
def test_no_migration_is_missing() -> None:
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


def test_the_reference_names_every_variable() -> None:
    text = Path("docs/reference/settings.md").read_text(encoding="utf-8")
    rows = [f"| `{variable.name}` | {variable.default} | {variable.text} |" for variable in VARIABLES]
    table = [line for line in text.splitlines() if line.startswith("| `")]
    assert table == rows
