"""What an item is, once read: the definition, never the run (answers and times belong to a sitting)."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from pathlib import Path
from typing import Any

from bedside.reading import Document


class Kind(StrEnum):
    """How an item is answered."""

    ONE_BEST_ANSWER = "one_best_answer"
    MULTIPLE_SELECT = "multiple_select"
    NUMERIC = "numeric"


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
class NumericAnswer:
    """What a numeric item asks for. `value` and `tolerance` are decimal text, as exact as they were written.

    An answer is right when it lies no farther than the tolerance from the value, both in `unit`.
    """

    value: str
    tolerance: str  # not negative; "0" where none is written
    unit: str  # "" for a pure number
    explanation: str  # Markdown
    line: int

    def is_met_by(self, text: str) -> bool:
        """Does a decimal number lie within the tolerance? False for what is none."""
        try:
            return abs(Decimal(text) - Decimal(self.value)) <= Decimal(self.tolerance)
        except InvalidOperation:
            return False


class SetKind(StrEnum):
    """What holds the items of a set together."""

    SEQUENTIAL = "sequential"  # one patient; a part is locked once the candidate has moved on, and then the next is shown
    SHARED = "shared"  # one stimulus, an abstract or an advertisement, that all its items ask about


@dataclass(frozen=True, slots=True)
class SetPart:
    """The place of an item in its set. The id of a shared set is that of its stimulus."""

    id: str
    kind: SetKind
    part: int  # from 1, without gaps


class StimulusKind(StrEnum):
    """What a shared stimulus is."""

    ABSTRACT = "abstract"
    ADVERTISEMENT = "advertisement"
    PASSAGE = "passage"


@dataclass(frozen=True, slots=True)
class MediaFile:
    """A picture or a sound that is shown with an item, as it lay in media/ when it was read."""

    path: str  # below media/, as the items write it
    sha256: str
    size: int  # bytes
    source: Path  # where it was read
    width: int | None = None  # pixels of a picture, where its file tells
    height: int | None = None

    @property
    def name(self) -> str:
        """The name under which its bytes can be kept for ever: they give the name."""
        return f"{self.sha256}.{self.path.rpartition('.')[2].lower()}"

    @property
    def is_audio(self) -> bool:
        return self.path.rpartition(".")[2].lower() in AUDIO


PICTURES = ("jpeg", "jpg", "png", "svg", "webp")  # endings of files that may stand in media/
AUDIO = ("m4a", "mp3", "ogg", "wav")


@dataclass(frozen=True, slots=True)
class Stimulus:
    """What the items of a shared set ask about. `text` is Markdown."""

    id: str
    kind: StimulusKind
    title: str
    text: str
    line: int  # where the text starts
    media: tuple[MediaFile, ...]
    file: str


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
    None where nobody judged; `seconds` the reading and thinking time it is written for. A numeric item has an `answer` and no
    options. `earlier` are the stems of the parts before this one of a sequential set: its candidate has read them.
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
    answer: NumericAnswer | None = None
    set: SetPart | None = None
    stimulus: Stimulus | None = None
    earlier: tuple[str, ...] = ()
    earlier_media: tuple[MediaFile, ...] = ()
    media: tuple[MediaFile, ...] = ()  # of its own text; those of its stimulus are the stimulus's

    @property
    def key(self) -> tuple[str, ...]:
        """The letters of the right options, in file order; none for a numeric item."""
        return tuple(option.letter for option in self.options if option.is_key)

    def is_answered_by(self, answer: str) -> bool:
        """Is this the key: its letters with commas between them, or a number within the tolerance?"""
        return self.answer.is_met_by(answer) if self.answer else answer == ",".join(self.key)

    @property
    def shown_key(self) -> str:
        """The key for people: letters with commas between them, or value, tolerance and unit."""
        if self.answer is None:
            return ",".join(self.key)
        tolerance = "" if self.answer.tolerance == "0" else f" ± {self.answer.tolerance}"
        return f"{self.answer.value}{tolerance} {self.answer.unit}".rstrip()

    @property
    def all_media(self) -> tuple[MediaFile, ...]:
        """The pictures and sounds that a candidate can see or hear with it, explanations included."""
        return (*self.media, *self.earlier_media, *(self.stimulus.media if self.stimulus else ()))

    @property
    def is_imported(self) -> bool:
        return self.origin is not None

    @property
    def content_hash(self) -> str:
        """SHA-256 of what a candidate sees and what is scored.

        Kind, stem, lead-in, options or answer, key and explanations; the place in a set, the stimulus and the stems of earlier
        parts; and the bytes of pictures and sounds. Blueprint codes, authors, sources, waivers and status may change without a
        new version. What an item doesn't have is left out, so that a new kind of part changes no hash of an older item.
        """
        meaning: dict[str, Any] = {
            "kind": self.kind.value,
            "stem": self.stem,
            "lead_in": self.lead_in,
            "options": [[option.letter, option.text, option.is_key, option.explanation] for option in self.options],
        }
        meaning |= {name: value for name, value in self._further_meaning().items() if value}
        packed = json.dumps(meaning, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(packed.encode()).hexdigest()

    def _further_meaning(self) -> dict[str, Any]:
        answer, place, stimulus = self.answer, self.set, self.stimulus
        media = self.all_media
        return {
            "answer": [answer.value, answer.tolerance, answer.unit, answer.explanation] if answer else None,
            "set": [place.kind.value, place.part] if place else None,
            "earlier": list(self.earlier),
            "stimulus": [stimulus.kind.value, stimulus.title, stimulus.text] if stimulus else None,
            "media": {file.path: file.sha256 for file in media},
        }


@dataclass(frozen=True, slots=True)
class Takeaway:
    """The one thing that would have let the candidate answer; items that share it are a family."""

    id: str
    title: str  # its topic in a few words, which must not say the answer; without one in the file, the words of the id
    text: str
    codes: Mapping[str, Mapping[str, tuple[str, ...]]]  # programme → axis → codes
    sources: tuple[str, ...]
    cloze: str | None
    file: str
    line: int
