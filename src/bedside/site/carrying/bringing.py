"""What a person took elsewhere, brought back: all of a file or nothing of it.

A file is read twice. First whole, without a lock, and every value is checked; then in one write, in which each member must
still have the bytes that were checked.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from uuid import UUID

from django.conf import settings
from django.db.models import Count, Max

from bedside.errors import ConflictError, UsageError
from bedside.site.accounts.audit import audit
from bedside.site.accounts.models import User
from bedside.site.carrying import pictures, sittings
from bedside.site.carrying.archive import Archive, LeftOut, opened
from bedside.site.carrying.joining import Counts, Joiner
from bedside.site.carrying.rows import Codec, Incoming
from bedside.site.carrying.sittings import Arriving, Fate
from bedside.site.carrying.tables import TABLES, Table
from bedside.site.cases.for_carrying import is_known_case
from bedside.site.cases.models import CaseCommand
from bedside.site.database import one_write_of_many
from bedside.site.exam.sealed import see_no_exam_waits, see_unsealed

BROUGHT = "person_brought_back"  # the entry in the audit log
MAX_AHEAD = timedelta(minutes=10)  # as for sittings: further than that, one of two clocks is wrong


@dataclass(slots=True)
class Brought:
    """What was brought back: rows by table, sittings, and what stays out or stays a record, with the reason."""

    whose: str  # the name of the account that the file was made for
    made_at: datetime
    counts: dict[str, Counts] = field(default_factory=dict)
    left_out: list[LeftOut] = field(default_factory=list)

    @property
    def changes_nothing(self) -> bool:
        return not any(one.n_new or one.n_changed for one in self.counts.values())


class _DryRunError(Exception):
    """Takes everything back that a trial has written."""


def import_person(
    user: User,
    path: Path,
    *,
    at: datetime,
    actor: User | None = None,
    named: str | None = None,
    from_keys: Collection[str] = (),
    is_dry_run: bool = False,
) -> Brought:
    """Bring a file of `writing.export_person` back to a person: the union of what never changes, the later of what does.

    `named` is the name that the file must have been made for; None: whoever's it was, it becomes theirs. A second time it
    changes nothing. With `is_dry_run` all is done, told, and taken back.

    Raises:
        SealedError: a proctored sitting of theirs is under way.
        ConflictError: the file says something else than what is here, or holds what is somebody else's; names it. Or it is
            large, and somebody's proctored sitting is under way on SQLite.
        BedsideError: the file can't be read, or holds what it must not; names member, line and field. Nothing was written.
    """
    see_unsealed(user.pk, at)
    with opened(path) as archive:
        whose = archive.manifest.user.name
        if named is not None and whose != named:
            raise ConflictError(f'the file was made for "{whose}", not for "{named}"; say that it is yours all the same')
        plan = _Plan.of(archive, user, at, from_keys)
        brought = Brought(whose, archive.manifest.made_at, left_out=list(plan.left_out))
        see_no_exam_waits(plan.n_rows, at)  # a dry run writes too, and takes it back
        if not is_dry_run:
            pictures.keep(archive)
        try:
            with one_write_of_many():
                see_unsealed(user.pk, at)
                _join_all(archive, plan, brought, user, at)
                audit(actor=actor, verb=BROUGHT, subject=str(user.pk), at=at, detail=_detail(brought))
                if is_dry_run:
                    raise _DryRunError
        except _DryRunError:
            pass
    return brought


@dataclass(slots=True)
class _Plan:
    """What was found on the first reading."""

    codecs: dict[str, Codec]
    sittings: list[Arriving]
    rows_out: dict[str, set[UUID]]
    left_out: list[LeftOut]
    n_rows: int = 0

    @classmethod
    def of(cls, archive: Archive, user: User, at: datetime, from_keys: Collection[str]) -> _Plan:
        plan = cls({table.name: Codec(table, at + MAX_AHEAD) for table in TABLES}, [], {}, [])
        for table in TABLES:
            for row in plan.rows(archive, table):
                plan.n_rows += 1
                if table.name == "case_runs" and not _may_play(row):
                    plan.rows_out.setdefault(table.name, set()).add(row.values["id"])
                    why = "this server does not have its case in that form"
                    plan.left_out.append(LeftOut(what=f"run {row.values['id']} of a case", why=why))
        pictures.see(archive, plan.rows_of_media(archive), user)
        plan.sittings = sittings.look_at(archive, user, from_keys=from_keys)
        plan.left_out += [
            LeftOut(what=f"sitting {one.sitting}", why=one.why) for one in plan.sittings if one.fate is Fate.RECORD
        ]
        return plan

    def rows(self, archive: Archive, table: Table) -> Iterator[Incoming]:
        """The rows of a table, each checked."""
        if archive.has_rows(table.name):
            yield from map(self.codecs[table.name].read, archive.lines(table.name))

    def rows_of_media(self, archive: Archive) -> Iterator[Incoming]:
        return self.rows(archive, next(table for table in TABLES if table.name == "media"))


def _may_play(row: Incoming) -> bool:
    """Where others use the server too, the text of a case must be one of its own: it is read and played there."""
    return settings.IS_LOCAL or is_known_case(row.values["case_id"], row.values["case_text"])


def _join_all(archive: Archive, plan: _Plan, brought: Brought, user: User, at: datetime) -> None:
    records, merged = Counts(), Counts()
    for arriving in plan.sittings:  # before the rows, which know only their ids
        counts = records if arriving.fate is Fate.RECORD else merged
        if sittings.bring(archive, arriving, user, at=at):
            counts.n_new += 1
        else:
            counts.n_known += 1
    brought.counts |= {"sittings": merged, "records": records}
    for table in TABLES:
        joiner = Joiner(table, user, at, plan.codecs[table.name])
        joiner.join(plan.rows(archive, table), plan.rows_out)
        brought.counts[table.name] = joiner.counts
    _see_commands(user)


def _see_commands(user: User) -> None:
    """No run of a case lacks a command between others."""
    runs = CaseCommand.objects.filter(run__user=user).values("run").annotate(n=Count("seq"), last=Max("seq"))
    for told in runs:
        if told["n"] != told["last"]:
            raise UsageError(f"rows/case_commands.jsonl: run {told['run']} lacks a command between others")


def _detail(brought: Brought) -> dict[str, int | str]:
    counts = brought.counts.values()
    return {
        "made_for": brought.whose,
        "new": sum(one.n_new for one in counts),
        "changed": sum(one.n_changed for one in counts),
        "known": sum(one.n_known for one in counts),
    }
