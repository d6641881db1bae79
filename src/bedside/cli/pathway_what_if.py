"""`bedside pathway what-if`: what would follow."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import date, timedelta
from typing import Annotated

import typer

from bedside.cli.pathway_files import (
    AsJson,
    Content,
    On,
    ProgrammeName,
    RecordFile,
    day_of,
    print_findings,
    record_of,
    rules_of,
)
from bedside.cli.pathway_words import difference_lines
from bedside.errors import UsageError
from bedside.findings import plural
from bedside.pathway import Supposed, SupposedKind, WhatIf, what_if


def command(  # noqa: PLR0917 - options have names
    record: RecordFile,
    passes: Annotated[list[str] | None, typer.Option("--pass", metavar="STEP=DATE", help="A step is passed.")] = None,
    fails: Annotated[list[str] | None, typer.Option("--fail", metavar="STEP=DATE", help="A step is failed.")] = None,
    incomplete: Annotated[
        list[str] | None, typer.Option("--incomplete", metavar="STEP=DATE", help="A step is begun and not completed.")
    ] = None,
    certificate: Annotated[
        list[str] | None, typer.Option("--certificate", metavar="NAME=DATE", help="A certificate is there.")
    ] = None,
    degree: Annotated[str | None, typer.Option(metavar="DATE", help="The degree is awarded.")] = None,
    training: Annotated[str | None, typer.Option(metavar="DATE", help="Accredited training begins, and goes on.")] = None,
    on: On = None,
    programme: ProgrammeName = None,
    content: Content = None,
    as_json: AsJson = False,
) -> None:
    """What differs once something has happened: steps, certificates, visas, states, days to keep. Only what differs is shown.

    Asked on the day after the last thing that is supposed, unless --on says otherwise. What can't be is refused, with the rule.
    """
    supposed = [
        *_named(SupposedKind.PASS, "--pass", passes),
        *_named(SupposedKind.FAIL, "--fail", fails),
        *_named(SupposedKind.INCOMPLETE, "--incomplete", incomplete),
        *_named(SupposedKind.CERTIFICATE, "--certificate", certificate),
        *([Supposed(SupposedKind.DEGREE, "", day_of(degree, "--degree"))] if degree is not None else []),
        *([Supposed(SupposedKind.TRAINING, "", day_of(training, "--training"))] if training is not None else []),
    ]
    if not supposed:
        raise UsageError("nothing is supposed; say what, as --fail step1=2027-06-15")
    pathway = rules_of(content, programme)
    day = day_of(on) if on is not None else _day_after(supposed)
    found = what_if(pathway, record_of(record, pathway), supposed, day)
    n_errors = print_findings(found.objections)
    if n_errors:
        raise UsageError(f"{plural(n_errors, 'thing')} in it can't be; nothing was answered")
    typer.echo(json.dumps(found.as_dict(), ensure_ascii=False, indent=2) if as_json else "\n".join(_page(found)))


def _named(kind: SupposedKind, option: str, given: list[str] | None) -> Iterable[Supposed]:
    for text in given or ():
        name, equals, day = text.partition("=")
        if not equals or not name:
            raise UsageError(f'{option} takes a name and a day, as step1=2027-06-15, not "{text}"')
        yield Supposed(kind, name, day_of(day, f"{option} {name}="))


def _day_after(supposed: list[Supposed]) -> date:
    last = max(one.on for one in supposed)
    return last if last == date.max else last + timedelta(days=1)


def _page(found: WhatIf) -> Iterable[str]:
    yield f"{found.after.programme} on {found.on}, if: {'; '.join(one.words for one in found.supposed)}"
    if not found.differences:
        yield "\nNothing differs."
    yield from difference_lines(found.differences)
