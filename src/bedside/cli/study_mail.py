"""`bedside study mail` and `bedside study calendar`: what goes out, of the plan only."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from bedside.cli import FAILED_CHECK, django_site
from bedside.cli.whole_file import see_place, write_whole
from bedside.errors import UsageError
from bedside.findings import plural

LEARNER = "learner"  # the one of this computer


def register(app: typer.Typer) -> None:
    """Put the two verbs under `bedside study`."""
    app.command()(mail)
    app.command()(calendar)


def mail(
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would be sent, and send nothing.")] = False,
    data: Annotated[Path | None, typer.Option(help=django_site.DATA_HELP)] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Answer as JSON.")] = False,
) -> None:
    """Send the daily lines that are due now. Made to be called by a timer, each hour. Exit status 1: one was not taken.

    Whoever did not ask for a line and confirm it gets none; nobody gets two on one day.
    """
    django_site.start(data=data)
    from django.conf import settings  # noqa: PLC0415

    from bedside.site import clock  # noqa: PLC0415
    from bedside.site.content import current_content  # noqa: PLC0415
    from bedside.site.reminding.sending import Outcome, Sent, send_due  # noqa: PLC0415

    if not dry_run and not settings.CAN_MAIL:
        raise UsageError("no mail can be sent: BEDSIDE_EMAIL_URL is not set")

    def line(one: Sent) -> str:
        return f"{one.user}: {one.outcome.value}" + (f": {one.said}" if dry_run and one.said else "")

    found: list[Sent] = []
    for one in send_due(current_content(), at=clock.now(), is_dry=dry_run):
        found.append(one)
        if not as_json:
            typer.echo(line(one))
    if as_json:
        rows = [
            {"user": one.user, "on": one.on.isoformat(), "outcome": one.outcome.name.lower(), "said": one.said} for one in found
        ]
        typer.echo(json.dumps({"lines": rows}))
    elif not found:
        typer.echo("nobody has asked for the daily line")
    if any(one.outcome is Outcome.FAILED for one in found):
        raise typer.Exit(FAILED_CHECK)


def calendar(
    out: Annotated[Path, typer.Option(help="The file to write, such as study.ics.")],
    user: Annotated[str, typer.Option(help="Whose plan; without it, that of the learner of this computer.")] = LEARNER,
    data: Annotated[Path | None, typer.Option(help=django_site.DATA_HELP)] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Answer as JSON.")] = False,
) -> None:
    """Write the plan and the exam as a calendar (iCalendar), which any calendar program can read."""
    see_place(out)
    django_site.start(data=data)
    from bedside.site import clock  # noqa: PLC0415
    from bedside.site.accounts.queries import user_named  # noqa: PLC0415
    from bedside.site.content import current_content  # noqa: PLC0415
    from bedside.site.reminding.calendars import calendar_of  # noqa: PLC0415

    found = calendar_of(user_named(user), current_content(), at=clock.now())
    write_whole(out, found.text())
    if as_json:
        typer.echo(json.dumps({"file": str(out), "events": len(found.events)}))
    else:
        typer.echo(f"{out}: {plural(len(found.events), 'event')}")
