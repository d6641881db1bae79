"""A market that a person wrote: rank lists by name, as YAML or CSV, checked before anything is matched."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Annotated, Any

from pydantic import ConfigDict, Field, Strict
from pydantic.dataclasses import dataclass as checked

from bedside.errors import SyntaxReadError, TooLargeError
from bedside.findings import Finding, Severity, in_order
from bedside.matching.market import NO_POST, NOT_RANKED, Market, Option, market_of
from bedside.reading import Document, Path_, Place, Source, did_you_mean, parse_yaml, validate

STRICT = ConfigDict(extra="forbid")
Name = Annotated[str, Strict(), Field(min_length=1, max_length=100)]
MOST_OPTIONS = 300  # of one list, as the NRMP allows a couple

MOST_NAMES = 5_000  # applicants, programmes and couples of a file
COLUMNS = ("who", "name", "positions", "choices")


@checked(frozen=True, slots=True, kw_only=True, config=STRICT)
class Programme:
    """A programme, its posts, and the applicants it takes, best first."""

    name: Name
    positions: Annotated[int, Strict(), Field(ge=0, le=1000)]
    ranks: tuple[Name, ...]


@checked(frozen=True, slots=True, kw_only=True, config=STRICT)
class Applicant:
    """An applicant's list; beside a later post on it, a list of first-year posts that go with it."""

    name: Name
    ranks: Annotated[tuple[Name, ...], Field(max_length=MOST_OPTIONS)]
    supplemental: Mapping[Name, tuple[Name, ...]] = Field(default_factory=dict)


@checked(frozen=True, slots=True, kw_only=True, config=STRICT)
class Couple:
    """Two applicants with one list of pairs of posts; null stands for no post."""

    members: tuple[Name, Name]
    ranks: Annotated[tuple[tuple[Name | None, Name | None], ...], Field(max_length=MOST_OPTIONS)]


@checked(frozen=True, slots=True, kw_only=True, config=STRICT)
class MarketFile:
    """All of a market."""

    programmes: tuple[Programme, ...]
    applicants: tuple[Applicant, ...] = ()
    couples: tuple[Couple, ...] = ()


@dataclass(frozen=True, slots=True)
class NamedMarket:
    """A market with its names. `people` has a tuple for each unit: singles, one person with two posts, couples."""

    market: Market
    programmes: tuple[str, ...]
    people: tuple[tuple[str, ...], ...]
    findings: tuple[Finding, ...] = field(default=())

    def posts(self, unit: int, place: int) -> tuple[str | None, ...]:
        """The programmes at a place of a unit's list, one a person, or one a post of a person with two."""
        n = self.market.n_singles
        if unit < n:
            return (self.programmes[self.market.posts[self.market.starts[unit] + place]],)
        option = self.market.pairs[unit - n][place]
        return tuple(None if at == NO_POST else self.programmes[at] for at in (option.first, option.second))


def read_market(source: Source) -> tuple[NamedMarket | None, list[Finding]]:
    """A market and what is to be said about it; None where something is wrong.

    Raises:
        ReadError: the file can't be read at all, or is larger than a small market.
    """
    document = _from_csv(source) if source.file.endswith(".csv") else parse_yaml(source)
    found, findings = validate(MarketFile, document)
    findings += document.findings
    if found is None:
        return None, in_order(findings)
    if len(found.programmes) + len(found.applicants) + len(found.couples) > MOST_NAMES:
        raise TooLargeError(source.file, f"a market has at most {MOST_NAMES:,} programmes, applicants and couples together")
    findings += [
        Finding(document.file, place.line, place.column, rule, severity, text)
        for path, rule, severity, text in _offences(found)
        for place in (document.place(path),)
    ]
    if any(finding.severity is Severity.ERROR for finding in findings):
        return None, in_order(findings)
    return _named(found, tuple(in_order(findings))), in_order(findings)


Offence = tuple[Path_, str, Severity, str]


def _offences(found: MarketFile) -> Iterator[Offence]:
    programmes = [one.name for one in found.programmes]
    people = [one.name for one in found.applicants] + [name for one in found.couples for name in one.members]
    for kind, names in (("programmes", programmes), ("applicants", people)):
        for name, times in Counter(names).items():
            if times > 1:
                yield (kind,), "name_twice", Severity.ERROR, f'"{name}" is there {times} times'
    for n, one in enumerate(found.programmes):
        yield from _list_offences(("programmes", n, "ranks"), one.ranks, people, "applicant")
    for n, person in enumerate(found.applicants):
        yield from _list_offences(("applicants", n, "ranks"), person.ranks, programmes, "programme")
        for beside, ranks in person.supplemental.items():
            path = ("applicants", n, "supplemental", beside)
            if beside not in person.ranks:
                yield path, "supplemental", Severity.ERROR, f'"{beside}" is not on the list that this goes with'
            yield from _list_offences(path, ranks, programmes, "programme")
            if beside in ranks:
                yield path, "supplemental", Severity.ERROR, f'"{beside}" can\'t go with itself'
    for n, couple in enumerate(found.couples):
        yield from _couple_offences(("couples", n, "ranks"), couple, programmes)


