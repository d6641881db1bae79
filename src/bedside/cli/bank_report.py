"""The answers of `bedside bank` for people: findings with their lines, one item as text."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from bedside.bank import Bank, Import, Item, Skipped, base_id
from bedside.errors import ReadError
from bedside.findings import Finding, Severity, describe, plural
from bedside.reading import MAX_FILE_BYTES

SHOWN = 110  # signs of a long line that are shown; with the indent it fits a terminal of 120


def finding_texts(findings: Iterable[Finding]) -> Iterable[str]:
    """Each finding with the line it is about; of a long line the part around the place."""
    files: dict[str, Sequence[str]] = {}

    def line_of(file: str, line: int) -> str | None:
        if file not in files:
            files[file] = _lines(file)
        lines = files[file]
        return lines[line - 1] if 0 < line <= len(lines) else None

    for finding in findings:
        line = line_of(finding.file, finding.line)
        if line is None or len(line) <= SHOWN:
            yield describe(finding, line_of)
        else:
            yield f"{describe(finding, lambda _file, _line: None)}\n{_excerpt(line, finding.column)}"


def _lines(file: str) -> Sequence[str]:
    path = Path(file)
    try:
        # what the bank would not follow is not shown either: a link could show any file of the machine
        if path.is_symlink() or not path.is_file() or path.stat().st_size > MAX_FILE_BYTES:
            return ()
        return path.read_text(encoding="utf-8", errors="replace").split("\n")
    except OSError:
        return ()


def _excerpt(line: str, column: int | None) -> str:
    start = max(0, min((column or 1) - 1 - SHOWN // 2, len(line) - SHOWN))
    part = line[start : start + SHOWN].rstrip()
    before, after = ("… " if start else ""), (" …" if start + SHOWN < len(line) else "")
    shown = f"    {before}{part}{after}"
    return f"{shown}\n    {' ' * (len(before) + column - 1 - start)}^" if column else shown


def counts(findings: Sequence[Finding]) -> dict[str, int]:
    """How many findings there are of each severity, under the names of `--json`."""
    by_severity = Counter(finding.severity for finding in findings)
    return {f"{severity.value}s": by_severity[severity] for severity in Severity}


def summary(bank: Bank, findings: Sequence[Finding], unreadable: Sequence[ReadError]) -> str:
    """One line: what was read and how much is wrong."""
    parts = [plural(len(bank.items), "sound item"), plural(len(bank.takeaways), "takeaway")]
    parts += [plural(len(bank.models), "question model")] if bank.models else []
    parts += [plural(number, name.removesuffix("s")) for name, number in counts(findings).items()]
    if bank.left_out:
        parts.append(f"{plural(len(bank.left_out), 'file')} left out")
    if unreadable:
        parts.append(f"{plural(len(unreadable), 'file')} not readable")
    return ", ".join(parts)


def item_as_dict(item: Item, bank: Bank) -> dict[str, Any]:
    """One item whole, key and explanations included, as `bank show --json` prints it."""
    return {
        "id": item.id,
        "version": item.version,
        "hash": item.content_hash,
        "file": item.file,
        "collection": bank.collection_of.get(base_id(item.id)),
        "kind": item.kind.value,
        "status": item.status.value,
        "blueprint": [
            {"programme": entry.programme, "step": entry.step, **{axis: list(codes) for axis, codes in entry.codes.items()}}
            for entry in item.blueprint
        ],
        "takeaways": [
            {"id": name, "text": bank.takeaways[name].text if name in bank.takeaways else None} for name in item.takeaways
        ],
        "setting": item.setting,
        "difficulty": item.difficulty,
        "seconds": item.seconds,
        "authors": list(item.authors),
        "sources": list(item.sources),
        "waive": [{"rule": waiver.rule, "reason": waiver.reason} for waiver in item.waivers],
        "origin": {name: getattr(item.origin, name) for name in ("format", "file", "row", "id", "licence")}
        if item.origin
        else None,
        "set": {"id": item.set.id, "kind": item.set.kind.value, "part": item.set.part} if item.set else None,
        "stimulus": {"kind": item.stimulus.kind.value, "title": item.stimulus.title, "text": item.stimulus.text}
        if item.stimulus
        else None,
        "media": [{"path": file.path, "sha256": file.sha256} for file in item.all_media],
        "stem": item.stem,
        "lead_in": item.lead_in,
        "options": [
            {
                "letter": option.letter,
                "text": option.text,
                "is_key": option.is_key,
                "explanation": option.explanation,
            }
            for option in item.options
        ],
        "key": list(item.key),
        "answer": {name: getattr(item.answer, name) for name in ("value", "tolerance", "unit", "explanation")}
        if item.answer
        else None,
    }


def item_as_text(item: Item, bank: Bank) -> str:
    """One item as text to be read."""
    lines = [f"{item.id}, version {item.version}, {item.status.value}", item.file, ""]
    if item.stimulus:
        lines += [f"{item.stimulus.title} ({item.stimulus.kind.value})", "", item.stimulus.text, ""]
    elif item.set:
        lines += [f"part {item.set.part} of the set {item.set.id}", ""]
    lines += [item.stem, ""] if item.stem else []
    lines += [item.lead_in, ""]
    for option in item.options:
        lines.append(f"{'*' if option.is_key else ' '} {option.letter}. {option.text}")
        lines += [f"     {line}" for line in option.explanation.split("\n") if line]
    if item.answer:
        lines.append(f"* {item.shown_key}")
        lines += [f"     {line}" for line in item.answer.explanation.split("\n") if line]
    lines.append("")
    for entry in item.blueprint:
        codes = "; ".join(f"{axis} {', '.join(values)}" for axis, values in entry.codes.items()) or "codes open"
        lines.append(f"{entry.programme} {entry.step}: {codes}")
    lines += [f"takeaway: {bank.takeaways[name].text}" for name in item.takeaways if name in bank.takeaways]
    lines += [f"source: {source}" for source in item.sources]
    if item.origin:
        licence = f", licence {item.origin.licence}" if item.origin.licence else ""
        lines.append(f"imported from {item.origin.file}, row {item.origin.row}{licence}")
    return "\n".join(lines).rstrip()


def import_lines(imported: Import, skipped: Sequence[Skipped], file: Path) -> Iterable[str]:
    """What was not taken of a file and why, and what could not be kept of the rest."""
    for row in skipped:
        yield f"{file}: {imported.unit} {row.row}: not taken: {row.why}"
    for note in imported.notes:
        yield f"{file}: {imported.unit} {note.row}: {note.text}"
    if imported.unused:
        yield f"{file}: not read: {', '.join(imported.unused)}"
