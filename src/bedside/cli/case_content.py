"""The cases and orders of a content folder, as the commands on cases need them."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from bedside.bank import Root, read_bank
from bedside.cases import CaseFile, Catalogue, load_catalogue, read_case
from bedside.cli.bank_content import surroundings
from bedside.errors import ConflictError, NotFoundError
from bedside.findings import Finding, Severity, describe, plural
from bedside.reading import did_you_mean


@dataclass(frozen=True, slots=True)
class Found:
    """A case file: its path, what it holds where its form is sound, and what is wrong with its form."""

    path: Path
    case: CaseFile | None
    findings: tuple[Finding, ...]

    @property
    def id(self) -> str:
        """The name of the file, which is the id of the case."""
        return self.path.stem


def catalogue_of(content: Path) -> Catalogue:
    """The order catalogue.

    Raises:
        ConflictError: it has errors; the first is named.
    """
    catalogue, findings = load_catalogue(content / "orders")
    if catalogue is None:
        wrong = [one for one in findings if one.severity is Severity.ERROR]
        first = describe(wrong[0], lambda _file, _line: None)
        raise ConflictError(f"the orders can't be used, {plural(len(wrong), 'error')}: {first}")
    return catalogue


def takeaways_of(content: Path) -> Collection[str]:
    """The ids of the bank's takeaways."""
    codes = surroundings(content).codes
    return frozenset(read_bank([], codes=codes, takeaways_from=[Root(content, content.name)]).takeaways)


def find_cases(content: Path, ids: Sequence[str]) -> Iterator[Found]:
    """The case files of these ids or paths; all of the content folder where none is named. Each is read
    when its turn comes, so that what is proved after an hour is the file as it then is.

    Raises:
        NotFoundError: there is no such case.
    """
    folder = content / "cases"
    paths = [_path(folder, name) for name in ids] if ids else sorted(folder.glob("*.yaml"))
    return (Found(path, case, tuple(findings)) for path in paths for case, findings in [read_case(path)])


def find_case(content: Path, name: str) -> tuple[CaseFile, Path]:
    """One case by its id or path.

    Raises:
        NotFoundError: there is none.
        ConflictError: its form is not sound.
    """
    (found,) = find_cases(content, [name])
    if found.case is None:
        first = describe(found.findings[0], lambda _file, _line: None)
        raise ConflictError(f"the case can't be used: {first}")
    return found.case, found.path


def _path(folder: Path, name: str) -> Path:
    path = Path(name)
    if path.suffix == ".yaml" and path.is_file():
        return path
    own = folder / f"{path.stem if path.suffix == '.yaml' else name}.yaml"
    if not own.is_file():
        raise NotFoundError(f'no case "{name}"{did_you_mean(name, [one.stem for one in folder.glob("*.yaml")])}')
    return own
