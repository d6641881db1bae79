"""`bedside journey`: one's own record as a story, shared by file; and those of others."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any
from uuid import UUID

import typer

from bedside.cli import FAILED_CHECK, django_site, journey_import
from bedside.cli.journey_files import see_out, write_folder
from bedside.cli.whole_file import PRIVATE, see_place, write_whole
from bedside.errors import UsageError
from bedside.findings import plural
from bedside.journeys import RARE_FIELDS, START_FIELDS, Choices, Journey, journey_as_dict

if TYPE_CHECKING:  # rows can be imported once Django has started
    from bedside.site.accounts.models import User
    from bedside.site.content import Content

LEARNER = "learner"  # the one of this computer
UNSIGNED = {"id", "revision", "public_key", "signature"}  # what a journey gets when it is written
FIRST_START = [name for name in START_FIELDS if name not in RARE_FIELDS]
START_HELP = (
    f'The parts of the beginning that go along, by commas, or "none". There are {", ".join(START_FIELDS)}. '
    "Without the option all go along but trained_in, years_since_graduation and language."
)
app = typer.Typer()

UserOption = Annotated[str, typer.Option(help="Whose; without it, that of the learner of this computer.")]
DataOption = Annotated[Path | None, typer.Option(help=django_site.DATA_HELP)]
JsonOption = Annotated[bool, typer.Option("--json", help="Answer as JSON.")]


@app.callback()
def _noun() -> None:
    """Journeys: what a person's own record tells, shared by file with consent."""


@app.command()
def show(user: UserOption = LEARNER, data: DataOption = None, as_json: JsonOption = False) -> None:
    """Show all that the journey could tell, with name, notes and dates. Nothing is written."""
    person, content, at = _start(user, data)
    from bedside.site.journeys.holding import held  # noqa: PLC0415
    from bedside.site.journeys.telling import journey_of  # noqa: PLC0415

    journey = journey_of(person, content, at=at)
    if as_json:
        typer.echo(json.dumps({name: one for name, one in journey_as_dict(journey).items() if name not in UNSIGNED}))
        return
    typer.echo(f"{journey.programme} {journey.step}: {plural(journey.n_weeks, 'week')}, {journey.minutes / 60:.1f} hours")
    n_notes = 0
    for one in held(journey):
        n_notes += one.field == "notes"
        if one.field not in {*UNSIGNED, "format", "is_example", "programme", "step", "n_weeks"}:
            typer.echo(f"note {n_notes}: {one.said}" if one.field == "notes" else f"{one.field}: {one.said}")


@app.command()
def key(data: DataOption = None, as_json: JsonOption = False) -> None:
    """Show the public key that signs the journeys which are shared from here; tell it to whom you give one."""
    django_site.start(data=data, must_migrate=False)
    from django.conf import settings  # noqa: PLC0415

    from bedside.site.keys import journey_key_hex  # noqa: PLC0415

    public = journey_key_hex(settings.DATA)
    typer.echo(json.dumps({"algorithm": "Ed25519", "public_key": public}) if as_json else public)


@app.command()
def export(
    *,
    out: Annotated[Path, typer.Option(help="Where to write: a file that ends in .zip, or a folder.")],
    user: UserOption = LEARNER,
    with_name: Annotated[bool, typer.Option("--with-name", help="With the name.")] = False,
    with_text: Annotated[bool, typer.Option("--with-text", help="With the notes, word for word.")] = False,
    with_dates: Annotated[
        bool, typer.Option("--with-dates", help="With dates; without, all times are weeks since the first studied day.")
    ] = False,
    leave_out_note: Annotated[
        list[int] | None, typer.Option(help="Leave out the note with this number, as `journey show` prints it; several times.")
    ] = None,
    with_start: Annotated[str, typer.Option(help=START_HELP)] = ",".join(FIRST_START),
    yes: Annotated[bool, typer.Option("--yes", help="Write without asking.")] = False,
    data: DataOption = None,
    as_json: JsonOption = False,
) -> None:
    """Say exactly what the file would hold, ask, and then write journey.json (signed) and journey.html (to read).

    Name, notes and dates stay out unless they are asked for, and so do country, language and years since graduation. Both
    files are written or neither; nothing is sent anywhere.
    """
    choices = Choices(with_name, with_text, with_dates, _start_of(with_start), _places(leave_out_note or [], with_text))
    if as_json and not yes:
        raise UsageError("--json asks nothing, so it needs --yes; without both the command says what the file would hold")
    is_zip = see_out(out)
    person, content, at = _start(user, data)
    from bedside.site.journeys.sharing import preview  # noqa: PLC0415

    _see_notes(person, content, choices, at=at)
    seen = preview(person, content, choices, at=at)
    if not as_json:
        _tell_held(seen, n_without=len(choices.left_out_notes))
    if not yes and not typer.confirm("Write this?"):
        typer.echo("nothing was written")
        raise typer.Exit(FAILED_CHECK)
    journey, names = _written(person, content, choices, at=at, seen=seen, out=out, is_zip=is_zip)
    _tell_written(journey, names, as_json=as_json)


