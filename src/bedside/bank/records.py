"""Checking the keys of a record that was read from YAML, so that each offence has its own rule, place and near word."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from bedside.findings import Finding, Severity
from bedside.reading import Document, Path_, did_you_mean

Record = TypeVar("Record", bound=BaseModel)


def error_at(document: Document, path: Path_, rule: str, text: str, *, of_key: bool = False) -> Finding:
    """An error at the place of a value (or of its key) of `document`."""
    place = document.place(path, of_key=of_key)
    return Finding(document.file, place.line, place.column, rule, Severity.ERROR, text)


def read_record(
    record: type[Record], document: Document, path: Path_, value: Any, *, required: Collection[str] | None = None
) -> tuple[Record | None, list[Finding]]:
    """The mapping at `path` as a record: None and every offence where it is not one.

    An unknown key is a finding and does not hide what else is wrong. `required` names keys that must be there although the
    record could do without.
    """
    if not isinstance(value, Mapping):
        where = "this" if path else "the document"
        return None, [error_at(document, path, "wrong-value", f"{where} must be a mapping of keys to values")]
    fields = {field.alias or name: field for name, field in record.model_fields.items()}
    findings = [
        error_at(document, (*path, key), "unknown-key", _unknown(key, list(fields)), of_key=True)
        for key in value
        if key not in fields
    ]
    needed = {name for name, field in fields.items() if field.is_required()} | set(required or ())
    missing = [name for name in fields if name in needed and name not in value]
    findings += [error_at(document, path, "missing-key", f'missing key "{name}"', of_key=True) for name in missing]
    try:
        read = record.model_validate({key: entry for key, entry in value.items() if key in fields})
    except ValidationError as error:
        for offence in error.errors(include_url=False, include_context=False, include_input=False):
            if offence["type"] != "missing" or len(offence["loc"]) > 1:
                findings.append(_wrong_value(document, path, offence["loc"], offence["msg"]))
        return None, findings
    return (None if missing else read), findings


def _unknown(key: object, known: list[str]) -> str:
    return f'unknown key "{key}"{did_you_mean(str(key), known)}'


def _wrong_value(document: Document, path: Path_, location: tuple[int | str, ...], message: str) -> Finding:
    where = ".".join(str(step) for step in location)
    text = message.removeprefix("Value error, ").removeprefix("Input ")
    return error_at(document, (*path, *location), "wrong-value", f"{where}: {text[:1].lower()}{text[1:]}")
