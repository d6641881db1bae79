"""A case of a bundle played again: from its text and the commands that count, without a database."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from bedside.cases import SEMANTICS, Catalogue, End, Run, compile_case, load_catalogue, parse_case, score
from bedside.delivery import FormCase, percent_text
from bedside.errors import BedsideError
from bedside.reading import Source
from bedside.site.cases.commands import do_safely


class ScoreAgain:
    """Plays cases with the orders of a content folder."""

    def __init__(self, content: Path) -> None:
        self.content = content

    def __call__(self, text: str, told: FormCase, commands: Sequence[Mapping[str, Any]]) -> tuple[str, str] | None:
        """Per cent and band; None where the orders or the engine here are not those with which the case was played."""
        catalogue = _catalogue(self.content / "orders")
        if catalogue is None or (told.catalogue, told.semantics) != (catalogue.digest, str(SEMANTICS)):
            return None
        file, _ = parse_case(Source(f"{told.id}.yaml", text))
        if file is None:
            return None
        run = Run(compile_case(file, catalogue), seed=told.seed)
        do_safely(run, commands)
        if not run.is_over:
            run.do(End(None))
        judged = score(run.case, run.history)
        return percent_text(judged.percent), judged.band


@cache
def _catalogue(folder: Path) -> Catalogue | None:
    try:
        return load_catalogue(folder)[0]
    except (BedsideError, OSError):
        return None
