"""`bedside registration`: who may sit which step under a proctor, to read. What changes it is done by who has signed in."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from bedside.cli import django_site
from bedside.errors import UsageError

if TYPE_CHECKING:  # rows can be imported once Django has started
    from bedside.site.registration.models import Registration, RegistrationDeed

SHOWS = ("open", "suspended", "over", "all")
DataOption = Annotated[Path | None, typer.Option(help=django_site.DATA_HELP)]
ContentOption = Annotated[
    Path | None,
    typer.Option("--content", help="Content folder; else BEDSIDE_CONTENT, ./content, or the copy that came along."),
]
JsonOption = Annotated[bool, typer.Option("--json", help="Answer as JSON.")]

app = typer.Typer()


@app.callback()
def _noun() -> None:
    """Who may sit which step under a proctor, and until when. Administrators register candidates on the office's pages."""


@app.command("list")
def list_registrations(
    show: Annotated[str, typer.Option(help="open (standing or suspended), suspended, over, or all.")] = "open",
    name: Annotated[str, typer.Option(help="Only candidates whose name has this in it.")] = "",
    data: DataOption = None,
    content: ContentOption = None,
    as_json: JsonOption = False,
) -> None:
    """Registrations, those that are suspended first."""
    if show not in SHOWS:
        raise UsageError(f'--show takes {", ".join(SHOWS)}, not "{show}"')
    django_site.start(data=data, content=content)
    from bedside.site import clock  # noqa: PLC0415
    from bedside.site.content import current_content  # noqa: PLC0415
    from bedside.site.registration.queries import registrations  # noqa: PLC0415

    lines = registrations(current_content(), show=show, name=name, on=clock.today())
    if as_json:
        listed = [{**_as_dict(line.row), "why": line.why} for line in lines]
        typer.echo(json.dumps({"registrations": listed}, ensure_ascii=False, indent=2))
        return
    for line in lines:
        why = f" ({line.why})" if line.why else ""
        typer.echo(f"{line.row.candidate.username}: {line.step}, {_period(line.row)}, {line.state}{why}")


@app.command()
def show(
    name: Annotated[str, typer.Argument(help="The candidate's name.")],
    data: DataOption = None,
    content: ContentOption = None,
    as_json: JsonOption = False,
) -> None:
    """All registrations of a candidate, each with what was done to it and what the rules said."""
    django_site.start(data=data, content=content)
    from bedside.site.accounts.queries import user_named  # noqa: PLC0415
    from bedside.site.registration.models import Registration  # noqa: PLC0415

    rows = Registration.objects.filter(candidate=user_named(name)).select_related("candidate").order_by("registered_at")
    found = [(row, list(row.deeds.select_related("by").order_by("number"))) for row in rows]
    if as_json:
        listed = [{**_as_dict(row), "deeds": [_deed(deed) for deed in deeds]} for row, deeds in found]
        typer.echo(json.dumps({"registrations": listed}, ensure_ascii=False, indent=2))
        return
    for row, deeds in found:
        typer.echo(f"{row.programme}/{row.step}, {_period(row)}, {row.state}")
        for deed in deeds:
            decided = f" Decided on: {', '.join(deed.overridden)}." if deed.overridden else ""
            typer.echo(f"  {deed.at:%Y-%m-%d %H:%M} {deed.verb} by {deed.by.username}: {deed.reason}{decided}")


def _period(row: Registration) -> str:
    return f"{row.first_day} to {row.last_day}"


def _as_dict(row: Registration) -> dict[str, Any]:
    return {
        "id": str(row.pk),
        "candidate": row.candidate.username,
        "programme": row.programme,
        "step": row.step,
        "first_day": row.first_day.isoformat(),
        "last_day": row.last_day.isoformat(),
        "state": row.state,
        "overridden": row.overridden,
    }


def _deed(deed: RegistrationDeed) -> dict[str, Any]:
    return {
        "what": deed.verb,
        "at": deed.at.isoformat(),
        "by": deed.by.username,
        "first_day": deed.first_day.isoformat(),
        "last_day": deed.last_day.isoformat(),
        "reason": deed.reason,
        "overridden": deed.overridden,
        "record": deed.record.digest if deed.record else None,
        "answer": deed.answer,
    }
