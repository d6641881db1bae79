"""A sitting as JSON and back, so that a fold can go on from where it stood. Replay of the whole log would equal it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, get_args

from pydantic import TypeAdapter

from bedside.delivery.state import Phase, Sitting

VERSION = 5  # raised when the fold or its state changes meaning; an older snapshot is then refolded

_SITTING: TypeAdapter[Sitting] = TypeAdapter(Sitting)
# by name, since some phases have all the fields of another and a union could read one for the other
_PHASES: Mapping[str, TypeAdapter[Phase]] = {phase.__name__: TypeAdapter(phase) for phase in get_args(Phase)}


def sitting_as_dict(sitting: Sitting) -> dict[str, Any]:
    """The sitting as JSON values."""
    data = _SITTING.dump_python(sitting, mode="json")
    data["phase"] = [type(sitting.phase).__name__, data["phase"]]
    return {"version": VERSION, "sitting": data}


def sitting_from_dict(data: Mapping[str, Any]) -> Sitting | None:
    """The sitting that `sitting_as_dict` wrote, or None where another version wrote it."""
    if data.get("version") != VERSION:
        return None
    values = dict(data["sitting"])
    kind, phase = values["phase"]
    values["phase"] = _PHASES[kind].validate_python(phase)
    return _SITTING.validate_python(values)
