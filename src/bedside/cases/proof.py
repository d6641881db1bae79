"""Proofs: what was found when a case was proved, with the hashes of all that it rests on.

It rests on the case file, the part of the catalogue that its candidates can use (`usable`: the case's own orders and the 100
most used, with their analytes and the times of moves), the semantics of the engine, and the rules by which it was judged. A new
drug, a new search term or a corrected title of another case leaves it as good as it was.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from bedside.cases.case_file import CaseFile
from bedside.cases.catalogue import Catalogue
from bedside.cases.compiled import case_digest
from bedside.cases.evidence import Evidence
from bedside.cases.lint.view import View
from bedside.cases.transcript import SEMANTICS, Digest
from bedside.cases.usable import orders_digest
from bedside.errors import NotFoundError, ReadError, SyntaxReadError
from bedside.findings import Finding, Severity, has_errors
from bedside.reading import read_text

RULES = 1  # of the policies and gates; raised with every change that could turn a proof over
SUFFIX = ".proof.json"


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class ScriptFigures(_Part):
    """A script in one variant: percent and why it ended."""

    variant: str | None
    script: str
    percent: float
    end: str


class PanelFigures(_Part):
    """The graded panel: medians of five bands of ability in percent, and correlations."""

    candidates: int
    bands: tuple[float, ...]
    correlation: float
    on_one_score: float
    died: float
    item_rest: Mapping[str, float | None]


class FuzzFigures(_Part):
    """The fuzzing: how many runs of each policy, how many ended in death, and the best score by chance alone in percent."""

    runs: Mapping[str, int]
    died: Mapping[str, int]
    best_by_chance: float
    failures: int


class SummitFigures(_Part):
    """The best score in percent that an adversary found without a critical item."""

    without: str
    percent: float


class Warned(_Part):
    """A warning that the case does not waive."""

    rule: str
    text: str


class Proof(_Part):
    """A whole proof."""

    schema_: Annotated[Literal["case-proof/1"], Field(alias="schema")] = "case-proof/1"
    case: str
    case_digest: Digest
    orders_digest: Digest
    semantics: int
    rules: int
    runs: int
    seed: int
    scripts: tuple[ScriptFigures, ...]
    delays: Mapping[str, tuple[tuple[int, float], ...]]
    panel: PanelFigures
    fuzz: FuzzFigures
    adversary: tuple[SummitFigures, ...]
    mutants: int
    unnoticed: tuple[str, ...]
    warnings: tuple[Warned, ...]


def prove(file: CaseFile, catalogue: Catalogue, evidence: Evidence, findings: Sequence[Finding]) -> Proof | None:
    """The proof by this evidence and what the linter says of it; None where there are errors, and so nothing is proved."""
    if has_errors(findings):
        return None
    tally, panel = evidence.tally, evidence.panel
    return Proof(
        case=file.id,
        case_digest=case_digest(file),
        orders_digest=orders_digest(file, catalogue),
        semantics=SEMANTICS,
        rules=RULES,
        runs=evidence.runs,
        seed=evidence.seed,
        scripts=tuple(
            ScriptFigures(variant=trials.variant, script=one.name, percent=_figure(one.percent), end=one.reason)
            for trials in evidence.trials
            for one in trials.scripts
        ),
        delays={
            trials.variant or "": tuple((delay_s, _figure(percent)) for delay_s, percent in trials.delays)
            for trials in evidence.trials
        },
        panel=PanelFigures(
            candidates=panel.n,
            bands=tuple(_figure(band) for band in panel.bands),
            correlation=_figure(panel.correlation),
            on_one_score=_figure(panel.on_one),
            died=_figure(panel.died),
            item_rest={one.id: None if one.correlation is None else _figure(one.correlation) for one in panel.items},
        ),
        fuzz=FuzzFigures(
            runs=dict(sorted(tally.runs.items())),
            died=dict(sorted(tally.died.items())),
            best_by_chance=_figure(tally.best_by_chance),
            failures=tally.n_failures,
        ),
        adversary=tuple(SummitFigures(without=one.item, percent=_figure(one.percent)) for one in evidence.summits),
        mutants=len(evidence.mutants),
        unnoticed=tuple(one.what for one in evidence.mutants if not one.is_noticed),
        warnings=tuple(Warned(rule=one.rule, text=one.text) for one in findings if one.severity is Severity.WARNING),
    )


def proof_text(proof: Proof) -> str:
    """The proof as its file holds it."""
    return proof.model_dump_json(indent=1, by_alias=True) + "\n"


def proof_path(case_path: Path) -> Path:
    """Where the proof of the case file of that path lies."""
    return case_path.with_name(case_path.stem + SUFFIX)


def read_proof(path: Path) -> Proof:
    """Read a proof.

    Raises:
        NotFoundError: there is none.
        ReadError: the file is no proof.
    """
    try:
        text = read_text(path).text
    except FileNotFoundError:
        raise NotFoundError(f"{path}: there is no proof") from None
    except OSError as error:
        raise ReadError(str(path), f"can't be read: {error.strerror}") from None
    try:
        return Proof.model_validate_json(text)
    except ValidationError as error:
        first = error.errors(include_url=False, include_context=False, include_input=False)[0]
        where = ".".join(str(step) for step in first["loc"])
        raise SyntaxReadError(str(path), f"not a proof: {where}: {first['msg']}") from None


def stale(proof: Proof, file: CaseFile, catalogue: Catalogue) -> tuple[str, ...]:
    """What has changed since: empty where the proof still stands."""
    pairs = (
        ("the case", proof.case_digest, case_digest(file)),
        ("the orders it can use", proof.orders_digest, orders_digest(file, catalogue)),
        ("the engine", proof.semantics, SEMANTICS),
        ("the rules of proof", proof.rules, RULES),
    )
    return tuple(what for what, then, now in pairs if then != now)


def is_stale(proof: Proof, file: CaseFile, catalogue: Catalogue) -> bool:
    """Has anything changed on which it rests?"""
    return bool(stale(proof, file, catalogue))


def check_proof(file: CaseFile, catalogue: Catalogue, path: Path) -> tuple[Proof | None, list[Finding]]:
    """The proof at that path where it stands, and the finding where it is missing, unreadable or stale."""
    view = View(file, catalogue, catalogue.analytes)
    try:
        proof = read_proof(path)
    except NotFoundError:
        return None, [view.finding("C901", ("id",), "no proof; run `bedside case check --prove`")]
    except ReadError as error:
        return None, [view.finding("C903", ("id",), str(error))]
    changed = stale(proof, file, catalogue)
    if not changed:
        return proof, []
    return None, [view.finding("C902", ("id",), f"the proof is stale: changed since is {', '.join(changed)}")]


def _figure(value: float) -> float:
    return round(value, 3)
