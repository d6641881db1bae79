"""One item file, read strictly: front matter to a checked record, body to options, and all that is wrong with its place."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from bedside.bank.blueprint import read_blueprint
from bedside.bank.body import MAX_OPTIONS, Body, parse_body
from bedside.bank.exhibits import check_exhibits
from bedside.bank.item import Codes, Item, Kind, Origin, Status, Waiver
from bedside.bank.records import error_at, read_record
from bedside.findings import Finding, Severity, has_errors
from bedside.reading import Document, Source, did_you_mean, parse_front_matter, read_text

ID = re.compile(r"[a-z0-9]+(?:[._-][a-z0-9]+)*")
MAX_ID = 120
MAX_BODY = 100_000  # signs; the longest vignettes have 4,000
MIN_OPTIONS = 3  # of an item of our own; an imported one may have two
MIN_OPTIONS_IMPORTED = 2
DEFAULT_SECONDS = 90  # where a file doesn't say: 20 items in 30 minutes

_STRICT = ConfigDict(extra="forbid", strict=True)
_Text = Annotated[str, Field(min_length=1, max_length=2000)]


class _Waiver(BaseModel):
    model_config = _STRICT
    rule: _Text
    reason: _Text


class _Origin(BaseModel):
    model_config = _STRICT
    format: _Text
    file: _Text
    row: Annotated[int, Field(ge=1)]
    id: _Text | None = None
    licence: _Text | None = None


class _FrontMatter(BaseModel):
    model_config = _STRICT
    schema_: Annotated[Literal["item/1"], Field(alias="schema")]
    id: Annotated[str, Field(max_length=MAX_ID, pattern=rf"^{ID.pattern}$")]
    version: Annotated[int, Field(ge=1, le=1_000_000)]
    kind: Literal["one_best_answer", "multiple_select"] = "one_best_answer"
    blueprint: list[dict[str, Any]]
    takeaways: list[_Text] = []
    setting: _Text | None = None
    difficulty: Annotated[float, Field(ge=0, le=1)] | None = None
    seconds: Annotated[int, Field(ge=5, le=3600)] | None = None
    authors: list[_Text] = []
    status: Literal["draft", "cross_checked", "clinician_reviewed"]
    sources: list[_Text] = []
    waive: list[_Waiver] = []
    origin: _Origin | None = None


FRONT_MATTER_KEYS = tuple(field.alias or name for name, field in _FrontMatter.model_fields.items())
_REQUIRED_OF_OUR_OWN = ("takeaways", "authors", "sources")


@dataclass(frozen=True, slots=True)
class Place:
    """Where an item file lies, for the checks of its id: its name without ending, and its folder below `items/` if any."""

    name: str
    area: str | None


@dataclass(frozen=True, slots=True)
class ItemReading:
    """An item as far as it could be read, and all findings; `item` is None where its form is not sound.

    An item that is there may still have errors (an unknown code, no source); then it must not be served.
    """

    item: Item | None
    findings: tuple[Finding, ...]

    @property
    def is_sound(self) -> bool:
        return self.item is not None and not has_errors(self.findings)


def read_item(
    path: Path, *, codes: Codes, takeaways: Collection[str], media: Path | None = None, file: str | None = None
) -> ItemReading:
    """Read one item file.

    Raises:
        ReadError: it can't be read at all.
        OSError: as the system says.
    """
    area = path.parent.name if path.parent.parent.name == "items" else None
    source = read_text(path, file=file)
    return parse_item(source, codes=codes, takeaways=takeaways, media=media, place=Place(path.stem, area))


def parse_item(
    source: Source, *, codes: Codes, takeaways: Collection[str], media: Path | None = None, place: Place | None = None
) -> ItemReading:
    """Read the text of an item file; without `place` its id is not compared with the file's name.

    Raises:
        ReadError: no front matter, or it is not well-formed.
    """
    matter = parse_front_matter(source)
    document = matter.document
    is_imported = isinstance(document.value, dict) and document.value.get("origin") is not None
    required = () if is_imported else _REQUIRED_OF_OUR_OWN
    record, findings = read_record(_FrontMatter, document, (), document.value, required=required)
    findings += document.findings
    body = parse_body(matter.body, file=source.file, first_line=matter.body_line)
    form = [*body.findings, *_check_options(body, source.file, _kind(document), is_imported=is_imported)]
    if len(matter.body) > MAX_BODY and body.n_options <= MAX_OPTIONS:
        text = f"{len(matter.body):,} signs; what stands below the front matter has at most {MAX_BODY:,}"
        form.append(Finding(source.file, matter.body_line, None, "too-long", Severity.ERROR, text))
    form += check_exhibits(matter.body, file=source.file, first_line=matter.body_line, media=media)
    if record is None:
        return ItemReading(None, (*findings, *form))
    entries, blueprint_findings = read_blueprint(document, record.blueprint, codes, is_imported=is_imported)
    item = _item(record, body, entries, document)
    findings += [*form, *blueprint_findings, *_check_head(item, takeaways), *_check_place(item, place)]
    is_whole = not any(f.severity is Severity.ERROR and f.rule in _FORM_RULES for f in form)
    return ItemReading(item if is_whole else None, tuple(findings))


# an item with one of these has no form that could be shown or scored
_FORM_RULES = frozenset(
    {"no-lead-in", "no-key", "several-keys", "too-few-options", "too-many-options", "broken-option", "empty-option"}
    | {"text-after-options", "too-long"}
)


def _kind(document: Document) -> str:
    return str(document.value.get("kind", Kind.ONE_BEST_ANSWER)) if isinstance(document.value, dict) else Kind.ONE_BEST_ANSWER


def _item(record: _FrontMatter, body: Body, entries: tuple[Any, ...], document: Document) -> Item:
    return Item(
        id=record.id,
        version=record.version,
        kind=Kind(record.kind),
        blueprint=entries,
        takeaways=tuple(record.takeaways),
        setting=record.setting,
        difficulty=record.difficulty,
        seconds=record.seconds or DEFAULT_SECONDS,
        authors=tuple(record.authors),
        status=Status(record.status),
        sources=tuple(record.sources),
        waivers=tuple(Waiver(waiver.rule, waiver.reason) for waiver in record.waive),
        origin=Origin(**record.origin.model_dump()) if record.origin else None,
        stem=body.stem,
        stem_line=body.stem_line,
        lead_in=body.lead_in,
        lead_in_line=body.lead_in_line,
        options=body.options,
        file=document.file,
        document=document,
    )


def _check_options(body: Body, file: str, kind: str, *, is_imported: bool) -> Iterator[Finding]:
    """Number, key, emptiness, repetition and explanations of the options."""

    def error(line: int, rule: str, text: str) -> Finding:
        return Finding(file, line, None, rule, Severity.ERROR, text)

    first = body.options[0].line if body.options else body.lead_in_line
    least = MIN_OPTIONS_IMPORTED if is_imported else MIN_OPTIONS
    if body.n_options > MAX_OPTIONS:
        yield error(first, "too-many-options", f"{body.n_options:,} options; an item has at most {MAX_OPTIONS}")
        return
    if body.n_options < least:
        yield error(first, "too-few-options", f"{body.n_options} options; an item has at least {least}")
    keys = [option for option in body.options if option.is_key]
    if not keys and body.options:
        yield error(first, "no-key", "no option is marked as the key with '- [x]'")
    if len(keys) > 1 and kind == Kind.ONE_BEST_ANSWER:
        letters = ", ".join(option.letter for option in keys)
        text = f"{letters} are marked as keys; an item of kind one_best_answer has one"
        yield error(keys[1].line, "several-keys", text)
    seen: dict[str, str] = {}
    for option in body.options:
        if not option.text:
            yield error(option.line, "empty-option", f"option {option.letter} has no text")
        elif (twin := seen.setdefault(" ".join(option.text.casefold().split()), option.letter)) != option.letter:
            yield error(option.line, "duplicate-option", f"option {option.letter} has the text of option {twin}")
        if not option.explanation and not is_imported:
            text = f"option {option.letter} has no explanation; add '  : why it is right or wrong here' below it"
            yield error(option.line, "no-explanation", text)


def _check_head(item: Item, takeaways: Collection[str]) -> Iterator[Finding]:
    document = item.document
    for n, name in enumerate(item.takeaways):
        if name not in takeaways:
            area = name.partition(".")[0]
            near = did_you_mean(name, [known for known in takeaways if known.partition(".")[0] == area])
            yield error_at(document, ("takeaways", n), "unknown-takeaway", f'unknown takeaway "{name}"{near}')
    for field in ("takeaways", "authors", "sources"):
        values = document.value.get(field) or []
        for value, count in Counter(values).items():
            if count > 1:
                yield error_at(document, (field,), "wrong-value", f'{field}: "{value}" stands there {count} times')
    if item.is_imported:
        return
    if not item.sources:
        yield error_at(document, ("sources",), "no-source", "no source; name at least one publication", of_key=True)
    if not item.authors:
        yield error_at(document, ("authors",), "no-author", "no author", of_key=True)
    if not item.takeaways:
        yield error_at(
            document, ("takeaways",), "no-takeaway", "no takeaway; an item teaches one thing, by its id", of_key=True
        )
    if not item.stem:
        text = "no stem; the patient comes in paragraphs above the lead-in"
        yield Finding(item.file, item.lead_in_line, None, "no-stem", Severity.ERROR, text)


def _check_place(item: Item, place: Place | None) -> Iterator[Finding]:
    if place is None:
        return
    if place.name != item.id:
        text = f'the id "{item.id}" differs from the name of the file, "{place.name}.md"'
        yield error_at(item.document, ("id",), "id-and-place", text)
    elif place.area is not None and not item.is_imported and not item.id.startswith(f"{place.area}-"):
        text = f'the id "{item.id}" must start with the area of its folder: "{place.area}-"'
        yield error_at(item.document, ("id",), "id-and-place", text)