@app.command()
def withdraw(
    journey_id: Annotated[str, typer.Argument(metavar="ID", help="Of a journey that was shared from here.")],
    *,
    out: Annotated[Path, typer.Option(help="The file to write.")],
    user: UserOption = LEARNER,
    data: DataOption = None,
    as_json: JsonOption = False,
) -> None:
    """Write the file that makes a journey disappear where it is imported. It can't be taken back."""
    wanted = _uuid(journey_id)
    see_place(out)
    django_site.start(data=data)
    from django.db import transaction  # noqa: PLC0415

    from bedside.site import clock  # noqa: PLC0415
    from bedside.site.accounts.queries import user_named  # noqa: PLC0415
    from bedside.site.journeys.sharing import withdraw as withdraw_one  # noqa: PLC0415

    with transaction.atomic():
        packed = withdraw_one(user_named(user), wanted, at=clock.now())
        write_whole(out, packed, mode=PRIVATE)
    if as_json:
        typer.echo(json.dumps({"id": str(wanted), "file": str(out)}))
        return
    typer.echo(f"{out}: withdraws journey {wanted}; give it to whom you gave the journey")


@app.command("list")
def list_(
    examples: Annotated[bool, typer.Option("--examples", help="The invented examples, and no real journey.")] = False,
    mine: Annotated[bool, typer.Option("--mine", help="What was shared from here, with its ids.")] = False,
    user: UserOption = LEARNER,
    data: DataOption = None,
    as_json: JsonOption = False,
) -> None:
    """List the journeys of others that were imported; or the invented examples; or what was shared from here."""
    if examples and mine:
        raise UsageError("--examples and --mine are two lists; ask for one")
    django_site.start(data=data)
    if mine:
        _list_mine(user, as_json=as_json)
        return
    from bedside.site.journeys import stock  # noqa: PLC0415

    found = stock.examples() if examples else stock.library()
    if as_json:
        typer.echo(json.dumps([_row(one) for one in found]))
        return
    typer.echo(f"{plural(len(found), 'invented example' if examples else 'journey')}; those who share are not all who tried")
    for one in found:
        told = ", ".join(str(value) for name in START_FIELDS if name != "level" and (value := getattr(one.start, name)))
        ended = f", {one.outcome}" if one.outcome else ""
        hours = f"{one.minutes / 60:.0f} h in {plural(one.n_weeks, 'week')}"
        typer.echo(f"{one.id}  {one.programme} {one.step}  {hours}{ended}{f'  ({told})' if told else ''}")


app.command("import")(journey_import.import_)
app.command("remove")(journey_import.remove)


def _start(user: str, data: Path | None) -> tuple[User, Content, datetime]:
    """The person, once their answers are taken in, as the page does."""
    django_site.start(data=data)
    from bedside.site import clock  # noqa: PLC0415
    from bedside.site.accounts.queries import user_named  # noqa: PLC0415
    from bedside.site.content import current_content  # noqa: PLC0415
    from bedside.site.exam.sealed import see_unsealed  # noqa: PLC0415
    from bedside.site.study.taking_in import take_in_answers  # noqa: PLC0415

    person, content, at = user_named(user), current_content(), clock.now()
    see_unsealed(person.pk, at)
    take_in_answers(person, content, at=at)
    return person, content, at


def _written(
    person: User, content: Content, choices: Choices, *, at: datetime, seen: Journey, out: Path, is_zip: bool
) -> tuple[Journey, list[str]]:
    """The journey that was seen, signed and on the disk; and where."""
    from django.db import transaction  # noqa: PLC0415

    from bedside.site.journeys.files import seen_digest, write_files, zipped  # noqa: PLC0415

    with transaction.atomic():  # a disk that refuses leaves no trace of a share either
        files = write_files(person, content, choices, at=at, seen=seen_digest(seen))
        if is_zip:
            write_whole(out, zipped(files), mode=PRIVATE)
        else:
            write_folder(out, files.members)
    return files.journey, [str(out)] if is_zip else [str(out / name) for name in files.members]


