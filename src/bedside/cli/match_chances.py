"""`bedside match chances` and `bedside match calibrate`: the simulated Match beside the published one."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bedside.cli.content_folder import find_content
from bedside.cli.whole_file import write_whole
from bedside.errors import UsageError
from bedside.findings import describe, plural

if TYPE_CHECKING:
    from bedside.matching import Chance, MatchFacts, Simulations, Specialty

Content = Annotated[
    Path | None,
    typer.Option("--content", help="Content folder; else BEDSIDE_CONTENT, ./content, or the copy that came along."),
]
AsJson = Annotated[bool, typer.Option("--json", help="Answer as JSON.")]
SHOWN = (1, 2, 3, 4, 5, 6, 8, 10, 12, 15, 20)
LIMITS = (
    "It can't know letters, interviews, years since graduation, which programmes sponsor a visa, or what another year brings.",
    "People with longer lists were also people whom more programmes had interviewed.",
    "A programme that did not interview you adds nothing to a list.",
    "It is no promise.",
)


@dataclass(frozen=True, slots=True)
class _Answer:
    facts: MatchFacts
    kept: Simulations
    specialty: Specialty
    by_ranks: tuple[Chance, ...]
    ranks: int
    score: int | None
    published: Chance


def chances(  # noqa: PLR0917 - options have names
    specialty: Annotated[str, typer.Option(help="The preferred specialty, as family_medicine.")],
    kind: Annotated[str, typer.Option("--type", help="us_md_senior, us_do_senior, us_img or non_us_img.")] = "non_us_img",
    ranks: Annotated[int, typer.Option(min=1, max=20, help="How many programmes of the specialty are on the list.")] = 8,
    score: Annotated[int | None, typer.Option(help="Step 2 CK; left out, any score.")] = None,
    seed: Annotated[int | None, typer.Option(help="Simulate anew from this seed, instead of taking the kept figures.")] = None,
    runs: Annotated[int | None, typer.Option(min=10, max=2000, help="How many years to simulate anew.")] = None,
    content: Content = None,
    as_json: AsJson = False,
) -> None:
    """The chance to match to a specialty by the number of ranks, simulated, beside what was published. Never a promise."""
    from bedside.matching import answerable, chance_by_ranks, published, read_match  # noqa: PLC0415

    facts, kept = read_match(find_content(content) / "match")
    found = answerable(facts, specialty=specialty, kind=kind)
    if seed is not None or runs is not None:
        kept = _anew(facts, kept, found, seed, runs)
    by_ranks = chance_by_ranks(facts, kept, specialty=specialty, kind=kind, score=score)
    answer = _Answer(facts, kept, found, by_ranks, ranks, score, published(found))
    typer.echo(json.dumps(_told(answer), ensure_ascii=False, indent=2) if as_json else "\n".join(_lines(answer)))


def calibrate(
    seed: Annotated[int, typer.Option(help="The same seed gives the same figures.")] = 2026,
    content: Content = None,
    out: Annotated[Path | None, typer.Option(help="Where to write; else simulated2026.json beside the facts.")] = None,
) -> None:
    """Fit the simulated Match to the published figures, simulate the chances, and keep them. Takes some minutes."""
    from bedside.matching import SIMULATED_FILE, fit, read_facts, simulations_of  # noqa: PLC0415

    folder = find_content(content) / "match"
    facts, findings = read_facts(folder)
    for finding in findings:
        typer.echo(describe(finding, lambda *_: None), err=True)
    if facts is None:
        raise UsageError(f"the facts of the Match have {plural(len(findings), 'mistake')}; nothing was fitted")
    made = simulations_of(facts, fit(facts, seed=seed), seed=seed)
    write_whole(out or folder / SIMULATED_FILE, made.as_json().encode())
    typer.echo("\n".join(fit_lines(facts, made)))


def fit_lines(facts: MatchFacts, made: Simulations) -> list[str]:
    """The fit as a table in Markdown."""
    lines = ["| | applicants | published | simulated | within sampling error |", "|---|---:|---:|---:|---|"]
    for line in made.fit:
        if line.what == "ranks":
            who = {"matched": "matched", "not_matched": "not matched"}[line.name]
            lines.append(f"| median ranks, {who} | | {line.published:g} | {line.simulated:.1f} | {_yes(line.is_near)} |")
            continue
        known = facts.specialties if line.what == "specialty" else facts.types
        title = known[line.name].title if line.name in known else "all others (derived)"
        share = f"{100 * line.published:.1f}% | {100 * line.simulated:.1f}%"
        lines.append(f"| {title} | {line.n:,} | {share} | {_yes(line.is_near)} |")
    return lines


def _yes(is_near: bool) -> str:
    return "yes" if is_near else "no"


def _anew(facts: MatchFacts, kept: Simulations, specialty: Specialty, seed: int | None, runs: int | None) -> Simulations:
    from bedside.matching import chances_of  # noqa: PLC0415

    seed, runs = kept.seed if seed is None else seed, kept.markets if runs is None else runs
    found = chances_of(facts, kept.parameters, specialty, seed=seed, markets=runs).round(3).tolist()
    return replace(kept, seed=seed, markets=runs, chances={**kept.chances, specialty.name: found})


def _told(answer: _Answer) -> dict[str, object]:
    specialty, facts = answer.specialty, answer.facts
    return {
        "specialty": specialty.name,
        "type": "non_us_img",
        "ranks": answer.ranks,
        "score": answer.score,
        **_row(answer.by_ranks[answer.ranks - 1]),
        "by_ranks": [{"ranks": one.ranks, **_row(one)} for one in answer.by_ranks],
        "published": {
            "year": facts.file.year,
            "matched": specialty.matched,
            "not_matched": specialty.not_matched,
            **_row(answer.published),
            "source": [facts.file.sources[name].url for name in specialty.source],
            "as_of": specialty.as_of,
            "confidence": specialty.confidence.value,
        },
        "simulated_years": answer.kept.markets,
        "seed": answer.kept.seed,
        "limits": list(LIMITS),
    }


def _row(one: Chance) -> dict[str, float]:
    return {"chance": one.chance, "low": one.low, "high": one.high}


def _lines(answer: _Answer) -> list[str]:
    specialty, year, known = answer.specialty, answer.facts.file.year, answer.published
    of = f"{specialty.title}, non-US IMG, " + ("any score" if answer.score is None else f"Step 2 CK {answer.score}")
    fit = next(line for line in answer.kept.fit if line.what == "specialty" and line.name == specialty.name)
    among = f"{specialty.matched:,} of {specialty.n_non_us:,} matched, {_share(known)}"
    return [
        f"{of}: with {plural(answer.ranks, 'programme')} ranked {_share(answer.by_ranks[answer.ranks - 1])}",
        f"Simulated over {answer.kept.markets} years like {year}; the interval is 95%.",
        "",
        "ranks  chance  interval",
        *(_line(one) for one in answer.by_ranks if one.ranks in SHOWN),
        "",
        f"Published for {year}, any number of ranks: {among} [{', '.join(specialty.source)}, {specialty.as_of}]",
        f"Simulated for the same people: {100 * fit.simulated:.1f}%",
        "",
        *LIMITS,
    ]


def _line(one: Chance) -> str:
    return f"{one.ranks:5}  {100 * one.chance:5.0f}%  {100 * one.low:.0f}-{100 * one.high:.0f}%"


def _share(one: Chance) -> str:
    return f"{100 * one.chance:.0f}% (between {100 * one.low:.0f}% and {100 * one.high:.0f}%)"
