"""The first post after training: what is paid, where physicians are short, what loans are repaid, how rural training is had.

Files of `content/posts/`, schema `posts/1`. Every figure carries its sources, its day and how far it is to be trusted, or it
does not load. Sums are in whole units of their currency, before tax; `place` is `US` or a state.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass as plain_dataclass
from dataclasses import field
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Literal, TypeVar

from pydantic import Field, Strict, TypeAdapter
from pydantic.dataclasses import dataclass

from bedside.findings import Finding, Severity, in_order
from bedside.pathway.days import MONTHS_OF_A_YEAR, months_after
from bedside.pathway.entries import Code, Id
from bedside.pathway.files import read_files, sources_in, unreadable_findings
from bedside.pathway.record import STRICT, Day, Flag, Name, Text
from bedside.programme import Confidence, Source
from bedside.reading import Document, did_you_mean
from bedside.reading import Source as File

FRESH_YEARS = 1  # a figure of an earlier year is shown, and said to be old
COUNTRY = "US"  # the place of what holds for the whole country

Amount = Annotated[int, Strict(), Field(gt=0)]
Count = Annotated[int, Strict(), Field(ge=0)]
Percent = Annotated[int, Strict(), Field(ge=0, le=100)] | Annotated[float, Strict(), Field(ge=0, le=100)]
Currency = Annotated[str, Strict(), Field(pattern=r"^[A-Z]{3}$")]
PostYear = Annotated[int, Strict(), Field(ge=1, le=10)]


class Statistic(StrEnum):
    """What a sum is of."""

    MEAN = "mean"
    MEDIAN = "median"


class Discipline(StrEnum):
    """The care of which an area is short."""

    PRIMARY_CARE = "primary_care"
    MENTAL_HEALTH = "mental_health"
    DENTAL = "dental"


@dataclass(frozen=True, slots=True, kw_only=True, config=STRICT)
class Figure:
    """What every figure carries."""

    id: Id = Field(description="Unique over all files.")
    sources: tuple[Name, ...] = Field(min_length=1, description="Keys of the file's `sources`.")
    as_of: Day = Field(description="The day of which the source speaks, or on which it says it.")
    confidence: Confidence = Field(description="`high`, `medium` or `low`.")
    note: Text | None = Field(default=None, description="What a reader should know.")

    def is_old(self, on: date) -> bool:
        """Is it of more than a year before that day?"""
        return on.toordinal() > months_after(self.as_of.toordinal(), FRESH_YEARS * MONTHS_OF_A_YEAR)


@dataclass(frozen=True, slots=True, kw_only=True, config=STRICT)
class Stipend(Figure):
    """What residents and fellows are paid in a year of training."""

    pgy: PostYear = Field(description="Postgraduate year.")
    period: Text = Field(description="For which time, as people write it.")
    statistic: Statistic = Field(description="`mean` or `median`.")
    amount: Amount = Field(description="A year.")
    currency: Currency = Field(description="Three letters.")


@dataclass(frozen=True, slots=True, kw_only=True, config=STRICT)
class Wage(Figure):
    """What physicians of a specialty are paid."""

    specialty: Name = Field(description="As in `goals.specialty` of a record.")
    occupation: Text = Field(description="The name of the occupation in the source.")
    place: Code = Field(description="`US`, or a state.")
    period: Text = Field(description="For which time, as people write it.")
    statistic: Statistic = Field(description="`mean` or `median`.")
    amount: Amount = Field(description="A year.")
    is_at_least: Flag = Field(default=False, description="The source says only that it is as much or more.")
    currency: Currency = Field(description="Three letters.")


@dataclass(frozen=True, slots=True, kw_only=True, config=STRICT)
class Shortage(Figure):
    """Areas, groups and facilities designated as short of one kind of care."""

    discipline: Discipline = Field(description="`primary_care`, `mental_health` or `dental`.")
    place: Code = Field(description="`US`, or a state.")
    designations: Count | None = Field(default=None, description="How many are designated.")
    population: Count | None = Field(default=None, description="How many people live in them.")
    practitioners_needed: Count | None = Field(default=None, description="How many more would end the designations.")
    need_met_percent: Percent | None = Field(default=None, description="Per cent of the need that is met.")
    rural_percent: Percent | None = Field(default=None, description="Per cent of the designations that are rural.")


@dataclass(frozen=True, slots=True, kw_only=True, config=STRICT)
class Repayment(Figure):
    """A programme that repays loans for service where physicians are short."""

    title: Text = Field(description="Its name.")
    place: Code = Field(description="`US`, or a state.")
    amount_max: Amount = Field(description="At most, for the whole service, full time.")
    amount_max_half_time: Amount | None = Field(default=None, description="The same for half time, where it is offered.")
    currency: Currency = Field(description="Three letters.")
    service_years: PostYear = Field(description="Years of service for it.")
    where: Text = Field(description="Where the service is done.")
    who: Text = Field(description="For whom.")


@dataclass(frozen=True, slots=True, kw_only=True, config=STRICT)
class Waiver(Figure):
    """How a state uses its waivers for physicians on a J-1 visa (Conrad 30)."""

    place: Code = Field(description="`US` for what holds everywhere, or a state.")
    text: Text = Field(description="In plain words.")
    slots: Count | None = Field(default=None, description="Waivers a year that may be supported.")
    flex_slots: Count | None = Field(default=None, description="How many of them outside designated areas.")
    applications: Count | None = Field(default=None, description="How many applied in the year of which it speaks.")
    service_years: PostYear | None = Field(default=None, description="Years of service.")


@dataclass(frozen=True, slots=True, kw_only=True, config=STRICT)
class RuralTraining(Figure):
    """What is known of training in rural places."""

    place: Code = Field(description="`US`, or a state.")
    text: Text = Field(description="In plain words.")


@dataclass(frozen=True, slots=True, kw_only=True, config=STRICT)
class PostsFile:
    """A file as it is written."""

    schema: Literal["posts/1"] = Field(description="`posts/1`.")
    name: Name = Field(description="The file's name without `.yaml`.")
    title: Text = Field(description="What it is about.")
    checked_on: Day = Field(description="The day on which the file was last compared with its sources.")
    sources: Mapping[Name, Source] = Field(description="Key and Source of everything that figures name.")
    stipends: tuple[Stipend, ...] = Field(default=(), description="See Stipend.")
    wages: tuple[Wage, ...] = Field(default=(), description="See Wage.")
    shortages: tuple[Shortage, ...] = Field(default=(), description="See Shortage.")
    repayments: tuple[Repayment, ...] = Field(default=(), description="See Repayment.")
    waivers: tuple[Waiver, ...] = Field(default=(), description="See Waiver.")
    rural: tuple[RuralTraining, ...] = Field(default=(), description="See RuralTraining.")

    @property
    def figures(self) -> dict[str, Sequence[Figure]]:
        """All figures, by the key they stand under."""
        return {
            "stipends": self.stipends,
            "wages": self.wages,
            "shortages": self.shortages,
            "repayments": self.repayments,
            "waivers": self.waivers,
            "rural": self.rural,
        }


POSTS_RULES: Mapping[str, str] = {
    "posts-format": "A key is unknown or missing, or a value is not what the field takes.",
    "name-differs": "The name is not that of the file.",
    "duplicate-id": "Two figures have the same id.",
    "unknown-source": "A figure names a source that the file's `sources` does not have.",
    "unreadable": "The file can't be read.",
}

_FILE = TypeAdapter(PostsFile)
_F = TypeVar("_F", bound=Figure)


@plain_dataclass(frozen=True, slots=True)
class Posts:
    """The figures of all files that have no error."""

    stipends: tuple[Stipend, ...] = ()
    wages: tuple[Wage, ...] = ()
    shortages: tuple[Shortage, ...] = ()
    repayments: tuple[Repayment, ...] = ()
    waivers: tuple[Waiver, ...] = ()
    rural: tuple[RuralTraining, ...] = ()
    sources_by_id: Mapping[str, tuple[Source, ...]] = field(default_factory=dict)

    def sources_of(self, figure: Figure) -> tuple[Source, ...]:
        """Where a figure was read."""
        return self.sources_by_id[figure.id]

    @property
    def specialties(self) -> tuple[str, ...]:
        """Those of which a wage is known, by name."""
        return tuple(sorted({one.specialty for one in self.wages}))

    def stipend(self, pgy: int) -> Stipend | None:
        """The newest of a postgraduate year; None where none was found."""
        return _newest(one for one in self.stipends if one.pgy == pgy)

    def wage(self, specialty: str, place: str = COUNTRY) -> Wage | None:
        """The newest of a specialty in a state or the country; None where none was found: the country is no stand-in."""
        return _newest(one for one in self.wages if (one.specialty, one.place) == (specialty, place))

    def shortage(self, discipline: Discipline, place: str = COUNTRY) -> tuple[Shortage, ...]:
        """What is known of one kind of care in a place, newest first: one source may count areas, another people."""
        found = [one for one in self.shortages if (one.discipline, one.place) == (discipline, place)]
        return tuple(sorted(found, key=lambda one: one.as_of, reverse=True))

    def repayments_in(self, place: str) -> tuple[Repayment, ...]:
        """Programmes of a state and of the whole country, largest first."""
        found = [one for one in self.repayments if one.place in (place, COUNTRY)]
        return tuple(sorted(found, key=lambda one: (-one.amount_max, one.id)))

    def waivers_in(self, place: str) -> tuple[Waiver, ...]:
        """What holds of waivers in a state: that of the state first, then that of the whole country."""
        found = [one for one in self.waivers if one.place in (place, COUNTRY)]
        return tuple(sorted(found, key=lambda one: (one.place == COUNTRY, one.id)))


def _newest(figures: Iterable[_F]) -> _F | None:
    return max(figures, key=lambda one: (one.as_of, one.id), default=None)


def read_posts(directory: Path) -> tuple[Posts, tuple[Finding, ...]]:
    """Every `*.yaml` of the folder as one, and all findings; a file with an error gives no figure.

    A folder that is absent has no figures.

    Raises:
        OSError: as the system says.
    """
    files, unreadable = sources_in(directory)
    posts, offences = parse_posts(files)
    return posts, tuple(in_order({*unreadable_findings(unreadable), *offences}))


def parse_posts(files: Iterable[File]) -> tuple[Posts, tuple[Finding, ...]]:
    """The figures of some files, read together, and all findings."""
    seen: set[str] = set()
    read = read_files(files, _FILE, "posts-format", lambda file, document: _check(file, document, seen))
    return _joined([file for file, _ in read.sound]), tuple(in_order(set(read.told)))


def _check(file: PostsFile, document: Document, seen: set[str]) -> list[Finding]:
    findings: list[Finding] = []

    def add(rule: str, path: tuple[str | int, ...], text: str) -> None:
        place = document.place(path)
        findings.append(Finding(document.file, place.line, place.column, rule, Severity.ERROR, text))

    for key, figures in file.figures.items():
        for index, figure in enumerate(figures):
            if figure.id in seen:
                add("duplicate-id", (key, index, "id"), f'"{figure.id}" is there twice')
            seen.add(figure.id)
            for nth, name in enumerate(figure.sources):
                if name not in file.sources:
                    hint = did_you_mean(name, sorted(file.sources))
                    add("unknown-source", (key, index, "sources", nth), f'the source "{name}" does not exist{hint}')
    return findings


def _joined(files: Sequence[PostsFile]) -> Posts:
    return Posts(
        stipends=tuple(one for file in files for one in file.stipends),
        wages=tuple(one for file in files for one in file.wages),
        shortages=tuple(one for file in files for one in file.shortages),
        repayments=tuple(one for file in files for one in file.repayments),
        waivers=tuple(one for file in files for one in file.waivers),
        rural=tuple(one for file in files for one in file.rural),
        sources_by_id={
            figure.id: tuple(file.sources[name] for name in figure.sources)
            for file in files
            for figures in file.figures.values()
            for figure in figures
        },
    )