def _start_of(told: str) -> frozenset[str]:
    names = frozenset(name.strip() for name in told.split(",") if name.strip()) - {"none"}
    unknown = sorted(names - set(START_FIELDS))
    if unknown:
        raise UsageError(f'--with-start: "{unknown[0]}" is no part of the beginning; there are {", ".join(START_FIELDS)}')
    return names


def _places(numbers: list[int], has_text: bool) -> frozenset[int]:
    """The places of notes, counted from 0, by their numbers, counted from 1."""
    if numbers and not has_text:
        raise UsageError("--leave-out-note: no notes go along without --with-text")
    return frozenset(number - 1 for number in numbers)


def _see_notes(person: User, content: Content, choices: Choices, *, at: datetime) -> None:
    """See that each note that is left out is there: a wrong number would let the right one go."""
    if not choices.left_out_notes:
        return
    from bedside.site.journeys.telling import journey_of  # noqa: PLC0415

    n = len(journey_of(person, content, at=at).notes)
    for place in sorted(choices.left_out_notes - set(range(n))):
        raise UsageError(f"--leave-out-note: there is no note {place + 1}; `bedside journey show` numbers them, 1 to {n}")


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise UsageError(f'"{text}" is no id of a journey; `bedside journey list --mine` shows them') from None


def _tell_held(journey: Journey, *, n_without: int) -> None:
    from bedside.site.journeys.holding import held, left_out  # noqa: PLC0415

    typer.echo("The file holds exactly this:")
    for one in held(journey):
        typer.echo("  " + f"{one.field}: {one.said}".replace("\n", "\n    "))
    if n_without:
        typer.echo(f"  left out: {plural(n_without, 'note')}")
    for text in left_out(journey):
        typer.echo(f"  left out: {text}")
    if journey.notes:
        typer.echo("The notes go along word for word. Read them for names, places and days; --leave-out-note leaves one out.")


def _tell_written(journey: Journey, names: list[str], *, as_json: bool) -> None:
    if as_json:
        told: dict[str, Any] = {"id": str(journey.id), "revision": journey.revision, "files": names}
        told["holds"] = journey_as_dict(journey)
        typer.echo(json.dumps(told))
        return
    for name in names:
        typer.echo(f"{name}: written")
    typer.echo(f"to withdraw it: bedside journey withdraw {journey.id} --out withdrawal.json")


def _list_mine(user: str, *, as_json: bool) -> None:
    from bedside.site.accounts.queries import user_named  # noqa: PLC0415
    from bedside.site.journeys.sharing import is_of_present_key, shares_of  # noqa: PLC0415

    rows = shares_of(user_named(user))
    if as_json:
        told = [
            {
                "id": str(row.pk),
                "programme": row.programme,
                "step": row.step,
                "revision": row.revision,
                "public_key": row.public_key or None,
                "can_be_withdrawn": is_of_present_key(row),
                "shared_at": row.shared_at.isoformat(),
                "withdrawn_at": row.withdrawn_at.isoformat() if row.withdrawn_at else None,
            }
            for row in rows
        ]
        typer.echo(json.dumps(told))
        return
    typer.echo(f"shared from here: {plural(len(rows), 'journey')}")
    for row in rows:
        gone = f", withdrawn on {row.withdrawn_at.date()}" if row.withdrawn_at else ""
        lost = "" if is_of_present_key(row) else ", signed by an earlier key: it can't be withdrawn from here"
        typer.echo(f"{row.pk}  {row.programme} {row.step}  revision {row.revision} of {row.shared_at.date()}{gone}{lost}")


def _row(journey: Journey) -> dict[str, Any]:
    return {
        "id": str(journey.id),
        "is_example": journey.is_example,
        "programme": journey.programme,
        "step": journey.step,
        "n_weeks": journey.n_weeks,
        "minutes": journey.minutes,
        "outcome": journey.outcome,
        "start": {name: value for name in START_FIELDS if (value := getattr(journey.start, name)) is not None},
        "public_key": journey.public_key,
        "revision": journey.revision,
    }
