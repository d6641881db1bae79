"""`bedside bank stats`: what the bank has beside what it should have, and what to write next."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Annotated

import typer

from bedside.bank import Bank, Overview, overview
from bedside.cli import bank_content, bank_stats_text, django_site
from bedside.cli.bank_content import Surroundings
from bedside.errors import UsageError
from bedside.findings import plural
from bedside.site.bankroom.ranges import ranges_of

SECTIONS = ("coverage", "grid", "families", "difficulty", "reviews", "linter", "next")
DATABASE = "bedside.sqlite3"  # in the data folder of this computer


def stats(  # noqa: PLR0917 - the command line gives them by name
    path: Annotated[Path | None, typer.Argument(help="A content or collection folder, or a folder of items.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Answer as JSON.")] = False,
    content: Annotated[Path | None, typer.Option(help="Content folder (else BEDSIDE_CONTENT, ./content, the copy).")] = None,
    on: Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help="Day of the published ranges; today.")] = None,
    show: Annotated[list[str] | None, typer.Option("--show", help=f"A part in full: {', '.join(SECTIONS)}.")] = None,
    show_all: Annotated[bool, typer.Option("--all", help="Every part in full.")] = False,
    goal: Annotated[int | None, typer.Option(min=1, help="Items a step should have, for what to write next.")] = None,
    data: Annotated[Path | None, typer.Option(help="Data folder, for readers' reports (BEDSIDE_DATA, else ./data).")] = None,
) -> None:
    """What the bank has, beside the published ranges of each blueprint, and what to write next."""
    if wrong := [name for name in show or () if name not in SECTIONS]:
        raise UsageError(f'--show takes {", ".join(SECTIONS)}, not "{wrong[0]}"')
    wanted: Sequence[str] = SECTIONS if show_all else [name for name in SECTIONS if name in (show or ())]
    around = bank_content.surroundings(content, path)
    # the linter takes seconds, so it is asked only where its findings are shown
    checked = bank_content.check(path, content) if as_json or "linter" in wanted else None
    bank = checked.bank if checked else bank_content.read(bank_content.root_of(path, around), around)
    _name_left_out(bank)
    day = on.date() if on else _today()
    counted = overview(
        bank,
        ranges=list(ranges_of(around.programmes.by_name, on=day)),
        cases=takeaways_of_cases(around),
        findings=checked.findings if checked else None,
        goal=goal,
    )
    reports = open_reports(data)
    if as_json:
        told = {**counted.as_dict(), "reports_open": reports, "on": day.isoformat(), "left_out": len(bank.left_out)}
        typer.echo(json.dumps(told, ensure_ascii=False, indent=1))
        return
    for line in _lines(counted, wanted, reports):
        typer.echo(line.rstrip())


def _lines(counted: Overview, wanted: Sequence[str], reports: int | None) -> list[str]:
    parts: Mapping[str, list[str]]
    if not wanted:
        return [*bank_stats_text.summary(counted, reports), "", f"In full: --show {'|'.join(SECTIONS)}, or --all"]
    lines = bank_stats_text.summary(counted, reports) if len(wanted) == len(SECTIONS) else []
    parts = {name: bank_stats_text.PARTS[name](counted) for name in wanted}
    for name in wanted:
        lines += ["", *parts[name]] if lines else parts[name]
    return lines


def takeaways_of_cases(around: Surroundings) -> dict[str, tuple[str, ...]]:
    """The takeaways that each patient case carries; a case whose form is not sound has none."""
    from bedside.cli import case_content  # noqa: PLC0415 - the patients' engine is loaded for this alone

    folder = around.content / "cases"
    found = case_content.find_cases(around.content, []) if folder.is_dir() else ()
    return {one.id: tuple(dict.fromkeys(one.case.debrief.takeaways)) for one in found if one.case is not None}


def open_reports(data: Path | None) -> int | None:
    """How many errors that readers reported wait for an answer; None where this computer has no database of ours."""
    if not os.environ.get("DATABASE_URL") and not (bank_content.data_folder(data) / DATABASE).is_file():
        return None
    django_site.start(data=data, must_migrate=False)
    from django.db import DatabaseError  # noqa: PLC0415

    from bedside.site.reflection.item_reports import n_open  # noqa: PLC0415 - rows can be imported once Django has started

    try:
        return n_open()
    except DatabaseError:  # an older one: a report can't stand in it
        return None


def _name_left_out(bank: Bank) -> None:
    if bank.left_out:
        text = f"bedside: {plural(len(bank.left_out), 'file')} with errors left out; see `bedside bank check`"
        typer.echo(text, err=True)


def _today() -> date:
    from bedside.site import clock  # noqa: PLC0415 - the site is not needed otherwise

    return clock.today()
