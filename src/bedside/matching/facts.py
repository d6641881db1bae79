"""What was published about the Match, and what no source says: `content/match/nrmp2026.yaml`."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, ConfigDict, Field, Strict
from pydantic.dataclasses import dataclass as checked

from bedside.errors import NotFoundError
from bedside.findings import Finding
from bedside.reading import Source, did_you_mean, parse_yaml, read_text, validate

STRICT = ConfigDict(extra="forbid")
FACTS_FILE = "nrmp2026.yaml"
NON_US_IMG = "non_us_img"

Count = Annotated[int, Strict(), Field(ge=0)]
Text = Annotated[str, Strict(), Field(min_length=1)]
Name = Annotated[str, Strict(), Field(pattern=r"^[a-z0-9_]+$")]
Number = Annotated[float, BeforeValidator(lambda value: float(value) if type(value) is int else value), Strict()]


def _tuple(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value


class Confidence(StrEnum):
    """How far a figure can be trusted."""

    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"


@checked(frozen=True, slots=True, kw_only=True, config=STRICT)
class Cited:
    """Where a figure is from."""

    source: Annotated[tuple[Name, ...], BeforeValidator(_tuple), Field(min_length=1)]
    as_of: Annotated[str, Strict(), Field(pattern=r"^\d{4}-\d{2}-\d{2}$")]
    confidence: Confidence


@checked(frozen=True, slots=True, kw_only=True, config=STRICT)
class Publication:
    """A source."""

    title: Text
    url: Text
    kind: Text


@checked(frozen=True, slots=True, kw_only=True, config=STRICT)
class Totals(Cited):
    """The whole Match."""

    active: Count
    positions: Count
    programmes: Count
    filled_pct: Number
    all_active_pct: Number


@checked(frozen=True, slots=True, kw_only=True, config=STRICT)
class ApplicantType(Cited):
    """Applicants of one kind, and how many per cent matched to any first-year post."""

    name: Name
    title: Text
    active: Count
    matched_pct: Number


@checked(frozen=True, slots=True, kw_only=True, config=STRICT)
class Medians:
    """The median of those who matched and of those who did not."""

    matched: Number
    not_matched: Number


@checked(frozen=True, slots=True, kw_only=True, config=STRICT)
class NonUsImg(Cited):
    """Non-US IMGs over all specialties."""

    matched_preferred: Count
    not_matched_preferred: Count
    median_ranks: Medians
    median_step2ck: Medians


Quartiles = Annotated[tuple[Number, Number, Number], BeforeValidator(_tuple)]


@checked(frozen=True, slots=True, kw_only=True, config=STRICT)
class Scores:
    """Quartiles of a score of those who matched and of those who did not."""

    matched: Quartiles | None
    not_matched: Quartiles | None


@checked(frozen=True, slots=True, kw_only=True, config=STRICT)
class Specialty(Cited):
    """A specialty: its posts, all who prefer it, and what became of the non-US IMGs among them."""

    name: Name
    title: Text
    positions: Count
    applicants: Count
    matched: Count
    not_matched: Count
    step2ck: Scores

    @property
    def n_non_us(self) -> int:
        return self.matched + self.not_matched

    @property
    def rate(self) -> float:
        """Of the non-US IMGs who prefer it, the share matched to it."""
        return self.matched / self.n_non_us


@checked(frozen=True, slots=True, kw_only=True, config=STRICT)
class Assumed:
    """A figure without a source."""

    name: Name
    value: Number
    note: Text


@checked(frozen=True, slots=True, kw_only=True, config=STRICT)
class FactsFile:
    """The file as it is written."""

    schema: Literal["match/1"]
    year: Count
    checked_on: Text
    sources: Mapping[Name, Publication]
    totals: Totals
    types: tuple[ApplicantType, ...]
    non_us_img: NonUsImg
    specialties: tuple[Specialty, ...]
    assumed: tuple[Assumed, ...]


@dataclass(frozen=True, slots=True)
class MatchFacts:
    """The facts, and the fingerprint of the file that they were read from."""

    file: FactsFile
    fingerprint: str

    @property
    def specialties(self) -> Mapping[str, Specialty]:
        return {one.name: one for one in self.file.specialties}

    @property
    def types(self) -> Mapping[str, ApplicantType]:
        return {one.name: one for one in self.file.types}

    def specialty(self, name: str) -> Specialty:
        """The specialty of that name.

        Raises:
            NotFoundError: nothing was published about one of that name.
        """
        known = self.specialties
        if name not in known:
            raise NotFoundError(f'nothing is known of a specialty "{name}"{did_you_mean(name, list(known))}')
        return known[name]

    def type(self, name: str) -> ApplicantType:
        """The kind of applicant of that name.

        Raises:
            NotFoundError: nothing was published about one of that name.
        """
        known = self.types
        if name not in known:
            raise NotFoundError(f'nothing is known of applicants "{name}"; there are {", ".join(known)}')
        return known[name]

    def assumed(self, name: str) -> float:
        """A figure that no source says."""
        return next(one.value for one in self.file.assumed if one.name == name)


def read_facts(folder: Path) -> tuple[MatchFacts | None, list[Finding]]:
    """The facts of `content/match`; None where the file has an error.

    Raises:
        ReadError, OSError: the file can't be read.
    """
    return parse_facts(read_text(folder / FACTS_FILE))


def parse_facts(source: Source) -> tuple[MatchFacts | None, list[Finding]]:
    """The facts from their text."""
    document = parse_yaml(source)
    found, findings = validate(FactsFile, document)
    findings += document.findings
    if found is None or findings:
        return None, findings
    return MatchFacts(found, hashlib.sha256(source.text.encode()).hexdigest()), []
