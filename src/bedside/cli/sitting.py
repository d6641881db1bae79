"""`bedside sitting`: check a sitting, carry it elsewhere, and give its result in a form that can be computed again."""

from __future__ import annotations

import json
import string
from pathlib import Path
from typing import Annotated, Any
from uuid import UUID

import typer

from bedside.cli import django_site, sitting_results
from bedside.cli.whole_file import PRIVATE, read_whole, see_place, write_whole
from bedside.errors import NotFoundError, UsageError
from bedside.findings import plural

app = typer.Typer()

_BY_ANYBODY = (
    "anybody could have signed this receipt: it is by the key {key}, which was not named with --public-key and is not this "
    "server's; `bedside keys show` on the server that gave it out says which key it must be"
)

DataOption = Annotated[Path | None, typer.Option(help=django_site.DATA_HELP)]
JsonOption = Annotated[bool, typer.Option("--json", help="Answer as JSON.")]


@app.callback()
def _noun() -> None:
    """Sittings: verify, carry elsewhere, bundle and rescore."""


@app.command()
def verify(
    sitting: Annotated[str | None, typer.Argument(help="The sitting's id; without it, only the receipt is checked.")] = None,
    *,
    head: Annotated[str | None, typer.Option(help="A head of the ledger that somebody else kept, hexadecimal.")] = None,
    signature: Annotated[str | None, typer.Option(help="The signature that came with that head, hexadecimal.")] = None,
    receipt: Annotated[Path | None, typer.Option(help="A receipt that the candidate kept.")] = None,
    public_key: Annotated[
        str | None, typer.Option(help="The key that must have signed the receipt, hexadecimal; see `bedside keys show`.")
    ] = None,
    data: DataOption = None,
    as_json: JsonOption = False,
) -> None:
    """Check this server's chain of arrivals, and that the sitting's events are those that arrived; exit status 1 if not.

    Without a head or a receipt from elsewhere a complete rewrite of the database can't be found. A receipt alone, with the
    public key of the server that it should be by, is checked anywhere: no database is opened then.
    """
    if signature is not None and head is None:
        raise UsageError("--signature is of a head; give it with --head")
    known_head, known_key = _hexadecimal(head, "--head"), _hexadecimal(public_key, "--public-key")
    if sitting is None:
        if receipt is None or head is not None:
            raise UsageError("give the id of a sitting, or --receipt FILE with --public-key HEX")
        told, found = _see_receipt(receipt, known_key)
        told["warnings"] = [] if known_key else [_BY_ANYBODY.format(key=told["receipt"]["public_key"])]
        _tell_verdict(told, found, as_json=as_json)
        return
    answer, problems = _see_sitting(_id(sitting), known_head, signature, data)
    if receipt is not None:
        told, more = _see_receipt(receipt, known_key)
        problems += [*more, *_against_sitting(_id(sitting), told["receipt"])]
        answer |= {"receipt": told["receipt"], "warnings": _warnings(told["receipt"], known_key)}
    _tell_verdict(answer, problems, as_json=as_json)


@app.command()
def export(
    sitting: Annotated[str, typer.Argument(help="The sitting's id.")],
    out: Annotated[Path, typer.Option(help="The file to write.")],
    data: DataOption = None,
    as_json: JsonOption = False,
) -> None:
    """Write a whole sitting to a file, to be merged into another server.

    The file holds the keys of its items: keep it as you keep an exam.
    """
    see_place(out)
    sitting_id = _id(sitting)
    django_site.start(data=data)
    from bedside.site import clock  # noqa: PLC0415
    from bedside.site.exam.stick import export_sitting  # noqa: PLC0415

    packed = export_sitting(sitting_id, at=clock.now())
    write_whole(out, packed, mode=PRIVATE)
    if as_json:
        n_events = len(json.loads(packed)["events"])
        typer.echo(json.dumps({"sitting": str(sitting_id), "file": str(out), "bytes": len(packed), "events": n_events}))
    else:
        typer.echo(f"{out}: {len(packed):,} bytes; it holds the keys of its items, so keep it as you keep an exam")


@app.command()
def merge(
    file: Annotated[Path, typer.Argument(help="What `bedside sitting export` wrote, or what a player saved.")],
    user: Annotated[
        str | None, typer.Option(help="Whose sitting it becomes where it is new here; else the name in the file.")
    ] = None,
    from_key: Annotated[
        list[str] | None,
        typer.Option(
            help="The key of the server that wrote the sitting, as `bedside keys show` says it there; may be given several "
            "times. Not needed for a key in `DATA/keys/trusted`."
        ),
    ] = None,
    data: DataOption = None,
    as_json: JsonOption = False,
) -> None:
    """Put a sitting that was carried here together with what is here. Whole or not at all; again, it changes nothing."""
    from_keys = {one.lower() for one in from_key or [] if _hexadecimal(one, "--from-key")}
    packed = read_whole(file)
    django_site.start(data=data)
    from bedside.site import clock  # noqa: PLC0415
    from bedside.site.exam.merging import merge_file  # noqa: PLC0415

    merged = merge_file(packed, file=str(file), at=clock.now(), user=user, from_keys=from_keys)
    refused = [{"writer": str(writer), "seq": seq, "reason": reason} for writer, seq, reason in merged.refused]
    if as_json:
        answer = {
            "sitting": str(merged.sitting),
            "user": merged.user,
            "origin": merged.origin,
            "is_new": merged.is_new,
            "new": merged.n_new,
            "known": merged.n_known,
            "refused": refused,
            "state": merged.state,
            "head": merged.head,
        }
        typer.echo(json.dumps(answer))
        return
    verb = "was not here, and is now" if merged.is_new else "was here already"
    typer.echo(f'sitting {merged.sitting} {verb}; it is by "{merged.user}" and came from {merged.origin}')
    typer.echo(f"{plural(merged.n_new, 'event')} new, {merged.n_known:,} here before; the sitting is {merged.state}")
    for one in refused:
        typer.echo(f"event {one['seq']} of writer {one['writer']} is kept and does not count: {one['reason']}")


