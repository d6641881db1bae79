"""One model file, read strictly: all that is wrong with its place, without making a member."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bedside.bank.blueprint import read_blueprint
from bedside.bank.exhibits import exhibits_in, media_in
from bedside.bank.item import BlueprintEntry, Codes, Item, Kind, Status, Waiver
from bedside.bank.item_file import DEFAULT_SECONDS, Place, check_head, check_place
from bedside.bank.media import MediaFolder
from bedside.bank.models.desk import Desk
from bedside.bank.models.model import Formula, Model, Order, Requirement
from bedside.bank.models.options import read_apart, read_check, read_offer, read_options
from bedside.bank.models.records import FileRecord
from bedside.bank.models.shapes import NUMBER, Sort
from bedside.bank.models.variables import read_variables
from bedside.bank.records import error_at, read_record
from bedside.findings import Finding, Severity, has_errors
from bedside.reading import Document, Path_, Source, parse_yaml, read_text

_MEANING = ("variables", "computed", "require", "stem", "lead_in", "options", "offer", "order", "apart")
_NOT_SEEN = frozenset({"mistake", "name"})  # keys of an option that no member shows


@dataclass(frozen=True, slots=True)
class ModelReading:
    """A model as far as it could be read, and all findings; `model` is None where there is an error."""

    model: Model | None
    findings: tuple[Finding, ...]


def read_model(
    path: Path, *, codes: Codes, takeaways: Collection[str], media: MediaFolder | None = None, file: str | None = None
) -> ModelReading:
    """Read one model file.

    Raises:
        ReadError: it can't be read at all.
        OSError: as the system says.
    """
    area = path.parent.name if path.parent.parent.name == "models" else None
    source = read_text(path, file=file)
    return parse_model(source, codes=codes, takeaways=takeaways, media=media, place=Place(path.stem, area))


def parse_model(
    source: Source,
    *,
    codes: Codes,
    takeaways: Collection[str],
    media: MediaFolder | None = None,
    place: Place | None = None,
) -> ModelReading:
    """Read the text of a model file.

    Args:
        place: where it lies; without it its id is not compared with the file's name.

    Raises:
        ReadError: not well-formed.
    """
    document = parse_yaml(source)
    record, findings = read_record(FileRecord, document, (), document.value)
    findings += document.findings
    if record is None:
        return ModelReading(None, tuple(findings))
    desk = Desk(source, document, media, findings)
    entries, problems = read_blueprint(document, record.blueprint, codes, is_imported=False)
    desk.findings += problems
    head = _head(record, document, entries, desk, media)
    desk.findings += [*check_head(head, takeaways), *check_place(head, place, ending=".yaml")]
    model = _model(record, head, desk)
    if not has_errors(desk.findings):
        _check_use(record, desk)
    return ModelReading(None if has_errors(desk.findings) else model, tuple(desk.findings))


def _head(
    record: FileRecord, document: Document, entries: tuple[BlueprintEntry, ...], desk: Desk, media: MediaFolder | None
) -> Item:
    every = "\n".join((record.stem, record.lead_in, *(str(option) for option in record.options)))
    return Item(
        id=record.id,
        version=record.version,
        kind=Kind.ONE_BEST_ANSWER,
        blueprint=entries,
        takeaways=tuple(record.takeaways),
        setting=record.setting,
        difficulty=record.difficulty,
        seconds=record.seconds or DEFAULT_SECONDS,
        authors=tuple(record.authors),
        status=Status(record.status),
        sources=tuple(record.sources),
        waivers=tuple(Waiver(waiver.rule, waiver.reason) for waiver in record.waive),
        origin=None,
        stem=record.stem,
        stem_line=desk.first_line(("stem",)),
        lead_in=record.lead_in,
        lead_in_line=desk.first_line(("lead_in",)),
        options=(),
        file=document.file,
        document=document,
        media=media_in(every, media),
    )


def _model(record: FileRecord, head: Item, desk: Desk) -> Model:
    variables = read_variables(record.variables, desk)
    computed = tuple(found for name, value in record.computed.items() if (found := _computed(name, value, desk)) is not None)
    require = [desk.formula(text, ("require", n), wanted=Sort.TRUTH)[0] for n, text in enumerate(record.require)]
    stem, lead_in = desk.template(record.stem, ("stem",)), desk.template(record.lead_in, ("lead_in",))
    _check_texts(record, desk)
    options = read_options(record, desk)
    return Model(
        head=head,
        variables=variables,
        computed=computed,
        require=tuple(_requirement(formula, computed) for formula in require if formula is not None),
        stem=stem,
        lead_in=lead_in,
        options=options,
        n_offered=read_offer(record, len(options), desk),
        order=Order(record.order),
        apart=read_apart(record, desk),
        check=read_check(record, options, desk),
        content_hash=_hash(desk.document.value),
        shapes=desk.shapes,
    )


def _computed(name: str, value: Any, desk: Desk) -> tuple[str, Formula] | None:
    path: Path_ = ("computed", name)
    if isinstance(value, bool) or not isinstance(value, str | int | float) or value == "":
        desk.error(path, "wrong-value", f"{name}: an expression")
        desk.call(name, NUMBER, path)
        return None
    formula, shape = desk.formula(value, path)
    desk.call(name, shape, path)
    return (name, formula) if formula else None


def _requirement(formula: Formula, computed: tuple[tuple[str, Formula], ...]) -> Requirement:
    needed = [n for n, (name, _) in enumerate(computed, start=1) if name in formula.expression.names]
    return Requirement(formula, max(needed, default=0))


def _check_texts(record: FileRecord, desk: Desk) -> None:
    if "\n\n" in record.lead_in.strip():
        desk.error(("lead_in",), "no-lead-in", "the lead-in is one paragraph; what stands above it belongs to the stem")
    texts = [("stem", record.stem), ("lead_in", record.lead_in)]
    for key, text in texts:
        for exhibit in exhibits_in(text):
            if exhibit.scheme == "media" and "{" in exhibit.target:
                desk.error((key,), "wrong-placeholder", "a file of media/ is named as it is, without places for values")


def _check_use(record: FileRecord, desk: Desk) -> None:
    """A name that nothing asks for is a slip, or a change of mind that stayed."""
    for section, given in (("variables", record.variables), ("computed", record.computed)):
        for name in given:
            known = [
                other for other in desk.shapes if other == name or (section == "variables" and other.startswith(f"{name}_"))
            ]
            if known and desk.used.isdisjoint(known):
                place = desk.document.place((section, name), of_key=True)
                text = f'nothing uses "{name}"'
                desk.findings.append(
                    Finding(desk.source.file, place.line, place.column, "unknown-name", Severity.WARNING, text)
                )


def _hash(value: dict[str, Any]) -> str:
    """SHA-256 of all that members come from, as it is written."""
    meaning = {key: value[key] for key in _MEANING if value.get(key) is not None}
    meaning["id"] = value.get("id")
    options = value.get("options")
    if isinstance(options, list):
        meaning["options"] = [
            {key: part for key, part in option.items() if key not in _NOT_SEEN} if isinstance(option, dict) else option
            for option in options
        ]
    packed = json.dumps(meaning, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=str)
    return hashlib.sha256(packed.encode()).hexdigest()


def model_error(model: Model, path: Path_, rule: str, text: str) -> Finding:
    """An error at a place of a model's file."""
    return error_at(model.document, path, rule, text)
