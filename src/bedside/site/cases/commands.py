"""Commands as JSON, in the words of transcripts: `{"do": "order", "order": "ns_iv", "urgency": "stat"}`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import fields
from typing import Any

from bedside.cases import (
    Advance,
    AdvanceToResult,
    AdvanceUntilCalled,
    Cancel,
    Command,
    End,
    Examine,
    History,
    Move,
    Order,
    Run,
)
from bedside.errors import BedsideError, UsageError

VERBS: Mapping[str, type[Command]] = {
    "order": Order,
    "cancel": Cancel,
    "move": Move,
    "exam": Examine,
    "history": History,
    "advance": Advance,
    "advance_to_result": AdvanceToResult,
    "advance_until_called": AdvanceUntilCalled,
    "end": End,
}
_VERB_OF = {kind: verb for verb, kind in VERBS.items()}
FINAL_VERBS = frozenset({"order", "cancel", "end"})  # all that is taken once only final orders are


def command_from_json(told: Mapping[str, Any]) -> Command:
    """The command; what it leaves out is as usual. Types and ranges are the API's to check.

    Raises:
        UsageError: no such command, or a field it does not have, or one that it lacks.
    """
    kind = VERBS.get(str(told.get("do")))
    if kind is None:
        raise UsageError(f'there is no command "{told.get("do")}"; it must be one of {", ".join(VERBS)}')
    try:
        return kind(**{name: value for name, value in told.items() if name != "do"})
    except TypeError as error:
        raise UsageError(f"{told['do']}: {error}") from error


def command_as_json(command: Command) -> dict[str, Any]:
    """The same as JSON, with every field, so that equal commands have equal JSON."""
    return {"do": _VERB_OF[type(command)], **{field.name: getattr(command, field.name) for field in fields(command)}}


def do_safely(run: Run, commands: Iterable[Mapping[str, Any]]) -> None:
    """Do commands as JSON; what is no command, or comes after the end, is passed over."""
    for told in commands:
        try:
            command = command_from_json(told)
            if not run.is_over:
                run.do(command)
        except (BedsideError, TypeError, ValueError, KeyError, AttributeError):
            continue
