"""What an item is, once read: the definition, never the run (answers and times belong to a sitting)."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from bedside.reading import Document


class Kind(StrEnum):
    """How an item is answered."""

    ONE_BEST_ANSWER = "one_best_answer"
    MULTIPLE_SELECT = "multiple_select"


class Status(StrEnum):
    """How far an item has earned trust; see docs/explanation/how-an-item-earns-trust.md."""

    DRAFT = "draft"
    CROSS_CHECKED = "cross_checked"
    CLINICIAN_REVIEWED = "clinician_reviewed"


@dataclass(frozen=True, slots=True)
class AxisCodes:
    """One axis of a step's blueprint: the codes an item may carry on it.

    `is_partition` says that an item carries exactly one code of the axis; otherwise it carries any number of them.
    """

    codes: frozenset[str]
    is_partition: bool


# programme → step → axis → codes; handed in by the shell, since the codes belong to the programmes
Codes = Mapping[str, Mapping[str, Mapping[str, AxisCodes]]]


@dataclass(frozen=True, slots=True)
class BlueprintEntry:
    """Where an item stands in the blueprint of one step. An axis that is absent is open (imported items only)."""

    programme: str
    step: str
    codes: Mapping[str, tuple[str, ...]]  # axis → codes


@dataclass(frozen=True, slots=True)
class Option:
    """One answer offered. Its letter is its place in the file and stays for the version."""

    letter: str  # "A" to "Z"
    text: str  # Markdown
    is_key: bool
    explanation: str  # Markdown; why it is right or wrong here
    line: int


@dataclass(frozen=True, slots=True)
class Waiver:
    """A rule of the linter that this item is excused from, and why."""

    rule: str
    reason: str


@dataclass(frozen=True, slots=True)
class Origin:
    """Where an imported item came from."""

    format: str
    file: str
    row: int  # line or record of the file, from 1
    id: str | None = None
    licence: str | None = None


@dataclass(frozen=True, slots=True)
class Item:
    """One question in one version.

    `stem` and `lead_in` are Markdown; `difficulty` is the judged share (0 to 1) of just-passing candidates who answer right,
    None where nobody judged; `seconds` the reading and thinking time it is written for.
    """

    id: str
    version: int
    kind: Kind
    blueprint: tuple[BlueprintEntry, ...]
    takeaways: tuple[str, ...]
    setting: str | None
    difficulty: float | None
    seconds: int
    authors: tuple[str, ...]
    status: Status
    sources: tuple[str, ...]
    waivers: tuple[Waiver, ...]
    origin: Origin | None
    stem: str
    stem_line: int
    lead_in: str
    lead_in_line: int
    options: tuple[Option, ...]
    file: str
    document: Document  # the front matter with its places, for findings

    @property
    def key(self) -> tuple[str, ...]:
        """The letters of the right options, in file order."""
        return tuple(option.letter for option in self.options if option.is_key)

    @property
    def is_imported(self) -> bool:
        return self.origin is not None

    @property
    def content_hash(self) -> str:
        """SHA-256 of what a candidate sees and what is scored: kind, stem, lead-in, options and key, and explanations.

        Blueprint codes, authors, sources, waivers and status may change without a new version.
        """
        meaning = {
            "kind": self.kind.value,
            "stem": self.stem,
            "lead_in": self.lead_in,
            "options": [[option.letter, option.text, option.is_key, option.explanation] for option in self.options],
        }
        packed = json.dumps(meaning, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(packed.encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Takeaway:
    """The one thing that would have let the candidate answer; items that share it are a family."""

    id: str
    text: str
    codes: Mapping[str, Mapping[str, tuple[str, ...]]]  # programme → axis → codes
    sources: tuple[str, ...]
    cloze: str | None
    file: str
    line: int
