"""`bedside case`: check and prove cases, run one, fuzz it, explain its rubric, draw its states."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Annotated, Any

import typer

from bedside.cases import (
    Bench,
    CaseFile,
    Catalogue,
    Failure,
    Run,
    check_case,
    check_evidence,
    check_proof,
    compile_case,
    graph_svg,
    proof_path,
    proof_text,
    prove,
    read_transcript,
    replay,
    run_script,
    score,
    shrunk,
    transcript_of,
    write_transcript,
)
from bedside.cases import everything as everything_of
from bedside.cases import kitchen_sink as kitchen_sink_of
from bedside.cases import nothing as nothing_of
from bedside.cli import bank_report, case_text
from bedside.cli.case_content import Found, catalogue_of, find_case, find_cases, takeaways_of
from bedside.cli.case_work import gather_evidence, gather_fuzz, n_workers
from bedside.cli.content_folder import find_content
from bedside.cli.whole_file import read_whole, see_place, write_whole
from bedside.errors import BedsideError, UsageError
from bedside.findings import Finding, Severity, has_errors, in_order
from bedside.reading import did_you_mean

app = typer.Typer()

FAILED_CHECK = 1
RUNS = 10_000

_Json = Annotated[bool, typer.Option("--json", help="Answer as JSON.")]
_Content = Annotated[Path | None, typer.Option("--content", help="Content folder (else BEDSIDE_CONTENT, ./content, the copy).")]
_Case = Annotated[str, typer.Argument(metavar="ID", help="Id of a case, or the path of its file.")]
_Seed = Annotated[int, typer.Option(min=0, help="Seed of the run; it picks the variant.")]
_Runs = Annotated[int, typer.Option(min=20, help="How many candidates.")]
_Chance = Annotated[int, typer.Option("--seed", min=0, help="Seed of all chance; the same seed finds the same.")]
_Workers = Annotated[int | None, typer.Option(min=1, help="How many processes (else one for each processor).")]
_Script = Annotated[str, typer.Option(help="A script of the case, or nothing, everything, kitchen_sink.")]


@app.callback()
def _noun() -> None:
    """Patient cases: check, prove, run, fuzz, explain, draw."""


@app.command()
def check(
    ids: Annotated[list[str] | None, typer.Argument(metavar="[IDS]", help="Ids or paths of cases (else all).")] = None,
    *,
    is_proving: Annotated[bool, typer.Option("--prove", help="Run each case, and write its proof if it passes.")] = False,
    runs: _Runs = RUNS,
    seed: _Chance = 1,
    workers: _Workers = None,
    as_json: _Json = False,
    content: _Content = None,
) -> None:
    """Find all that is wrong in cases, a missing or stale proof included. Exit status 1: there is an error."""
    folder = find_content(content)
    found = find_cases(folder, ids or ())
    catalogue, takeaways = catalogue_of(folder), takeaways_of(folder)
    results: list[dict[str, Any]] = []
    every: list[Finding] = []
    for one in found:
        findings = [*one.findings]
        is_proved = False
        if one.case is not None:
            findings += check_case(one.case, catalogue, takeaways=takeaways, on=_today())
            if is_proving:
                findings += _prove(one, catalogue, findings, Work(runs, seed, n_workers(workers)))
            proof, missing = check_proof(one.case, catalogue, proof_path(one.path))
            # while it fails to be proved, that is the news, and not that there is no proof
            findings += () if is_proving and has_errors(findings) else missing
            is_proved = proof is not None
        every += in_order(findings)
        results.append({"case": one.id, "is_proved": is_proved, **bank_report.counts(findings)})
        if not as_json:
            for text in bank_report.finding_texts(in_order(findings)):
                typer.echo(text)
            typer.echo(case_text.case_line(results[-1]))
    if as_json:
        _print_json({"cases": results, "findings": [one.as_dict() for one in every], **bank_report.counts(every)})
    if has_errors(every):
        raise typer.Exit(FAILED_CHECK)


@app.command()
def run(
    case_id: _Case,
    *,
    script: _Script = "expert",
    seed: _Seed = 0,
    transcript: Annotated[Path | None, typer.Option(help="Write the transcript of the run there.")] = None,
    played: Annotated[Path | None, typer.Option("--replay", help="Replay this transcript instead of a script.")] = None,
    as_json: _Json = False,
    content: _Content = None,
) -> None:
    """Run a script of a case, or replay a transcript: what happened, and the score."""
    if transcript is not None:
        see_place(transcript)
    folder = find_content(content)
    file, _ = find_case(folder, case_id)
    catalogue = catalogue_of(folder)
    case = compile_case(file, catalogue)
    if played is not None:
        text = read_whole(played).decode("utf-8", errors="replace")
        done = replay(case, read_transcript(text, file=str(played)))
    else:
        done = run_script(case, _script_of(file, catalogue, script), seed=seed)
    result = score(case, done.history)
    if transcript is not None:
        write_whole(transcript, write_transcript(transcript_of(done)).encode())
    if as_json:
        _print_json(case_text.run_as_dict(done, result))
    else:
        for line in case_text.run_lines(done, result):
            typer.echo(line)


@app.command()
def fuzz(
    case_id: _Case,
    *,
    runs: _Runs = RUNS,
    seed: _Chance = 1,
    workers: _Workers = None,
    any_order: Annotated[bool, typer.Option("--any-order", help="Let chance take any order of the catalogue.")] = False,
    transcript: Annotated[Path | None, typer.Option(help="Write the shortest failing run there, if a run fails.")] = None,
    as_json: _Json = False,
    content: _Content = None,
) -> None:
    """Run thousands of candidates by chance and near the expert. Exit status 1: a run breaks what must hold."""
    if transcript is not None:
        see_place(transcript)
    folder = find_content(content)
    file, _ = find_case(folder, case_id)
    bench = Bench(file, catalogue_of(folder), runs, seed, is_wide=any_order)
    tally = gather_fuzz(bench, runs, workers=n_workers(workers), what=f"Fuzzing {file.id}")
    shortest = shrunk(bench.case, tally.failures[0]) if tally.failures else None
    if shortest is not None and transcript is not None:
        write_whole(transcript, _failing(bench, shortest).encode())
    if as_json:
        _print_json(case_text.tally_as_dict(file.id, tally, shortest))
    else:
        for line in case_text.tally_lines(file, tally, shortest):
            typer.echo(line)
    if tally.n_failures:
        raise typer.Exit(FAILED_CHECK)


@app.command()
def explain(
    case_id: _Case, *, script: _Script = "expert", seed: _Seed = 0, as_json: _Json = False, content: _Content = None
) -> None:
    """The rubric with its windows, what a script earns by each item, and what each order moves."""
    folder = find_content(content)
    file, _ = find_case(folder, case_id)
    catalogue = catalogue_of(folder)
    case = compile_case(file, catalogue)
    done = run_script(case, _script_of(file, catalogue, script), seed=seed)
    result = score(case, done.history)
    if as_json:
        _print_json(case_text.explained(case, done, result))
    else:
        for line in case_text.explain_lines(case, done, result, script):
            typer.echo(line)


@app.command()
def graph(
    case_id: _Case,
    out: Annotated[Path, typer.Option(help="The SVG file to write.")],
    as_json: _Json = False,
    content: _Content = None,
) -> None:
    """Draw the states of a case as an SVG picture."""
    see_place(out)
    file, _ = find_case(find_content(content), case_id)
    picture = graph_svg(file).encode()
    write_whole(out, picture)
    if as_json:
        _print_json({"file": str(out), "bytes": len(picture)})
    else:
        typer.echo(f"wrote {out}")


class Work:
    """How much is run to prove a case."""

    __slots__ = ("runs", "seed", "workers")

    def __init__(self, runs: int, seed: int, workers: int) -> None:
        self.runs, self.seed, self.workers = runs, seed, workers


def _prove(one: Found, catalogue: Catalogue, static: list[Finding], work: Work) -> list[Finding]:
    """Run the case, write its proof where it passes, and say what the runs found."""
    assert one.case is not None
    try:
        bench = Bench(one.case, catalogue, work.runs, work.seed)
        evidence = gather_evidence(bench, workers=work.workers, what=f"Proving {one.id}")
    except BedsideError as error:
        place = one.case.document.place(("scripts",), of_key=True)
        text = " ".join(str(error).split())
        return [Finding(str(one.path), place.line, place.column, "C700", Severity.ERROR, text)]
    findings = check_evidence(one.case, catalogue, evidence)
    proof = prove(one.case, catalogue, evidence, in_order([*static, *findings]))
    if proof is not None:
        write_whole(proof_path(one.path), proof_text(proof).encode())
    return findings


def _script_of(file: CaseFile, catalogue: Catalogue, name: str) -> Any:
    built_in = {"nothing": nothing_of(), "everything": everything_of(file, catalogue)}
    built_in["kitchen_sink"] = kitchen_sink_of(file, catalogue)
    if name in file.scripts:
        return file.scripts[name]
    if name not in built_in:
        raise UsageError(f'{file.id} has no script "{name}"{did_you_mean(name, [*file.scripts, *built_in])}')
    return built_in[name]


def _failing(bench: Bench, failure: Failure) -> str:
    """The commands of a failing run as a transcript, as far as it can be run."""
    done = Run(bench.case, seed=failure.seed)
    try:
        for at_s, command in failure.commands:
            done.advance_to(at_s)
            done.do(command)
    except Exception as error:  # the failure itself; what came before it is written down
        typer.echo(f"bedside: {type(error).__name__}: {error}", err=True)
    return write_transcript(transcript_of(done))


def _today() -> date:
    from bedside.site import clock  # noqa: PLC0415 - the site is not needed otherwise

    return clock.today()


def _print_json(value: Any) -> None:
    typer.echo(json.dumps(value, ensure_ascii=False, indent=1))
