"""What those ask who bring the runs of cases back from a file."""

from __future__ import annotations

import json
from collections.abc import Mapping
from contextlib import suppress
from functools import lru_cache
from typing import Any

from pydantic import TypeAdapter, ValidationError

from bedside.cases import Command
from bedside.errors import NotFoundError
from bedside.site.cases.commands import VERBS, command_from_json
from bedside.site.cases.models import CaseRun, CaseText
from bedside.site.cases.stock import case_text, current_cases
from bedside.site.cases.texts import text_hash

MAX_S = 400 * 86_400  # longer than any case


def is_known_case(case_id: str, text: str) -> bool:
    """Is this the text of a case that this server has or had: in its folder, in a sitting, or in somebody's run?"""
    with suppress(NotFoundError):
        if case_id in current_cases().by_id and case_text(case_id) == text:
            return True
    is_kept = CaseText.objects.filter(hash=text_hash(text)).exists()
    return is_kept or CaseRun.objects.filter(case_id=case_id, case_text=text).exists()


def see_command(told: Mapping[str, Any]) -> None:
    """The JSON is a command whose values are of the kinds that the engine takes.

    Raises:
        ValueError: it is not.
    """
    command_from_json(told)
    values = {name: value for name, value in told.items() if name != "do"}
    try:
        _adapter(told["do"]).validate_json(json.dumps(values), strict=True)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        raise ValueError(f"{'.'.join(map(str, first['loc']))}: {first['msg']}") from None
    for name, value in values.items():
        if isinstance(value, int) and not 0 <= value <= MAX_S:
            raise ValueError(f"{name}: must be from 0 to {MAX_S:,} seconds")


@lru_cache(maxsize=20)
def _adapter(verb: str) -> TypeAdapter[Command]:
    return TypeAdapter(VERBS[verb])
