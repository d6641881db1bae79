"""From a file of another program to items: which rows were taken, under which ids, and which were not and why.

Nothing is written here. An item's id is made of the collection's name and the row's own id, or a hash of its text, so that
the same file gives the same ids again. Every item is read back through the strict reader before it counts as taken.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from bedside.bank.formats import Question, Skipped, SourceFile, Taken, detect
from bedside.bank.item import BlueprintEntry, Codes, Item, Kind, Option, Origin, Status
from bedside.bank.item_file import DEFAULT_SECONDS, parse_item
from bedside.bank.writing import item_text
from bedside.errors import UsageError
from bedside.findings import Severity
from bedside.reading import Document, Source

MAX_SLUG = 60


@dataclass(frozen=True, slots=True)
class RowNote:
    """Something about a row that was taken: what could not be kept."""

    row: int
    text: str


@dataclass(frozen=True, slots=True)
class Import:
    """What a file gives. `unit` is "line" or "record", `unused` names its columns that were not read."""

    format: str
    unit: str
    items: tuple[Item, ...]
    skipped: tuple[Skipped, ...]
    notes: tuple[RowNote, ...]
    unused: tuple[str, ...]


@dataclass(slots=True)
class _Import:
    items: list[Item] = field(default_factory=list)
    skipped: list[Skipped] = field(default_factory=list)
    notes: list[RowNote] = field(default_factory=list)
    row_of_id: dict[str, int] = field(default_factory=dict)
    row_of_text: dict[str, int] = field(default_factory=dict)


def read_import(
    source: SourceFile,
    *,
    collection: str,
    codes: Codes,
    step: tuple[str, str] | None = None,
    licence: str | None = None,
) -> Import:
    """Read a file of questions.

    Args:
        collection: its name; the ids of all items start with it.
        step: programme and step of the rows that name none themselves; without it they stay open.

    Raises:
        ReadError: the format is not known, or the file can't be read at all.
        UsageError: `collection` or `step` are not such names.
    """
    if collection != slug(collection):
        raise UsageError(
            f'"{collection}" can\'t start an id; use small letters, digits and hyphens, as in "{slug(collection)}"'
        )
    if step and step[1] not in codes.get(step[0], {}):
        known = ", ".join(f"{programme} {name}" for programme, steps in codes.items() for name in steps)
        raise UsageError(f"no programme {step[0]} with a step {step[1]}; known are {known or 'none'}")
    detected = detect(source)
    done = _Import()
    for row in detected.read(detected.source):
        if isinstance(row, Skipped):
            done.skipped.append(row)
            continue
        origin = Origin(detected.format, source.name, row.question.row, row.question.id, licence)
        item = _item(row.question, origin, collection, _entries(row.question, step, codes))
        _take(item, row, detected.unit, codes, done)
    return Import(
        detected.format,
        detected.unit,
        tuple(done.items),
        tuple(sorted(done.skipped, key=lambda refused: refused.row)),
        tuple(done.notes),
        detected.unused,
    )


def _take(item: Item, row: Taken, unit: str, codes: Codes, done: _Import) -> None:
    number = row.question.row
    text = " ".join([item.stem, item.lead_in, *(option.text for option in item.options)]).casefold()
    fingerprint = hashlib.sha256(" ".join(text.split()).encode()).hexdigest()
    why = None
    if item.id in done.row_of_id:
        why = f'the id "{row.question.id or item.id}" is that of {unit} {done.row_of_id[item.id]} already'
    elif fingerprint in done.row_of_text:
        why = f"the same question as {unit} {done.row_of_text[fingerprint]}"
    else:
        why = _problem(item, codes)
    if why:
        done.skipped.append(Skipped(number, why))
        return
    done.row_of_id[item.id] = done.row_of_text[fingerprint] = number
    done.items.append(item)
    done.notes += [RowNote(number, note) for note in row.notes]


def _problem(item: Item, codes: Codes) -> str | None:
    """What the strict reader says against the file that this item becomes, or where it reads as another text."""
    reading = parse_item(Source(item.file, item_text(item)), codes=codes, takeaways=())
    error = next((finding for finding in reading.findings if finding.severity is Severity.ERROR), None)
    if error:
        return f"would not make a sound item: {error.text}"
    if reading.item is None or reading.item.content_hash != item.content_hash:
        return "would not read back as the same text"
    return None


def _entries(question: Question, step: tuple[str, str] | None, codes: Codes) -> tuple[BlueprintEntry, ...]:
    named = [entry for entry in question.steps if entry[1] in codes.get(entry[0], {})]
    if step and (not named or step in named):
        named = [step]
    return tuple(BlueprintEntry(programme, name, {}) for programme, name in named)


def _item(question: Question, origin: Origin, collection: str, blueprint: tuple[BlueprintEntry, ...]) -> Item:
    name = f"{collection}-{_row_name(question)}"
    file = f"items/{name}.md"
    options = tuple(
        Option(letter, text, letter in question.key, question.explanations.get(letter, ""), 0)
        for letter, text in zip("ABCDEFGHIJKLMNOPQRSTUVWXYZ", question.options, strict=False)
    )
    return Item(
        id=name,
        version=1,
        kind=Kind(question.kind),
        blueprint=blueprint,
        takeaways=(),
        setting=None,
        difficulty=None,
        seconds=DEFAULT_SECONDS,
        authors=(),
        status=Status.DRAFT,
        sources=(),
        waivers=(),
        origin=origin,
        stem=question.stem,
        stem_line=0,
        lead_in=question.lead_in,
        lead_in_line=0,
        options=options,
        file=file,
        document=Document(file, {}, {}, {}),
    )


def _row_name(question: Question) -> str:
    """The part of an id that tells rows apart: the row's own id where it has one, else a hash of its text."""
    if question.id is None:
        text = "\n".join([question.stem, question.lead_in, *question.options])
        return hashlib.sha256(text.encode()).hexdigest()[:12]
    plain = slug(question.id)
    if plain == question.id and len(plain) <= MAX_SLUG:
        return plain
    digest = hashlib.sha256(question.id.encode()).hexdigest()[:8]
    return f"{plain[:MAX_SLUG].strip('-')}-{digest}".strip("-")


def slug(text: str) -> str:
    """Small letters, digits and single hyphens; what else there is becomes a hyphen."""
    return re.sub(r"[^a-z0-9]+", "-", text.casefold()).strip("-")


def with_version(item: Item, version: int) -> Item:
    """The same item under another version."""
    return replace(item, version=version)


def where(skipped: Sequence[Skipped], unit: str) -> list[dict[str, str]]:
    """The refused rows as `--json` prints them."""
    return [{"where": f"{unit} {refused.row}", "why": refused.why} for refused in skipped]