sitting_results.add_to(app)


def _see_sitting(
    sitting_id: UUID, head: str | None, signature: str | None, data: Path | None
) -> tuple[dict[str, Any], list[str]]:
    django_site.start(data=data)
    from django.conf import settings  # noqa: PLC0415

    from bedside.site.exam.ledger import verify_sitting  # noqa: PLC0415
    from bedside.site.exam.models import Sitting  # noqa: PLC0415
    from bedside.site.keys import is_signed, public_key_hex  # noqa: PLC0415

    row = Sitting.objects.filter(pk=sitting_id).first()
    if row is None:
        raise NotFoundError(f"there is no sitting {sitting_id}")
    found = verify_sitting(row, head=head)
    problems = list(found.problems)
    if head and signature is not None and not is_signed(public_key_hex(settings.DATA), head, signature):
        problems.append("the signature of the head is not by this server's key")
    return {"sitting": str(row.pk), "events": found.n_events, "rows": found.n_rows, "head": found.head}, problems


def _see_receipt(path: Path, public_key: str | None) -> tuple[dict[str, Any], list[str]]:
    """What a receipt says, and what is wrong with it in itself. Opens no database."""
    from bedside.delivery import inner_problems, read_receipt, signed_bytes  # noqa: PLC0415
    from bedside.site.keys import is_signed_by  # noqa: PLC0415

    _, told = read_receipt(read_whole(path), file=str(path))
    problems = inner_problems(told)
    if not is_signed_by(told["public_key"], signed_bytes(told), told["signature"]):
        problems.append("the signature does not fit: the receipt was changed after it was given out")
    if public_key is not None and public_key != told["public_key"]:
        problems.append(f"the receipt is signed by the key {told['public_key']}, not by the one given")
    return {"sitting": told["sitting"], "events": told["n_events"], "receipt": told}, problems


def _against_sitting(sitting_id: UUID, receipt: dict[str, Any]) -> list[str]:
    from bedside.site.exam.receipts import problems_with  # noqa: PLC0415
    from bedside.site.exam.stick import sitting_named  # noqa: PLC0415

    return problems_with(sitting_named(sitting_id), receipt)


def _warnings(receipt: dict[str, Any], public_key: str | None) -> list[str]:
    """What a sound receipt of a sitting that is here does not show."""
    from django.conf import settings  # noqa: PLC0415

    from bedside.site.exam.receipts import is_by_this_server  # noqa: PLC0415
    from bedside.site.keys import public_key_hex  # noqa: PLC0415

    found = []
    if public_key is None and receipt["public_key"] != public_key_hex(settings.DATA):
        found.append(_BY_ANYBODY.format(key=receipt["public_key"]))
    if not is_by_this_server(receipt):
        found.append("it is by another server, so who sat was not compared: accounts and names there are not those of here")
    return found


def _tell_verdict(answer: dict[str, Any], problems: list[str], *, as_json: bool) -> None:
    if as_json:
        typer.echo(json.dumps({**answer, "is_sound": not problems, "problems": problems}))
    else:
        for problem in problems:
            typer.echo(problem)
        for warning in answer.get("warnings", []):
            typer.echo(f"warning: {warning}")
        verdict = "is NOT sound" if problems else "is sound"
        if "rows" in answer:
            kept = f"{plural(answer['events'], 'event')}, ledger of {plural(answer['rows'], 'row')}, head {answer['head']}"
            typer.echo(f"sitting {answer['sitting']} {verdict}: {kept}")
        else:
            receipt = answer["receipt"]
            typer.echo(f"the receipt of sitting {answer['sitting']} {verdict}")
            answers = plural(receipt["n_answered"], "answer")
            typer.echo(f"signed by {receipt['public_key']} at {receipt['issued_at']}: {answers}")
    if problems:
        raise typer.Exit(1)


def _id(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise UsageError(f'"{text}" is no id of a sitting; it looks like 6f1c2e0a-1b2c-4d3e-8f90-123456789abc') from None


def _hexadecimal(text: str | None, option: str) -> str | None:
    if text is not None and (len(text) != 64 or not set(text) <= set(string.hexdigits)):
        raise UsageError(f"{option} must be 64 hexadecimal digits")
    return text.lower() if text else None
