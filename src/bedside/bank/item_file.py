"""One item file, read strictly: front matter to a checked record, body to options, and all that is wrong with its place."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from bedside.bank.blueprint import read_blueprint
from bedside.bank.body import MAX_OPTIONS, Body, parse_body
from bedside.bank.exhibits import check_exhibits, media_in
from bedside.bank.item import BlueprintEntry, Codes, Item, Kind, MediaFile, Origin, SetKind, SetPart, Status, Stimulus, Waiver
from bedside.bank.media import MediaFolder
from bedside.bank.names import ID, MAX_BODY, MAX_ID
from bedside.bank.records import error_at, read_record
from bedside.findings import Finding, Severity, has_errors, plural
from bedside.reading import Document, Source, did_you_mean, parse_front_matter, read_text

MIN_OPTIONS = 3  # of an item of our own; an imported one may have two
MIN_OPTIONS_IMPORTED = 2
MAX_PARTS = 20  # of a set; the longest published sets have 4
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


class _SetPart(BaseModel):
    model_config = _STRICT
    id: Annotated[str, Field(max_length=MAX_ID, pattern=rf"^{ID.pattern}$")]
    kind: Literal["sequential", "shared"]
    part: Annotated[int, Field(ge=1, le=MAX_PARTS)]


class _FrontMatter(BaseModel):
    model_config = _STRICT
    schema_: Annotated[Literal["item/1"], Field(alias="schema")]
    id: Annotated[str, Field(max_length=MAX_ID, pattern=rf"^{ID.pattern}$")]
    version: Annotated[int, Field(ge=1, le=1_000_000)]
    kind: Literal["one_best_answer", "multiple_select", "numeric"] = "one_best_answer"
    set: _SetPart | None = None
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
    set_id: str | None = None  # of the set that the file names, also where its item has no sound form

    @property
    def is_sound(self) -> bool:
        return self.item is not None and not has_errors(self.findings)


def read_item(
    path: Path, *, codes: Codes, takeaways: Collection[str], media: MediaFolder | None = None, file: str | None = None
) -> ItemReading:
    """Read one item file. It is read alone: its stimulus and the earlier parts of its set are not looked for.

    Raises:
        ReadError: it can't be read at all.
        OSError: as the system says.
    """
    area = path.parent.name if path.parent.parent.name == "items" else None
    source = read_text(path, file=file)
    return parse_item(source, codes=codes, takeaways=takeaways, media=media, place=Place(path.stem, area))


def parse_item(
    source: Source,
    *,
    codes: Codes,
    takeaways: Collection[str],
    media: MediaFolder | None = None,
    place: Place | None = None,
    stimuli: Mapping[str, Stimulus] | None = None,
) -> ItemReading:
    """Read the text of an item file.

    Args:
        place: where it lies; without it its id is not compared with the file's name.
        stimuli: those that shared sets may refer to; without it a reference is not followed.

    Raises:
        ReadError: no front matter, or it is not well-formed.
    """
    matter = parse_front_matter(source)
    document = matter.document
    is_imported = isinstance(document.value, dict) and document.value.get("origin") is not None
    required = () if is_imported else _REQUIRED_OF_OUR_OWN
    record, findings = read_record(_FrontMatter, document, (), document.value, required=required)
    findings += document.findings
    kind = _kind(document)
    is_numeric = kind == Kind.NUMERIC
    body = parse_body(matter.body, file=source.file, first_line=matter.body_line, is_numeric=is_numeric)
    check = _check_answer if is_numeric else _check_options
    form = [*body.findings, *check(body, source.file, kind, is_imported=is_imported)]
    if len(matter.body) > MAX_BODY and body.n_options <= MAX_OPTIONS:
        text = f"{len(matter.body):,} signs; what stands below the front matter has at most {MAX_BODY:,}"
        form.append(Finding(source.file, matter.body_line, None, "too-long", Severity.ERROR, text))
    form += check_exhibits(matter.body, file=source.file, first_line=matter.body_line, media=media)
    set_id = _set_id(document)
    if record is None:
        return ItemReading(None, (*findings, *form), set_id)
    entries, blueprint_findings = read_blueprint(document, record.blueprint, codes, is_imported=is_imported)
    item = _item(record, body, document, blueprint=entries, media=media_in(matter.body, media), stimuli=stimuli or {})
    findings += [*form, *blueprint_findings, *check_head(item, takeaways), *check_place(item, place)]
    if item.set and item.set.kind is SetKind.SHARED and stimuli is not None and item.stimulus is None:
        near = did_you_mean(item.set.id, list(stimuli))
        text = f'no stimulus "{item.set.id}" in stimuli/, or it has an error itself{near}'
        findings.append(error_at(document, ("set", "id"), "unknown-stimulus", text))
    is_whole = not any(f.severity is Severity.ERROR and f.rule in _FORM_RULES for f in form)
    return ItemReading(item if is_whole else None, tuple(findings), set_id)


# an item with one of these has no form that could be shown or scored
_FORM_RULES = frozenset(
    {"no-lead-in", "no-key", "several-keys", "too-few-options", "too-many-options", "broken-option", "empty-option"}
    | {"text-after-options", "too-long", "no-answer", "several-answers", "broken-answer", "wrong-kind"}
)


def _kind(document: Document) -> str:
    return str(document.value.get("kind", Kind.ONE_BEST_ANSWER)) if isinstance(document.value, dict) else Kind.ONE_BEST_ANSWER


def _set_id(document: Document) -> str | None:
    place = document.value.get("set") if isinstance(document.value, dict) else None
    name = place.get("id") if isinstance(place, dict) else None
    return name if isinstance(name, str) else None


def _item(
    record: _FrontMatter,
    body: Body,
    document: Document,
    *,
    blueprint: tuple[BlueprintEntry, ...],
    media: tuple[MediaFile, ...],
    stimuli: Mapping[str, Stimulus],
) -> Item:
    place = SetPart(record.set.id, SetKind(record.set.kind), record.set.part) if record.set else None
    return Item(
        id=record.id,
        version=record.version,
        kind=Kind(record.kind),
        blueprint=blueprint,
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
        answer=body.answer,
        set=place,
        stimulus=stimuli.get(place.id) if place and place.kind is SetKind.SHARED else None,
        media=media,
    )


def _check_answer(body: Body, file: str, _kind: str, *, is_imported: bool) -> Iterator[Finding]:
    """The one answer of a numeric item, with its explanation."""

    def error(line: int, rule: str, text: str) -> Finding:
        return Finding(file, line, None, rule, Severity.ERROR, text)

    if body.options:
        yield error(body.options[0].line, "wrong-kind", "an item of kind numeric has an answer '= 7.35 ± 0.02' and no options")
    elif body.n_answers == 0:
        text = "no answer; an item of kind numeric has one line '= 7.35 ± 0.02 mmol/L'"
        yield error(body.lead_in_line, "no-answer", text)
    if body.n_answers > 1:
        line = body.answer.line if body.answer else body.lead_in_line
        yield error(line, "several-answers", f"{body.n_answers} answers; an item of kind numeric has one")
    if body.answer and not body.answer.explanation and not is_imported:
        yield error(body.answer.line, "no-explanation", "the answer has no explanation; add '  : how it comes out' below it")


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
        yield error(first, "too-few-options", f"{plural(body.n_options, 'option')}; an item has at least {least}")
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


def check_head(item: Item, takeaways: Collection[str]) -> Iterator[Finding]:
    """Takeaways, authors, sources and the presence of a stem, of an item or of what the members of a model have in common."""
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
    if not item.stem and not _has_stem_elsewhere(item):
        text = "no stem; the patient comes in paragraphs above the lead-in"
        yield Finding(item.file, item.lead_in_line, None, "no-stem", Severity.ERROR, text)


def _has_stem_elsewhere(item: Item) -> bool:
    """Is what the item asks about told by its stimulus, or by the parts before it?"""
    return item.set is not None and (item.set.kind is SetKind.SHARED or item.set.part > 1)


def check_place(item: Item, place: Place | None, *, ending: str = ".md") -> Iterator[Finding]:
    """Does the id agree with the name of the file, and with its folder?"""
    if place is None:
        return
    if place.name != item.id:
        text = f'the id "{item.id}" differs from the name of the file, "{place.name}{ending}"'
        yield error_at(item.document, ("id",), "id-and-place", text)
    elif place.area is not None and not item.is_imported and not item.id.startswith(f"{place.area}-"):
        text = f'the id "{item.id}" must start with the area of its folder: "{place.area}-"'
        yield error_at(item.document, ("id",), "id-and-place", text)
