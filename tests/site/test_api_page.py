"""`docs/reference/api.md` against the code: its examples are what the API takes and answers, its tables name every field."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel, ValidationError

from bedside.site.api import schemas
from bedside.site.api.block_schemas import BlockOut, ItemOut
from bedside.site.api.event_schemas import MAX_EVENTS_A_CALL
from bedside.site.api.reflection import ErrorReasonIn
from bedside.site.exam.desk import MAX_EVENTS
from bedside.site.practice.actions import MAX_ITEMS, MAX_MINUTES
from bedside.site.problems import CODES

PAGE = (Path(__file__).parents[2] / "docs" / "reference" / "api.md").read_text(encoding="utf-8")
EXAMPLES: list[dict[str, Any]] = [json.loads(block) for block in re.findall(r"```json\n(.*?)```", PAGE, re.DOTALL)]
KINDS = (schemas.SittingIn, schemas.EventsIn, schemas.SittingOut, schemas.AcknowledgedOut, BlockOut, ErrorReasonIn)
UNNAMED = "71240fd9-6a28-43cb-a6f9-ad83a04abc77"  # in place of a writer that an example leaves out


def _is_one(kind: type[BaseModel], example: dict[str, Any]) -> bool:
    try:
        kind.model_validate({**example, "writer": example["writer"].replace("…", UNNAMED)} if "writer" in example else example)
    except ValidationError:
        return False
    return True


def test_every_example_is_something_that_the_api_takes_or_answers() -> None:
    found = [[kind.__name__ for kind in KINDS if _is_one(kind, example)] for example in EXAMPLES]
    assert all(found), [example for example, kinds in zip(EXAMPLES, found, strict=True) if not kinds]
    assert {kind for kinds in found for kind in kinds} == {kind.__name__ for kind in KINDS}


@pytest.mark.parametrize(
    ("kind", "heading"),
    [
        (schemas.SittingIn, "### `POST /api/sittings`\n"),
        (schemas.FilterIn, "### `POST /api/sittings`\n"),
        (schemas.OutlineOut, "### `POST /api/sittings`\n"),
        (schemas.BlockOutline, "### `POST /api/sittings`\n"),
        (schemas.StateOut, "### `GET /api/sittings/{id}`\n"),
        (BlockOut, "### `GET /api/sittings/{id}/blocks/{n}`\n"),
        (ItemOut, "### `GET /api/sittings/{id}/blocks/{n}`\n"),
    ],
)
def test_every_field_is_named_where_its_call_is_described(kind: type[BaseModel], heading: str) -> None:
    section = PAGE.split(heading, 1)[1].split("\n### ", 1)[0]
    assert [name for name in kind.model_fields if f"`{name}`" not in section] == []


def test_every_code_of_an_error_is_in_the_table() -> None:
    rows = set(re.findall(r"^\| `(\w+)` \| (\d+) \|", PAGE, re.MULTILINE))
    assert {(code, str(status)) for _, status, code in CODES} <= rows


def test_the_limits_are_those_of_the_code() -> None:
    assert f"{MAX_EVENTS_A_CALL} events, a sitting at most {MAX_EVENTS:,} events" in PAGE
    assert f"1 to {MAX_ITEMS} items and 1 to {MAX_MINUTES} minutes" in PAGE
