"""The course of any run: of one played by itself, from its own commands; of one in a sitting, from the sitting's events."""

from __future__ import annotations

from typing import Any

from bedside.cases import Run
from bedside.site.cases.models import CaseCommand, CaseRun
from bedside.site.cases.replays import replayed
from bedside.site.cases.sat_runs import commands_of, sat_replayed


def course_of(row: CaseRun) -> tuple[Run, int]:
    """The run as it stands, and how many commands it has. It is the caller's own.

    Raises:
        CaseChangedError: the catalogue or the engine has changed since.
    """
    return replayed(row) if row.sitting_id is None else sat_replayed(row)


def told_commands(row: CaseRun) -> list[tuple[int | None, dict[str, Any]]]:
    """The commands in their order, each with its virtual time, None where that was not kept."""
    if row.sitting_id is None:
        return list(row.commands.order_by("seq").values_list("at_s", "command"))
    return [(None, told) for told in commands_of(row.sitting_id, row.case_id)]


def played_rows(row: CaseRun) -> list[CaseCommand]:
    """The commands as rows; those of a sitting are made up for this, and not kept."""
    if row.sitting_id is None:
        return list(row.commands.order_by("seq"))
    told = enumerate(commands_of(row.sitting_id, row.case_id), start=1)
    return [CaseCommand(run=row, seq=seq, command=command, at_s=0, received_at=row.started_at) for seq, command in told]
