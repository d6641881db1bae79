"""The papers that the road to a residency asks for: which, of whom, after which others, and what is said of each.

Files of `content/papers/`, schema `papers/1`. Each paper, each thing said of one and each limit carries its sources, its day
and how far it is to be trusted, or it does not load. What no source says is not there.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass as plain_dataclass
from dataclasses import field
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, Strict, TypeAdapter
from pydantic.dataclasses import dataclass

from bedside.findings import Finding, Severity, in_order
from bedside.pathway.days import MONTHS_OF_A_YEAR, months_after
from bedside.pathway.entries import Id
from bedside.pathway.files import read_files, sources_in, unreadable_findings
from bedside.pathway.record import STRICT, Day, Flag, Kind, Name, Record, Result, Text, Validity
from bedside.programme import Confidence, Source
from bedside.reading import Document, did_you_mean
from bedside.reading import Source as File

FRESH_YEARS = 1  # what was checked earlier is shown, and said to be old
US = "US"
HELD, PASSED = "_held", "_passed"  # how names of certificates and of steps end in `shown_by`
OF_THE_PERSON = ("identity_established", "degree_held", "degree_verified")

Count = Annotated[int, Strict(), Field(gt=0)]


class KeptAs(StrEnum):
    """What a person keeps of a paper."""

    PAPER = "paper"  # its state and its days
    LETTER = "letter"  # each letter with its writer
    EXPERIENCE = "experience"  # each with its place and time
    STATEMENT = "statement"  # its text, draft by draft


class PaperAbout(StrEnum):
    """What is said of a paper."""

    ASKED = "asked"  # what must be true of it
    TAKES = "takes"  # how long it takes
    LASTS = "lasts"  # how long it holds
    COSTS = "costs"
    UNTIL = "until"  # a day to keep


class LimitUnit(StrEnum):
    """What a limit counts."""

    CHARACTERS = "characters"
    ENTRIES = "entries"


@dataclass(frozen=True, slots=True, kw_only=True, config=STRICT)
class PaperGrounds:
    """What everything that is said carries."""

    id: Id = Field(description="Unique over all files.")
    text: Text = Field(description="In plain words.")
    sources: tuple[Name, ...] = Field(min_length=1, description="Keys of the file's `sources`.")
    as_of: Day = Field(description="The day of which the source speaks; of a page without one, the earliest it can be of.")
    confidence: Confidence = Field(description="`high`, `medium` or `low`.")
    note: Text | None = Field(default=None, description="What a reader should know.")

    def is_old(self, on: date) -> bool:
        """Is it of more than a year before that day?"""
        return on.toordinal() > months_after(self.as_of.toordinal(), FRESH_YEARS * MONTHS_OF_A_YEAR)


@dataclass(frozen=True, slots=True, kw_only=True, config=STRICT)
class PaperSaid(PaperGrounds):
    """One thing that a source says of a paper."""

    about: PaperAbout = Field(description="`asked`, `takes`, `lasts`, `costs` or `until`.")
    day: Day | None = Field(default=None, description="With `until`: the last day.")


@dataclass(frozen=True, slots=True, kw_only=True, config=STRICT)
class PaperLimit(PaperGrounds):
    """How much of something is taken at most."""

    of: KeptAs = Field(description="`letter`, `experience` or `statement`.")
    unit: LimitUnit = Field(description="`characters` or `entries`.")
    most: Count = Field(description="At most.")


@dataclass(frozen=True, slots=True, kw_only=True, config=STRICT)
class Paper(PaperGrounds):
    """A paper, or something that is kept like one."""

    stage: Name = Field(description="The stage of the road it belongs to.")
    title: Text = Field(description="Its name.")
    kinds: tuple[Kind, ...] = Field(default=(), description="Who needs it, by `person.kind`; absent: everybody.")
    for_visa: Flag = Field(default=False, description="Only for whoever is no citizen or permanent resident of the US.")
    kept_as: KeptAs = Field(default=KeptAs.PAPER, description="`paper`, `letter`, `experience` or `statement`.")
    needs: tuple[Id, ...] = Field(default=(), description="Papers that come before it.")
    shown_by: Name | None = Field(
        default=None,
        description="What in a record shows that it is there: `identity_established`, `degree_held`, `degree_verified`, "
        "`CERTIFICATE_held` or `STEP_passed`.",
    )
    says: tuple[PaperSaid, ...] = Field(default=(), description="See PaperSaid.")

    def until(self, on: date) -> date | None:
        """The first day to keep from a day on that a source names."""
        return min((one.day for one in self.says if one.day is not None and one.day >= on), default=None)


@dataclass(frozen=True, slots=True, kw_only=True, config=STRICT)
class Stage:
    """A stretch of the road."""

    name: Name = Field(description="Its name in files.")
    title: Text = Field(description="Its name for people.")


@dataclass(frozen=True, slots=True, kw_only=True, config=STRICT)
class PapersFile:
    """A file as it is written."""

    schema: Literal["papers/1"] = Field(description="`papers/1`.")
    name: Name = Field(description="The file's name without `.yaml`.")
    title: Text = Field(description="What it is about.")
    checked_on: Day = Field(description="The day on which the file was last compared with its sources.")
    sources: Mapping[Name, Source] = Field(description="Key and Source of everything that is said.")
    stages: tuple[Stage, ...] = Field(min_length=1, description="In the order of the road. See Stage.")
    papers: tuple[Paper, ...] = Field(description="In the order in which they are shown. See Paper.")
    limits: tuple[PaperLimit, ...] = Field(default=(), description="See PaperLimit.")

    @property
    def grounds(self) -> list[tuple[tuple[str | int, ...], PaperGrounds]]:
        """Everything that is said, with its place."""
        found: list[tuple[tuple[str | int, ...], PaperGrounds]] = []
        for nth, paper in enumerate(self.papers):
            found.append((("papers", nth), paper))
            found += [(("papers", nth, "says", place), one) for place, one in enumerate(paper.says)]
        return found + [(("limits", nth), one) for nth, one in enumerate(self.limits)]


PAPERS_RULES: Mapping[str, str] = {
    "papers-format": "A key is unknown or missing, or a value is not what the field takes.",
    "name-differs": "The name is not that of the file.",
    "duplicate-id": "Two papers, things said or limits have the same id.",
    "unknown-source": "Something names a source that the file's `sources` does not have.",
    "unknown-stage": "A paper names a stage that the file does not have.",
    "unknown-paper": "A paper needs one that the file does not have.",
    "needs-itself": "A paper needs itself, directly or by way of others.",
    "shown-by": "`shown_by` is none of the names that a record can be asked for.",
    "until-day": "A day stands where `about` is not `until`, or is missing where it is.",
    "unreadable": "The file can't be read.",
}

_FILE = TypeAdapter(PapersFile)


@plain_dataclass(frozen=True, slots=True)
class Papers:
    """The papers of all files that have no error."""

    stages: tuple[Stage, ...] = ()
    papers: tuple[Paper, ...] = ()
    limits: tuple[PaperLimit, ...] = ()
    sources_by_id: Mapping[str, tuple[Source, ...]] = field(default_factory=dict)

    def sources_of(self, said: PaperGrounds) -> tuple[Source, ...]:
        """Where it was read."""
        return self.sources_by_id[said.id]

    def paper(self, id_: str) -> Paper | None:
        """The paper of that id."""
        return next((one for one in self.papers if one.id == id_), None)

    def limit(self, id_: str) -> PaperLimit | None:
        """The limit of that id; None where no source was found."""
        return next((one for one in self.limits if one.id == id_), None)


def paper_concerns(paper: Paper, record: Record) -> bool | None:
    """Does a person with that record need the paper? None: the record does not say what it hangs on."""
    person = record.person
    if paper.kinds and person.kind is not None and person.kind not in paper.kinds:
        return False
    is_known = not paper.kinds or person.kind is not None
    if paper.for_visa:
        if person.us_permanent_resident or (person.citizenship is not None and US in person.citizenship):
            return False
        is_known = is_known and person.citizenship is not None
    return True if is_known else None


def paper_is_shown(paper: Paper, record: Record, on: date) -> bool:
    """Does the record show on a day that the paper is there? What it does not say is not shown."""
    name, person = paper.shown_by or "", record.person
    if name == "identity_established":
        return bool(person.identity_established)
    if name == "degree_held":
        return person.degree is not None and person.degree.date <= on
    if name == "degree_verified":
        return person.degree is not None and bool(person.degree.verified)
    if name.endswith(PASSED):
        return any(
            one.step == name.removesuffix(PASSED)
            and one.result is Result.PASS
            and one.validity is Validity.VALID
            and (one.reported or one.date) <= on
            for one in record.attempts
        )
    return any(
        one.name == name.removesuffix(HELD) and one.date <= on and (one.expires is None or one.expires >= on)
        for one in record.certificates
        if name.endswith(HELD)
    )


def paper_expires_on(paper: Paper, record: Record, on: date) -> date | None:
    """The last day of the certificate that shows the paper; of several, the latest."""
    if not (paper.shown_by or "").endswith(HELD) or paper.shown_by in OF_THE_PERSON:
        return None
    name = (paper.shown_by or "").removesuffix(HELD)
    held = [one for one in record.certificates if one.name == name and one.date <= on]
    if any(one.expires is None for one in held):
        return None
    return max((one.expires for one in held if one.expires is not None), default=None)


def read_papers(directory: Path) -> tuple[Papers, tuple[Finding, ...]]:
    """Every `*.yaml` of the folder as one, and all findings; of a file with an error nothing is taken.

    A folder that is absent has no papers.

    Raises:
        OSError: as the system says.
    """
    files, unreadable = sources_in(directory)
    papers, offences = parse_papers(files)
    return papers, tuple(in_order({*unreadable_findings(unreadable), *offences}))


def parse_papers(files: Iterable[File]) -> tuple[Papers, tuple[Finding, ...]]:
    """The papers of some files, read together, and all findings."""
    seen: set[str] = set()
    read = read_files(files, _FILE, "papers-format", lambda file, document: _Checker(file, document).check(seen))
    return _joined([file for file, _ in read.sound]), tuple(in_order(set(read.told)))


class _Checker:
    """A file that has the right shape, held against itself."""

    def __init__(self, file: PapersFile, document: Document) -> None:
        self.file, self.document = file, document
        self.findings: list[Finding] = []

    def check(self, seen: set[str]) -> list[Finding]:
        for path, said in self.file.grounds:
            if said.id in seen:
                self._add("duplicate-id", (*path, "id"), f'"{said.id}" is there twice')
            seen.add(said.id)
            for nth, name in enumerate(said.sources):
                self._known("unknown-source", (*path, "sources", nth), "source", name, sorted(self.file.sources))
            if isinstance(said, PaperSaid) and (said.day is None) == (said.about is PaperAbout.UNTIL):
                self._add("until-day", path, 'a day stands with "until", and only there')
        for nth, paper in enumerate(self.file.papers):
            self._check_paper(("papers", nth), paper)
        return self.findings

    def _check_paper(self, path: tuple[str | int, ...], paper: Paper) -> None:
        ids = [one.id for one in self.file.papers]
        self._known("unknown-stage", (*path, "stage"), "stage", paper.stage, [one.name for one in self.file.stages])
        for nth, needed in enumerate(paper.needs):
            self._known("unknown-paper", (*path, "needs", nth), "paper", needed, ids)
        if paper.id in papers_before(paper, self.file.papers):
            self._add("needs-itself", (*path, "needs"), f'"{paper.id}" needs itself')
        name = paper.shown_by
        if name is not None and name not in OF_THE_PERSON and not name.endswith((HELD, PASSED)):
            known = ", ".join(OF_THE_PERSON)
            self._add("shown-by", (*path, "shown_by"), f'"{name}" is none of {known}, CERTIFICATE_held and STEP_passed')

    def _known(self, rule: str, path: tuple[str | int, ...], what: str, name: str, known: Sequence[str]) -> None:
        if name not in known:
            self._add(rule, path, f'the {what} "{name}" does not exist{did_you_mean(name, known)}')

    def _add(self, rule: str, path: tuple[str | int, ...], text: str) -> None:
        place = self.document.place(path)
        self.findings.append(Finding(self.document.file, place.line, place.column, rule, Severity.ERROR, text))


def papers_before(paper: Paper, papers: Iterable[Paper]) -> set[str]:
    """The ids of every paper that must come before one, directly or by way of others."""
    by_id = {one.id: one for one in papers}
    found: set[str] = set()
    open_ = list(paper.needs)
    while open_:
        name = open_.pop()
        if name not in found and name in by_id:
            found.add(name)
            open_ += by_id[name].needs
    return found


def _joined(files: Sequence[PapersFile]) -> Papers:
    return Papers(
        stages=tuple(one for file in files for one in file.stages),
        papers=tuple(one for file in files for one in file.papers),
        limits=tuple(one for file in files for one in file.limits),
        sources_by_id={
            said.id: tuple(file.sources[name] for name in said.sources) for file in files for _path, said in file.grounds
        },
    )
