"""`bedside bank model`: start a question model, look at its members, and judge them by the hundred."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console

from bedside.bank import (
    N_MEMBERS,
    Bank,
    Item,
    MediaFolder,
    Member,
    Model,
    ModelReport,
    Root,
    check_model,
    make_member,
    read_bank,
    read_model,
)
from bedside.cli import bank_content, bank_report, model_skeleton
from bedside.cli.bank_content import Surroundings
from bedside.cli.blind import blind_text, draw, hidden
from bedside.errors import ConflictError, NotFoundError, ReadError, SyntaxReadError, UsageError
from bedside.findings import Finding, Severity, has_errors, in_order, plural

app = typer.Typer(no_args_is_help=True)

FAILED_CHECK = 1
UNREADABLE = 2
MOST_MEMBERS = 100_000
WORTH_A_POOL = 4  # models, of some two seconds each

_Json = Annotated[bool, typer.Option("--json", help="Answer as JSON.")]
_Content = Annotated[Path | None, typer.Option("--content", help="Content folder (else BEDSIDE_CONTENT, ./content, the copy).")]


@app.callback()
def _noun() -> None:
    """Question models: start one, look at its members, judge them by the hundred."""


@app.command()
def sample(
    file: Annotated[Path, typer.Argument(help="A model file, or the id of a model in the content folder.")],
    *,
    n: Annotated[int, typer.Option("--n", min=1, max=MOST_MEMBERS, help="How many members.")] = 3,
    seed: Annotated[int, typer.Option("--seed", min=1, help="The first seed; the others follow it.")] = 1,
    blind: Annotated[bool, typer.Option("--blind", help="Without key and explanations, for whoever answers blind.")] = False,
    figures: Annotated[Path | None, typer.Option("--figures", help="Folder into which their figures are drawn.")] = None,
    as_json: _Json = False,
    content: _Content = None,
) -> None:
    """Members of a model: stem, options, key and working. The same seed gives the same member, always."""
    around = _Around.of(content)
    model = around.model(around.path_of(file))
    members = [make_member(model, number) for number in range(seed, seed + n)]
    if figures is not None:
        draw([member.item for member in members], figures)
    if as_json:
        _print_json({"model": model.id, "version": model.version, "members": [_as_dict(one, around, blind) for one in members]})
        return
    for member in members:
        typer.echo(_as_text(member.item, blind=blind))
        typer.echo("")


@app.command()
def check(
    files: Annotated[list[Path] | None, typer.Argument(help="Model files or ids; else all of the content folder.")] = None,
    n: Annotated[int, typer.Option("--n", min=1, max=MOST_MEMBERS, help="How many members of each, from seed 1.")] = N_MEMBERS,
    as_json: _Json = False,
    content: _Content = None,
) -> None:
    """Make members by the hundred and judge each. Exit status 1: an error; 2: a file can't be read at all."""
    around = _Around.of(content)
    paths = [around.path_of(file) for file in files] if files else around.all_paths()
    with _busy(f"Making {n:,} members of {plural(len(paths), 'model')}"):
        judged = list(bank_content.each(partial(_judge, around, n), paths, worth=WORTH_A_POOL, chunk=1))
    for one in judged:
        if one.unreadable:
            typer.echo(f"bedside: {one.unreadable}", err=True)
    findings = in_order(finding for one in judged for finding in one.findings)
    _tell([one for one in judged if one.told], findings, as_json=as_json)
    if any(one.unreadable for one in judged):
        raise typer.Exit(UNREADABLE)
    if has_errors(findings):
        raise typer.Exit(FAILED_CHECK)


@dataclass(frozen=True, slots=True)
class _Judged:
    """What is told of one file: its report, its line, all findings; or why it can't be read."""

    findings: tuple[Finding, ...] = ()
    told: Mapping[str, Any] = field(default_factory=dict)
    line: str = ""
    unreadable: str = ""


def _judge(around: _Around, n: int, path: Path) -> _Judged:
    try:
        model, findings = around.read(path)
    except ReadError as error:
        return _Judged(unreadable=" ".join(str(error).split()))
    if model is None:
        return _Judged(tuple(findings))
    report = check_model(model, analytes=around.around.analytes, n=n)
    return _Judged((*findings, *report.findings), _report_as_dict(report), _report_line(report))


def _tell(judged: Sequence[_Judged], findings: Sequence[Finding], *, as_json: bool) -> None:
    counted = bank_report.counts(findings)
    if as_json:
        told = [finding.as_dict() for finding in findings]
        _print_json({"models": [one.told for one in judged], "findings": told, **counted})
        return
    for text in bank_report.finding_texts(findings):
        typer.echo(text)
    for one in judged:
        typer.echo(one.line)
    typer.echo(", ".join([plural(len(judged), "model"), *(plural(k, name.removesuffix("s")) for name, k in counted.items())]))


