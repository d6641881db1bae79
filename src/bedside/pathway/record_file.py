"""A record from a file or from plain values, and back: strict, and everything wrong is named with its field."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import fields, is_dataclass
from datetime import date
from enum import Enum
from typing import Any

import yaml
from pydantic import TypeAdapter, ValidationError

from bedside.findings import Finding, Severity, has_errors, in_order
from bedside.pathway.record import Goals, Kind, Person, Record, School, Validity
from bedside.pathway.record_words import is_missing_key, is_unknown_key, key_hint, missing_hint, value_words
from bedside.reading import Document, Source, did_you_mean, parse_yaml

_RECORD = TypeAdapter(Record)

PLAIN = "record"  # the name of the file in findings about values that come from none
LINE_WIDTH = 120
FEW = 8  # so many steps are all named where one is wrong

RECORD_RULES: Mapping[str, str] = {
    "record-format": "In a record: a key is unknown, or a value is not what the field takes.",
    "unknown-step": "In a record: it names a step that no programme has or had.",
    "unknown-certificate": "In a record: it names a certificate that no rule knows.",
    "days-reversed": "In a record: something ends before it begins.",
    "unknown-score": "In a record: a certificate has no score of that name.",
    "unknown-place": "In a record: no rule knows the state that it aims at.",
    "same-attempt": "In a record: the same step on the same day twice. A warning: both count.",
    "school-differs": "In a record: the country of the school is not where `kind` says. A warning.",
}


def read_record(
    source: Source,
    *,
    steps: Mapping[str, frozenset[str]],
    certificates: frozenset[str],
    scores: Mapping[str, Sequence[str]] | None = None,
    places: frozenset[str] = frozenset(),
    with_doubts: bool = False,
) -> tuple[Record | None, list[Finding]]:
    """The record of a file, or None where a finding is an error; and all findings, each with its line and field.

    `steps` has the steps of each programme that attempts may name, `certificates` those that rules know, `scores` the names
    of the scores of some of them, and `places` the states; of those that are not given nothing is checked. `with_doubts`
    adds warnings about what may be a slip.

    Raises:
        ReadError: the text is not well-formed YAML, or over a limit.
    """
    document = parse_yaml(source)
    findings = [*document.findings]
    record: Record | None = None
    try:
        record = _RECORD.validate_python(document.value)
    except ValidationError as error:
        findings += [_in_file(one, document) for one in error.errors(include_url=False, include_input=False)]
    if record is not None:
        findings += check_record(record, document, (), steps=steps, certificates=certificates)
        more = [*_unknown_names(record, scores or {}, places), *(_doubts(record) if with_doubts else ())]
        findings += [_finding(one, document, ()) for one in more]
    findings = in_order(set(findings))
    return (None if has_errors(findings) else record), findings


def record_from(
    data: Mapping[str, Any], *, steps: Mapping[str, frozenset[str]], certificates: frozenset[str]
) -> tuple[Record | None, list[Finding]]:
    """The record of plain values in the shape of the file, days as text or `date`; and all findings.

    The text of each finding starts with the path of its field and a colon, as `attempts.0.date: should be a day ...`.
    """
    try:
        record = _RECORD.validate_python(data)
    except ValidationError as error:
        offences = error.errors(include_url=False, include_input=False)
        return None, in_order({_offence(offence, data) for offence in offences})
    document = Document(PLAIN, data, {}, {})
    findings = in_order(set(check_record(record, document, (), steps=steps, certificates=certificates)))
    return (None if has_errors(findings) else record), findings


def record_as_yaml(record: Record) -> str:
    """The record as the text of its file: what it does not say is left out, and what is read back is the same record."""
    return yaml.dump(
        record_as_dict(record), Dumper=_Dumper, sort_keys=False, allow_unicode=True, default_flow_style=None, width=LINE_WIDTH
    )


def record_as_dict(record: Record) -> dict[str, Any]:
    """The record as plain values in the shape of the file, days as `date`; `record_from` takes it back."""
    told: dict[str, Any] = _plain(record)
    return told


def record_as_json(record: Record) -> dict[str, Any]:
    """The same with days as text, for what is stored as JSON."""
    told: dict[str, Any] = _with_text_days(record_as_dict(record))
    return told


def check_record(
    record: Record,
    document: Document,
    at: tuple[str | int, ...],
    *,
    steps: Mapping[str, frozenset[str]],
    certificates: frozenset[str],
) -> list[Finding]:
    """What is wrong in a record whose fields are sound: names that lead nowhere, days that disagree."""
    return [_finding(one, document, at) for one in _offences(record, steps, certificates)]


def _finding(offence: _Offence, document: Document, at: tuple[str | int, ...]) -> Finding:
    rule, path, text = offence
    place = document.place((*at, *path))
    severity = Severity.WARNING if rule in _WARNINGS else Severity.ERROR
    return Finding(document.file, place.line, place.column, rule, severity, f"{'.'.join(map(str, path))}: {text}")


_WARNINGS = {"same-attempt", "school-differs"}

_Offence = tuple[str, tuple[str | int, ...], str]  # name of the check, path of the field, what is wrong


def _offences(record: Record, steps: Mapping[str, frozenset[str]], certificates: frozenset[str]) -> Iterator[_Offence]:
    yield from _offences_of_attempts(record, steps)
    for index, held in enumerate(record.certificates):
        if held.name not in certificates:
            hint = did_you_mean(held.name, sorted(certificates)) or f"; known are {', '.join(sorted(certificates))}"
            yield "unknown-certificate", ("certificates", index, "name"), f'no rule knows a certificate "{held.name}"{hint}'
        if held.expires is not None and held.expires < held.date:
            yield "days-reversed", ("certificates", index, "expires"), f"it is before {held.date}"
    for index, stretch in enumerate(record.training):
        if stretch.end is not None and stretch.end < stretch.start:
            yield "days-reversed", ("training", index, "end"), f"it is before {stretch.start}"
    for index, bar in enumerate(record.bars):
        yield from _unknown_programme(("bars", index, "programme"), bar.programme, steps)
        if bar.until is not None and bar.until < bar.from_:
            yield "days-reversed", ("bars", index, "until"), f"it is before {bar.from_}"
    of_any = frozenset().union(*steps.values())
    for index, permit in enumerate(record.permits):
        yield from _unknown_step(("permits", index, "step"), permit.step, of_any)
        if permit.until < permit.from_:
            yield "days-reversed", ("permits", index, "until"), f"it is before {permit.from_}"
    for step in record.goals.sit:
        yield from _unknown_step(("goals", "sit", step), step, of_any)


def _unknown_names(record: Record, scores: Mapping[str, Sequence[str]], places: frozenset[str]) -> Iterator[_Offence]:
    for index, held in enumerate(record.certificates):
        known = scores.get(held.name)
        for name in held.scores if known is not None else ():
            if name not in (known or ()):
                told = f"it has {', '.join(known)}" if known else "it has no scores"
                yield "unknown-score", ("certificates", index, "scores", name), f'{held.name} has no score "{name}"; {told}'
    for index, state in enumerate(record.goals.states):
        if places and state not in places:
            yield "unknown-place", ("goals", "states", index), f'no rule knows a state "{state}"'


_COUNTRIES = {Kind.US_MD: "US", Kind.US_DO: "US", Kind.CANADIAN: "CA"}


def _doubts(record: Record) -> Iterator[_Offence]:
    seen: set[tuple[str, str, date]] = set()
    for index, attempt in enumerate(record.attempts):
        key = (attempt.programme, attempt.step, attempt.date)
        if key in seen:
            yield "same-attempt", ("attempts", index), f"{attempt.step} on {attempt.date} stands here twice; both are counted"
        seen.add(key)
    kind, country = record.person.kind, record.person.school.country
    expected = _COUNTRIES.get(kind) if kind else None
    if kind and country and expected and country != expected:
        yield (
            "school-differs",
            ("person", "school", "country"),
            f"the school is in {country}, and kind says {kind.value}",
        )
    if kind is Kind.IMG and country == "US":
        yield "school-differs", ("person", "school", "country"), "the school is in US, and kind says img"


def _offences_of_attempts(record: Record, steps: Mapping[str, frozenset[str]]) -> Iterator[_Offence]:
    for index, attempt in enumerate(record.attempts):
        at = ("attempts", index)
        yield from _unknown_programme((*at, "programme"), attempt.programme, steps)
        if attempt.programme in steps:
            yield from _unknown_step((*at, "step"), attempt.step, steps[attempt.programme])
        for name in ("validity_from", "reported"):
            day = getattr(attempt, name)
            if day is not None and day < attempt.date:
                yield "days-reversed", (*at, name), f"it is before the attempt on {attempt.date}"


def _unknown_programme(path: tuple[str | int, ...], name: str, steps: Mapping[str, frozenset[str]]) -> Iterator[_Offence]:
    if name not in steps:
        yield "unknown-programme", path, f'no programme "{name}"{did_you_mean(name, sorted(steps))}'


def _unknown_step(path: tuple[str | int, ...], name: str, known: frozenset[str]) -> Iterator[_Offence]:
    if name not in known:
        hint = did_you_mean(name, sorted(known))
        if len(known) <= FEW:
            hint += f" (its steps: {', '.join(sorted(known))})"
        yield "unknown-step", path, f'the programme has no step "{name}"{hint}'


def _offence(offence: Any, data: Any) -> Finding:
    path = _path_in(offence["loc"], data)
    if is_unknown_key(offence):
        text = f"unknown key{key_hint(path)}"
    elif is_missing_key(offence):
        text = f"missing{missing_hint(path)}"
    else:
        text = value_words(offence, path)
    return Finding(PLAIN, 1, None, "record-format", Severity.ERROR, f"{'.'.join(map(str, path)) or PLAIN}: {text}")


def _in_file(offence: Any, document: Document) -> Finding:
    path = _path_in(offence["loc"], document.value)
    name = str(path[-1]) if path else ""
    inside = ".".join(map(str, path[:-1]))
    if is_unknown_key(offence):
        place = document.place(tuple(path), of_key=True)
        text = f'unknown key "{name}"{f" in {inside}" if inside else ""}{key_hint(path)}'
    elif is_missing_key(offence):
        place = document.place(tuple(path[:-1]), of_key=True)
        text = f'missing key "{name}" in {inside}{missing_hint(path)}'
    elif not path:
        place = document.place(())
        text = "the file is empty" if document.value is None else "a record is made of keys such as `person:` and `attempts:`"
    else:
        place = document.place(tuple(path))
        text = f"{'.'.join(map(str, path))}: {value_words(offence, path)}"
    return Finding(document.file, place.line, place.column, "record-format", Severity.ERROR, text)


def _path_in(path: Sequence[str | int], data: Any) -> list[str | int]:
    """The path as far as it leads through the values, and the key that is missing or unknown at its end.

    The library puts names of union members into its paths; they lead nowhere and are left out.
    """
    known: list[str | int] = []
    value = data
    for part in path:
        if _leads(part, value):
            known, value = [*known, part], value[part]
        elif isinstance(value, Mapping) and isinstance(part, str):
            return [*known, part]
    return known


def _leads(part: str | int, value: Any) -> bool:
    if isinstance(value, Mapping):
        return part in value
    return isinstance(value, list | tuple) and isinstance(part, int) and part < len(value)


def _plain(value: Any) -> Any:
    if is_dataclass(value):
        said = {one.name: getattr(value, one.name) for one in fields(value)}
        return {_written(name): _plain(one) for name, one in said.items() if _is_said(name, one)}
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, Mapping):
        return {name: _plain(one) for name, one in value.items()}
    return [_plain(one) for one in value] if isinstance(value, tuple) else value


def _is_said(name: str, value: Any) -> bool:
    # an empty list of citizenships is known to be empty, and not left out
    return value not in _SAYS_NOTHING or (name == "citizenship" and value is not None)


_SAYS_NOTHING: tuple[Any, ...] = (None, (), {}, Validity.VALID, Person(), School(), Goals())


def _written(name: str) -> str:
    return name.removesuffix("_")  # `from_`, which Python does not let be called `from`


def _with_text_days(value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, dict):
        return {name: _with_text_days(one) for name, one in value.items()}
    return [_with_text_days(one) for one in value] if isinstance(value, list) else value


class _Dumper(yaml.SafeDumper):
    """Writes what YAML 1.2 reads back as the same: whatever is not a plain word is put in quotes."""

    def ignore_aliases(self, data: Any) -> bool:
        return True

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:
        super().increase_indent(flow, False)


def _text(dumper: _Dumper, text: str) -> yaml.ScalarNode:
    is_word = re.fullmatch(r"[A-Za-z][A-Za-z0-9_/]*", text, re.ASCII) is not None
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=None if is_word else '"')


_Dumper.add_representer(str, _text)
