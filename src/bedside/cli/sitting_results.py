"""`bedside sitting bundle`, `rescore` and `rekey`: what a result rests on, the same result elsewhere, and a changed key."""

from __future__ import annotations

import json
import string
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any
from uuid import UUID

import typer

from bedside.cli import django_site
from bedside.cli.content_folder import find_content
from bedside.cli.whole_file import PRIVATE, read_whole, see_place, write_whole
from bedside.errors import UsageError

if TYPE_CHECKING:
    from bedside.site.exam.rescoring import Rekeyed

DataOption = Annotated[Path | None, typer.Option(help=django_site.DATA_HELP)]
JsonOption = Annotated[bool, typer.Option("--json", help="Answer as JSON.")]


def add_to(app: typer.Typer) -> None:
    """Add these verbs to the noun."""
    app.command()(bundle)
    app.command()(rescore)
    app.command()(rekey)


def bundle(
    sitting: Annotated[str, typer.Argument(help="The sitting's id.")],
    *,
    out: Annotated[Path, typer.Option(help="The file to write.")],
    redact_keys: Annotated[
        bool, typer.Option("--redact-keys", help="Hold the keys and the result of each item back; leave commitments instead.")
    ] = False,
    keys_out: Annotated[Path | None, typer.Option(help="Where to write the keys that are held back.")] = None,
    texts: Annotated[bool, typer.Option("--texts", help="With the texts of the items, not only their digests.")] = False,
    name: Annotated[bool, typer.Option("--name", help="With the candidate's name instead of the account's id.")] = False,
    data: DataOption = None,
    as_json: JsonOption = False,
) -> None:
    """Write everything that a result rests on to a signed file, from which `bedside sitting rescore` computes it again."""
    if redact_keys and texts:
        raise UsageError("the texts hold the keys; leave out --texts or --redact-keys")
    if keys_out is not None and not redact_keys:
        raise UsageError("--keys-out is for keys that are held back; give it with --redact-keys")
    for place in (out, *([keys_out] if keys_out else [])):
        see_place(place)
    try:
        sitting_id = UUID(sitting)
    except ValueError:
        raise UsageError(f'"{sitting}" is no id of a sitting') from None
    django_site.start(data=data)
    from bedside.site import clock  # noqa: PLC0415
    from bedside.site.exam.bundles import make_bundle  # noqa: PLC0415

    made = make_bundle(
        sitting_id,
        at=clock.now(),
        redact_keys=redact_keys,
        with_held_keys=keys_out is not None,
        with_texts=texts,
        with_name=name,
    )
    if keys_out is not None and made.keys is not None:
        write_whole(keys_out, made.keys, mode=PRIVATE)
    write_whole(out, made.packed, mode=PRIVATE)
    if as_json:
        answer = {
            "sitting": sitting,
            "file": str(out),
            "version": made.version,
            "score_digest": made.score_digest,
            "score_commitment": made.score_commitment,
            "warning": made.warning or None,
        }
        typer.echo(json.dumps({**answer, "score": dict(made.totals)}))
    else:
        bound = f"commitment {made.score_commitment}" if redact_keys else f"digest {made.score_digest}"
        typer.echo(f"{out}: {_marks(made.totals)}, version {made.version} of the score, {bound}")
    if made.warning:
        typer.echo(f"warning: {made.warning}", err=True)


def rescore(
    file: Annotated[Path, typer.Argument(help="A bundle.")],
    keys: Annotated[Path | None, typer.Option(help="The keys, where the bundle holds them back.")] = None,
    public_key: Annotated[
        str | None, typer.Option(help="The key that must have signed the bundle, hexadecimal; see `bedside keys show`.")
    ] = None,
    out: Annotated[Path | None, typer.Option(help="Write the score to this file, byte for byte as it is digested.")] = None,
    as_json: JsonOption = False,
) -> None:
    """Compute the score of a bundle again and check all that it rests on; exit status 1 if something does not hold.

    Needs no database and no server: the bundle holds everything but the catalogue of orders, by which patient cases are played
    again; that is taken from the content folder, and must be the one with which they were played.
    """
    if out is not None:
        see_place(out)
    if public_key is not None and (len(public_key) != 64 or not set(public_key) <= set(string.hexdigits)):
        raise UsageError("--public-key must be 64 hexadecimal digits")
    from bedside import delivery  # noqa: PLC0415
    from bedside.site.cases.sat_again import ScoreAgain  # noqa: PLC0415
    from bedside.site.keys import is_signed_by  # noqa: PLC0415
    from bedside.site.library.delivered import delivered_from_text  # noqa: PLC0415

    held, told = delivery.read_bundle(read_whole(file), file=str(file))
    supplied = delivery.read_keys(read_whole(keys), file=str(keys)) if keys is not None else None
    found = delivery.rescore(
        held,
        supplied,
        key_of_text=lambda text: delivered_from_text(text).scoring_key.as_text(),
        score_case=ScoreAgain(find_content(None)) if held.cases else None,
    )
    is_signed = is_signed_by(held.public_key, delivery.signed_bytes(told), held.signature)
    problem = "" if is_signed else "the signature does not fit: the bundle was changed after it was made"
    if is_signed and public_key is not None and public_key.lower() != held.public_key:
        problem = f"the bundle is signed by the key {held.public_key}, not by the one given"
    checks = [delivery.Check(f"the signature, by the key {held.public_key}", problem), *found.checks]
    if out is not None:
        write_whole(out, found.score.as_bytes())
    _tell_rescored(str(held.sitting.id), found.score, checks, as_json=as_json)


