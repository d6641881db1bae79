"""The reference pages of the documentation against the code."""

from __future__ import annotations

import re
from pathlib import Path

from django.test import Client

from bedside.delivery import REASONS, event_fields
from bedside.site.accounts.audit import VERBS
from bedside.site.problems import CODES

REFERENCE = Path("docs/reference")


def _rows(name: str) -> list[str]:
    return [line for line in (REFERENCE / name).read_text(encoding="utf-8").splitlines() if line.startswith("| `")]


def test_the_events_are_those_of_the_core() -> None:
    events = [f"| `{name}` | {by} | {fields or '–'} | {text} |" for name, by, fields, text in event_fields()]
    reasons = [f"| `{reason.value}` | {text} |" for reason, text in REASONS.items()]
    assert _rows("events.md") == events + reasons


def test_the_deeds_of_the_audit_log_are_those_of_the_code() -> None:
    told = [row.split(" | ")[:2] for row in _rows("audit-log.md")]
    assert told == [[f"| `{verb}`", str(text)] for verb, text in VERBS.items()]


def test_every_call_of_the_api_is_described(client: Client) -> None:
    paths = client.get("/api/openapi.json").json()["paths"]
    told = {re.sub(r"{(sitting|run)_id}", "{id}", path): methods for path, methods in paths.items()}
    calls = {f"{method.upper()} {path}" for path, methods in told.items() for method in methods}
    text = (REFERENCE / "api.md").read_text(encoding="utf-8")
    described = set(re.findall(r"^### `((?:GET|POST) [^`]+)`$", text, re.MULTILINE))
    assert described == calls


def test_every_code_of_an_error_is_described() -> None:
    text = (REFERENCE / "api.md").read_text(encoding="utf-8")
    for _, status, code in CODES:
        assert f"| `{code}` | {status} |" in text