def _list_offences(path: Path_, names: tuple[str, ...], known: list[str], noun: str) -> Iterator[Offence]:
    for n, name in enumerate(names):
        if name not in known:
            yield (*path, n), "unknown_name", Severity.ERROR, f'there is no {noun} "{name}"{did_you_mean(name, known)}'
        elif name in names[:n]:
            yield (*path, n), "ranked_twice", Severity.ERROR, f'"{name}" is ranked twice'


def _couple_offences(path: Path_, couple: Couple, programmes: list[str]) -> Iterator[Offence]:
    for n, pair in enumerate(couple.ranks):
        for name in pair:
            if name is not None and name not in programmes:
                text = f'there is no programme "{name}"{did_you_mean(name, programmes)}'
                yield (*path, n), "unknown_name", Severity.ERROR, text
        if pair == (None, None):
            yield (*path, n), "no_posts", Severity.ERROR, "two times no post is what a couple has without a match"
        elif pair in couple.ranks[:n]:
            yield (*path, n), "ranked_twice", Severity.ERROR, "this pair is ranked twice"


def _named(found: MarketFile, findings: tuple[Finding, ...]) -> NamedMarket:
    number = {one.name: n for n, one in enumerate(found.programmes)}
    liked = {one.name: {name: rank for rank, name in enumerate(one.ranks)} for one in found.programmes}

    def entry(programme: str | None, person: str) -> tuple[int, int]:
        return (NO_POST, 0) if programme is None else (number[programme], liked[programme].get(person, NOT_RANKED))

    alone = [one for one in found.applicants if not one.supplemental]
    double = [one for one in found.applicants if one.supplemental]
    singles = [[entry(programme, one.name) for programme in one.ranks] for one in alone]
    pairs = [
        [Option(*entry(first, one.name), *entry(second, one.name)) for first, second in _double_list(one)] for one in double
    ]
    for couple in found.couples:
        a, b = couple.members
        pairs.append([Option(*entry(first, a), *entry(second, b)) for first, second in couple.ranks])
    quotas = [one.positions for one in found.programmes]
    people = [(one.name,) for one in alone] + [(one.name,) for one in double] + [one.members for one in found.couples]
    market = market_of(quotas, singles, pairs, n_one_person=len(double))
    return NamedMarket(market, tuple(number), tuple(people), findings)


def _double_list(person: Applicant) -> Iterator[tuple[str, str | None]]:
    """A post and each first year that goes with it, then the post alone, then the next post."""
    for programme in person.ranks:
        for first_year in person.supplemental.get(programme, ()):
            yield programme, first_year
        yield programme, None


def _from_csv(source: Source) -> Document:
    """The same values from a table: `choices` are parted by `;`, the two of a couple by `+`, `-` is no post."""
    rows = csv.reader(io.StringIO(source.text, newline=""), strict=True)
    data: dict[str, list[Any]] = {"programmes": [], "applicants": [], "couples": []}
    values: dict[Path_, Place] = {(): Place(1, 1), **{(kind,): Place(1, 1) for kind in data}}
    try:
        if tuple(next(rows, ())) != COLUMNS:
            raise SyntaxReadError(source.file, f"the first line must be {','.join(COLUMNS)}", line=1)
        for row in rows:
            kind, value = _row(row, source.file, rows.line_num)
            values[kind, len(data[kind])] = Place(rows.line_num, 1)
            data[kind].append(value)
    except csv.Error as error:
        raise SyntaxReadError(source.file, f"not well-formed CSV: {error}", line=rows.line_num) from None
    return Document(source.file, data, values, {})


def _row(row: list[str], file: str, line: int) -> tuple[str, dict[str, Any]]:
    if len(row) != len(COLUMNS):
        raise SyntaxReadError(file, f"{len(row)} columns; there must be {len(COLUMNS)}", line=line)
    who, name, positions, choices = (cell.strip() for cell in row)
    listed = [choice.strip() for choice in choices.split(";")] if choices else []
    if who == "programme":
        if not (positions.isascii() and positions.isdigit()):
            raise SyntaxReadError(file, f'positions must be a whole number, not "{positions}"', line=line)
        return "programmes", {"name": name, "positions": int(positions), "ranks": listed}
    if positions:
        raise SyntaxReadError(file, "only a programme has positions", line=line)
    if who == "applicant":
        return "applicants", {"name": name, "ranks": listed}
    if who == "couple":
        pairs = [[None if part.strip() == "-" else part.strip() for part in choice.split("+")] for choice in listed]
        return "couples", {"members": [part.strip() for part in name.split("+")], "ranks": pairs}
    raise SyntaxReadError(file, f'who is "programme", "applicant" or "couple", not "{who}"', line=line)