@app.command()
def new(
    *,
    model_id: Annotated[str, typer.Option("--id", help="Id, as in renal-m002; or the area alone, for its next number.")],
    programme: Annotated[str, typer.Option(help="Programme it is for.")],
    step: Annotated[str, typer.Option(help="Step of the programme.")],
    system: Annotated[str | None, typer.Option(help="Code on the axis system.")] = None,
    competency: Annotated[str | None, typer.Option(help="Code on the axis competency.")] = None,
    into: Annotated[Path | None, typer.Option(help="Folder that has, or gets, models/ (else the content folder).")] = None,
    content: _Content = None,
    as_json: _Json = False,
) -> None:
    """Start a model: a file that makes members already, with a sum in it to be written over."""
    around = _Around.of(content)
    given = {axis: value for axis, value in (("system", system), ("competency", competency)) if value}
    folder = into or around.around.content
    path = model_skeleton.write(model_id, (programme, step), given, folder=folder, codes=around.around.codes)
    missing = [finding for finding in around.read(path)[1] if finding.severity is Severity.ERROR]
    if as_json:
        _print_json({"file": str(path), "missing": [finding.as_dict() for finding in missing]})
        return
    typer.echo(f"made {path}; still missing:")
    for finding in missing:
        typer.echo(f"  line {finding.line}: {finding.text}")
    typer.echo(f"see members: bedside bank model sample {path}")


@dataclass(frozen=True, slots=True)
class _Around:
    """The content folder that models are read beside."""

    around: Surroundings
    bank: Bank

    @classmethod
    def of(cls, content: Path | None) -> _Around:
        around = bank_content.surroundings(content)
        return cls(around, read_bank([], codes=around.codes, takeaways_from=[Root(around.content, bank_content.COLLECTION)]))

    def path_of(self, file: Path) -> Path:
        """The file that a path or an id names.

        Raises:
            NotFoundError: there is none.
            UsageError: it is no YAML file.
        """
        if file.is_file():
            if file.suffix != ".yaml":
                raise UsageError(f"{file}: a question model is a file that ends in .yaml")
            return file
        for path in self.all_paths():
            if path.stem == str(file):
                return path
        raise NotFoundError(f"{file}: no such file, and no model of that id in {self.around.content / 'models'}")

    def all_paths(self) -> list[Path]:
        return sorted((self.around.content / "models").rglob("*.yaml"))

    def read(self, path: Path) -> tuple[Model | None, list[Finding]]:
        """The model of a file and what is wrong with it.

        Raises:
            ReadError: it can't be read at all.
        """
        home = next((folder.parent for folder in path.parents if folder.name == "models"), path.parent)
        media = MediaFolder(home / "media")
        try:
            reading = read_model(path, codes=self.around.codes, takeaways=self.bank.takeaways, media=media)
        except SyntaxReadError as error:
            text = Finding(error.file, error.line or 1, error.column, "not-well-formed", Severity.ERROR, error.text)
            return None, [text]
        except OSError as error:
            raise ReadError(str(path), f"can't be read: {error.strerror}") from None
        return reading.model, list(reading.findings)

    def model(self, path: Path) -> Model:
        """The sound model of a file.

        Raises:
            ConflictError: it has an error.
        """
        model, findings = self.read(path)
        if model is None:
            for text in bank_report.finding_texts(findings):
                typer.echo(text, err=True)
            raise ConflictError(f"{path} makes no members while it has an error")
        return model


def _as_dict(member: Member, around: _Around, blind: bool) -> dict[str, Any]:
    whole = bank_report.item_as_dict(member.item, around.bank)
    if not blind:
        return {**whole, "seed": member.seed, "values": member.values, "attempts": member.attempts}
    options = [{"letter": option.letter, "text": option.text} for option in member.item.options]
    stem = hidden(member.item, member.item.stem)
    return {"id": whole["id"], "seed": member.seed, "stem": stem, "lead_in": whole["lead_in"], "options": options}


def _as_text(item: Item, *, blind: bool) -> str:
    if blind:
        return blind_text(item)
    lines = [item.id, "", item.stem, "", item.lead_in, ""]
    for option in item.options:
        lines.append(f"{'*' if option.is_key else ' '} {option.letter}. {option.text}")
        lines += [f"     {line}" for line in option.explanation.split("\n") if line]
    return "\n".join(lines)


def _report_as_dict(report: ModelReport) -> dict[str, Any]:
    return {
        "id": report.model.id,
        "version": report.model.version,
        "hash": report.model.content_hash,
        "members": report.n_members,
        "distinct": report.n_distinct,
        "stems": report.n_stems,
        "keys": report.n_keys,
        "key_places": dict(report.key_places),
        "most_attempts": report.most_attempts,
    }


def _report_line(report: ModelReport) -> str:
    places = ", ".join(f"{letter} {n}" for letter, n in report.key_places.items())
    return (
        f"{report.model.id}: {plural(report.n_members, 'member')}, {report.n_distinct:,} distinct, "
        f"{plural(report.n_stems, 'stem')}, {plural(report.n_keys, 'key')}; key at {places}; "
        f"at most {plural(report.most_attempts, 'draw')} for a member"
    )


def _busy(text: str) -> AbstractContextManager[object]:
    """A sign on stderr that work goes on, where a person looks at it."""
    return Console(stderr=True).status(text)


def _print_json(value: Any) -> None:
    typer.echo(json.dumps(value, ensure_ascii=False, indent=1))
