"""Case files read strictly: each sound one a CaseFile, each offence a finding with its line and column.

What is read here is the form; what the names in it mean is checked by `lint`. A file that can't be read at all is a
finding too, so that one bad file never hides the others.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from types import MappingProxyType

from pydantic import ValidationError

from bedside.cases.case_file import CaseFile
from bedside.cases.case_values import Model
from bedside.cases.lint.codes import CODES
from bedside.errors import NotFoundError, ReadError
from bedside.findings import Finding, Severity, has_errors, in_order
from bedside.reading import Document, Path_, Source, did_you_mean, parse_yaml, read_text

_FORM = "C100"
_CODE_OF_TYPE = {"duration": "C107", "unit": "C108"}


@dataclass(frozen=True, slots=True)
class Cases:
    """The cases of a folder: those of sound form by id, in the order of their ids, and everything that is wrong."""

    by_id: Mapping[str, CaseFile]
    findings: tuple[Finding, ...]

    def get(self, case_id: str) -> CaseFile:
        """The case of that id.

        Raises:
            NotFoundError: there is none, or its file has no sound form.
        """
        if case_id in self.by_id:
            return self.by_id[case_id]
        wrong = [one for one in self.findings if one.severity is Severity.ERROR and Path(one.file).stem == case_id]
        if wrong:
            first = wrong[0]
            raise NotFoundError(f'the case "{case_id}" can\'t be read: {first.file}:{first.line}: {first.text}')
        raise NotFoundError(f'no case "{case_id}"{did_you_mean(case_id, list(self.by_id))}')


def read_cases(folder: Path) -> Cases:
    """Every `*.yaml` of the folder. A folder that is absent has no cases."""
    found: dict[str, CaseFile] = {}
    findings: list[Finding] = []
    for path in sorted(folder.glob("*.yaml")):
        case, wrong = read_case(path)
        findings += wrong
        if case is not None:
            found[case.id] = case
    return Cases(MappingProxyType(dict(sorted(found.items()))), tuple(in_order(findings)))


def read_case(path: Path, *, file: str | None = None) -> tuple[CaseFile | None, list[Finding]]:
    """One case file: the case, or None where its form is not sound; and all that is wrong with its form."""
    name = file or str(path)
    try:
        return parse_case(read_text(path, file=file), stem=path.stem)
    except ReadError as error:
        return None, [_error(name, error.line or 1, error.column, _FORM, error.text)]
    except OSError as error:
        return None, [_error(name, 1, None, _FORM, f"can't be read: {error.strerror}")]


def parse_case(source: Source, *, stem: str | None = None) -> tuple[CaseFile | None, list[Finding]]:
    """The text of a case file; its id is compared with `stem` where that is given.

    Raises:
        ReadError: not well-formed YAML, or over a limit.
    """
    document = parse_yaml(source)
    findings = [replace(finding, rule=_FORM) for finding in document.findings]
    try:
        case = CaseFile.model_validate(document.value).read_from(document)
    except ValidationError as error:
        findings += _offences(error, document)
        return None, in_order(findings)
    if stem is not None and stem != case.id:
        place = document.place(("id",))
        text = f'the id "{case.id}" differs from the name of the file, "{stem}.yaml"'
        findings.append(_error(document.file, place.line, place.column, "C115", text))
    return (None if has_errors(findings) else case), in_order(findings)


def _offences(error: ValidationError, document: Document) -> Iterator[Finding]:
    for offence in error.errors(include_url=False, include_context=False, include_input=False):
        steps = [step for step in offence["loc"] if not str(step).startswith("<")]
        is_key = bool(steps) and steps[-1] == "[key]"
        path = _in_file(tuple(steps[:-1] if is_key else steps), document)
        kind = offence["type"]
        code = _CODE_OF_TYPE.get(kind, _FORM)
        if kind == "extra_forbidden":
            is_key = True
            text = f'unknown key "{path[-1]}"{did_you_mean(str(path[-1]), _known_keys())}'
        elif kind in {"missing", "missing_argument"}:
            code = "C108" if path[-1] == "unit" else code
            text = f"{_dotted(path)} is missing" if isinstance(offence["loc"][-1], int) else f'missing key "{path[-1]}"'
            path, is_key = path[:-1], True
        else:
            text = f"{_dotted(path)}: {_plain(offence['msg'])}"
        place = document.place(path, of_key=is_key)
        yield _error(document.file, place.line, place.column, code, text)


def _in_file(path: Path_, document: Document) -> Path_:
    """Without `states`, which stands in the record and not in the file."""
    if len(path) > 2 and path[0] == "regions" and path[2] == "states" and path[:3] not in document.keys:
        return (*path[:2], *path[3:])
    return path


def _dotted(path: Path_) -> str:
    return ".".join(str(step) for step in path) or "the document"


def _plain(message: str) -> str:
    text = message.removeprefix("Value error, ").removeprefix("Input ")
    return f"{text[:1].lower()}{text[1:]}"


def _known_keys() -> list[str]:
    def fields(model: type[Model]) -> Iterator[str]:
        for name, field in model.model_fields.items():
            yield field.alias or name
        for child in model.__subclasses__():
            yield from fields(child)

    return sorted(set(fields(Model)))


def _error(file: str, line: int, column: int | None, code: str, text: str) -> Finding:
    return Finding(file, line, column, code, CODES[code].severity, text)
