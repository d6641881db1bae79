"""The blueprint entries of an item against the codes of the programmes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from bedside.bank.item import AxisCodes, BlueprintEntry, Codes
from bedside.bank.records import error_at
from bedside.findings import Finding
from bedside.reading import Document, Path_, did_you_mean


def read_blueprint(
    document: Document, entries: list[dict[str, Any]], codes: Codes, *, is_imported: bool
) -> tuple[tuple[BlueprintEntry, ...], list[Finding]]:
    """The entries as far as they are sound, and what is wrong with them. An imported item may leave axes, or all, open."""
    read: list[BlueprintEntry] = []
    findings: list[Finding] = []
    if not entries and not is_imported:
        findings.append(
            error_at(document, ("blueprint",), "no-blueprint", "no blueprint entry; name programme and step", of_key=True)
        )
    for n, entry in enumerate(entries):
        path: Path_ = ("blueprint", n)
        axes, problems = _axes_of(document, path, entry, codes)
        findings += problems
        if axes is None:
            continue
        programme, step = entry["programme"], entry["step"]
        if any((other.programme, other.step) == (programme, step) for other in read):
            findings.append(error_at(document, path, "duplicate-entry", f"a second entry for {programme} {step}"))
        chosen = {}
        for name, axis in axes.items():
            given, problems = _codes_on(document, path, entry, name, axis, is_imported=is_imported)
            findings += problems
            if given:
                chosen[name] = given
        read.append(BlueprintEntry(programme, step, chosen))
    return tuple(read), findings


def _axes_of(
    document: Document, path: Path_, entry: dict[str, Any], codes: Codes
) -> tuple[Mapping[str, AxisCodes] | None, list[Finding]]:
    """The axes of the step that an entry names, None where there is no such step."""
    missing = [key for key in ("programme", "step") if not isinstance(entry.get(key), str)]
    if missing:
        return None, [error_at(document, path, "missing-key", f'missing key "{key}", a name') for key in missing]
    programme, step = entry["programme"], entry["step"]
    if programme not in codes:
        text = f'unknown programme "{programme}"{did_you_mean(programme, list(codes))}'
        return None, [error_at(document, (*path, "programme"), "unknown-programme", text)]
    if step not in codes[programme]:
        text = f'{programme} has no step "{step}"{did_you_mean(step, list(codes[programme]))}'
        return None, [error_at(document, (*path, "step"), "unknown-step", text)]
    axes = codes[programme][step]
    unknown = [key for key in entry if key not in axes and key not in {"programme", "step"}]
    return axes, [
        error_at(document, (*path, key), "unknown-axis", _unknown_axis(programme, step, key, axes), of_key=True)
        for key in unknown
    ]


def _unknown_axis(programme: str, step: str, key: object, axes: Mapping[str, AxisCodes]) -> str:
    return f'{programme} {step} has no axis "{key}"{did_you_mean(str(key), list(axes))}'


def _codes_on(
    document: Document, path: Path_, entry: dict[str, Any], name: str, axis: AxisCodes, *, is_imported: bool
) -> tuple[tuple[str, ...], list[Finding]]:
    place = (*path, name)
    value = entry.get(name)
    given = [value] if isinstance(value, str) else value
    if given is None:
        if not axis.is_partition or is_imported:
            return (), []
        step = f"{entry['programme']} {entry['step']}"
        return (), [error_at(document, path, "missing-axis", f'an item of {step} needs one code on the axis "{name}"')]
    if not isinstance(given, list) or not all(isinstance(code, str) for code in given):
        return (), [error_at(document, place, "wrong-value", f"{name}: should be a code or a list of codes")]
    findings = list(_unknown_codes(document, place, name, given, axis))
    if axis.is_partition and len(given) != 1:
        text = f'the axis "{name}" takes exactly one code, not {len(given)}'
        findings.append(error_at(document, place, "several-codes", text))
    if len(set(given)) < len(given):
        findings.append(error_at(document, place, "wrong-value", f"{name}: a code stands there twice"))
    return tuple(code for code in given if code in axis.codes), findings


def _unknown_codes(document: Document, place: Path_, name: str, given: list[str], axis: AxisCodes) -> Iterator[Finding]:
    for n, code in enumerate(given):
        if code not in axis.codes:
            text = f'the axis "{name}" has no code "{code}"{did_you_mean(code, sorted(axis.codes))}'
            yield error_at(document, (*place, n), "unknown-code", text)
