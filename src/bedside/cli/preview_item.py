"""One item as `bedside bank preview` shows it: read anew each time, with what the reader and the linter find."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path

from bedside.bank import Bank, Item, MediaFile, Rendered, lint_bank, render
from bedside.cli import bank_content
from bedside.cli.bank_content import Surroundings
from bedside.errors import BedsideError, ReadError
from bedside.findings import Finding, Severity, in_order
from bedside.reading import MAX_FILE_BYTES

MEDIA_URL = "/media/"
BESIDE = ("takeaways", "stimuli", "media")  # folders whose files change what is shown
ABOVE = ("programmes", "reference")  # of the content folder: read again only where they changed
SHOWN = 160  # signs of a line of the file that stand beside a finding


@dataclass(frozen=True, slots=True)
class Told:
    """A finding, the part of the item that it is about, and the line of the file."""

    finding: Finding
    part: str
    line: str


@dataclass(frozen=True, slots=True)
class Shown:
    """What a page shows of one file; `item` is None while the file has no sound form, or can't be read."""

    file: Path
    item: Item | None
    html: Rendered | None
    bank: Bank | None
    told: tuple[Told, ...]

    @property
    def media(self) -> Mapping[str, MediaFile]:
        """The pictures and sounds of the item by the names under which they are served."""
        return {file.name: file for file in self.item.all_media} if self.item else {}

    @property
    def n_errors(self) -> int:
        return sum(one.finding.severity is Severity.ERROR for one in self.told)


@dataclass(slots=True)
class Shelf:
    """The file or folder that is previewed, with what it is judged by."""

    path: Path
    content: Path | None
    _around: Surroundings | None = None
    _around_stamp: str = field(default="")

    @property
    def is_folder(self) -> bool:
        return self.path.is_dir()

    def around(self) -> Surroundings:
        """The programmes and reference values; read again where their files changed."""
        if self._around is None:
            self._around = bank_content.surroundings(self.content, self.path)
            self._around_stamp = self._stamp_above()
        elif (stamp := self._stamp_above()) != self._around_stamp:
            self._around, self._around_stamp = bank_content.surroundings(self.content, self.path), stamp
        return self._around

    def files(self) -> dict[str, Path]:
        """The files that may be shown, by the name of each."""
        if not self.is_folder:
            return {self.path.stem: self.path}
        places = [self.path / name for name in ("items", "models") if (self.path / name).is_dir()] or [self.path]
        is_model = "models" in self.path.absolute().parts or len(places) > 1
        found = [(folder, path) for folder in places for path in sorted(folder.rglob("*")) if _is_ours(path, folder)]
        return {path.stem: path for _, path in found if path.suffix == ".md" or (is_model and path.suffix == ".yaml")}

    def show(self, path: Path) -> Shown:
        """Read and judge one file. What is wrong with it is told, never raised."""
        try:
            around = self.around()
            bank = bank_content.read(bank_content.root_of(path, around), around)
        except ReadError as error:
            return shown_unread(path, _as_finding(error, path))
        except BedsideError as error:
            return shown_unread(path, Finding(str(path), 1, None, "unreadable", Severity.ERROR, str(error)))
        findings = [*bank.findings, *(_as_finding(error, path) for error in bank.unreadable)]
        item = next(iter(bank.all_items), None)
        if item is not None:
            linted = lint_bank(bank.all_items, analytes=around.analytes, collection_of={item.id: bank_content.COLLECTION})
            findings += [finding for finding in linted if finding.file == item.file]
        html = render(item, media_url=MEDIA_URL) if item else None
        return Shown(path, item, html, bank, told_of(item, findings, path))

    def stamp(self) -> str:
        """A word that changes when a file changes that has to do with what is shown."""
        with suppress(BedsideError):  # which the page tells
            self.around()
        home = next((one.parent for one in (self.path, *self.path.parents) if one.name in {"items", "models"}), None)
        home = home or (self.path if self.is_folder else self.path.parent)
        shown = self.files()
        files = [*shown.values(), *(home / "reviews" / f"{name}.jsonl" for name in shown)]
        files += [path for name in BESIDE for path in _plain_files(home / name)]
        return _stamp([*files, home / "versions.lock"]) + self._stamp_above()

    def _stamp_above(self) -> str:
        if self._around is None:
            return ""
        return _stamp([path for name in ABOVE for path in _plain_files(self._around.content / name)])


def content_above(path: Path) -> Path | None:
    """The content folder in which a file lies, which its author means whatever folder the command is called in."""
    return next((one for one in (path, *path.absolute().parents) if (one / "programmes").is_dir()), None)


def _is_ours(path: Path, folder: Path) -> bool:
    inside = path.relative_to(folder).parts
    return path.is_file() and not path.is_symlink() and not any(part.startswith(".") for part in inside)


def _plain_files(folder: Path) -> list[Path]:
    return sorted(folder.rglob("*")) if folder.is_dir() else []


def _stamp(paths: Sequence[Path]) -> str:
    seen = sha256()
    for path in paths:
        try:
            stat = path.stat()
        except OSError:
            seen.update(f"{path} is gone\n".encode())
        else:
            seen.update(f"{path} {stat.st_mtime_ns} {stat.st_size} {stat.st_ino}\n".encode())
    return seen.hexdigest()[:16]


def shown_unread(path: Path, finding: Finding) -> Shown:
    """A file that can't be read, and why."""
    return Shown(path, None, None, None, told_of(None, [finding], path))


def told_of(item: Item | None, findings: Sequence[Finding], path: Path) -> tuple[Told, ...]:
    """Findings with the part of the item and the line of the file that each is about."""
    lines = _lines(path)
    return tuple(Told(one, _part(item, one, path), _line(lines, one, path)) for one in in_order(findings))


def _as_finding(error: ReadError, path: Path) -> Finding:
    return Finding(error.file or str(path), error.line or 1, error.column, "not-well-formed", Severity.ERROR, error.text)


def _lines(path: Path) -> Sequence[str]:
    try:
        if path.stat().st_size > MAX_FILE_BYTES:
            return ()
        return path.read_text(encoding="utf-8", errors="replace").split("\n")
    except OSError:
        return ()


def _line(lines: Sequence[str], finding: Finding, path: Path) -> str:
    if finding.file != str(path) or not 0 < finding.line <= len(lines):
        return ""
    text = lines[finding.line - 1].strip()
    start = max(0, min((finding.column or 1) - 1 - SHOWN // 2, len(text) - SHOWN))
    return ("… " if start else "") + text[start : start + SHOWN] + (" …" if start + SHOWN < len(text) else "")


def _part(item: Item | None, finding: Finding, path: Path) -> str:
    """The part of the item that a finding is about: a letter, or a word that the page has a name for."""
    if finding.file != str(path):
        return "elsewhere"
    if item is None:
        return ""
    return next((name for line, name in _parts(item) if finding.line >= line), "head")


def _parts(item: Item) -> Iterator[tuple[int, str]]:
    """Where each part begins, the last one first."""
    if item.answer:
        yield item.answer.line, "answer"
    yield from ((option.line, option.letter) for option in reversed(item.options))
    yield item.lead_in_line, "lead_in"
    yield item.stem_line, "stem"
