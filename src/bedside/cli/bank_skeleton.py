"""The file with which a new item starts: what is known is there, and what is missing is a finding until it is written."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from pathlib import Path

from bedside.bank import Codes, quoted
from bedside.errors import ConflictError, StoreError, UsageError
from bedside.reading import did_you_mean

ID = re.compile(r"([a-z0-9_]+)-(\d{4})")
AREA = re.compile(r"[a-z0-9_]+")
Writer = Callable[[str], Path]
N_OPTIONS = 5


def write(item_id: str, step: tuple[str, str], given: Mapping[str, str], *, folder: Path, codes: Codes) -> Path:
    """Write the file below `folder`/items and answer its path.

    Raises:
        UsageError: the id, the step or a code is not one.
        ConflictError: the file is there already.
        StoreError: it can't be written.
    """
    form = ID.fullmatch(item_id)
    if not form:
        raise UsageError(
            f'"{item_id}": an id is its area and a number of four digits, as in renal-0007; or the area alone, for the next'
        )
    entry = blueprint_entry(step, given, codes)
    path = folder / "items" / form[1] / f"{item_id}.md"
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("x", encoding="utf-8", newline="\n") as file:
            file.write(_text(item_id, entry))
    except FileExistsError:
        raise ConflictError(f"{path} is there already; ids are never used again, take the next number") from None
    except OSError as error:
        raise StoreError(f"{path} can't be written: {error.strerror}") from None
    return path


def blueprint_entry(step: tuple[str, str], given: Mapping[str, str], codes: Codes) -> str:
    """The entry of a blueprint as YAML.

    Raises:
        UsageError: the step or a code is not one, or an axis that divides the exam is left open.
    """
    programme, name = step
    if programme not in codes:
        raise UsageError(f'unknown programme "{programme}"{did_you_mean(programme, list(codes))}')
    if name not in codes[programme]:
        raise UsageError(f'{programme} has no step "{name}"; it has {", ".join(codes[programme])}')
    axes = codes[programme][name]
    parts = [f"programme: {quoted(programme)}", f"step: {quoted(name)}"]
    for axis, code in given.items():
        if axis not in axes:
            raise UsageError(f'{programme} {name} has no axis "{axis}"; it has {", ".join(axes) or "none"}')
        if code not in axes[axis].codes:
            known = ", ".join(sorted(axes[axis].codes))
            raise UsageError(f'the axis "{axis}" has no code "{code}"; it has {known}')
        parts.append(f"{axis}: {quoted(code)}" if axes[axis].is_partition else f"{axis}: [{quoted(code)}]")
    if missing := [axis for axis, of in axes.items() if of.is_partition and axis not in given]:
        options = " ".join(f"--{axis} CODE" if axis in {"system", "competency"} else f"--code {axis}=CODE" for axis in missing)
        raise UsageError(f"an item of {programme} {name} has one code on each of its axes; add {options}")
    return f"{{{', '.join(parts)}}}"


def _text(item_id: str, entry: str) -> str:
    options = "- [ ]\n  :\n" * N_OPTIONS
    return (
        f"---\nschema: item/1\nid: {item_id}\nversion: 1\nblueprint:\n  - {entry}\ntakeaways: []\nsetting:\ndifficulty:\n"
        f"seconds: 90\nauthors: []\nstatus: draft\nsources: []\n---\n\n\n\n\n{options}"
    )
