"""`bedside bank search`: items, takeaways, cases and reference values by what they say, however it is spelled."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.text import Text

from bedside.bank import (
    NO_SYNONYMS,
    Bank,
    Found,
    Item,
    Search,
    SearchDocument,
    SearchHit,
    Snippet,
    Synonyms,
    Tier,
    model_documents,
    read_synonyms,
    search_documents,
    title_of_model,
)
from bedside.cases import CaseFile, read_cases
from bedside.cli import bank_content
from bedside.cli.bank_content import Surroundings
from bedside.errors import UsageError
from bedside.findings import plural
from bedside.reading import did_you_mean

KINDS = ("item", "model", "takeaway", "case", "value")
MOST = 1000  # hits that are printed at once
_HOW = {Tier.EXACT: "", Tier.BEGUN: "begins so", Tier.FUZZY: "spelled nearly so", Tier.PARTLY: "has some of the words"}


@dataclass(frozen=True, slots=True)
class _Shelf:
    """All that can be found, and what each is called."""

    bank: Bank
    cases: dict[str, CaseFile]
    search: Search
    values: dict[str, str]  # id → name

    def title(self, hit: SearchHit) -> str:
        if hit.kind == "takeaway":
            return self.bank.takeaways[hit.id].title
        if hit.kind == "case":
            return self.cases[hit.id].title
        if hit.kind == "model":
            return title_of_model(self.bank.models[hit.id].head, self.bank.takeaways)
        return self.values[hit.id] if hit.kind == "value" else ""


def search(
    words: Annotated[list[str], typer.Argument(help="What to look for; several words must all be there.")],
    *,
    kind: Annotated[str | None, typer.Option(help='Only one kind: "item", "model", "takeaway", "case" or "value".')] = None,
    step: Annotated[str | None, typer.Option(help="Only questions and cases of a step: usmle/step1, or step1.")] = None,
    limit: Annotated[int, typer.Option(min=1, max=MOST, help="How many are shown.")] = 20,
    as_json: Annotated[bool, typer.Option("--json", help="Answer as JSON.")] = False,
    content: Annotated[
        Path | None, typer.Option("--content", help="Content folder (else BEDSIDE_CONTENT, ./content, the copy).")
    ] = None,
) -> None:
    """Find items, question models, takeaways, cases and reference values by their words, with explanations and keys."""
    if kind is not None and kind not in KINDS:
        raise UsageError(f'--kind is one of {", ".join(KINDS)}, not "{kind}"{did_you_mean(kind, list(KINDS))}')
    around = bank_content.surroundings(content)
    shelf = _shelf(around)
    wanted = None if step is None else _step(step, around)
    among = shelf.search.where(lambda one: (kind in (None, one.kind)) and _is_of_step(one, wanted, shelf))
    found = shelf.search.find(" ".join(words), among=among, limit=limit)
    if as_json:
        hits = [_as_dict(hit, found, shelf) for hit in found.hits]
        told = {"found": found.n, "is_partly": found.is_partly, "hits": hits}
        typer.echo(json.dumps(told, ensure_ascii=False, indent=1))
        return
    _tell(found, shelf)


def _shelf(around: Surroundings) -> _Shelf:
    bank = bank_content.read(bank_content.root_of(None, around), around)
    cases = dict(read_cases(around.content / "cases").by_id)
    values = dict(around.analytes.by_id) if around.analytes else {}
    documents = [*search_documents(bank.items.values(), bank.takeaways.values(), values.values()), *_of_cases(cases.values())]
    documents += model_documents((model.head for model in bank.models.values()), bank.takeaways)
    return _Shelf(bank, cases, Search(documents, _synonyms(around.content)), {name: one.name for name, one in values.items()})


def _synonyms(content: Path) -> Synonyms:
    path = content / "reference" / "abbreviations.yaml"
    return read_synonyms(path) if path.is_file() else NO_SYNONYMS


def _of_cases(cases: Iterable[CaseFile]) -> Iterator[SearchDocument]:
    for case in cases:
        yield SearchDocument(
            case.id, "case", (("title", case.title), ("stem", case.opening)), (("explanation", case.meta.key),)
        )


def _step(text: str, around: Surroundings) -> tuple[str, str]:
    """Programme and step of what was typed.

    Raises:
        UsageError: there is no such step.
    """
    known = [(name, one.name) for name, programme in around.programmes.by_name.items() for one in programme.steps]
    for programme, name in known:
        if text in (f"{programme}/{name}", name):
            return programme, name
    raise UsageError(f'there is no step "{text}"{did_you_mean(text, [f"{programme}/{name}" for programme, name in known])}')


def _is_of_step(one: SearchDocument, step: tuple[str, str] | None, shelf: _Shelf) -> bool:
    """Is it of the step? What belongs to no step, takeaways and values, is of none."""
    if step is None:
        return True
    if one.kind == "item":
        return _serves(shelf.bank.items[one.id], step)
    if one.kind == "model":
        return _serves(shelf.bank.models[one.id].head, step)
    return one.kind == "case" and step[1].startswith(shelf.cases[one.id].meta.level)


def _serves(item: Item, step: tuple[str, str]) -> bool:
    return any((entry.programme, entry.step) == step for entry in item.blueprint)


def _piece(hit: SearchHit, found: Found, shelf: _Shelf) -> Snippet | None:
    return shelf.search.why(hit, found)


def _as_dict(hit: SearchHit, found: Found, shelf: _Shelf) -> dict[str, Any]:
    piece = _piece(hit, found, shelf)
    model = shelf.bank.models.get(hit.id) if hit.kind == "model" else None
    item = model.head if model else shelf.bank.items.get(hit.id) if hit.kind == "item" else None
    return {
        "kind": hit.kind,
        "id": hit.id,
        "title": shelf.title(hit),
        "status": item.status.value if item else None,
        "fits": hit.tier.name.lower(),
        "score": round(hit.score, 3),
        "snippet": {"field": piece.field, "text": piece.text, "marks": [list(mark) for mark in piece.marks]} if piece else None,
    }


def _tell(found: Found, shelf: _Shelf) -> None:
    console = Console(highlight=False, soft_wrap=True)
    if found.n == 0:
        console.print("nothing found")
        return
    if found.is_partly:
        console.print("nothing has all the words; these have some")
    for hit in found.hits:
        line = Text(f"{hit.kind} {hit.id}")
        title, how = shelf.title(hit), _HOW[hit.tier]
        line.append(f"  {title}" if title else "")
        line.append(f"  ({how})" if how else "")
        console.print(line)
        piece = _piece(hit, found, shelf)
        if piece is not None and piece.text != title:
            shown = Text(f"    {piece.field.replace('_', '-')}: ")
            for text, is_marked in piece.parts:
                shown.append(text, style="bold" if is_marked else "")
            console.print(shown)
    more = found.n - len(found.hits)
    console.print(plural(found.n, "hit") + (f", {more} more with a higher --limit" if more > 0 else ""))