def _tell_rescored(sitting: str, score: Any, checks: list[Any], *, as_json: bool) -> None:
    problems = [check.problem for check in checks if check.problem]
    if as_json:
        answer = {
            "sitting": sitting,
            "score": score.as_dict(),
            "score_digest": score.digest,
            "is_sound": not problems,
            "problems": problems,
            "checks": [{"what": check.what, "is_sound": check.is_sound, "problem": check.problem} for check in checks],
        }
        typer.echo(json.dumps(answer, ensure_ascii=False))
    else:
        typer.echo(f"sitting {sitting}: {_marks(score.totals())}, digest {score.digest}")
        for check in checks:
            typer.echo(f"{'sound' if check.is_sound else 'NOT sound'}: {check.what}")
            if check.problem:
                typer.echo(f"  {check.problem}")
    if problems:
        raise typer.Exit(1)


def rekey(
    item: Annotated[str, typer.Argument(help="The item's id.")],
    *,
    version: Annotated[int, typer.Option(min=1, help="Its version, as it was delivered.")],
    why: Annotated[str, typer.Option(help="Why the key changes; it stands in the report of everybody concerned.")],
    by: Annotated[str, typer.Option(help="The administrator who decided it.")],
    key: Annotated[
        str | None, typer.Option(help="The right key: C, BD or =7.35±0.02; BD: for one best answer, B or D.")
    ] = None,
    drop: Annotated[bool, typer.Option("--drop", help="The item no longer counts, for anybody.")] = False,
    full_marks: Annotated[bool, typer.Option("--full-marks", help="With --drop: everybody gets its marks instead.")] = False,
    data: DataOption = None,
    as_json: JsonOption = False,
) -> None:
    """Change the key of an item after it was delivered: score every ended sitting with it anew, and list whose result changed.

    Nothing is overwritten: each score is a new version with who and why, and the earlier ones stay.
    """
    if full_marks and not drop:
        raise UsageError("--full-marks says how an item is dropped; give it with --drop")
    django_site.start(data=data)
    from bedside.delivery import Drop  # noqa: PLC0415
    from bedside.site import clock  # noqa: PLC0415
    from bedside.site.accounts.queries import user_named  # noqa: PLC0415
    from bedside.site.exam import rescoring  # noqa: PLC0415

    policy = (Drop.FULL_MARKS if full_marks else Drop.NOT_COUNTED) if drop else None
    verdict = rescoring.read_verdict(key, policy)
    done = rescoring.rekey(item, version, verdict, why=why, by=user_named(by), at=clock.now())
    _tell_rekeyed(done, as_json=as_json)


def _tell_rekeyed(done: Rekeyed, *, as_json: bool) -> None:
    change = done.change
    if as_json:
        answer = {
            "change": str(change.pk),
            "item": change.item,
            "version": change.version,
            "before": change.before,
            "after": change.after,
            "sittings": done.n_sittings,
            "changed": [
                {
                    "sitting": str(one.sitting),
                    "user": one.user,
                    "score_version": one.version,
                    "before": dict(one.before),
                    "after": dict(one.after),
                }
                for one in done.changed
            ],
        }
        typer.echo(json.dumps(answer, ensure_ascii=False))
        return
    typer.echo(f"item {change.item}, version {change.version}: {change.before} counted, {change.after} counts now")
    typer.echo(f"ended sittings that hold it: {done.n_sittings:,}; results that changed: {len(done.changed):,}")
    for one in done.changed:
        typer.echo(f"{one.sitting}  {one.user}  {_marks(one.before)} before, {_marks(one.after)} now")


def _marks(totals: Any) -> str:
    return f"{totals['marks']} of {totals['max_marks']} marks"
