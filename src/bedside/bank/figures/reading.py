"""From the words of an exhibit to a figure that can be drawn, and what is wrong with them."""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from pydantic import ValidationError

from bedside.bank.figures.kind import FigureKind, Parameters, choices
from bedside.reading import did_you_mean


class _Kinds(Mapping[str, FigureKind[Any]]):
    """All kinds by name. Their models are read at the first look: most commands of the program draw nothing."""

    def __getitem__(self, name: str) -> FigureKind[Any]:
        return _kinds()[name]

    def __iter__(self) -> Iterator[str]:
        return iter(_kinds())

    def __len__(self) -> int:
        return len(_kinds())


@lru_cache(maxsize=1)
def _kinds() -> dict[str, FigureKind[Any]]:
    from bedside.bank.figures.kinds import ALL  # noqa: PLC0415 - heavy, see above

    return {kind.name: kind for kind in ALL}


KINDS: Mapping[str, FigureKind[Any]] = _Kinds()
MAX_WORDS = 40


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure that was read without a problem."""

    kind: FigureKind[Any]
    parameters: Parameters

    def as_svg(self, title: str) -> str:
        """The figure with its alternative text as its title."""
        return self.kind.draw(self.parameters).as_svg(self.kind.name, title)


@lru_cache(maxsize=4096)
def read_figure(target: str) -> Figure | str:
    """The figure that `KIND key=value …` names, or what is wrong with it. A value with blanks stands in quotes."""
    try:
        name, *words = shlex.split(target) or [""]
    except ValueError:
        return 'a quote is not closed; a value with blanks stands between two quotes, as in label="Drug A"'
    if name not in KINDS:
        return f'unknown kind of figure "{name}"{did_you_mean(name, list(KINDS))}; known: {", ".join(sorted(KINDS))}'
    kind = KINDS[name]
    given: dict[str, str] = {}
    if len(words) > MAX_WORDS:
        return f"figure {name}: more than {MAX_WORDS} parameters"
    for word in words:
        key, sign, value = word.partition("=")
        if not sign:
            return f'figure {name}: a parameter is written key=value, not "{word}"'
        if key in given:
            return f"figure {name}: {key} is given twice"
        given[key] = value
    return _made(kind, given)


def figure_table() -> str:
    """The kinds and their parameters as a table of the documentation."""
    lines = ["| kind | what is drawn | parameters |", "|---|---|---|"]
    for kind in KINDS.values():
        taken = "<br>".join(f"`{name}`: {words}" for name, words in choices(kind))
        lines.append(f"| `{kind.name}` | {kind.about} As in `figure:{kind.example}`. | {taken} |")
    return "\n".join(lines)


def _made(kind: FigureKind[Any], given: Mapping[str, str]) -> Figure | str:
    try:
        parameters = kind.parameters.model_validate(given)
    except ValidationError as error:
        known = list(kind.parameters.model_fields)
        offences = error.errors(include_url=False, include_context=False, include_input=False)
        return "; ".join(
            dict.fromkeys(f"figure {kind.name}: {_words(one['type'], one['loc'], one['msg'], known)}" for one in offences)
        )
    return Figure(kind, parameters)


def _words(offence: str, location: tuple[int | str, ...], message: str, known: list[str]) -> str:
    name = str(location[0]) if location else ""
    if offence == "extra_forbidden":
        return f'unknown parameter "{name}"{did_you_mean(name, known)}; known: {", ".join(known)}'
    if offence == "missing":
        return f"{name} is missing"
    text = message.removeprefix("Value error, ").removeprefix("Input ")
    return f"{name}: {text[:1].lower()}{text[1:]}" if name else f"{text[:1].lower()}{text[1:]}"
