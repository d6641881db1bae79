"""`bedside study`: what to do today."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from bedside.cli import django_site
from bedside.findings import plural
from bedside.study import Kind, LeftOut, Piece

if TYPE_CHECKING:  # rows can be imported once Django has started
    from bedside.site.content import Content
    from bedside.site.study.session import Today

LEARNER = "learner"  # the one of this computer
app = typer.Typer()


@app.callback()
def _noun() -> None:
    """Study: what is due and what is worth most today."""


@app.command()
def today(
    user: Annotated[str, typer.Option(help="Whose session; without it, that of the learner of this computer.")] = LEARNER,
    minutes: Annotated[
        float | None, typer.Option(help="Minutes there are; without it, those of the profile, else 30.", min=0, max=1440)
    ] = None,
    data: Annotated[Path | None, typer.Option(help=django_site.DATA_HELP)] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Answer as JSON.")] = False,
) -> None:
    """The session for today: what to review and what to meet, in this order, each with its reason.

    Answers that have become known are taken into the study queue first. Patient cases and timed blocks are not in it yet.
    """
    django_site.start(data=data)
    from bedside.site import clock  # noqa: PLC0415
    from bedside.site.accounts.queries import user_named  # noqa: PLC0415
    from bedside.site.content import current_content  # noqa: PLC0415
    from bedside.site.exam.sealed import see_unsealed  # noqa: PLC0415
    from bedside.site.study.session import session_today  # noqa: PLC0415
    from bedside.site.study.taking_in import take_in_answers  # noqa: PLC0415

    person, content, at = user_named(user), current_content(), clock.now()
    see_unsealed(person.pk, at)
    take_in_answers(person, content, at=at)
    found = session_today(person, content, minutes=minutes, at=at)
    if as_json:
        typer.echo(json.dumps(_as_dict(found, content, person.username)))
        return
    session = found.session
    typer.echo(
        f"{session.on}: {plural(len(session.pieces), 'piece')}, {session.planned_minutes:.0f} of {session.minutes:.0f} min"
    )
    for piece in session.pieces:
        told = _piece(piece, found, content)
        typer.echo(f"{told['kind']:<7}{told['minutes']:>5.1f} min  {told['topic']} ({told['text']})")
    for one in session.left_out:
        typer.echo(f"left out: {_left_out(one, found)['text']}")


def _as_dict(found: Today, content: Content, user: str) -> dict[str, Any]:
    session = found.session
    return {
        "user": user,
        "on": session.on.isoformat(),
        "zone": found.zone,
        "minutes": session.minutes,
        "planned_minutes": session.planned_minutes,
        "pieces": [_piece(piece, found, content) for piece in session.pieces],
        "left_out": [_left_out(one, found) for one in session.left_out],
    }


def _piece(piece: Piece, found: Today, content: Content) -> dict[str, Any]:
    from bedside.site.study.queries import name_of, topic_of  # noqa: PLC0415
    from bedside.site.study.words import reason_words  # noqa: PLC0415

    area = found.area(piece.area)
    is_takeaway = piece.kind in (Kind.REVIEW, Kind.NEW)
    topic = str(topic_of(content.bank.takeaways[name_of(piece.name)], content)) if is_takeaway else piece.name
    return {
        "kind": piece.kind.value,
        "name": piece.name,
        "topic": topic,
        "area": area,
        "minutes": round(piece.minutes, 2),
        "reason": {"kind": type(piece.reason).__name__, **asdict(piece.reason)},
        "text": reason_words(piece.reason, area),
    }


def _left_out(one: LeftOut, found: Today) -> dict[str, Any]:
    from bedside.site.study.words import left_out_words  # noqa: PLC0415

    area = found.area(one.area)
    return {"why": one.why.value, "minutes": one.minutes, "area": area, "text": left_out_words(one, area)}
