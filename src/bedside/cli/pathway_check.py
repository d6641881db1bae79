"""`bedside pathway check` and `states`: how someone stands on a day."""

from __future__ import annotations

import json

import typer

from bedside.cli.pathway_files import AsJson, Content, On, ProgrammeName, RecordFile, day_of, record_of, rules_of
from bedside.cli.pathway_words import page, state_lines
from bedside.pathway import check as check_record
from bedside.pathway import states as rank_states


def check(
    record: RecordFile,
    on: On = None,
    programme: ProgrammeName = None,
    content: Content = None,
    as_json: AsJson = False,
) -> None:
    """Each step, certificate and state: may it be, why not, from when, with the source and date of every rule."""
    pathway = rules_of(content, programme)
    answer = check_record(pathway, record_of(record, pathway), day_of(on))
    if as_json:
        typer.echo(json.dumps(answer.as_dict(), ensure_ascii=False, indent=2))
    else:
        typer.echo("\n".join(page(answer)))


def states(
    record: RecordFile,
    on: On = None,
    programme: ProgrammeName = None,
    content: Content = None,
    as_json: AsJson = False,
) -> None:
    """The states, best first by what is known, each with the year of its oldest fact and whom to ask."""
    pathway = rules_of(content, programme)
    day = day_of(on)
    ranked = rank_states(pathway, record_of(record, pathway), day)
    if as_json:
        listed = {"on": day.isoformat(), "programme": pathway.exam.programme, "states": [one.as_dict() for one in ranked]}
        typer.echo(json.dumps(listed, ensure_ascii=False, indent=2))
    else:
        typer.echo("\n".join(line for one in ranked for line in state_lines(one)))
